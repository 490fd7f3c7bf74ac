// The protocol's own JavaScript client at the double of the gateway. Argument: the program that serves the double.
// Each check is a sentence; exits 1 if one does not hold.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

import { discoverOAuthProtectedResourceMetadata } from '@modelcontextprotocol/sdk/client/auth.js'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'

const double = spawn(process.argv[2], { stdio: ['pipe', 'pipe', 'inherit'] })
const lines = createInterface({ input: double.stdout })[Symbol.asyncIterator]()
const { url, token } = JSON.parse((await lines.next()).value)
const tell = async (command) => {
  double.stdin.write(`${command}\n`)
  assert.equal((await lines.next()).value, 'done')
}

const SEARCH = 'x_amz_bedrock_agentcore_search'
const GROUPS = 'okta___list_groups'
const RESET = 'okta___reset_password'

// A client, and what it sent: method, headers, status.
const connect = async (bearer) => {
  const sent = []
  const watched = async (where, request) => {
    const answer = await fetch(where, request)
    const headers = new Headers(request.headers)
    sent.push({ method: request.method, session: headers.get('mcp-session-id'), version: headers.get('mcp-protocol-version'), status: answer.status })
    return answer
  }
  const transport = new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers: { Authorization: `Bearer ${bearer}` } }, fetch: watched })
  const client = new Client({ name: 'conformance', version: '1.0.0' })
  await client.connect(transport)
  return { client, transport, sent }
}
const refused = (promise) => promise.then(() => assert.fail('it was not refused'), (error) => error)

const checks = {
  'it initializes, and has a session and a version': async () => {
    const { client, transport } = await connect(token)
    assert.equal(client.getServerVersion().name, 'agentcore-gateway')
    assert.deepEqual(client.getServerCapabilities(), { tools: { listChanged: true } })
    assert.ok(transport.sessionId)
    assert.equal(transport.protocolVersion, '2025-11-25')
    await client.close()
  },
  'it lists page by page until there is no cursor': async () => {
    const { client } = await connect(token)
    const names = []
    let [cursor, pages] = [undefined, 0]
    do {
      const page = await client.listTools(cursor ? { cursor } : {})
      names.push(...page.tools.map((tool) => tool.name))
      cursor = page.nextCursor
      pages += 1
    } while (cursor)
    assert.deepEqual(names, [SEARCH, GROUPS, RESET])
    assert.equal(pages, 3)
    assert.ok((await refused(client.listTools({ cursor: 'invented' }))).code < 0)
    await client.close()
  },
  'it calls a tool and searches': async () => {
    const { client } = await connect(token)
    const called = await client.callTool({ name: GROUPS, arguments: { limit: 2 } })
    assert.equal(called.isError, false)
    assert.deepEqual(JSON.parse(called.content[0].text), { limit: 2 })
    const found = await client.callTool({ name: SEARCH, arguments: { query: 'groups' } })
    assert.ok(found.structuredContent.tools.some((tool) => tool.name === GROUPS))
    await client.close()
  },
  'every later request names the session and the version': async () => {
    const { client, transport, sent } = await connect(token)
    await client.ping()
    await client.listTools()
    const [first, ...later] = sent
    assert.equal(first.session, null)
    assert.ok(later.length >= 3)
    for (const request of later) {
      assert.equal(request.session, transport.sessionId)
      assert.equal(request.version, '2025-11-25')
    }
    for (const request of sent) assert.equal(request.status, request.method === 'GET' ? 405 : request === later[0] ? 202 : 200)
    await client.close()
  },
  'a call that a policy refuses is an error, and the next one is answered': async () => {
    const { client } = await connect(token)
    const error = await refused(client.callTool({ name: RESET, arguments: {} }))
    assert.equal(error.code, -32002)
    assert.match(error.message, /Tool Execution Denied/)
    assert.equal((await client.callTool({ name: GROUPS, arguments: {} })).isError, false)
    await client.close()
  },
  'a call that an interceptor refuses is an error, and the next one is answered': async () => {
    const { client } = await connect(token)
    await tell('refuse the next call')
    const error = await refused(client.callTool({ name: GROUPS, arguments: {} }))
    assert.equal(error.code, 403)
    assert.equal((await client.callTool({ name: GROUPS, arguments: {} })).isError, false)
    await client.close()
  },
  'a tool that is not there is an error': async () => {
    const { client } = await connect(token)
    assert.equal((await refused(client.callTool({ name: 'nowhere', arguments: {} }))).code, -32602)
    await client.close()
  },
  'a method that the gateway does not know is an error': async () => {
    const { client } = await connect(token)
    assert.equal((await refused(client.request({ method: 'resources/list' }, { parse: (value) => value }))).code, -32601)
    await client.close()
  },
  'a ping is answered': async () => {
    const { client } = await connect(token)
    assert.deepEqual(await client.ping(), {})
    await client.close()
  },
  'a wrong token is refused before there is a session': async () => {
    const [head, claims] = token.split('.')
    for (const bad of ['nonsense', `${head}.${claims}.AAAA`, '']) {
      assert.equal((await refused(connect(bad))).code, 401)
    }
  },
  'what is refused says where tokens come from': async () => {
    const answer = await fetch(url, { method: 'POST' })
    assert.equal(answer.status, 401)
    assert.match(answer.headers.get('www-authenticate'), /resource_metadata="http/)
    const metadata = await discoverOAuthProtectedResourceMetadata(url)
    assert.equal(metadata.resource, url)
    assert.equal(metadata.authorization_servers.length, 1)
  },
  'a session that is over, or that the client ended, is not found': async () => {
    const over = await connect(token)
    await tell('end sessions')
    assert.equal((await refused(over.client.listTools())).code, 404)
    const ended = await connect(token)
    const session = ended.transport.sessionId
    await ended.transport.terminateSession()
    assert.equal(ended.transport.sessionId, undefined)
    const headers = { Authorization: `Bearer ${token}`, 'mcp-session-id': session, 'content-type': 'application/json' }
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping' })
    assert.equal((await fetch(url, { method: 'POST', headers, body })).status, 404)
  },
}

let failed = 0
for (const [sentence, check] of Object.entries(checks)) {
  try {
    await check()
  } catch (error) {
    failed += 1
    console.log(`${sentence}: ${error.message}`)
  }
}
double.stdin.end()
console.log(`mcp client in JavaScript: ${Object.keys(checks).length} checks, ${failed} failed`)
process.exit(failed ? 1 : 0)
