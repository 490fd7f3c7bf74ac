// Every page at 360 pixels, in light and dark, by keyboard, and by axe-core's rules.
import assert from "node:assert/strict";
import { test } from "node:test";

import { house } from "./house.mjs";

const own = house();
const QUESTION = "What are my Okta groups?";
const LONG = "x".repeat(300);

/** Shows every page of somebody, in states that differ, and says its name. */
async function everyPage(person, look) {
  const { page } = person;
  await person.open("/");
  await look("an empty chat");
  await person.ask(QUESTION);
  await person.ask(`What is ${LONG}?`);
  await own.stack.fault("bedrock", "POST /agents/", { truncate: { bytes: 40 } });
  await person.ask(QUESTION);
  await look("a chat");
  await person.ask("Reset my password");
  const { code } = await person.request();
  await look("a pending approval");
  await person.answerOnPhone(person.name, "Deny", code);
  await person.panel().locator("[data-ending]").waitFor();
  await look("an approval that has ended");
  for (const path of ["/activity", "/accounts", "/nowhere"]) {
    await person.open(path);
    await look(path);
  }
  await person.open("/accounts");
  await page.getByRole("button", { name: "Disconnect" }).click();
  await page.getByText("Not connected.").waitFor();
  await look("/accounts without one");
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByRole("heading", { name: "You are signed out" }).waitFor();
  await look("/signed-out");
  await person.open("/");
  await look("the welcome");
  await person.open("/activity");
  await look("/activity of nobody");
}

test("axe-core has nothing against any page, in light or in dark", async () => {
  const alice = await own.person("alice");
  alice.name = "alice";
  await everyPage(alice, async (name) => assert.deepEqual(await alice.violations(), [], name));
});

test("no page scrolls sideways at 360 pixels", async () => {
  const carol = await own.person("carol", { viewport: { width: 360, height: 740 } });
  carol.name = "carol";
  await everyPage(carol, async (name) => assert.equal(await carol.isTooWide(), false, name));
});

test("on a small screen a pending approval is above the conversation", async () => {
  const dave = await own.person("dave", { viewport: { width: 360, height: 740 } });
  await dave.ask("Reset my password");
  const { one } = await dave.request();
  const [approval, chat] = await Promise.all([one.boundingBox(), dave.answers().first().boundingBox()]);
  assert.ok(approval.y < chat.y);
  await dave.page.getByRole("link", { name: "A request waits for your answer on your phone" }).waitFor();
});

test("dark is dark", async () => {
  const dave = await own.visitor({ colorScheme: "dark" });
  await dave.open("/");
  const [ground, ink] = await dave.page.evaluate(() => {
    const { backgroundColor, color } = getComputedStyle(document.body);
    return [backgroundColor, color].map((text) => Number(/\d+/.exec(text)[0]));
  });
  assert.ok(ground < 60 && ink > 180, `${ground} ${ink}`);
});

test("everything is reached by the keyboard, in the order of the page, and Enter sends", async () => {
  const dave = await own.person("dave");
  const { page } = dave;
  await dave.open("/");
  const names = [];
  const focused = () => page.evaluate(() => {
    const { activeElement: it } = document;
    return it === document.body ? "" : it.id || it.textContent.trim();
  });
  for (let step = 0; step < 12; step++) {
    await page.keyboard.press("Tab");
    names.push(await focused());
  }
  assert.deepEqual(names.slice(0, 6), ["Skip to the content", "Mandate", "Chat", "Activity", "Accounts", "Sign out"]);
  assert.deepEqual(names.slice(10, 12), ["text", "send"]);
  await page.getByRole("button", { name: "Stop" }).waitFor({ state: "hidden" });
  const outline = await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle);
  assert.equal(outline, "solid", "the focus is seen");

  await own.stack.forget("bedrock");
  await own.stack.fault("bedrock", "POST /agents/", "hang");
  await page.getByLabel("Your message").focus();
  await page.keyboard.type("one");
  await page.keyboard.press("Shift+Enter");
  await page.keyboard.type("two");
  await page.keyboard.press("Enter");
  await page.locator(".message.person .text").getByText("one\ntwo").waitFor();
  while ((await own.stack.requests("bedrock", "POST /agents/")) === 0);
  await page.keyboard.press("Tab");
  assert.equal(await focused(), "stop");
  await page.keyboard.press("Enter");
  await dave.answers().getByText("Incomplete: stopped.").waitFor();
  assert.equal(await focused(), "text");
});

test("a page that went wrong carries a code, a reference and what to do next", async () => {
  const visitor = await own.visitor();
  assert.equal((await visitor.open("/nowhere")).status(), 404);
  const text = await visitor.page.locator("main").textContent();
  assert.match(text, /There is no such page\.[^]*Go to the start page\.[^]*Code[^]*invalid_input[^]*Reference[^]*[0-9A-Z]{12}/);
});

test("when a service is down the page says so, with a code and a reference", async () => {
  const dave = await own.person("dave");
  await own.stack.fault("auth0", "GET /me/", { answer: { status: 503 } }, 10);
  assert.equal((await dave.open("/accounts")).status(), 503);
  assert.match(await dave.page.locator("main").textContent(), /Try again in a minute\.[^]*unavailable[^]*[0-9A-Z]{12}/);
});
