//! Relations that can never hold, and relations that are defined by themselves: a model with one is not written.

use std::collections::BTreeSet;

use super::model::{Form, Model, Rewrite};

/// The error is a sentence for the answer.
pub(super) fn check(model: &Model) -> Result<(), String> {
    let entered = entered(model);
    for (kind, relations) in &model.types {
        for (name, relation) in relations {
            let start = format!("the definition of relation '{name}' in object type '{kind}' is invalid");
            if loops(model, kind, &relation.rewrite, &mut vec![name]) {
                return Err(format!("{start}: potential loop"));
            }
            if !entered.contains(&(kind.as_str(), name.as_str())) {
                return Err(format!("{start}: no entrypoints defined"));
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

type Entered<'a> = BTreeSet<(&'a str, &'a str)>;

/// All relations that some tuple can lead into: grown until nothing is added.
fn entered(model: &Model) -> Entered<'_> {
    let mut entered = Entered::new();
    loop {
        let before = entered.len();
        for (kind, relations) in &model.types {
            for (name, relation) in relations {
                if enters(model, kind, name, &relation.rewrite, &entered) {
                    entered.insert((kind, name));
                }
            }
        }
        if entered.len() == before {
            return entered;
        }
    }
}

fn enters(model: &Model, kind: &str, name: &str, rewrite: &Rewrite, entered: &Entered<'_>) -> bool {
    let direct = |name: &str| model.relation(kind, name).map(|relation| relation.direct.as_slice()).unwrap_or_default();
    let part = |part: &Rewrite| enters(model, kind, name, part, entered);
    match rewrite {
        Rewrite::This => direct(name).iter().any(|allowed| match &allowed.form {
            Form::One | Form::Everyone => true,
            Form::Userset(of) => entered.contains(&(allowed.kind.as_str(), of.as_str())),
        }),
        Rewrite::Computed(computed) => entered.contains(&(kind, computed.as_str())),
        Rewrite::Union(parts) => parts.iter().any(part),
        Rewrite::Intersection(parts) => parts.iter().all(part),
        Rewrite::Difference(base, subtract) => part(base) && part(subtract),
        Rewrite::From { tupleset, computed } => {
            direct(tupleset).iter().any(|allowed| entered.contains(&(allowed.kind.as_str(), computed.as_str())))
        }
    }
}
