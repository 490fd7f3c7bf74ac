// The requests that a case is asked about: what is meant, and that with one thing changed.

const FOREIGN = {
  dynamodb: ['table/other-table', 'table/bedrock-sessions/index/by-person'],
  kms: ['key/ffffffff-12ab-34cd-56ef-1234567890ab'],
  lambda: ['function:other', 'function:okta-groups:live'],
  sqs: ['other-queue'],
  secretsmanager: ['secret:mandate/other-AbCdEf'],
  logs: ['log-group:/aws/lambda/other:log-stream:2027/01/15/[$LATEST]0123'],
  bedrock: ['agent-alias/AGENT12345/OTHER', 'agent/OTHERAGENT'],
  'bedrock-agentcore': ['gateway/other-abc1234567'],
}
const ROLE = 'arn:aws:iam::123456789012:role/mandate-other'

const serviceOf = (text) => (text.includes(':role/') ? 'sts' : text.split(':')[2])
const iso = (seconds) => new Date(seconds * 1000).toISOString().replace('.000', '')

/** By service: every resource that any case means, and foreign ones. */
export function pool(cases) {
  const found = Object.fromEntries(
    Object.entries(FOREIGN).map(([service, rest]) => [service, rest.map((name) => `arn:aws:${service}:us-east-1:123456789012:${name}`)]),
  )
  found.sts = [ROLE]
  for (const { resource } of cases.flatMap((item) => item.intents)) {
    if (resource === '*') continue
    const list = (found[serviceOf(resource)] ??= [])
    if (!list.includes(resource)) list.push(resource)
  }
  return found
}

// The context as meant, then each key missing, another's, and both.
function contexts(item, intent, thorough) {
  const time = (seconds) => ({ 'aws:CurrentTime': [iso(seconds)], 'aws:EpochTime': [String(seconds)] })
  const arn = item.principal.includes(':role/') ? { 'aws:PrincipalArn': [item.principal] } : {}
  const base = { ...intent.context, ...arn, ...time(item.now) }
  const found = [base]
  const keys = Object.keys(intent.context)
  if (!thorough) {
    const none = { ...arn, ...time(item.now) }
    return keys.length ? [base, none] : found
  }
  for (const key of keys) {
    const { [key]: own, ...without } = base
    const wrong = own.map((value) => (value.startsWith('arn:') ? `${value}OTHER` : `other-${value}`))
    const cut = own.map((value) => (value.startsWith('arn:') ? value.slice(0, -1) : value.slice(1)))
    found.push(without, { ...base, [key]: wrong }, { ...base, [key]: cut }, { ...base, [key]: ['*'] })
    // Keys of DynamoDB and tags have several values at once; none of the others can.
    if (key === 'dynamodb:LeadingKeys' || key === 'aws:TagKeys') {
      found.push({ ...base, [key]: [...own, ...wrong] }, { ...base, [key]: [...wrong, ...own] })
    }
    // Whoever may reach every partition is asked about those of audit records too.
    if (key === 'dynamodb:LeadingKeys' && intent.free.includes(key)) {
      found.push({ ...base, [key]: ['audit#whose'] }, { ...base, [key]: [...own, 'audit#whose'] })
    }
  }
  if (intent.until) {
    for (const seconds of [intent.until - 1, intent.until, intent.until + 840]) found.push({ ...base, ...time(seconds) })
  }
  return found
}

function meant(item, principal, action, resource, context) {
  if (item.strangers.includes(principal)) return false
  return item.intents.some((intent) => {
    const right = ([key, values]) => {
      const found = context[key]
      if (!found) return intent.optional.includes(key)
      return intent.free.includes(key) || JSON.stringify(found) === JSON.stringify(values)
    }
    const never = ([key, prefix]) => (context[key] ?? []).some((value) => value.startsWith(prefix))
    if (Object.entries(intent.never).some(never)) return false
    const now = Number(context['aws:EpochTime'][0])
    const inTime = !intent.until || now < intent.until
    return intent.resource === resource && intent.actions.includes(action) && inTime && Object.entries(intent.context).every(right)
  })
}

/** Actions that are not asked about, each with its reason. */
export const NOT_ASKED = {
  'sts:GetCallerIdentity': 'AWS answers it to every caller, whatever the policies say; it tells callers their own name',
}

/** Each request with what is meant of it. */
export function* requests(item, actions, resources) {
  for (const action of actions) {
    if (NOT_ASKED[action.name]) continue
    const named = item.intents.filter((intent) => intent.actions.includes(action.name))
    const about = named.length ? named : item.intents
    const seen = new Set()
    // A trust policy names no resource: it is asked about its own role only.
    const own = item.trust ? item.intents.map((intent) => intent.resource) : resources[action.service]
    for (const resource of action.wildcardOnly ? ['*'] : (own ?? ['*'])) {
      for (const intent of about) {
        for (const context of contexts(item, intent, named.length > 0)) {
          for (const principal of [item.principal, ...(named.length ? item.strangers : [])]) {
            // What AWS does not tell of this action is not there to be asked about.
            const told = Object.fromEntries(Object.entries(context).filter(([key]) => action.has(key)))
            const request = { case: item.name, principal, action: action.name, resource, context: told }
            const text = JSON.stringify(request)
            if (seen.has(text)) continue
            seen.add(text)
            yield { request, expected: meant(item, principal, action.name, resource, context) }
          }
        }
      }
    }
  }
}
