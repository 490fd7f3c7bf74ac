//! `POST /stores/{id}/batch-check`: at most 50 checks, each with an answer or an error of its own.

use std::collections::BTreeSet;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use http::HeaderMap;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{Key, Keys, body, check, consistency, contextual, id, traceparent};
use crate::openfga::problem::Problem;
use crate::openfga::store::{Question, Shared};
use crate::openfga::tuple::Tuple;

/// The server's default (`OPENFGA_MAX_CHECKS_PER_BATCH_CHECK`).
const MOST: usize = 50;

#[derive(Debug, Deserialize)]
struct Request {
    #[serde(default)]
    checks: Vec<Item>,
    authorization_model_id: Option<String>,
    consistency: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Item {
    tuple_key: Option<Key>,
    contextual_tuples: Option<Keys>,
    #[serde(default)]
    correlation_id: String,
}

pub(super) async fn batch_check(
    State(shared): State<Shared>,
    Path(store): Path<String>,
    headers: HeaderMap,
    bytes: Bytes,
) -> Result<Json<Value>, Problem> {
    let request: Request = body(&bytes)?;
    let asked = all(&request.checks)?;
    let model_id = id(request.authorization_model_id.as_ref())?;
    consistency(request.consistency.as_ref())?;
    well_formed(&request.checks)?;
    let mut world = shared.lock();
    for (tuple, _) in &asked {
        let (model, consistency) = (model_id.map(str::to_owned), request.consistency.clone());
        world.questions.push(Question { tuple: tuple.clone(), model, consistency, traceparent: traceparent(&headers) });
    }
    let found = world.store(&store)?;
    let model = found.model(&store, model_id)?;
    let mut result = Map::new();
    for (item, (tuple, beside)) in request.checks.iter().zip(&asked) {
        let answer = match check::answer(found, model, tuple, beside, request.consistency.as_deref()) {
            Ok(allowed) => json!({ "allowed": allowed }),
            Err(problem) => json!({ "error": { "input_error": problem.code, "message": problem.message } }),
        };
        result.insert(item.correlation_id.clone(), answer);
    }
    Ok(Json(json!({ "result": result })))
}

/// One of another form fails the whole batch. Of several the server tells the last.
fn all(checks: &[Item]) -> Result<Vec<(Tuple, Vec<Tuple>)>, Problem> {
    let (mut asked, mut wrong) = (Vec::new(), None);
    for item in checks {
        match one(item) {
            Ok(one) => asked.push(one),
            Err(problem) => wrong = Some(problem),
        }
    }
    wrong.map_or(Ok(asked), Err)
}

/// Question and contextual tuples.
fn one(item: &Item) -> Result<(Tuple, Vec<Tuple>), Problem> {
    let asked = (check::question(item.tuple_key.as_ref())?, contextual(item.contextual_tuples.as_ref())?);
    let own = &item.correlation_id;
    let allowed = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    if own.is_empty() || own.len() > 36 || !own.chars().all(allowed) {
        return Err(Problem::validation(format!("invalid correlation id: `{own}`")));
    }
    Ok(asked)
}

/// At least one check, at most 50, and no id twice.
fn well_formed(checks: &[Item]) -> Result<(), Problem> {
    if checks.is_empty() {
        let message = "batch check requires at least one check to evaluate, no checks were received";
        return Err(Problem::validation(message));
    }
    if checks.len() > MOST {
        let message = format!("batchCheck received {} checks, the maximum allowed is {MOST}", checks.len());
        return Err(Problem::validation(message));
    }
    let mut seen = BTreeSet::new();
    for Item { correlation_id: own, .. } in checks {
        if !seen.insert(own) {
            return Err(Problem::validation(format!("received duplicate correlation id: {own}")));
        }
    }
    Ok(())
}
