// The npm package `oidc-provider` on a free port of 127.0.0.1, with one client and two people. Says its address in a first line of
// JSON, then takes commands as lines of JSON on its standard input and answers each by one line. It ends when its input does.
import { createServer } from "node:http";
import { createInterface } from "node:readline";
import { generateKeyPairSync, randomUUID } from "node:crypto";
import Provider, { errors } from "oidc-provider";

// The standard output is for answers.
console.log = console.info = console.warn = () => {};

const [clientId, clientSecret, redirectUri] = process.argv.slice(2);
const people = { "user-alice": "alice@example.com", "user-bob": "bob@example.com" };

// One store for all instances: a rotation replaces the instance, and what waits must stay. What has ended is kept, so that the
// provider can say so.
const rows = new Map();
const byGrant = new Map();
class Store {
  constructor(model) { this.model = model; }
  key(id) { return `${this.model}:${id}`; }
  async upsert(id, payload) {
    rows.set(this.key(id), payload);
    if (payload.grantId) byGrant.set(payload.grantId, [...(byGrant.get(payload.grantId) ?? []), this.key(id)]);
  }
  async find(id) { return rows.get(this.key(id)); }
  async findByUid(uid) { return [...rows].find(([key, row]) => key.startsWith(`${this.model}:`) && row.uid === uid)?.[1]; }
  async findByUserCode() { return undefined; }
  async consume(id) { rows.get(this.key(id)).consumed = Math.floor(Date.now() / 1000); }
  async destroy(id) { rows.delete(this.key(id)); }
  async revokeByGrantId(grantId) { for (const key of byGrant.get(grantId) ?? []) rows.delete(key); }
}

const keys = [];
const anotherKey = () => {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  keys.unshift({ ...privateKey.export({ format: "jwk" }), kid: randomUUID(), alg: "RS256", use: "sig" });
};

// The last request for an approval, and what came with it.
let asked = null;
const counts = {};

const configuration = () => ({
  adapter: Store,
  jwks: { keys: [...keys] },
  clients: [{
    client_id: clientId,
    client_secret: clientSecret,
    redirect_uris: [redirectUri],
    post_logout_redirect_uris: [new URL("/signed-out", redirectUri).href],
    grant_types: ["authorization_code", "refresh_token", "urn:openid:params:grant-type:ciba"],
    response_types: ["code"],
    token_endpoint_auth_method: "client_secret_post",
    backchannel_token_delivery_mode: "poll",
    id_token_signed_response_alg: "RS256",
  }],
  cookies: { keys: [randomUUID()] },
  claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name"] },
  conformIdTokenClaims: false,
  findAccount: (_ctx, sub) => people[sub] && {
    accountId: sub,
    claims: async () => ({ sub, email: people[sub], email_verified: true, name: sub }),
  },
  issueRefreshToken: async (_ctx, client) => client.grantTypeAllowed("refresh_token"),
  rotateRefreshToken: false,
  interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
  features: {
    devInteractions: { enabled: false },
    revocation: { enabled: true, allowedPolicy: async () => true },
    ciba: {
      enabled: true,
      deliveryModes: ["poll"],
      processLoginHint: async (_ctx, hint) => (people[hint] ? hint : undefined),
      processLoginHintToken: async () => undefined,
      verifyUserCode: async () => {},
      validateRequestContext: async () => {},
      // Our messages have spaces, which the usual rule refuses.
      validateBindingMessage: async () => {},
      triggerAuthenticationDevice: async (ctx, request) => {
        asked = { id: request.jti, sub: request.accountId, message: ctx.oidc.params.binding_message };
      },
    },
  },
  ttl: {
    BackchannelAuthenticationRequest: (ctx) => Number(ctx.oidc.params.requested_expiry ?? 120),
  },
});

let provider;
const server = createServer((request, response) => {
  const { pathname } = new URL(request.url, "http://127.0.0.1");
  counts[pathname] = (counts[pathname] ?? 0) + 1;
  if (pathname.startsWith("/interaction/")) return void agree(request, response);
  provider.callback()(request, response);
});
await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
const issuer = `http://127.0.0.1:${server.address().port}`;
const begin = () => { provider = new Provider(issuer, configuration()); };

// Whoever comes is Alice and agrees to all.
async function agree(request, response) {
  const { params } = await provider.interactionDetails(request, response);
  const grant = new provider.Grant({ accountId: "user-alice", clientId });
  grant.addOIDCScope(params.scope);
  const result = { login: { accountId: "user-alice" }, consent: { grantId: await grant.save() } };
  await provider.interactionFinished(request, response, result);
}

async function answer(how, sub) {
  const request = await provider.BackchannelAuthenticationRequest.find(asked.id);
  if (how === "deny") return provider.backchannelResult(request, new errors.AccessDenied());
  const grant = new provider.Grant({ accountId: sub ?? request.accountId, clientId });
  grant.addOIDCScope("openid");
  await grant.save();
  if (sub) request.accountId = sub;
  return provider.backchannelResult(request, grant, { acr: "0" });
}

const commands = {
  asked: async () => asked,
  approve: async ({ as }) => { await answer("approve", as); return {}; },
  deny: async () => { await answer("deny"); return {}; },
  // Its time is over, whatever the clock says.
  expire: async () => {
    const row = rows.get(`BackchannelAuthenticationRequest:${asked.id}`);
    row.exp = Math.floor(Date.now() / 1000) - 1;
    return {};
  },
  rotate: async () => { anotherKey(); begin(); return {}; },
  count: async ({ path }) => counts[path] ?? 0,
};

anotherKey();
begin();
const say = (value) => process.stdout.write(`${JSON.stringify(value)}\n`);
say({ issuer });
for await (const line of createInterface({ input: process.stdin })) {
  const { command, ...rest } = JSON.parse(line);
  say(await commands[command](rest));
}
process.exit(0);
