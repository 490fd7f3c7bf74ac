//! What a question and a tuple must satisfy under a model. Errors are sentences for the answer.

use super::model::{Form, Model};
use super::tuple::{Subject, Tuple, object_parts};

/// Types and relations must exist; the restrictions of the relation do not matter for a question.
pub(super) fn question(model: &Model, tuple: &Tuple) -> Result<(), String> {
    let form = "the 'user' field must be an object (e.g. document:1) or an 'object#relation' or a typed wildcard (e.g. group:*)";
    let subject = Subject::read(&tuple.user).ok_or_else(|| form.to_owned())?;
    if let Subject::Userset { kind, relation, .. } = subject {
        exists(model, kind, relation)?;
    }
    if !model.types.contains_key(subject.kind()) {
        return Err(no_type(subject.kind()));
    }
    let (kind, id) = object_parts(&tuple.object).ok_or("invalid 'object' field format")?;
    if id == "*" {
        return Err("the 'object' field cannot reference a typed wildcard".to_owned());
    }
    exists(model, kind, &tuple.relation)
}

/// A tuple that may be stored: also one that does not hold by itself.
pub(super) fn writable(model: &Model, tuple: &Tuple) -> Result<(), String> {
    allowed(model, tuple)?;
    if tuple.user.split_once('#') == Some((tuple.object.as_str(), tuple.relation.as_str())) {
        return Err("cannot write a tuple that is implicit".to_owned());
    }
    Ok(())
}

/// A tuple that counts, stored or beside a question: also the restrictions of its relation.
pub(super) fn allowed(model: &Model, tuple: &Tuple) -> Result<(), String> {
    question(model, tuple)?;
    let (kind, _) = object_parts(&tuple.object).unwrap_or_default();
    let name = &tuple.relation;
    let Some(subject) = Subject::read(&tuple.user) else { return Err("the 'user' field is malformed".to_owned()) };
    if model.is_tupleset(kind, name) && !matches!(subject, Subject::One { .. }) {
        return Err(format!("unexpected user '{}' with tupleset relation '{kind}#{name}'", tuple.user));
    }
    let direct = model.relation(kind, name).map(|relation| relation.direct.as_slice()).unwrap_or_default();
    let fits = direct.iter().any(|allowed| {
        allowed.kind == subject.kind()
            && match (&allowed.form, subject) {
                (Form::One, Subject::One { .. }) | (Form::Everyone, Subject::Everyone { .. }) => true,
                (Form::Userset(of), Subject::Userset { relation, .. }) => of == relation,
                _ => false,
            }
    });
    if fits {
        return Ok(());
    }
    Err(match subject {
        Subject::One { kind: user } => format!("type '{user}' is not an allowed type restriction for '{kind}#{name}'"),
        Subject::Userset { kind: user, relation, .. } => {
            format!("'{user}#{relation}' is not an allowed type restriction for '{kind}#{name}'")
        }
        Subject::Everyone { .. } => {
            format!("the typed wildcard '{}' is not an allowed type restriction for '{kind}#{name}'", tuple.user)
        }
    })
}

/// Type first, then relation, as the server looks.
pub(super) fn exists(model: &Model, kind: &str, relation: &str) -> Result<(), String> {
    if !model.types.contains_key(kind) {
        return Err(no_type(kind));
    }
    let found = model.relation(kind, relation).map(|_| ());
    found.ok_or_else(|| format!("relation '{kind}#{relation}' not found"))
}

fn no_type(kind: &str) -> String {
    format!("type '{kind}' not found")
}
