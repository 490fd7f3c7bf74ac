//! `POST /stores/{id}/read`: stored tuples by filter, in pages.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Key, body, consistency};
use crate::okta::date::iso;
use crate::openfga::problem::Problem;
use crate::openfga::store::{Shared, Stored};

#[derive(Debug, Deserialize)]
struct Request {
    tuple_key: Option<Key>,
    page_size: Option<usize>,
    continuation_token: Option<String>,
    consistency: Option<String>,
}

pub(super) async fn read(
    State(shared): State<Shared>,
    Path(store): Path<String>,
    bytes: Bytes,
) -> Result<Json<Value>, Problem> {
    let request: Request = body(&bytes)?;
    consistency(request.consistency.as_ref())?;
    let size = request.page_size.unwrap_or(50);
    if !(1..=100).contains(&size) {
        return Err(Problem::validation("invalid ReadRequest.PageSize: value must be inside range [1, 100]"));
    }
    if let Some(key) = &request.tuple_key {
        filterable(key)?;
    }
    let start = offset(request.continuation_token.as_deref().unwrap_or_default())?;
    let mut world = shared.lock();
    let found = world.store(&store)?;
    let filtered = found.tuples.iter().filter(|stored| matches(request.tuple_key.as_ref(), stored));
    let mut rest = filtered.skip(start);
    let page: Vec<Value> = rest.by_ref().take(size).map(object).collect();
    let token = rest.next().map(|_| STANDARD.encode(format!("offset:{}", start + size)));
    Ok(Json(json!({ "tuples": page, "continuation_token": token.unwrap_or_default() })))
}

/// A filter names a type at least, and an object or a user.
fn filterable(key: &Key) -> Result<(), Problem> {
    let typed = key.object.split_once(':').is_some_and(|(kind, _)| !kind.is_empty());
    if typed && !(key.object.ends_with(':') && key.user.is_empty()) {
        return Ok(());
    }
    let message = "the 'tuple_key' field was provided but the object type field is required and both the object id and user cannot be empty";
    Err(Problem::validation(message))
}

fn matches(key: Option<&Key>, stored: &Stored) -> bool {
    let Some(key) = key else { return true };
    let tuple = &stored.tuple;
    let object =
        if key.object.ends_with(':') { tuple.object.starts_with(&key.object) } else { tuple.object == key.object };
    let user = key.user.is_empty() || tuple.user == key.user;
    let relation = key.relation.is_empty() || tuple.relation == key.relation;
    object && user && relation
}

fn object(stored: &Stored) -> Value {
    let tuple = &stored.tuple;
    let key = json!({ "user": tuple.user, "relation": tuple.relation, "object": tuple.object, "condition": null });
    json!({ "key": key, "timestamp": iso(stored.written) })
}

fn offset(token: &str) -> Result<usize, Problem> {
    if token.is_empty() {
        return Ok(0);
    }
    let bytes = STANDARD.decode(token).unwrap_or_default();
    let text = String::from_utf8(bytes).unwrap_or_default();
    let number = text.strip_prefix("offset:").and_then(|number| number.parse().ok());
    number.ok_or_else(|| Problem::input("invalid_continuation_token", "Invalid continuation token"))
}
