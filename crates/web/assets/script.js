// The one script: it streams answers, keeps the panel of approvals fresh, and counts down. Whatever comes from the agent or
// from a service is put into the page as text.
"use strict";

const find = (id) => document.getElementById(id);

function part(tag, className, text) {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
}

function message(kind, who) {
  const item = part("li", "message " + kind, "");
  item.append(part("p", "from", who), part("p", "text", ""));
  find("messages").append(item);
  return item;
}

function note(item, text, className = "note") {
  item.append(part("p", className, text));
}

// Server-sent events of an answer to a POST, which EventSource cannot read.
async function* events(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let buffer = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    buffer += value;
    for (let end; (end = buffer.indexOf("\n\n")) >= 0; buffer = buffer.slice(end + 2)) {
      let name = "", data = "";
      for (const line of buffer.slice(0, end).split("\n")) {
        if (line.startsWith("event: ")) name = line.slice(7);
        if (line.startsWith("data: ")) data += line.slice(6);
      }
      if (name) yield { name, data: JSON.parse(data) };
    }
  }
}

let stopping = null;

function busy(on) {
  find("send").disabled = on;
  find("stop").hidden = !on;
  if (!on) find("doing").textContent = "";
}

function offerAgain(item, text) {
  const button = part("button", "quiet", "Send again");
  button.type = "button";
  button.dataset.say = text;
  button.dataset.again = "";
  item.append(button);
}

function offerConnect(item) {
  const link = part("a", "button", "Connect your Okta account");
  link.href = "/accounts";
  item.append(link);
}

function tellDenied(item) {
  const told = part("p", "note problem", "Refused: a right is missing. ");
  const link = part("a", "", "Your activity");
  link.href = "/activity";
  told.append(link, " has the reference.");
  item.append(told);
}

// The end of the page, unless somebody reads further up.
const atEnd = () => innerHeight + scrollY >= document.documentElement.scrollHeight - 120;

function show(change) {
  const follow = atEnd();
  change();
  if (follow) scrollTo(0, document.documentElement.scrollHeight);
}

async function say(text) {
  if (stopping) return;
  stopping = new AbortController();
  find("empty")?.remove();
  message("person", "You").querySelector(".text").textContent = text;
  const item = message("agent", "Agent");
  item.dataset.state = "answering";
  item.setAttribute("aria-busy", "true");
  const shown = item.querySelector(".text");
  busy(true);
  find("doing").textContent = "Sending…";
  scrollTo(0, document.documentElement.scrollHeight);
  let end = null, mark = null;
  try {
    const form = new URLSearchParams({ token: find("say").elements.token.value, text });
    const headers = { Accept: "text/event-stream" };
    const answer = await fetch("/chat", { method: "POST", body: form, headers, signal: stopping.signal });
    if (!answer.ok) {
      const problem = await answer.json();
      if (answer.status === 401) return location.assign("/");
      end = { state: "refused", problem };
    } else {
      for await (const { name, data } of events(answer.body)) {
        if (name === "step") find("doing").textContent = data.words + "…";
        if (name === "step" && data.reconnect) mark = offerConnect;
        if (name === "step" && data.denied) mark = tellDenied;
        if (name === "text") show(() => (shown.textContent += data.text));
        if (name === "end") end = data;
      }
    }
  } catch (error) {
    if (error.name === "AbortError") end = { state: "stopped" };
  } finally {
    stopping = null;
    busy(false);
  }
  show(() => finish(item, end ?? { state: "incomplete" }, text, mark));
}

function finish(item, { state, problem }, text, mark) {
  if (problem) note(item, problem.message + " " + problem.next, "note problem");
  if (problem) note(item, "Code " + problem.error + ", reference " + problem.reference, "small");
  if (state === "stopped") note(item, "Incomplete: stopped. What the agent had begun may be done all the same.");
  if (state === "incomplete" && !problem) note(item, "Incomplete: the answer broke off.");
  if (state !== "complete") offerAgain(item, text);
  mark?.(item);
  item.dataset.state = state;
  item.removeAttribute("aria-busy");
  // Whoever has gone elsewhere in the meantime stays there.
  if (document.activeElement === document.body) find("text").focus({ preventScroll: true });
  refresh();
}

// An answer that was under way when the page was loaded: the server's page shows how it ended.
async function catchUp() {
  const waits = () => document.querySelector("#messages > [data-state=answering]:not([aria-busy])");
  while (waits()) {
    await new Promise((resolve) => setTimeout(resolve, 2000));
    try {
      const page = new DOMParser().parseFromString(await (await fetch("/")).text(), "text/html");
      const fresh = page.getElementById("messages");
      if (!fresh) return location.assign("/");
      if (!fresh.querySelector("[data-state=answering]") && !stopping) find("messages").replaceWith(fresh);
    } catch { /* the next time may work */ }
  }
}

// The panel of approvals is a piece of a page that the server made.
let shownPanel = "";
// By how much the server's clock is ahead of ours, in seconds.
let ahead = find("approvals") ? Number(find("approvals").dataset.now) - Date.now() / 1000 : 0;

async function refresh() {
  const panel = find("approvals");
  if (!panel) return;
  try {
    const answer = await fetch("/approvals", { headers: { Accept: "application/json" } });
    if (answer.status === 401) return location.assign("/");
    if (!answer.ok) return;
    const { html, said, now } = await answer.json();
    ahead = now - Date.now() / 1000;
    if (html !== shownPanel) {
      shownPanel = html;
      panel.innerHTML = html;
      countDown();
      if (find("approvals-said").textContent !== said) find("approvals-said").textContent = said;
    }
  } catch { /* the next time may work */ }
}

function countDown() {
  find("waiting").hidden = !document.querySelector("#approvals [data-state]");
  for (const bar of document.querySelectorAll("progress[data-until]")) {
    const left = Math.max(0, Number(bar.dataset.until) - Date.now() / 1000 - ahead);
    const seconds = Math.ceil(left);
    bar.value = left;
    bar.classList.toggle("short", left < 20);
    const words = Math.floor(seconds / 60) + ":" + String(seconds % 60).padStart(2, "0") + " left to answer";
    const shown = bar.parentElement.querySelector(".left");
    if (shown.textContent !== words) shown.textContent = words;
  }
}

if (find("say")) {
  find("say").addEventListener("submit", (event) => {
    event.preventDefault();
    const text = find("text").value.trim();
    if (!text || stopping) return;
    find("text").value = "";
    say(text);
  });
  find("text").addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      find("say").requestSubmit();
    }
  });
  find("stop").addEventListener("click", () => stopping?.abort());
  document.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-say]");
    if (!button || stopping) return;
    say(button.dataset.say);
    if ("again" in button.dataset) button.remove();
  });
  if (find("messages").lastElementChild) scrollTo(0, document.documentElement.scrollHeight);
  catchUp();
}

if (find("approvals")) {
  setInterval(() => document.hidden || refresh(), 3000);
  setInterval(countDown, 500);
  countDown();
}

// A page that the browser kept from before a sign-out shows nothing of it.
addEventListener("pageshow", (event) => event.persisted && location.reload());
