//! The HTTP API under `/stores`. Unknown members of a body are ignored, as the server does.

mod batch;
mod check;
mod list_objects;
mod models;
mod read;
mod stores;
mod write;

use axum::Router;
use axum::routing::{get, post};
use http::HeaderMap;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::parse::NO_CONDITIONS;
use super::problem::Problem;
use super::store::Shared;
use super::token;
use super::tuple::Tuple;
use super::{pattern, ulid};

/// The most contextual tuples of one question.
const CONTEXTUAL: usize = 100;

pub(super) fn routes(shared: &Shared) -> Router<Shared> {
    Router::new()
        .route("/stores", get(stores::list).post(stores::create))
        .route("/stores/{store}", get(stores::read))
        .route("/stores/{store}/authorization-models", get(models::list).post(models::write))
        .route("/stores/{store}/authorization-models/{model}", get(models::read))
        .route("/stores/{store}/write", post(write::write))
        .route("/stores/{store}/read", post(read::read))
        .route("/stores/{store}/check", post(check::check))
        .route("/stores/{store}/batch-check", post(batch::batch_check))
        .route("/stores/{store}/list-objects", post(list_objects::list_objects))
        .layer(axum::middleware::from_fn_with_state(shared.clone(), token::guard))
}

fn body<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    serde_json::from_slice(bytes).map_err(|error| Problem::validation(format!("the body cannot be read: {error}")))
}

/// A tuple key on the wire.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct Key {
    user: String,
    relation: String,
    object: String,
    condition: Option<Value>,
}

impl Key {
    /// A tuple to write, to delete, or beside a question, with its lengths and characters checked.
    fn tuple(&self) -> Result<Tuple, Problem> {
        self.checked(pattern::tuple)
    }

    /// What is asked, with its lengths and characters checked.
    fn question(&self) -> Result<Tuple, Problem> {
        self.checked(pattern::question)
    }

    fn checked(&self, check: impl FnOnce(&Tuple) -> Result<(), String>) -> Result<Tuple, Problem> {
        if self.condition.is_some() {
            return Err(Problem::validation(NO_CONDITIONS));
        }
        let tuple = Tuple::new(&self.user, &self.relation, &self.object);
        check(&tuple).map_err(Problem::validation)?;
        Ok(tuple)
    }
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct Keys {
    tuple_keys: Vec<Key>,
}

/// The id of a model: absent and empty mean the same, the latest.
fn id(text: Option<&String>) -> Result<Option<&str>, Problem> {
    let text = text.map(String::as_str).filter(|text| !text.is_empty());
    if text.is_none_or(ulid::is_valid) {
        return Ok(text);
    }
    Err(Problem::validation("invalid AuthorizationModelId: value does not match regex pattern"))
}

fn contextual(keys: Option<&Keys>) -> Result<Vec<Tuple>, Problem> {
    let keys = keys.map(|keys| keys.tuple_keys.as_slice()).unwrap_or_default();
    if keys.len() > CONTEXTUAL {
        let message = "invalid ContextualTupleKeys.TupleKeys: value must contain no more than 100 item(s)";
        return Err(Problem::validation(message));
    }
    keys.iter().map(Key::tuple).collect()
}

fn traceparent(headers: &HeaderMap) -> Option<String> {
    headers.get("traceparent").and_then(|value| value.to_str().ok()).map(str::to_owned)
}

fn consistency(text: Option<&String>) -> Result<(), Problem> {
    match text.map(String::as_str) {
        None | Some("UNSPECIFIED" | "MINIMIZE_LATENCY" | "HIGHER_CONSISTENCY") => Ok(()),
        Some(other) => Err(Problem::validation(format!("invalid value for `consistency`: `{other}`"))),
    }
}
