// What a TypeScript application does for Mandate at each turn: it mints a ticket. Node's own crypto is enough.
import { createHash, createPrivateKey, sign } from "node:crypto";

const TICKET_SECONDS = 300;
/** PKCS #8 (RFC 8410) says that the 32 bytes after it are an Ed25519 private key. */
const PKCS8_HEAD = Buffer.from("302e020100300506032b657004220420", "hex");

/** The claims of a verified ID token. */
export interface Claims {
  iss: string;
  sub: string;
  org_id?: string;
}

function setting(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set`);
  return value;
}

/** The session attribute `mandate_ticket` of `InvokeAgent`, for the session id of that call. */
export function ticket(claims: Claims, sessionId: string): string {
  const now = Math.floor(Date.now() / 1000);
  const header = { alg: "EdDSA", typ: "mandate-ticket+jwt", kid: setting("TICKET_KEY_ID") };
  const says = {
    iss: process.env["TICKET_MINTER"] ?? "web",
    aud: "mandate-tools",
    iat: now,
    exp: now + TICKET_SECONDS,
    sub: claims.sub,
    sub_iss: claims.iss,
    agent_id: setting("AGENT_ID"),
    agent_alias: setting("AGENT_ALIAS_ID"),
    sid: createHash("sha256").update(sessionId).digest("base64url"),
    ...(claims.org_id ? { org_id: claims.org_id } : {}),
  };
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const message = `${part(header)}.${part(says)}`;
  const der = Buffer.concat([PKCS8_HEAD, Buffer.from(setting("TICKET_KEY"), "base64url")]);
  const key = createPrivateKey({ key: der, format: "der", type: "pkcs8" });
  return `${message}.${sign(null, Buffer.from(message), key).toString("base64url")}`;
}
