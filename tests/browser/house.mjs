// What every file of tests has: a system, the one browser, and people who act in it.
import { createRequire } from "node:module";
import { after, before } from "node:test";
import { chromium } from "playwright-core";

import { CONNECTION, start, subjectOf } from "./stack.mjs";

export { CONNECTION, subjectOf };

const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
// Answers come through several processes on a small machine.
const PATIENCE = 30_000;

/** Call it at the top of a file; its members are there once tests run. With `gateway`, the system is one behind a gateway. */
export function house(options = {}) {
  const own = {};
  before(async () => {
    [own.stack, own.browser] = await Promise.all([start(options), chromium.connect(process.env.BROWSER)]);
    // Two polls of an approval wait for so long.
    await own.stack.tell("auth0", "/_auth0/lifetimes", { ciba_interval: 1 });
  });
  after(async () => {
    await own.browser?.close();
    await own.stack?.stop();
  });
  /** A browser of its own: no cookies, no history. */
  own.visitor = async (options = {}) => {
    const viewport = { width: 1280, height: 800 };
    const context = await own.browser.newContext({ viewport, colorScheme: "light", reducedMotion: "reduce", ...options });
    const page = await context.newPage();
    page.setDefaultTimeout(PATIENCE);
    return new Visitor(own.stack, context, page);
  };
  /** The same, signed in, with the Okta account connected unless said otherwise. */
  own.person = async (name, { connected = true, ...options } = {}) => {
    const visitor = await own.visitor(options);
    if (connected) await own.stack.connect(name);
    await visitor.signIn(name);
    return visitor;
  };
  return own;
}

/** Somebody in front of a browser. */
class Visitor {
  constructor(stack, context, page) {
    Object.assign(this, { stack, context, page });
    // What the page asks of others than the application and the provider, and what the browser complains about.
    this.strange = [];
    this.complaints = [];
    const known = [stack.url, stack.at.auth0, stack.at.okta];
    context.on("request", (request) => {
      if (!known.some((own) => request.url().startsWith(own + "/"))) this.strange.push(request.url());
    });
    page.on("pageerror", (error) => this.complaints.push(String(error)));
    page.on("console", (line) => line.type() === "error" && this.complaints.push(line.text()));
  }

  open(path) {
    return this.page.goto(this.stack.url + path);
  }

  /** Through the pages of the application and of the provider; tells which of the provider's it met. */
  async signIn(name) {
    await this.open("/");
    await this.page.getByRole("link", { name: "Sign in" }).click();
    return this.passProvider(name, "/");
  }

  async passProvider(name, home) {
    const { page, stack } = this;
    const met = [];
    for (;;) {
      await page.waitForLoadState();
      const here = new URL(page.url());
      if (here.origin === stack.url && here.pathname === home) return met;
      const title = await page.title();
      if (title === "Log in") {
        await page.getByRole("button", { name: `(${name}@example.com)` }).click();
      } else if (title === "Authorize app") {
        met.push("consent");
        await page.getByRole("button", { name: "Accept" }).click();
      } else if (title === "Secure your account") {
        met.push("enrolment");
        await page.getByRole("button", { name: "Enrol this phone" }).click();
      } else {
        // A page on its way to the next one.
        await page.waitForURL((url) => url.href !== here.href);
      }
    }
  }

  /** Types a message and sends it. */
  async send(text) {
    await this.page.getByLabel("Your message").fill(text);
    await this.page.getByRole("button", { name: "Send", exact: true }).click();
  }

  /** The same, and waits for the whole answer; gives its text. */
  async ask(text) {
    const before = await this.answers().count();
    await this.send(text);
    const answer = this.answers().nth(before);
    await answer.and(this.page.locator("[data-state]:not([data-state=answering])")).waitFor();
    return answer.locator(".text").textContent();
  }

  answers() {
    return this.page.locator("#messages .message.agent");
  }

  panel() {
    return this.page.locator("#approvals");
  }

  /** The request in the panel that says this and waits for an answer, and its code. */
  async request(text = "") {
    const one = this.panel().locator("[data-state=pending]").filter({ hasText: text });
    await one.waitFor();
    return { one, code: await one.locator(".code").textContent() };
  }

  /** Answers the request with this code on the person's phone, in a tab of its own. */
  async answerOnPhone(name, word, code) {
    const phone = await this.context.newPage();
    await phone.goto(this.stack.phone(name));
    const request = phone.locator("form").filter({ hasText: code });
    await request.getByRole("button", { name: word }).click();
    await request.waitFor({ state: "detached" });
    await phone.close();
  }

  /** Whether something is wider than the window. */
  isTooWide() {
    return this.page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
  }

  /** What axe-core has against the page, in light and in dark. */
  async violations() {
    const found = [];
    for (const colorScheme of ["light", "dark"]) {
      await this.page.emulateMedia({ colorScheme });
      if (!(await this.page.evaluate(() => "axe" in window))) await this.inject();
      const { violations } = await this.page.evaluate(() => window.axe.run());
      for (const { id, nodes } of violations) found.push(`${colorScheme}: ${id}: ${nodes.map((node) => node.html)}`);
    }
    return found;
  }

  /** By the debugger, which the content policy does not hold for. */
  async inject() {
    const { readFile } = await import("node:fs/promises");
    await this.page.evaluate(await readFile(AXE, "utf8"));
  }

  /** Into docs/images, if screenshots are wanted. */
  async picture(name) {
    if (process.env.SCREENSHOTS !== "on") return;
    await this.page.screenshot({ path: `${process.env.IMAGES}/${name}.png`, animations: "disabled", caret: "hide" });
  }
}
