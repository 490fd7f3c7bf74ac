//! The account's controls as endpoints, for tests in another process.

use axum::extract::State;
use axum::routing::{get, post};
use axum::{Json, Router};
use http::StatusCode;
use serde::Deserialize;

use crate::iam::{Decision, Iam, Session};

/// `GET /_sts/sessions`, `GET /_sts/decisions`, `POST /_sts/advance`.
pub(super) fn routes(iam: Iam) -> Router {
    Router::new()
        .route("/_sts/sessions", get(sessions))
        .route("/_sts/decisions", get(decisions))
        .route("/_sts/advance", post(advance))
        .with_state(iam)
}

async fn sessions(State(iam): State<Iam>) -> Json<Vec<Session>> {
    Json(iam.sessions())
}

async fn decisions(State(iam): State<Iam>) -> Json<Vec<Decision>> {
    Json(iam.decisions())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Seconds {
    seconds: u64,
}

async fn advance(State(iam): State<Iam>, Json(wish): Json<Seconds>) -> StatusCode {
    iam.advance(wish.seconds);
    StatusCode::NO_CONTENT
}
