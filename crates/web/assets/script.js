// The one script: it streams answers, keeps the panel of approvals fresh, counts down, and copies. Whatever comes from the agent or
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
// What was sent and is not answered yet.
let unanswered = "";

// Whoever is not signed in any more finds what they had sent in the field after the next sign-in: in this tab, and nobody else does.
const UNSENT = "unsent";

function leave() {
  if (unanswered) {
    try {
      sessionStorage.setItem(UNSENT, JSON.stringify({ person: find("say").dataset.person, text: unanswered }));
    } catch { /* a browser may keep nothing */ }
  }
  location.assign("/");
}

function takeBack() {
  try {
    const { person, text } = JSON.parse(sessionStorage.getItem(UNSENT));
    sessionStorage.removeItem(UNSENT);
    if (person === find("say").dataset.person) find("text").value = text;
  } catch { /* nothing was kept */ }
}

const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

function busy(on) {
  find("send").disabled = on;
  find("stop").hidden = !on;
  find("stop").disabled = false;
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

// What stands before the application answers too, and not in its form.
async function problemOf(answer) {
  const told = await answer.json().catch(() => null);
  const parts = [told?.error, told?.message, told?.next, told?.reference];
  if (parts.every((part) => typeof part === "string")) return told;
  return { message: "The service is busy or not there.", next: "Try again in a minute." };
}

// The server is told, for as a function it does not see that a browser hangs up. It then ends the answer itself; if that does
// not come, we leave. A message that was sent just now may not be known yet.
async function stop() {
  const own = stopping;
  find("stop").disabled = true;
  const body = new URLSearchParams({ token: find("say").elements.token.value });
  const headers = { Accept: "application/json" };
  for (let tries = 0; tries < 3 && stopping === own; tries++) {
    try {
      const answer = await fetch("/chat/stop", { method: "POST", body, headers });
      if (answer.status === 401) return leave();
      if (answer.ok && (await answer.json()).stopped === true) break;
    } catch { /* the next time may work */ }
    await pause(1000);
  }
  await pause(4000);
  own?.abort();
  if (stopping === own) find("stop").disabled = false;
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
  unanswered = text;
  let end = null, mark = null, arrived = false;
  try {
    const form = new URLSearchParams({ token: find("say").elements.token.value, text });
    const headers = { Accept: "text/event-stream" };
    const answer = await fetch("/chat", { method: "POST", body: form, headers, signal: stopping.signal });
    arrived = true;
    if (!answer.ok) {
      if (answer.status === 401) return leave();
      unanswered = "";
      end = { state: "refused", problem: await problemOf(answer) };
    } else {
      unanswered = "";
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
  unanswered = "";
  if (end) return show(() => finish(item, end, text, mark));
  if (!arrived) return show(() => finish(item, { state: "lost" }, text, mark));
  // Only the stream broke: the answer may go on, so it is waited for as after a reload.
  item.removeAttribute("aria-busy");
  show(() => note(item, "The answer is still on its way."));
  settle();
  catchUp();
}

function finish(item, { state, problem }, text, mark) {
  if (problem) note(item, problem.message + " " + problem.next, "note problem");
  if (problem?.error) note(item, "Code " + problem.error + ", reference " + problem.reference, "small");
  if (state === "stopped") note(item, "Incomplete: stopped. What the agent had begun may be done all the same.");
  if (state === "incomplete" && !problem) note(item, "Incomplete: the answer broke off.");
  if (state === "lost") note(item, "The message may not have arrived.");
  if (state !== "complete") offerAgain(item, text);
  mark?.(item);
  item.dataset.state = state;
  item.removeAttribute("aria-busy");
  settle();
}

function settle() {
  // Whoever has gone elsewhere in the meantime stays there.
  if (document.activeElement === document.body) find("text").focus({ preventScroll: true });
  refresh();
}

// The messages as the server has them. What is the same stays where it is, so that nothing is read out twice.
function renew(html) {
  const list = find("messages"), made = document.createElement("ol");
  made.innerHTML = html;
  const looks = (item) => [item.className, item.dataset.state ?? "complete", item.querySelector(".text")?.textContent].join("\n");
  const fresh = [...made.children];
  let same = 0;
  while (same < fresh.length && list.children[same] && looks(list.children[same]) === looks(fresh[same])) same++;
  while (list.children.length > same) list.lastElementChild.remove();
  list.append(...fresh.slice(same));
}

// An answer that goes on without this page: the server tells how it ended, in a piece of its page.
async function catchUp() {
  const waits = () => document.querySelector("#messages > [data-state=answering]:not([aria-busy])");
  while (waits()) {
    find("stop").hidden = false;
    await pause(2000);
    try {
      const answer = await fetch("/chat/messages", { headers: { Accept: "application/json" } });
      if (answer.status === 401) return leave();
      if (!answer.ok) continue;
      const { answering, html } = await answer.json();
      if (answering === false && typeof html === "string" && !stopping) show(() => renew(html));
    } catch { /* the next time may work */ }
  }
  if (!stopping) busy(false);
}

// The panel of approvals is a piece of a page that the server made.
let shownPanel = "";
// What was said of it to whoever does not see it.
let told = [];
// By how much the server's clock is ahead of ours, in seconds.
let ahead = find("approvals") ? Number(find("approvals").dataset.now) - Date.now() / 1000 : 0;

// When the panel was last asked for and last true, and how often it has not come since.
let asked = Date.now(), trueAt = new Date(), missed = 0;

function miss() {
  if (++missed < 2) return;
  const words = "Not up to date since " + trueAt.toLocaleTimeString() + ".";
  if (find("approvals-stale").textContent !== words) find("approvals-stale").textContent = words;
  find("approvals-stale").hidden = false;
}

async function refresh() {
  const panel = find("approvals");
  if (!panel) return;
  asked = Date.now();
  try {
    const answer = await fetch("/approvals", { headers: { Accept: "application/json" } });
    if (answer.status === 401) return leave();
    if (!answer.ok) return miss();
    const { html, said, now } = await answer.json();
    if (typeof html !== "string" || !Array.isArray(said)) return miss();
    [trueAt, missed] = [new Date(), 0];
    find("approvals-stale").hidden = true;
    ahead = now - Date.now() / 1000;
    if (html !== shownPanel) {
      shownPanel = html;
      panel.innerHTML = html;
      countDown();
      // Only what is new is said: of each request, and once.
      const news = said.filter((words) => !told.includes(words));
      told = said;
      if (news.length > 0) find("approvals-said").textContent = news.join(" ");
    }
  } catch {
    miss();
  }
}

function countDown() {
  const waits = document.querySelector("#approvals :is([data-state=requested], [data-state=pending])");
  if (find("waiting")) find("waiting").hidden = !waits;
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
  find("stop").addEventListener("click", stop);
  document.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-say]");
    if (!button || stopping) return;
    say(button.dataset.say);
    if ("again" in button.dataset) button.remove();
  });
  if (find("messages").lastElementChild) scrollTo(0, document.documentElement.scrollHeight);
  takeBack();
  catchUp();
}

if (find("approvals")) {
  // In a chat nothing new comes up by itself while nothing is open and no answer is under way; elsewhere it may.
  const lively = () => !find("say") || document.querySelector("[data-state=answering], #approvals [data-state]");
  setInterval(() => document.hidden || (!lively() && Date.now() - asked < 15_000) || refresh(), 3000);
  setInterval(countDown, 500);
  countDown();
}

for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    let told = "Copied.";
    try {
      await navigator.clipboard.writeText(find(button.dataset.copy).textContent);
    } catch {
      told = "Not copied: select the text, and copy it by hand.";
    }
    find("copied").textContent = told;
  });
}

// A page that the browser kept from before a sign-out shows nothing of it.
addEventListener("pageshow", (event) => event.persisted && location.reload());
