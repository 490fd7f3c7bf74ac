// Talking to the agent: what is shown, what is not, and what happens when it is interrupted.
import assert from "node:assert/strict";
import { test } from "node:test";

import { house, subjectOf } from "./house.mjs";

const own = house();
const QUESTION = "What are my Okta groups?";
const TURN = "POST /agents/";

/** Sends a message that the agent takes and does not answer, or late; it has it when this returns. */
async function sendUnanswered(person, effect = "hang") {
  await own.stack.forget("bedrock");
  await own.stack.fault("bedrock", TURN, effect);
  await person.send(QUESTION);
  while ((await own.stack.requests("bedrock", TURN)) === 0);
}

test("an empty chat offers things to try, and one of them is asked by a press", async () => {
  const alice = await own.person("alice");
  await alice.page.getByRole("heading", { name: "What would you like to do?" }).waitFor();
  assert.equal(await alice.page.locator("[data-say]").count(), 4);
  await alice.page.getByRole("button", { name: QUESTION }).click();
  await alice.answers().filter({ hasText: "VPN users" }).waitFor();
  assert.equal(await alice.page.locator("#empty").count(), 0);
  await alice.picture("chat");
});

test("while the agent works the page says what it does, and a stop ends it", async () => {
  const alice = await own.person("alice");
  await sendUnanswered(alice);
  await alice.page.locator("#doing").filter({ hasText: /\S/ }).waitFor();
  assert.equal(await alice.page.getByRole("button", { name: "Send", exact: true }).isDisabled(), true);
  await alice.page.getByRole("button", { name: "Stop" }).click();
  await alice.answers().getByText("Incomplete: stopped.").waitFor();
  assert.equal(await alice.page.locator("#doing").textContent(), "");
  assert.equal(await alice.page.evaluate(() => document.activeElement.id), "text");
});

test("a stopped answer can be sent again, also after a reload", async () => {
  const alice = await own.person("alice");
  await sendUnanswered(alice);
  await alice.page.getByRole("button", { name: "Stop" }).click();
  await alice.answers().getByText("Incomplete: stopped.").waitFor();
  await alice.page.reload();
  await alice.answers().getByText("Incomplete: stopped.").waitFor();
  await alice.page.getByRole("button", { name: "Send again" }).click();
  await alice.answers().filter({ hasText: "VPN users" }).waitFor();
  assert.equal(await alice.page.getByRole("button", { name: "Send again" }).count(), 0);
});

test("a reload in the middle of an answer keeps the message and says that the answer is incomplete", async () => {
  const alice = await own.person("alice");
  await sendUnanswered(alice);
  await alice.page.reload();
  await alice.page.locator("#messages .message.person").filter({ hasText: QUESTION }).waitFor();
  await alice.answers().getByText("Incomplete: stopped.").waitFor();
  assert.match(await alice.ask(QUESTION), /VPN users/);
});

test("a tab that is opened in the middle of an answer shows it once it is there", async () => {
  const alice = await own.person("alice");
  await sendUnanswered(alice, { delay: { ms: 5000 } });
  const other = await alice.context.newPage();
  await other.goto(own.stack.url);
  await other.getByText("The answer is still on its way.").waitFor();
  await other.locator(".message.agent[data-state=complete]").filter({ hasText: "VPN users" }).waitFor();
});

test("an answer that breaks off is marked with a code and a reference", async () => {
  const alice = await own.person("alice");
  await own.stack.fault("bedrock", TURN, { truncate: { bytes: 40 } });
  await alice.ask(QUESTION);
  const answer = await alice.answers().last().textContent();
  assert.match(answer, /broke off\.[^]*Code unavailable, reference [0-9A-Z]{12}/);
  await alice.page.getByRole("button", { name: "Send again" }).click();
  await alice.answers().filter({ hasText: "VPN users" }).waitFor();
});

test("one message is answered at a time, also from two tabs", async () => {
  const alice = await own.person("alice");
  const other = await alice.context.newPage();
  await other.goto(own.stack.url);
  await sendUnanswered(alice);
  await other.getByLabel("Your message").fill(QUESTION);
  await other.getByRole("button", { name: "Send", exact: true }).click();
  await other.getByText("The agent is still answering.").waitFor();
  await alice.page.getByRole("button", { name: "Stop" }).click();
});

test("group names with markup, links and images are text, and nothing is asked of their addresses", async () => {
  const names = ['<img src=x onerror="document.title=1">', "![i](https://evil.test/i.png)", "[a](https://evil.test/)", "</li><script>alert(1)</script>"];
  await own.stack.tell("okta", "/_okta/group-names", { login: "carol@example.com", names });
  const carol = await own.person("carol");
  const text = await carol.ask(QUESTION);
  for (const name of names) assert.ok(text.includes(name), name);
  const made = () => carol.page.locator("#messages").locator("img, script, a").count();
  assert.equal(await made(), 0);
  await carol.page.reload();
  for (const name of names) await carol.answers().getByText(name).waitFor();
  assert.equal(await made(), 0);
  assert.deepEqual([carol.strange, carol.complaints], [[], []]);
  assert.equal(await carol.page.title(), "Chat · Mandate");
});

test("two people in two browsers see only their own", async () => {
  const [alice, dave] = [await own.person("alice"), await own.person("dave")];
  const [hers, his] = await Promise.all([alice.ask(QUESTION), dave.ask(QUESTION)]);
  assert.match(hers, /Engineering/);
  assert.match(his, /IT operations/);
  for (const path of ["/", "/activity", "/accounts"]) {
    await Promise.all([alice.open(path), dave.open(path)]);
    assert.doesNotMatch(await alice.page.content(), /dave|IT operations/);
    assert.doesNotMatch(await dave.page.content(), /alice|Engineering/);
  }
  assert.ok(subjectOf("alice") !== subjectOf("dave"));
});

