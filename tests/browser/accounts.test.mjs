// Connected accounts, and what was done.
import assert from "node:assert/strict";
import { test } from "node:test";

import { CONNECTION, house, subjectOf } from "./house.mjs";

const own = house();
const QUESTION = "What are my Okta groups?";

test("an account is disconnected, which the page says revokes nothing at Okta, and connected again", async () => {
  const alice = await own.person("alice");
  const { page } = alice;
  await alice.open("/accounts");
  await page.getByText("It does not revoke anything at Okta").waitFor();
  await page.getByRole("button", { name: "Disconnect" }).click();
  await page.getByText("Not connected.").waitFor();
  await page.getByRole("button", { name: "Connect Okta" }).click();
  await alice.passProvider("alice", "/accounts");
  await page.getByText("Connected (okta-oidc).").waitFor();
});

test("when the account has to be connected again, the chat shows the button, also after a reload, and it works", async () => {
  const carol = await own.person("carol");
  const { page } = carol;
  // Okta no longer takes what the vault holds.
  await own.stack.tell("okta", "/_okta/revoke-all", { login: "carol@example.com" });
  await own.stack.tell("auth0", "/_auth0/forget-provider-token", { sub: subjectOf("carol"), connection: CONNECTION });
  await carol.ask(QUESTION);
  const button = page.getByRole("link", { name: "Connect your Okta account" });
  await button.waitFor();
  await page.reload();
  await button.click();
  await page.getByRole("button", { name: /^(Reconnect|Connect Okta)$/ }).click();
  await carol.passProvider("carol", "/accounts");
  await page.getByText("Connected (okta-oidc).").waitFor();
  await carol.open("/");
  assert.match(await carol.ask(QUESTION), /Help desk/);
});

test("the activity page tells what was allowed and what was refused, newest first, with references", async () => {
  const dave = await own.person("dave");
  await dave.open("/activity");
  await dave.page.getByText("Nothing yet.").waitFor();
  await dave.open("/");
  await dave.ask(QUESTION);
  // Records are in order by the second.
  const second = () => Math.floor(Date.now() / 1000);
  await dave.page.waitForFunction((before) => Date.now() / 1000 >= before + 1, second());
  await dave.ask("Which groups is bob@example.com in?");
  await dave.page.getByRole("link", { name: "Activity", exact: true }).click();
  const records = dave.page.locator(".records > li");
  await records.first().waitFor();
  assert.match(await records.first().textContent(), /List Okta groups[^]*Refused \(access_denied\)[^]*Reference [0-9A-Z]{12}/);
  assert.match(await records.last().textContent(), /List Okta groups[^]*Allowed and done\.[^]*Reference [0-9A-Z]{12}[^]*Okta/);
  assert.equal(await records.count(), 2);
  await dave.picture("activity");
});

test("more than one page of activity is gone through page by page", async () => {
  const bob = await own.person("bob");
  // One page has twenty records; ten messages may be sent at once, and one more every three seconds.
  const { page } = bob;
  for (let turn = 0; turn < 10; turn++) await bob.ask(QUESTION);
  const again = await own.person("bob");
  for (let turn = 0; turn < 10; turn++) await again.ask(QUESTION);
  const third = await own.person("bob");
  await third.ask(QUESTION);
  await bob.open("/activity");
  assert.equal(await page.locator(".records > li").count(), 20);
  await page.getByRole("link", { name: "Older" }).click();
  await page.getByRole("link", { name: "Newest" }).waitFor();
  assert.equal(await page.locator(".records > li").count(), 1);
});
