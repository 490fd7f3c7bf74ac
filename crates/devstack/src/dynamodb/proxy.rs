//! The proxy in front of the engine.

use axum::Router;
use axum::extract::{Request, State};
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
use http::StatusCode;

use super::engine::Engine;
use super::guard::{self, Guard};
use crate::operations::Observed;

/// Every request is named after its operation, then counted, then faulted, then evaluated, then passed on.
pub(super) fn router(guard: Guard, observed: &Observed) -> Router {
    let calls =
        Router::new().fallback(forward).with_state(guard.engine.clone()).layer(from_fn_with_state(guard, guard::check));
    observed.over_targets(calls, "DynamoDB_20120810")
}

async fn forward(State(engine): State<Engine>, request: Request) -> Response {
    match engine.forward(request).await {
        Ok(response) => response,
        Err(error) => (StatusCode::BAD_GATEWAY, format!("the engine does not answer: {error}")).into_response(),
    }
}