test("a denied call reads as one, whatever the model says, also after a reload", async () => {
  const bob = await own.person("bob");
  assert.match(await bob.ask(QUESTION), /Access denied/);
  await bob.answers().getByText("Refused: a right is missing.").waitFor();
  await bob.page.reload();
  await bob.answers().getByText("Refused: a right is missing.").waitFor();
  await bob.picture("access-denied");
});

test("what stands before the application may answer in any form, and the message can be sent again", async () => {
  const alice = await own.person("alice");
  for (const [status, body] of [[429, '{"Message":"Rate exceeded"}'], [502, "<html>"], [503, "null"]]) {
    await alice.page.route("**/chat", (route) => route.fulfill({ status, body }), { times: 1 });
    await alice.ask(QUESTION);
    const answer = await alice.answers().last().textContent();
    assert.match(answer, /The service is busy or not there\. Try again in a minute\./);
    assert.doesNotMatch(answer, /undefined|null|Code/);
  }
  await alice.page.getByRole("button", { name: "Send again" }).last().click();
  await alice.answers().filter({ hasText: "VPN users" }).waitFor();
});

test("a tab that waits for an answer outlasts a moment without the service, and asks only for messages", async () => {
  const alice = await own.person("alice");
  await sendUnanswered(alice, { delay: { ms: 5000 } });
  const other = await alice.context.newPage();
  await other.route("**/chat/messages", (route) => route.fulfill({ status: 503, body: "" }), { times: 1 });
  await other.goto(own.stack.url);
  await other.getByText("The answer is still on its way.").waitFor();
  let loads = 0;
  other.on("request", (request) => new URL(request.url()).pathname === "/" && loads++);
  await other.locator(".message.agent[data-state=complete]").filter({ hasText: "VPN users" }).waitFor();
  assert.equal(loads, 0);
});

test("a tab that did not ask can stop the answer, and the one that asked shows it", async () => {
  const alice = await own.person("alice");
  await sendUnanswered(alice);
  const other = await alice.context.newPage();
  await other.goto(own.stack.url);
  await other.getByRole("button", { name: "Stop" }).click();
  await alice.answers().getByText("Incomplete: stopped.").waitFor();
  await other.getByText("Incomplete: stopped.").waitFor();
});

test("a conversation is cleared by a press", async () => {
  const alice = await own.person("alice");
  await alice.ask(QUESTION);
  await alice.page.reload();
  await alice.page.getByText("The agent remembers it until your session ends.").waitFor();
  await alice.page.getByRole("button", { name: "Clear the conversation" }).click();
  await alice.page.getByRole("heading", { name: "What would you like to do?" }).waitFor();
  assert.equal(await alice.answers().count(), 0);
});

test("an answer whose stream breaks is waited for, with a button to stop it, and no other message is read out again", async () => {
  const alice = await own.person("alice");
  await alice.ask("Hello");
  await alice.page.evaluate(() => document.querySelectorAll("#messages > li").forEach((item) => (item.old = true)));
  await own.stack.fault("bedrock", TURN, { delay: { ms: 3000 } });
  const { url } = own.stack;
  let whole;
  await alice.page.route("**/chat", async (route) => {
    // The message goes to the server, which answers it; the page has the beginning of a stream.
    whole = route.fetch({ headers: { ...route.request().headers(), origin: url } });
    await route.fulfill({ contentType: "text/event-stream", body: 'event: text\ndata: {"text":"You are in"}\n\n' });
  }, { times: 1 });
  await alice.send(QUESTION);
  const answer = alice.answers().last();
  await answer.getByText("The answer is still on its way.").waitFor();
  await alice.page.getByRole("button", { name: "Stop" }).waitFor();
  await alice.page.locator(".message.agent[data-state=complete]").filter({ hasText: "VPN users" }).waitFor();
  assert.equal((await whole).status(), 200);
  await alice.page.getByRole("button", { name: "Stop" }).waitFor({ state: "hidden" });
  const items = await alice.page.locator("#messages > li").evaluateAll((items) => items.map((item) => item.old === true));
  assert.deepEqual(items, [true, true, false, false]);
  assert.doesNotMatch(await answer.textContent(), /still on its way|Incomplete|Send again/);
});

test("a message that the network did not take says so and can be sent again", async () => {
  const alice = await own.person("alice");
  await alice.page.route("**/chat", (route) => route.abort("internetdisconnected"), { times: 1 });
  await alice.ask(QUESTION);
  assert.match(await alice.answers().last().textContent(), /The message may not have arrived\.Send again$/);
  await alice.page.getByRole("button", { name: "Send again" }).click();
  await alice.answers().filter({ hasText: "VPN users" }).waitFor();
});

test("what was sent when the session was over is in the field after the next sign-in, of the same person only", async () => {
  for (const next of ["alice", "dave"]) {
    const alice = await own.person("alice");
    await alice.context.clearCookies();
    await alice.send("What I wrote");
    await alice.page.getByText("An agent that acts for you").waitFor();
    await own.stack.connect(next);
    await alice.signIn(next);
    assert.equal(await alice.page.getByLabel("Your message").inputValue(), next === "alice" ? "What I wrote" : "");
    await alice.page.reload();
    assert.equal(await alice.page.getByLabel("Your message").inputValue(), "", "once");
    assert.equal(await alice.page.evaluate(() => sessionStorage.length), 0);
  }
});
