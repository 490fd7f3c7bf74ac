// Starts the one browser and runs the files of tests, two at a time. Takes names of files, or all of them.
import { spawn } from "node:child_process";
import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const here = dirname(fileURLToPath(import.meta.url));
const wanted = process.argv.slice(2);
const all = readdirSync(here).filter((name) => name.endsWith(".test.mjs")).sort();
const files = all.filter((name) => wanted.length === 0 || wanted.includes(name.replace(".test.mjs", "")));

const server = await chromium.launchServer({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  timeout: 120_000,
  args: [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
  ],
});
const child = spawn(process.execPath, ["--test", "--test-reporter=spec", "--test-concurrency=2", ...files.map((name) => join(here, name))], {
  stdio: "inherit",
  env: { ...process.env, BROWSER: server.wsEndpoint() },
});
const code = await new Promise((resolve) => child.on("close", (code) => resolve(code ?? 1)));
await server.close();
process.exitCode = code;
