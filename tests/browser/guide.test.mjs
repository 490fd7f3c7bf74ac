// The guide's steps, as a person takes them.
import assert from "node:assert/strict";
import { test } from "node:test";

import { house } from "./house.mjs";

const own = house();

test("a person signs in, connects Okta, sees groups, is asked for a password reset, loses a right, and signs out", async (t) => {
  const alice = await own.visitor();
  const { page } = alice;

  await t.test("she signs in through consent and the enrolment of her phone", async () => {
    await alice.open("/");
    await alice.picture("sign-in");
    assert.deepEqual(await alice.signIn("alice"), ["consent", "enrolment"]);
    assert.equal(await page.locator(".who").getByText("alice").count(), 1);
  });

  await t.test("the chat says that Okta must be connected, and she connects it", async () => {
    await alice.ask("What are my Okta groups?");
    await page.getByRole("link", { name: "Connect your Okta account" }).click();
    await page.getByText("Not connected.").waitFor();
    await page.getByRole("button", { name: "Connect Okta" }).click();
    await alice.passProvider("alice", "/accounts");
    await page.getByText("Connected (okta-oidc).").waitFor();
  });

  await t.test("she asks for her groups", async () => {
    await alice.open("/");
    assert.match(await alice.ask("What are my Okta groups?"), /Everyone[^]*Engineering[^]*VPN users/);
  });

  await t.test("a password reset waits for her yes on the phone, and is then done", async () => {
    await alice.ask("Reset my password");
    const { code } = await alice.request("Reset your password");
    await alice.answerOnPhone("alice", "Approve", code);
    await alice.panel().locator("[data-ending=done]").filter({ hasText: code }).waitFor();
  });

  await t.test("her right is revoked, and the very next call is denied", async () => {
    assert.equal(await own.stack.revoke("alice"), 2);
    await own.stack.forget("okta");
    assert.match(await alice.ask("What are my Okta groups?"), /Access denied/);
    assert.equal(await own.stack.requests("okta", ""), 0);
  });

  await t.test("she signs out", async () => {
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByRole("heading", { name: "You are signed out" }).waitFor();
    await alice.open("/");
    await page.getByRole("link", { name: "Sign in" }).waitFor();
  });

  assert.deepEqual([alice.strange, alice.complaints], [[], []]);
});

test("bob, who has no right, is denied without a request to Okta", async () => {
  const bob = await own.person("bob");
  await own.stack.forget("okta");
  assert.match(await bob.ask("What are my Okta groups?"), /Access denied/);
  assert.equal(await own.stack.requests("okta", ""), 0);
});
