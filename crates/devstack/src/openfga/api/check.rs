//! `POST /stores/{id}/check`.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderName, HeaderValue};
use serde::Deserialize;
use serde_json::json;

use super::{Key, Keys, body, consistency, id, traceparent};
use crate::openfga::evaluate;
use crate::openfga::model::Model;
use crate::openfga::problem::Problem;
use crate::openfga::store::{Question, Shared, Store};
use crate::openfga::tuple::Tuple;
use crate::openfga::tuple_rules;

/// The most contextual tuples in one request.
const CONTEXTUAL: usize = 100;

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
    consistency(request.consistency.as_ref())?;
    let key = request.tuple_key.as_ref();
    let tuple = key.ok_or_else(|| Problem::validation("invalid CheckRequest.TupleKey: value is required"))?.tuple()?;
    let mut world = shared.lock();
    let (model_id, wanted) = (id(request.authorization_model_id.as_ref()), request.consistency.as_deref());
    world.questions.push(Question {
        tuple: tuple.clone(),
        model: model_id.map(str::to_owned),
        consistency: request.consistency.clone(),
        traceparent: traceparent(&headers),
    });
    let found = world.store(&store)?;
    let model = found.model(&store, model_id)?;
    let allowed = answer(found, model, &tuple, request.contextual_tuples.as_ref(), wanted)?;
    let mut response = Json(json!({ "allowed": allowed, "resolution": "" })).into_response();
    for (name, value) in [("openfga-store-id", store.as_str()), ("openfga-authorization-model-id", &model.id)] {
        if let Ok(value) = HeaderValue::from_str(value) {
            response.headers_mut().insert(HeaderName::from_static(name), value);
        }
    }
    Ok(response)
}

/// One answer. A question is validated loosely, contextual tuples as strictly as written ones.
pub(super) fn answer(
    store: &Store,
    model: &Model,
    tuple: &Tuple,
    contextual: Option<&Keys>,
    consistency: Option<&str>,
) -> Result<bool, Problem> {
    tuple_rules::question(model, tuple).map_err(Problem::validation)?;
    let contextual = self::contextual(model, contextual)?;
    let fresh = consistency == Some("HIGHER_CONSISTENCY");
    let stored = store.cached.as_ref().filter(|_| !fresh).unwrap_or(&store.tuples);
    let tuples: Vec<&Tuple> = stored.iter().map(|stored| &stored.tuple).chain(&contextual).collect();
    Ok(evaluate::check(model, &tuples, tuple)?)
}

pub(super) fn contextual(model: &Model, keys: Option<&Keys>) -> Result<Vec<Tuple>, Problem> {
    let keys = keys.map(|keys| keys.tuple_keys.as_slice()).unwrap_or_default();
    if keys.len() > CONTEXTUAL {
        let message = "invalid ContextualTupleKeys.TupleKeys: value must contain no more than 100 item(s)";
        return Err(Problem::validation(message));
    }
    let mut tuples = Vec::with_capacity(keys.len());
    for key in keys {
        let tuple = key.tuple()?;
        tuple_rules::writable(model, &tuple).map_err(|reason| Problem::tuple("invalid_tuple", &tuple, &reason))?;
        tuples.push(tuple);
    }
    Ok(tuples)
}
