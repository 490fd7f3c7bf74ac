// Policies that somebody spoilt: each statement made wider or narrower in turn.

const DOCUMENTS = ['session', 'permissions', 'trust', 'resource']
// The key's own policy is a second lock: without it, the role's is seen alone.
const OPEN_KEY = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::123456789012:root' }, Action: 'kms:*', Resource: '*' }],
}

/** The case with one statement of its deciding document changed, once for each way. */
export function* spoilt(item) {
  if (item.name === 'sealing-key') return yield* ofKey(item)
  // The narrowest document decides. A wider one behind it may be spoilt unseen, and has a case of its own.
  const which = DOCUMENTS.find((name) => item[name])
  const [session, key] = [which === 'session', which === 'permissions' ? OPEN_KEY : item.key]
  for (const [at, statement] of item[which].Statement.entries()) {
    const change = (what, change) => changed({ ...item, key }, which, at, what, change)
    yield change('taken away', (all) => all.splice(at, 1))
    for (const [operator, keys] of Object.entries(statement.Condition ?? {})) {
      for (const key of Object.keys(keys)) {
        // Behind a session policy the role's own conditions hold still; only the date is the session's alone.
        if (session && operator !== 'DateLessThan') continue
        yield change(`without ${operator} ${key}`, (_, one) => delete one.Condition[operator][key])
      }
    }
    if (session) continue
    const service = [statement.Action].flat()[0].split(':')[0]
    yield change('every action', (_, one) => (one.Action = `${service}:*`))
    // A denial of more is no hole, and where nothing else of it is allowed, no difference.
    if (statement.Effect === 'Deny') continue
    if (statement.Resource && statement.Resource !== '*') yield change('every resource', (_, one) => (one.Resource = '*'))
  }
}

// Of the key: who administers it does not use it, and nobody uses it whom it does not name.
function* ofKey(item) {
  yield changed(item, 'key', 0, 'taken away', (all) => all.splice(0, 1))
  yield changed(item, 'key', 0, 'every action', (_, one) => (one.Action = 'kms:*'))
  yield changed(item, 'key', 1, 'without ArnEquals', (_, one) => delete one.Condition)
}

function changed(item, which, at, what, change) {
  const copy = structuredClone(item[which])
  change(copy.Statement, copy.Statement[at])
  return { what: `${which} statement ${at}: ${what}`, changed: { ...item, [which]: copy } }
}
