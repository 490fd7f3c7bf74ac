// Every policy that is generated or shipped, through a foreign simulator and through the evaluator of the doubles: what they
// allow is what is meant, no more and no less. Then each statement is spoilt in turn, and the spoilt policy must be caught.
// Arguments: the program that prints cases and judges requests. Exits 1 on any difference.
import { spawn, spawnSync } from 'node:child_process'
import { createInterface } from 'node:readline'

import { pool, requests } from './requests.mjs'
import { actions, allows, faults } from './simulator.mjs'
import { spoilt } from './spoilt.mjs'

// Requests of which the two evaluators may say different things: a test, and the reason. There is none.
const DIFFER = []

const program = process.argv[2]
const printed = spawnSync(program, ['cases'], { maxBuffer: 1 << 28 })
if (printed.status !== 0) throw new Error(`${program} cases: ${printed.stderr}`)
const cases = printed.stdout.toString().trim().split('\n').map((line) => JSON.parse(line))
const all = await actions()
const resources = pool(cases)
const wrong = []
const differ = (kind, request, detail) => {
  wrong.push(kind)
  if (wrong.length <= 20) console.log(`${kind}: ${JSON.stringify(request)} ${detail}`)
}

const judge = spawn(program, ['judge'], { stdio: ['pipe', 'pipe', 'inherit'] })
const verdicts = createInterface({ input: judge.stdout })[Symbol.asyncIterator]()
const done = new Promise((resolve) => judge.on('close', resolve))
let simulated = 0
let allowed = 0
for (const item of cases) {
  for (const fault of faults(item)) differ('malformed', item.name, fault)
  const asked = [...requests(item, all, resources)]
  judge.stdin.write(asked.map(({ request }) => `${JSON.stringify(request)}\n`).join(''))
  const used = new Set()
  for (const { request, expected } of asked) {
    const says = await allows(item, request)
    const ours = (await verdicts.next()).value === '1'
    simulated += 1
    if (says) allowed += 1
    if (says && expected) used.add(`${request.action} ${request.resource}`)
    if (says !== expected) differ(says ? 'too wide' : 'too narrow', request, '')
    if (says !== ours && !DIFFER.some((known) => known.is(request))) differ('evaluators differ', request, `theirs ${says}, ours ${ours}`)
  }
  for (const intent of item.intents) {
    for (const action of intent.actions) {
      if (!used.has(`${action} ${intent.resource}`)) differ('never asked', item.name, `${action} ${intent.resource}`)
    }
  }
}
judge.stdin.end()
if ((await done) !== 0) differ('failed', program, 'judge')

// Only what is named or near it: a spoilt policy is caught by one request.
let caught = 0
let spoiltCases = 0
for (const item of cases) {
  const names = new Set(item.intents.flatMap((intent) => intent.actions))
  const asked = [...requests(item, all, resources)]
  asked.sort((one, other) => names.has(other.request.action) - names.has(one.request.action))
  for (const { what, changed } of spoilt(item)) {
    spoiltCases += 1
    let found = false
    for (const { request, expected } of asked) {
      if ((await allows(changed, request)) !== expected) {
        found = true
        break
      }
    }
    if (found) caught += 1
    else differ('not caught', item.name, what)
  }
}

const policies = cases.length
console.log(
  `conformance: ${policies} policies, ${all.length} actions, ${simulated} requests simulated, ${allowed} allowed, ` +
    `${wrong.length} differences, ${caught} of ${spoiltCases} spoilt policies caught`,
)
process.exit(wrong.length ? 1 : 0)
