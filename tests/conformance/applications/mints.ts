// For make conformance: a ticket by the guide's module, for the session id in the last argument.
import { readFileSync } from "node:fs";
import { ticket } from "./ticket.js";

const given = JSON.parse(readFileSync(0, "utf8"));
console.log(ticket(given.claims, process.argv.at(-1) ?? ""));
