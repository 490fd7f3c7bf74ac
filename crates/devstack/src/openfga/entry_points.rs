//! Relations that can never hold, and relations that are defined by themselves: a model with one is not written.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use super::model::{Form, Model, Rewrite};

/// The error is a sentence for the answer.
pub(super) fn check(model: &Model) -> Result<(), String> {
    for (kind, relations) in &model.types {
        for (name, relation) in relations {
            let start = format!("the definition of relation '{name}' in object type '{kind}' is invalid");
            if !enters(model, kind, name, &relation.rewrite, &Seen::new())? {
                return Err(format!("{start}: no entrypoints defined"));
            }
            if loops(model, kind, &relation.rewrite, &mut vec![name]) {
                return Err(format!("{start}: potential loop"));
            }
        }
    }
    Ok(())
}

/// Whether following computed relations of the same object comes back to one that is being followed.
fn loops<'a>(model: &'a Model, kind: &str, rewrite: &'a Rewrite, path: &mut Vec<&'a String>) -> bool {
    match rewrite {
        Rewrite::This | Rewrite::From { .. } => false,
        Rewrite::Computed(name) if path.contains(&name) => true,
        Rewrite::Computed(name) => {
            path.push(name);
            let found = model.relation(kind, name);
            let looping = found.is_some_and(|relation| loops(model, kind, &relation.rewrite, path));
            path.pop();
            looping
        }
        Rewrite::Union(parts) | Rewrite::Intersection(parts) => parts.iter().any(|part| loops(model, kind, part, path)),
        Rewrite::Difference(base, subtract) => loops(model, kind, base, path) || loops(model, kind, subtract, path),
    }
}

/// Relations that were looked at, by type, and whether one is known to be entered. The server copies the outer map for each
/// step and shares the inner ones, so a relation of a type that was met before is seen by every branch: it refuses some
/// models for that, and so does this.
type Seen<'a> = BTreeMap<&'a str, Rc<RefCell<BTreeMap<&'a str, bool>>>>;

fn note<'a>(seen: &Seen<'a>, kind: &str, name: &'a str, entered: bool) {
    if let Some(own) = seen.get(kind) {
        own.borrow_mut().insert(name, entered);
    }
}

fn known(seen: &Seen<'_>, kind: &str, name: &str) -> Option<bool> {
    seen.get(kind)?.borrow().get(name).copied()
}

/// Whether some tuple can lead into the relation, step by step as `hasEntrypoints` of the server (`pkg/typesystem`).
fn enters<'a>(
    model: &'a Model,
    kind: &'a str,
    name: &'a str,
    rewrite: &'a Rewrite,
    seen: &Seen<'a>,
) -> Result<bool, String> {
    let mut own = seen.clone();
    own.entry(kind).or_default();
    note(&own, kind, name, false);
    let next = |kind: &'a str, name: &'a str| match model.relation(kind, name) {
        Some(relation) => enters(model, kind, name, &relation.rewrite, &own),
        None => Ok(false),
    };
    let direct = |name: &str| model.relation(kind, name).map(|relation| relation.direct.as_slice()).unwrap_or_default();
    let part = |part: &'a Rewrite| enters(model, kind, name, part, seen);
    match rewrite {
        Rewrite::This => {
            for allowed in direct(name) {
                let Form::Userset(of) = &allowed.form else {
                    note(&own, kind, name, true);
                    return Ok(true);
                };
                if known(&own, &allowed.kind, of).is_none() && next(&allowed.kind, of)? {
                    return Ok(true);
                }
            }
            Ok(false)
        }
        Rewrite::Computed(computed) => known(&own, kind, computed).map_or_else(|| next(kind, computed), Ok),
        Rewrite::From { tupleset, computed } => {
            for allowed in direct(tupleset) {
                if known(&own, &allowed.kind, computed).map_or_else(|| next(&allowed.kind, computed), Ok)? {
                    return Ok(true);
                }
            }
            Ok(false)
        }
        Rewrite::Union(parts) | Rewrite::Intersection(parts) if parts.len() < 2 => {
            Err(format!("invalid relation: '{kind}#{name}' combines less than 2 children"))
        }
        Rewrite::Union(parts) => {
            for one in parts {
                if part(one)? {
                    return Ok(true);
                }
            }
            Ok(false)
        }
        Rewrite::Intersection(parts) => {
            for one in parts {
                if !part(one)? {
                    return Ok(false);
                }
            }
            Ok(true)
        }
        Rewrite::Difference(base, subtract) => Ok(part(base)? && part(subtract)?),
    }
}
