//! The controls as endpoints, for tests in another process. They need no token.

use axum::extract::State;
use axum::routing::{get, post};
use axum::{Json, Router};
use http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use super::config::Seed;
use super::problem::Problem;
use super::store::Shared;
use super::tuple::Tuple;

pub(super) fn routes() -> Router<Shared> {
    Router::new()
        .route("/_openfga/seed", post(seed))
        .route("/_openfga/allow", post(allow))
        .route("/_openfga/revoke", post(revoke))
        .route("/_openfga/tuples", post(tuples))
        .route("/_openfga/stale", post(stale))
        .route("/_openfga/revoke-tokens", post(revoke_tokens))
        .route("/_openfga/token-lifetime", post(token_lifetime))
        .route("/_openfga/questions", get(questions))
}

async fn seed(State(shared): State<Shared>, Json(seed): Json<Seed>) -> Result<Json<Value>, Problem> {
    let (store, model) = shared.lock().seed(seed)?;
    Ok(Json(json!({ "store_id": store, "model_id": model })))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OneTuple {
    store_id: String,
    tuple: Tuple,
}

async fn allow(State(shared): State<Shared>, Json(wish): Json<OneTuple>) -> Result<StatusCode, Problem> {
    shared.allow(&wish.store_id, &wish.tuple)?;
    Ok(StatusCode::NO_CONTENT)
}

async fn revoke(State(shared): State<Shared>, Json(wish): Json<OneTuple>) -> Result<StatusCode, Problem> {
    let removed = shared.lock().created(&wish.store_id)?.revoke(&wish.tuple);
    Ok(if removed { StatusCode::NO_CONTENT } else { StatusCode::NOT_FOUND })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OneStore {
    store_id: String,
}

async fn tuples(State(shared): State<Shared>, Json(wish): Json<OneStore>) -> Json<Value> {
    Json(json!({ "tuples": shared.tuples(&wish.store_id) }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Stale {
    store_id: String,
    on: bool,
}

async fn stale(State(shared): State<Shared>, Json(wish): Json<Stale>) -> StatusCode {
    if shared.set_stale(&wish.store_id, wish.on) { StatusCode::NO_CONTENT } else { StatusCode::NOT_FOUND }
}

async fn revoke_tokens(State(shared): State<Shared>) -> StatusCode {
    if let Some(tokens) = &mut shared.lock().tokens {
        tokens.revoke_all();
    }
    StatusCode::NO_CONTENT
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Lifetime {
    seconds: u64,
}

async fn token_lifetime(State(shared): State<Shared>, Json(wish): Json<Lifetime>) -> StatusCode {
    if let Some(tokens) = &mut shared.lock().tokens {
        tokens.auth.token_lifetime = wish.seconds;
    }
    StatusCode::NO_CONTENT
}

/// The checks that were asked, and of the last one the consistency and the model.
async fn questions(State(shared): State<Shared>) -> Json<Value> {
    let world = shared.lock();
    let asked: Vec<Value> = world
        .questions
        .iter()
        .map(|asked| json!({ "tuple": asked.tuple, "model": asked.model, "consistency": asked.consistency }))
        .collect();
    let last = world.questions.last();
    Json(json!({
        "questions": asked,
        "last_consistency": last.and_then(|last| last.consistency.clone()),
        "last_authorization_model_id": last.and_then(|last| last.model.clone()),
    }))
}
