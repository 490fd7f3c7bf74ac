//! `POST /stores/{id}/check`.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderName, HeaderValue};
use serde::Deserialize;
use serde_json::json;

use super::{Key, Keys, body, consistency, contextual, id, traceparent};
use crate::openfga::evaluate;
use crate::openfga::model::Model;
use crate::openfga::problem::Problem;
use crate::openfga::store::{Question, Shared, Store};
use crate::openfga::tuple::Tuple;
use crate::openfga::tuple_rules;

#[derive(Debug, Deserialize)]
struct Request {
    tuple_key: Option<Key>,
    contextual_tuples: Option<Keys>,
    authorization_model_id: Option<String>,
    consistency: Option<String>,
}

pub(super) async fn check(
    State(shared): State<Shared>,
    Path(store): Path<String>,
    headers: HeaderMap,
    bytes: Bytes,
) -> Result<Response, Problem> {
    let request: Request = body(&bytes)?;
    let tuple = question(request.tuple_key.as_ref())?;
    let beside = contextual(request.contextual_tuples.as_ref())?;
    let (model_id, wanted) = (id(request.authorization_model_id.as_ref())?, request.consistency.as_deref());
    consistency(request.consistency.as_ref())?;
    let mut world = shared.lock();
    world.questions.push(Question {
        tuple: tuple.clone(),
        model: model_id.map(str::to_owned),
        consistency: request.consistency.clone(),
        traceparent: traceparent(&headers),
    });
    let found = world.store(&store)?;
    let model = found.model(&store, model_id)?;
    let allowed = answer(found, model, &tuple, &beside, wanted)?;
    let mut response = Json(json!({ "allowed": allowed, "resolution": "" })).into_response();
    for (name, value) in [("openfga-store-id", store.as_str()), ("openfga-authorization-model-id", &model.id)] {
        if let Ok(value) = HeaderValue::from_str(value) {
            response.headers_mut().insert(HeaderName::from_static(name), value);
        }
    }
    Ok(response)
}

/// What is asked, alone or in a batch.
pub(super) fn question(key: Option<&Key>) -> Result<Tuple, Problem> {
    let missing = || Problem::input("tuple_key_value_not_specified", "invalid TupleKey: value is required");
    key.ok_or_else(missing)?.question()
}

/// One answer. A question is validated loosely, contextual tuples like those that are to be stored, but for one: a tuple that
/// holds by itself is no error here.
pub(super) fn answer(
    store: &Store,
    model: &Model,
    tuple: &Tuple,
    contextual: &[Tuple],
    consistency: Option<&str>,
) -> Result<bool, Problem> {
    tuple_rules::question(model, tuple).map_err(Problem::validation)?;
    fit(model, contextual)?;
    let fresh = consistency == Some("HIGHER_CONSISTENCY");
    let stored = store.cached.as_ref().filter(|_| !fresh).unwrap_or(&store.tuples);
    let tuples: Vec<&Tuple> = stored.iter().map(|stored| &stored.tuple).chain(contextual).collect();
    Ok(evaluate::check(model, &tuples, tuple)?)
}

/// Contextual tuples must be allowed by the model.
pub(super) fn fit(model: &Model, contextual: &[Tuple]) -> Result<(), Problem> {
    contextual.iter().try_for_each(|tuple| {
        tuple_rules::allowed(model, tuple).map_err(|reason| Problem::tuple("invalid_tuple", tuple, &reason))
    })
}
