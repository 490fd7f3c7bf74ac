//! `POST /stores/{id}/write`: all of it, or nothing.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Key, body, id};
use crate::openfga::model::Model;
use crate::openfga::problem::Problem;
use crate::openfga::store::{Shared, Store};
use crate::openfga::tuple::{Tuple, is_user};
use crate::openfga::tuple_rules;

/// The most writes and deletes in one request. Auth0 FGA's free plan has 40.
const MOST: usize = 100;

#[derive(Debug, Default, Deserialize)]
struct Request {
    writes: Option<Changes>,
    deletes: Option<Changes>,
    authorization_model_id: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Changes {
    tuple_keys: Vec<Key>,
    on_duplicate: Option<String>,
    on_missing: Option<String>,
}

pub(super) async fn write(
    State(shared): State<Shared>,
    Path(store): Path<String>,
    bytes: Bytes,
) -> Result<Json<Value>, Problem> {
    let request: Request = body(&bytes)?;
    let (added, removed) = (tuples(request.writes.as_ref())?, tuples(request.deletes.as_ref())?);
    let model_id = id(request.authorization_model_id.as_ref())?;
    let (writes, deletes) = (request.writes.unwrap_or_default(), request.deletes.unwrap_or_default());
    let ignore_duplicates = ignores(writes.on_duplicate.as_deref(), "on_duplicate")?;
    let ignore_missing = ignores(deletes.on_missing.as_deref(), "on_missing")?;
    let mut world = shared.lock();
    let found = world.store(&store)?;
    sound(found.model(&store, model_id)?, &removed, &added)?;
    once(&removed, &added)?;
    possible(found, &removed, &added, ignore_missing, ignore_duplicates)?;
    for tuple in &removed {
        found.revoke(tuple);
    }
    for tuple in &added {
        found.allow(tuple);
    }
    Ok(Json(json!({})))
}

fn ignores(text: Option<&str>, name: &str) -> Result<bool, Problem> {
    match text {
        None | Some("" | "error") => Ok(false),
        Some("ignore") => Ok(true),
        Some(other) => Err(Problem::validation(format!("invalid value for `{name}`: `{other}`"))),
    }
}

/// A list that is there has at least one tuple.
fn tuples(changes: Option<&Changes>) -> Result<Vec<Tuple>, Problem> {
    let Some(changes) = changes else { return Ok(Vec::new()) };
    if changes.tuple_keys.is_empty() {
        return Err(Problem::validation("invalid TupleKeys: value must contain at least 1 item(s)"));
    }
    changes.tuple_keys.iter().map(Key::tuple).collect()
}

/// At least one change; what is written fits the model, and what is deleted has a user at least.
fn sound(model: &Model, removed: &[Tuple], added: &[Tuple]) -> Result<(), Problem> {
    if added.is_empty() && removed.is_empty() {
        let message = "Invalid input. Make sure you provide at least one write, or at least one delete";
        return Err(Problem::input("invalid_write_input", message));
    }
    let bad = |tuple: &Tuple, reason: &str| Problem::tuple("validation_error", tuple, reason);
    for tuple in added {
        tuple_rules::writable(model, tuple).map_err(|reason| bad(tuple, &reason))?;
    }
    let nobody = removed.iter().find(|tuple| !is_user(&tuple.user));
    nobody.map_or(Ok(()), |tuple| Err(bad(tuple, "the 'user' field is malformed")))
}

/// At most 100 changes, and no tuple twice.
fn once(removed: &[Tuple], added: &[Tuple]) -> Result<(), Problem> {
    let all: Vec<&Tuple> = removed.iter().chain(added).collect();
    if all.len() > MOST {
        let message = format!("The number of write operations exceeds the allowed limit of {MOST}");
        return Err(Problem::input("exceeded_entity_limit", message));
    }
    for (index, tuple) in all.iter().enumerate() {
        if all.iter().take(index).any(|earlier| earlier == tuple) {
            let message = format!("duplicate tuple in write: {}", named(tuple));
            return Err(Problem::input("cannot_allow_duplicate_tuples_in_one_request", message));
        }
    }
    Ok(())
}

fn possible(
    store: &Store,
    removed: &[Tuple],
    added: &[Tuple],
    ignore_missing: bool,
    ignore_duplicates: bool,
) -> Result<(), Problem> {
    let failed = |what: &str, tuple: &Tuple| {
        let end = "tuple to be written already existed or the tuple to be deleted did not exist";
        Problem::input("write_failed_due_to_invalid_input", format!("cannot {what}: {}: {end}", named(tuple)))
    };
    if let Some(tuple) = removed.iter().find(|tuple| !ignore_missing && !store.holds(tuple)) {
        return Err(failed("delete a tuple which does not exist", tuple));
    }
    if let Some(tuple) = added.iter().find(|tuple| !ignore_duplicates && store.holds(tuple)) {
        return Err(failed("write a tuple which already exists", tuple));
    }
    Ok(())
}

fn named(tuple: &Tuple) -> String {
    format!("user: '{}', relation: '{}', object: '{}'", tuple.user, tuple.relation, tuple.object)
}
