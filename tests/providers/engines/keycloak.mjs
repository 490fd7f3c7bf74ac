// Keycloak on a free port of 127.0.0.1, with the realm of realm.json. Takes its folder and the address of the authentication
// channel that it asks people through. Says its address in a line of JSON once it is up, and ends when its input does.
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

const [home, channel, admin] = process.argv.slice(2);
const keycloak = spawn(`${home}/bin/kc.sh`, [
  "start", "--optimized", "--import-realm", "--http-enabled=true", "--http-host=127.0.0.1", "--http-port=0",
  "--hostname-strict=false", "--log-console-color=false",
  `--spi-ciba-auth-channel--ciba-http-auth-channel--http-authentication-channel-uri=${channel}`,
], {
  // Its own group, so that the shell script and the JVM end together.
  detached: true,
  stdio: ["ignore", "pipe", "inherit"],
  env: {
    ...process.env,
    JAVA_OPTS_KC_HEAP: "-Xms64m -Xmx512m",
    KC_BOOTSTRAP_ADMIN_USERNAME: "admin",
    KC_BOOTSTRAP_ADMIN_PASSWORD: admin,
  },
});
const end = () => {
  try { process.kill(-keycloak.pid, "SIGKILL"); } catch { /* it has ended */ }
  process.exit(0);
};
keycloak.on("exit", end);
process.on("SIGTERM", end).on("SIGINT", end);
process.stdin.on("end", end).resume();

let last = "";
for await (const line of createInterface({ input: keycloak.stdout })) {
  const found = /Listening on: (http:\/\/127\.0\.0\.1:\d+)/.exec(line);
  if (found) process.stdout.write(`${JSON.stringify({ base: found[1] })}\n`);
  if (/ERROR/.test(line)) last = line;
}
if (last) process.stderr.write(`${last}\n`);
