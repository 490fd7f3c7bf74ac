// Policies that somebody spoilt: each statement made wider or narrower in turn.

const DOCUMENTS = ['session', 'permissions', 'trust', 'resource']

/** The case with one statement of its deciding document changed, once for each way. */
export function* spoilt(item) {
  // The narrowest document decides; a wider one behind it may be spoilt unseen, and has a case of its own.
  const name = DOCUMENTS.find((name) => item[name])
  // That case is about the key's policy.
  const which = item.name === 'sealing-key' ? 'key' : name
  const document = item[which]
  const statements = document.Statement
  for (const [at, statement] of statements.entries()) {
    const change = (what, change) => {
      const copy = structuredClone(document)
      change(copy.Statement, copy.Statement[at])
      return { what: `${which} statement ${at}: ${what}`, changed: { ...item, [which]: copy } }
    }
    yield change('taken away', (all) => all.splice(at, 1))
    for (const operator of Object.keys(statement.Condition ?? {})) {
      for (const key of Object.keys(statement.Condition[operator])) {
        // Behind a session policy the role's own conditions hold still; a date and a key it alone has are seen.
        if (hidden(item, which, operator, key)) continue
        yield change(`without ${operator} ${key}`, (_, one) => delete one.Condition[operator][key])
      }
    }
    const service = [statement.Action].flat()[0].split(':')[0]
    if (which !== 'session') yield change('every action', (_, one) => (one.Action = `${service}:*`))
    if (statement.Resource && statement.Resource !== '*' && which !== 'session') yield change('every resource', (_, one) => (one.Resource = '*'))
  }
}

function hidden(item, which, operator, key) {
  if (which === 'session') return operator !== 'DateLessThan'
  return false
}
