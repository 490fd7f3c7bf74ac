//! The controls as endpoints, for tests in another process. They answer 204 or JSON, 404 for an unknown queue, and 400
//! with a sentence for what cannot be.

use axum::extract::{Query, State};
use axum::routing::{get, post};
use axum::{Json, Router};
use http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use super::config::Queue;
use super::world::Shared;

pub(super) fn routes(shared: Shared) -> Router {
    Router::new()
        .route("/_sqs/queues", post(create))
        .route("/_sqs/messages", get(messages))
        .route("/_sqs/advance", post(advance))
        .route("/_sqs/duplicate", post(duplicate))
        .route("/_sqs/newest-first", post(newest_first))
        .with_state(shared)
}

async fn create(State(shared): State<Shared>, Json(queue): Json<Queue>) -> Result<Json<Value>, (StatusCode, String)> {
    let url = shared.create(queue).map_err(|error| (StatusCode::BAD_REQUEST, error.to_string()))?;
    Ok(Json(json!({ "url": url })))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Named {
    queue: String,
}

/// What the queue holds, what it gave up, and what it was sent.
async fn messages(State(shared): State<Shared>, Query(named): Query<Named>) -> Result<Json<Value>, StatusCode> {
    shared.lock().queue(&named.queue).map_err(|_| StatusCode::NOT_FOUND)?;
    Ok(Json(json!({
        "messages": shared.messages(&named.queue),
        "dead_letters": shared.dead_letters(&named.queue),
        "sent": shared.sent(&named.queue),
        "counts": shared.lock().counts(&named.queue),
    })))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Seconds {
    seconds: u64,
}

async fn advance(State(shared): State<Shared>, Json(wish): Json<Seconds>) -> StatusCode {
    shared.change(|world| world.clock.advance(wish.seconds));
    StatusCode::NO_CONTENT
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Times {
    times: usize,
}

async fn duplicate(State(shared): State<Shared>, Json(wish): Json<Times>) -> StatusCode {
    shared.change(|world| world.manner.duplicates = wish.times);
    StatusCode::NO_CONTENT
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Switch {
    on: bool,
}

async fn newest_first(State(shared): State<Shared>, Json(wish): Json<Switch>) -> StatusCode {
    shared.change(|world| world.manner.newest_first = wish.on);
    StatusCode::NO_CONTENT
}
