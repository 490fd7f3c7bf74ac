// What waits for a yes, and how it ends.
import assert from "node:assert/strict";
import { test } from "node:test";

import { house } from "./house.mjs";

const own = house();
const ASK = 'Add bob@example.com to the group "VPN users"';

/** Asks, and gives the request in the panel. */
async function pending(person) {
  await person.ask(ASK);
  const request = person.panel().locator("[data-state=pending]");
  await request.waitFor();
  return request;
}

test("a request shows its code and exact arguments and counts down without a reload", async () => {
  const dave = await own.person("dave");
  const request = await pending(dave);
  assert.match(await request.textContent(), /bob@example\.com[^]*VPN users|VPN users[^]*bob@example\.com/);
  const bar = request.locator("progress");
  const before = await bar.evaluate((bar) => bar.value);
  await dave.page.waitForFunction((before) => document.querySelector("progress").value < before, before);
  assert.match(await request.locator(".left").textContent(), /^[01]:\d\d left to answer$/);
  await dave.picture("pending-approval");
});

test("a reload in the middle of a pending request still shows it, and its outcome comes without another", async () => {
  const dave = await own.person("dave");
  const request = dave.panel().locator("[data-state=pending]");
  await request.waitFor();
  const code = await request.locator(".code").textContent();
  await dave.page.reload();
  await request.filter({ hasText: code }).waitFor();
  assert.match(await dave.answerOnPhone("dave", "Approve"), new RegExp(`${code}$`));
  await dave.panel().locator("[data-ending]").or(dave.panel().getByText("Nothing waits for you.")).first().waitFor();
  const { acts } = await own.stack.tell("okta", "/_okta/acts");
  assert.equal(acts.length, 1);
});

test("a denial and an expiry read differently, and neither changes anything", async () => {
  const { acts: before } = await own.stack.tell("okta", "/_okta/acts");
  const alice = await own.person("alice");
  await alice.ask("Reset my password");
  await alice.panel().locator("[data-state=pending]").waitFor();
  await alice.answerOnPhone("alice", "Deny");
  const denied = await alice.panel().locator("[data-ending=denied]").textContent();
  assert.match(denied, /Declined: you said no, so nothing was done\./);

  const carol = await own.person("carol");
  await carol.ask("Reset my password");
  await carol.panel().locator("[data-state=pending]").waitFor();
  await own.stack.expire("carol");
  const expired = await carol.panel().locator("[data-ending=expired]").textContent();
  assert.match(expired, /Expired: no answer came in time, so nothing was done\./);
  const { acts } = await own.stack.tell("okta", "/_okta/acts");
  assert.equal(acts.length, before.length);
});

test("the outcome is told to whoever does not see the panel", async () => {
  const dave = await own.person("dave");
  await dave.ask("Reset my password");
  const said = dave.page.locator("#approvals-said[role=status]");
  await said.filter({ hasText: "Waiting for your answer on your phone" }).waitFor({ state: "attached" });
  await dave.answerOnPhone("dave", "Deny");
  await said.filter({ hasText: "you said no" }).waitFor({ state: "attached" });
});
