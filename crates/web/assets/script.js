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
  button.addEventListener("click", () => say(text));
  item.append(button);
}

function offerConnect(item) {
  if (item.querySelector("a.button")) return;
  const link = part("a", "button", "Connect your Okta account");
  link.href = "/accounts";
  item.append(link);
}

async function say(text) {
  if (stopping) return;
  stopping = new AbortController();
  find("empty")?.remove();
  message("person", "You").querySelector(".text").textContent = text;
  const item = message("agent", "Agent");
  const shown = item.querySelector(".text");
  busy(true);
  find("doing").textContent = "Sending…";
  let end = null, reconnect = false;
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
        if (name === "step" && data.reconnect) reconnect = true;
        if (name === "text") shown.textContent += data.text;
        if (name === "end") end = data;
      }
    }
  } catch (error) {
    if (error.name === "AbortError") end = { state: "stopped" };
  } finally {
    stopping = null;
    busy(false);
  }
  finish(item, end ?? { state: "incomplete" }, text, reconnect);
}

function finish(item, { state, problem }, text, reconnect) {
  if (problem) note(item, problem.message + " " + problem.next, "note problem");
  if (problem) note(item, "Code " + problem.error + ", reference " + problem.reference, "note small");
  if (state === "stopped") note(item, "Incomplete: stopped. What the agent had begun may be done all the same.");
  if (state === "incomplete" && !problem) note(item, "Incomplete: the answer broke off.");
  if (state !== "complete") offerAgain(item, text);
  if (reconnect) offerConnect(item);
  find("text").focus();
  item.scrollIntoView({ block: "end" });
  refresh();
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
  for (const bar of document.querySelectorAll("progress[data-until]")) {
    const left = Math.max(0, Number(bar.dataset.until) - Date.now() / 1000 - ahead);
    bar.value = left;
    const words = bar.parentElement.querySelector(".left");
    if (words) words.textContent = Math.ceil(left) + " s left";
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
  for (const button of document.querySelectorAll("[data-say]")) {
    button.addEventListener("click", () => say(button.dataset.say));
  }
}

if (find("approvals")) {
  setInterval(() => document.hidden || refresh(), 3000);
  setInterval(countDown, 500);
  countDown();
}

// A page that the browser kept from before a sign-out shows nothing of it.
addEventListener("pageshow", (event) => event.persisted && location.reload());
