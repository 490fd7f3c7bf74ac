// What waits for a yes, and how it ends.
import assert from "node:assert/strict";
import { test } from "node:test";

import { house } from "./house.mjs";

const own = house();
const ASK = 'Add bob@example.com to the group "VPN users"';

test("a request shows its code and exact arguments and counts down without a reload", async () => {
  const dave = await own.person("dave");
  await dave.ask(ASK);
  const { one } = await dave.request();
  assert.match(await one.textContent(), /groupVPN usersuserbob@example\.com/);
  const bar = one.locator("progress");
  const before = await bar.evaluate((bar) => bar.value);
  await dave.page.waitForFunction((before) => document.querySelector("progress").value < before, before);
  assert.match(await one.locator(".left").textContent(), /^[012]:\d\d left to answer$/);
  await dave.picture("pending-approval");
});

test("a reload in the middle of a pending request still shows it, and its outcome comes without another", async () => {
  const dave = await own.person("dave");
  await dave.ask("Reset my password");
  const { code } = await dave.request("Reset your password");
  await dave.page.reload();
  assert.equal((await dave.request("Reset your password")).code, code);
  await dave.answerOnPhone("dave", "Approve", code);
  await dave.panel().locator("[data-ending=done]").filter({ hasText: code }).waitFor();
});

test("a denial and an expiry read differently, and neither changes anything", async () => {
  const { acts: before } = await own.stack.tell("okta", "/_okta/acts");
  const alice = await own.person("alice");
  await alice.ask("Reset my password");
  const { code } = await alice.request();
  await alice.answerOnPhone("alice", "Deny", code);
  const denied = await alice.panel().locator("[data-ending=denied]").textContent();
  assert.match(denied, /Declined: you said no, so nothing was done\./);

  // Auth0 answers both alike, so the clock decides: the request must really run out.
  await own.stack.tell("auth0", "/_auth0/lifetimes", { ciba_expiry: 4 });
  const carol = await own.person("carol");
  await carol.ask("Reset my password");
  const expired = await carol.panel().locator("[data-ending=expired]").textContent();
  assert.match(expired, /Expired: no answer came in time, so nothing was done\./);
  await own.stack.tell("auth0", "/_auth0/lifetimes", { ciba_expiry: null });
  const { acts } = await own.stack.tell("okta", "/_okta/acts");
  assert.equal(acts.length, before.length);
});

test("of several requests only the one that changed is told", async () => {
  const dave = await own.person("dave");
  const said = dave.page.locator("#approvals-said");
  await dave.ask(ASK);
  const { code } = await dave.request("Add somebody to a group");
  await said.filter({ hasText: code }).waitFor({ state: "attached" });
  await dave.ask("Reset my password");
  const { code: second } = await dave.request("Reset your password");
  await said.filter({ hasText: second }).waitFor({ state: "attached" });
  assert.doesNotMatch(await said.textContent(), new RegExp(code));
  // After a denial the same is not asked for at once.
  await dave.answerOnPhone("dave", "Approve", second);
  await dave.panel().locator("[data-ending=done]").filter({ hasText: second }).waitFor();
});

test("the outcome is told to whoever does not see the panel", async () => {
  const dave = await own.person("dave");
  await dave.ask("Reset my password");
  const { code } = await dave.request("Reset your password");
  const said = dave.page.locator("#approvals-said[role=status]");
  await said.filter({ hasText: "Waiting for your answer on your phone" }).waitFor({ state: "attached" });
  await dave.answerOnPhone("dave", "Deny", code);
  await said.filter({ hasText: "you said no" }).waitFor({ state: "attached" });
});

test("a panel that has not come twice says since when it is old, and is true again when it comes", async () => {
  const alice = await own.person("alice");
  await alice.page.route("**/approvals", (route) => route.fulfill({ status: 503, body: "" }));
  for (let asked = 0; asked < 2; asked++) await alice.ask("What are my Okta groups?");
  const stale = alice.page.locator("#approvals-stale");
  await stale.filter({ hasText: "Not up to date since" }).waitFor();
  await alice.page.unroute("**/approvals");
  await alice.ask("What are my Okta groups?");
  await stale.waitFor({ state: "hidden" });
  assert.equal(await alice.page.locator("#waiting").isHidden(), true);
});
