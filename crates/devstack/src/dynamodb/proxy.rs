//! The proxy in front of the engine.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use http::StatusCode;

use super::engine::Engine;
use super::guard::{self, Guard, READABLE};
use super::traffic::Traffic;
use super::upkeep;
use crate::operations::Observed;

/// Every request is named after its operation, then counted, then faulted, then kept, then evaluated, then passed on.
pub(super) fn router(guard: Guard, traffic: Traffic, observed: &Observed) -> Router {
    let calls = Router::new()
        .fallback(forward)
        .with_state(guard.engine.clone())
        .layer(from_fn_with_state(guard, guard::check))
        .layer(from_fn_with_state(traffic, keep));
    observed.over_targets(calls, "DynamoDB_20120810")
}

async fn keep(State(traffic): State<Traffic>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, READABLE).await else { return StatusCode::PAYLOAD_TOO_LARGE.into_response() };
    traffic.note(parts.uri.path().trim_start_matches('/'), &body);
    next.run(Request::from_parts(parts, Body::from(body))).await
}

async fn forward(State(engine): State<Engine>, request: Request) -> Response {
    match upkeep::described(&engine, request).await {
        Ok(response) => response,
        Err(error) => (StatusCode::BAD_GATEWAY, format!("the engine does not answer: {error}")).into_response(),
    }
}
