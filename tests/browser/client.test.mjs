// Behind a gateway: no chat, and a page with what an MCP client needs.
import assert from "node:assert/strict";
import { test } from "node:test";

import { house } from "./house.mjs";

const own = house({ gateway: true });
const HEADERS = { accept: "application/json, text/event-stream", "content-type": "application/json" };

/** Shows every state of the pages that only a gateway's application has. */
async function everyPage({ page, ...person }, look) {
  await page.goto(own.stack.url);
  await page.getByText("Nothing waits for you.").waitFor();
  await look("the start page");
  await page.getByRole("link", { name: "Your MCP client", exact: true }).click();
  await look("/client");
  await page.getByRole("button", { name: "Show my session id" }).click();
  await page.getByRole("button", { name: "Copy the id" }).waitFor();
  await look("the id");
}

test("the id is shown after a press, copied by a button, and on no page that is only opened", async () => {
  const alice = await own.person("alice");
  const { page } = alice;
  await alice.context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const pasted = () => page.evaluate(() => navigator.clipboard.readText());
  await everyPage(alice, async () => {});
  const id = await page.locator("#session-id").textContent();
  assert.match(id, /^[A-Za-z0-9_-]{43}$/);
  await page.getByRole("button", { name: "Copy the id" }).click();
  await page.getByText("Copied.").waitFor();
  assert.equal(await pasted(), id);
  await page.getByRole("button", { name: "Copy the configuration" }).click();
  await page.waitForFunction(async () => (await navigator.clipboard.readText()).includes("mcpServers"));
  const { mandate } = JSON.parse(await pasted()).mcpServers;
  assert.deepEqual(mandate, { type: "http", url: `${own.stack.at.gateway}/mcp`, headers: { "x-session-id": id } });
  for (const path of ["/client", "/", "/activity", "/accounts"]) {
    await alice.open(path);
    assert.equal((await page.content()).includes(id), false, path);
  }
  assert.equal(page.url().includes(id), false);
  assert.deepEqual([alice.strange, alice.complaints], [[], []]);
});

test("without a script the id is shown all the same, and there is nothing that would not work", async () => {
  const carol = await own.person("carol", { javaScriptEnabled: false });
  await carol.open("/client");
  await carol.page.getByRole("button", { name: "Show my session id" }).click();
  await carol.page.locator("#session-id").waitFor();
  assert.equal(await carol.page.getByRole("button", { name: /Copy/ }).count(), 0);
});

test("axe-core has nothing against these pages, in light or in dark", async () => {
  const alice = await own.person("alice");
  await everyPage(alice, async (name) => assert.deepEqual(await alice.violations(), [], name));
});

test("none of these pages scrolls sideways at 360 pixels", async () => {
  const dave = await own.person("dave", { viewport: { width: 360, height: 740 } });
  await everyPage(dave, async (name) => assert.equal(await dave.isTooWide(), false, name));
});

test("what a client asks for comes up on the start page by itself", async () => {
  const dave = await own.person("dave");
  await everyPage(dave, async () => {});
  const id = await dave.page.locator("#session-id").textContent();
  await dave.open("/");
  await dave.page.getByText("Nothing waits for you.").waitFor();
  const authorization = await own.stack.authorization("dave");
  const url = `${own.stack.at.gateway}/mcp`;
  const ask = (method, params, more = {}) =>
    fetch(url, {
      method: "POST",
      headers: { ...HEADERS, authorization, "x-session-id": id, ...more },
      body: JSON.stringify({ jsonrpc: "2.0", method, params, ...(method.startsWith("notifications") ? {} : { id: 1 }) }),
    });
  const params = { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "tests", version: "1" } };
  const begun = await ask("initialize", params);
  const session = { "mcp-session-id": begun.headers.get("mcp-session-id"), "mcp-protocol-version": "2025-11-25" };
  await ask("notifications/initialized", {}, session);
  const answer = await ask("tools/call", { name: "okta-changes___reset_password", arguments: {} }, session);
  assert.match(await answer.text(), /approval_pending/);
  const { code } = await dave.request("Reset your password");
  await dave.answerOnPhone("dave", "Deny", code);
  await dave.panel().locator("[data-ending=denied]").waitFor();
});
