//! The proxy in front of the engine.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use http::{StatusCode, Uri};

use super::engine::Engine;
use super::guard::{self, Guard, READABLE};
use super::traffic::Traffic;
use crate::fault::{self, Faults};
use crate::watch::{self, Watch};

/// Every request is named after its operation, then counted and kept, then faulted, then evaluated, then passed on.
pub(super) fn router(guard: Guard, operations: Watch, traffic: Traffic, faults: Faults) -> Router {
    Router::new()
        .fallback(forward)
        .with_state(guard.engine.clone())
        .layer(from_fn_with_state(guard, guard::check))
        .layer(from_fn_with_state(faults, fault::inject))
        .layer(from_fn_with_state(traffic, keep))
        .layer(from_fn_with_state(operations, watch::count))
        .layer(from_fn(name))
}

async fn name(mut request: Request, next: Next) -> Response {
    let target = request.headers().get("x-amz-target").and_then(|target| target.to_str().ok());
    let operation = target.and_then(|target| target.split_once('.')).map(|(_, operation)| operation);
    if let Some(uri) = operation.and_then(|operation| format!("/{operation}").parse::<Uri>().ok()) {
        *request.uri_mut() = uri;
    }
    next.run(request).await
}

async fn keep(State(traffic): State<Traffic>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, READABLE).await else { return StatusCode::PAYLOAD_TOO_LARGE.into_response() };
    traffic.note(parts.uri.path().trim_start_matches('/'), &body);
    next.run(Request::from_parts(parts, Body::from(body))).await
}

async fn forward(State(engine): State<Engine>, request: Request) -> Response {
    match engine.forward(request).await {
        Ok(response) => response,
        Err(error) => (StatusCode::BAD_GATEWAY, format!("the engine does not answer: {error}")).into_response(),
    }
}
