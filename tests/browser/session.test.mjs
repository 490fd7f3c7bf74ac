// What is left of a session once it is over.
import assert from "node:assert/strict";
import { test } from "node:test";

import { house } from "./house.mjs";

const own = house();

const signOut = async ({ page }) => {
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByRole("heading", { name: "You are signed out" }).waitFor();
};

test("the back button after a sign-out shows nothing of the session", async () => {
  const alice = await own.person("alice");
  await alice.ask("What are my Okta groups?");
  await alice.open("/activity");
  await signOut(alice);
  for (let step = 0; step < 2; step++) {
    await alice.page.goBack();
    await alice.page.getByRole("link", { name: "Sign in" }).first().waitFor();
    assert.doesNotMatch(await alice.page.content(), /alice|Engineering|List Okta groups/);
  }
});

test("a session cookie that was copied before the sign-out is good for nothing after it", async () => {
  const alice = await own.person("alice");
  const cookies = await alice.context.cookies();
  const [cookie] = cookies.filter(({ name }) => name === "__Host-mandate");
  assert.deepEqual([cookie.secure, cookie.httpOnly, cookie.sameSite], [true, true, "Lax"]);
  assert.equal(await alice.page.evaluate(() => document.cookie), "", "no script reads it");

  const thief = await own.visitor();
  await thief.context.addCookies([cookie]);
  await thief.open("/activity");
  await thief.page.getByText("Signed in as").waitFor();
  await signOut(alice);
  for (const path of ["/activity", "/accounts", "/approvals"]) {
    assert.equal((await thief.open(path)).status(), 401, path);
  }
  await thief.open("/");
  await thief.page.getByText("An agent that acts for you").waitFor();
});

test("another tab that is open when its session ends goes to the welcome page by itself", async () => {
  const alice = await own.person("alice");
  const other = await alice.context.newPage();
  await other.goto(own.stack.url);
  await signOut(alice);
  await other.getByText("An agent that acts for you").waitFor();
});

test("after a sign-out the next sign-in asks who it is", async () => {
  const alice = await own.person("alice");
  await signOut(alice);
  await alice.page.getByRole("link", { name: "Sign in again" }).click();
  await alice.page.getByRole("button", { name: "(dave@example.com)" }).click();
  await alice.passProvider("dave", "/");
  await alice.page.locator(".who").getByText("dave").waitFor();
});

test("without the script every page but the chat works", async () => {
  const carol = await own.person("carol", { javaScriptEnabled: false });
  const { page } = carol;
  await carol.open("/accounts");
  await page.getByRole("button", { name: "Disconnect" }).click();
  await page.getByRole("button", { name: "Connect Okta" }).click();
  await carol.passProvider("carol", "/accounts");
  await page.getByText("Connected (okta-oidc).").waitFor();
  await signOut(carol);
});

test("whoever declines at the provider comes back to a page that says so", async () => {
  await own.stack.tell("auth0", "/_auth0/forget-consent", {});
  const bob = await own.visitor();
  await bob.open("/sign-in");
  await bob.page.getByRole("button", { name: "(bob@example.com)" }).click();
  await bob.page.getByRole("button", { name: "Decline" }).click();
  await bob.page.getByRole("heading", { name: "The sign-in was declined." }).waitFor();
  await bob.page.getByRole("link", { name: "Sign in" }).waitFor();
});
