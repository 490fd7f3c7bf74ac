// One system for each file of tests: the real binaries and the doubles, as `make demo` starts them, on ports of its own.
import { execFile, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { promisify } from "node:util";

const run = promisify(execFile);

// Below the ports that the kernel hands out. Files run side by side, each in its own process.
const FIRST_PORT = 20_000, ROOM = 16, ATTEMPTS = 40;
const DOUBLES = ["auth0", "okta", "openfga", "lambda", "bedrock", "dynamodb", "sqs", "sts", "kms"];
const STORE = "01HVMMBCMGZNT3SED4Z17ECXCA";
export const CONNECTION = "okta-oidc";

export const subjectOf = (name) => `oidc|${CONNECTION}|00u1${name}`;

/** Starts a system, behind a gateway if asked, and gives its address and the controls of its doubles. */
export async function start({ gateway = false } = {}) {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const portBase = FIRST_PORT + ((process.pid + attempt * 37) % 600) * ROOM;
    const child = spawn(process.env.MANDATE, ["demo", "--chat", "web", "--port-base", String(portBase), ...(gateway ? ["--gateway"] : [])], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    // A system does not outlive the tests that have it, however they end.
    process.once("exit", () => child.kill("SIGKILL"));
    const said = await ready(child);
    const url = /^web application: (\S+)\/ /m.exec(said)?.[1];
    if (url) return new Stack(child, url, portBase);
    if (!/port|address/i.test(said)) throw new Error(`the demo does not start: ${said}`);
  }
  throw new Error("no free ports for the demo");
}

/** What it says until its last line before it waits, or all that it says if it ends. */
function ready(child) {
  return new Promise((resolve) => {
    let said = "";
    createInterface({ input: child.stderr }).on("line", (line) => (said += line + "\n"));
    createInterface({ input: child.stdout }).on("line", (line) => {
      said += line + "\n";
      if (line.includes("Ctrl-C ends the demo")) resolve(said);
    });
    child.on("close", () => resolve(said));
  });
}

class Stack {
  constructor(child, url, portBase) {
    this.child = child;
    this.url = url;
    this.portBase = portBase;
    // Without a gateway its port is the web application's.
    const names = [...DOUBLES, "gateway"];
    this.at = Object.fromEntries(names.map((name, place) => [name, `http://127.0.0.1:${portBase + place}`]));
  }

  async stop() {
    const ended = new Promise((resolve) => this.child.on("close", resolve));
    this.child.kill("SIGINT");
    await ended;
  }

  /** A control of a double. */
  async tell(double, path, body) {
    const headers = { "content-type": "application/json" };
    const method = body === undefined ? "GET" : "POST";
    const answer = await fetch(this.at[double] + path, { method, headers, body: body && JSON.stringify(body) });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return answer.status === 204 ? null : answer.json().catch(() => null);
  }

  fault(double, on, effect, times = 1) {
    return this.tell(double, "/_admin/faults", { on, times, effect });
  }

  async requests(double, line) {
    const { by_line: counts } = await this.tell(double, "/_admin/stats");
    return Object.entries(counts).reduce((sum, [known, count]) => sum + (known.startsWith(line) ? count : 0), 0);
  }

  forget(double) {
    return this.tell(double, "/_admin/forget", {});
  }

  /** Connects the person's Okta account as its pages would. */
  connect(name) {
    return this.tell("auth0", "/_auth0/connect", { sub: subjectOf(name), connection: CONNECTION });
  }

  /** `Authorization` with an access token of a person for the gateway, as an application of theirs has it. */
  async authorization(name) {
    const scopes = ["--scopes", "api/read api/write api/admin"];
    const { stdout } = await run(process.env.MANDATE, ["gateway-token", "--user", name, ...scopes, "--port-base", String(this.portBase)]);
    return /^Authorization: (.*)$/m.exec(stdout)[1];
  }

  /** Takes every tuple of a person away; gives how many there were. */
  async revoke(name) {
    const { tuples } = await this.tell("openfga", "/_openfga/tuples", { store_id: STORE });
    const own = tuples.filter(({ user }) => user.includes(`00u1${name}`));
    for (const tuple of own) await this.tell("openfga", "/_openfga/revoke", { store_id: STORE, tuple });
    return own.length;
  }

  phone(name) {
    return `${this.at.auth0}/phone/${encodeURIComponent(subjectOf(name))}`;
  }
}
