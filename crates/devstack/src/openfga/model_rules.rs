//! What a model must satisfy to be written.

use super::entry_points;
use super::model::{Form, Model, Relation, Restriction, Rewrite};

/// The error is a sentence for the answer.
pub(super) fn check(model: &Model) -> Result<(), String> {
    for (kind, relations) in &model.types {
        if reserved(kind) {
            return Err(format!("the type name '{kind}' is reserved"));
        }
        for (name, relation) in relations {
            if reserved(name) {
                return Err(format!("the relation name '{kind}#{name}' is reserved"));
            }
            restrictions(model, kind, name, relation)?;
            rewrite(model, kind, &relation.rewrite)?;
        }
    }
    entry_points::check(model)
}

fn reserved(name: &str) -> bool {
    matches!(name, "this" | "self")
}

fn restrictions(model: &Model, kind: &str, name: &str, relation: &Relation) -> Result<(), String> {
    match (relation.rewrite.has_this(), relation.direct.is_empty()) {
        (true, true) => return Err(format!("the assignable relation '{kind}#{name}' must contain at least one type")),
        (false, false) => return Err(format!("the non-assignable relation '{kind}#{name}' should not contain a type")),
        (true, false) | (false, true) => {}
    }
    for Restriction { kind: allowed, form } in &relation.direct {
        if *form != Form::One && model.is_tupleset(kind, name) {
            return Err(format!("the tupleset relation '{kind}#{name}' takes objects only"));
        }
        if !model.types.contains_key(allowed) {
            return Err(format!("the type '{allowed}' in the restrictions of '{kind}#{name}' is not defined"));
        }
        if let Form::Userset(of) = form
            && model.relation(allowed, of).is_none()
        {
            return Err(format!("the relation '{allowed}#{of}' in the restrictions of '{kind}#{name}' is not defined"));
        }
    }
    Ok(())
}

fn rewrite(model: &Model, kind: &str, part: &Rewrite) -> Result<(), String> {
    match part {
        Rewrite::This => Ok(()),
        Rewrite::Computed(name) => {
            let found = model.relation(kind, name).map(|_| ());
            found.ok_or_else(|| format!("the relation '{kind}#{name}' is not defined"))
        }
        Rewrite::Union(parts) | Rewrite::Intersection(parts) => {
            parts.iter().try_for_each(|part| rewrite(model, kind, part))
        }
        Rewrite::Difference(base, subtract) => {
            rewrite(model, kind, base)?;
            rewrite(model, kind, subtract)
        }
        Rewrite::From { tupleset, computed } => from(model, kind, tupleset, computed),
    }
}

/// A tupleset is assigned directly, and at least one of its types has the computed relation.
fn from(model: &Model, kind: &str, tupleset: &str, computed: &str) -> Result<(), String> {
    let relation = model.relation(kind, tupleset);
    let relation = relation.ok_or_else(|| format!("the relation '{kind}#{tupleset}' is not defined"))?;
    if !matches!(relation.rewrite, Rewrite::This) {
        return Err(format!("the tupleset relation '{kind}#{tupleset}' must be assigned directly"));
    }
    if relation.direct.iter().any(|allowed| model.relation(&allowed.kind, computed).is_some()) {
        Ok(())
    } else {
        Err(format!("no type of '{kind}#{tupleset}' has the relation '{computed}'"))
    }
}
