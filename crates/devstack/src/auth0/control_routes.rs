//! The controls for tests in another process: `POST /_auth0/...` with JSON; 204, or 404 and a sentence.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use http::StatusCode;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::config::MfaPolicy;
use super::controls::{ControlError, Issued, Rotation};
use super::tenant::Tenant;

type Shared = State<Arc<Tenant>>;
type Done = Result<StatusCode, ControlError>;

pub(crate) fn routes() -> Router<Arc<Tenant>> {
    Router::new()
        .route("/_auth0/rotate", post(rotate))
        .route("/_auth0/lifetimes", post(lifetimes))
        .route("/_auth0/mfa-policy", post(mfa_policy))
        .route("/_auth0/forget-consent", post(forget_consent))
        .route("/_auth0/enrol", post(enrol))
        .route("/_auth0/connect", post(connect))
        .route("/_auth0/disconnect", post(disconnect))
        .route("/_auth0/forget-provider-token", post(forget_provider_token))
        .route("/_auth0/issue", post(issue))
}

impl IntoResponse for ControlError {
    fn into_response(self) -> Response {
        (StatusCode::NOT_FOUND, Json(json!({"error": self.to_string()}))).into_response()
    }
}

#[derive(Deserialize)]
struct Rotate {
    mode: Rotation,
}

async fn rotate(State(tenant): Shared, Json(body): Json<Rotate>) -> Done {
    tenant.rotate(body.mode).await.map(|()| StatusCode::NO_CONTENT)
}

/// Members that are not named stay as they are.
async fn lifetimes(State(tenant): Shared, Json(change): Json<Map<String, Value>>) -> StatusCode {
    let mut state = tenant.state();
    let Ok(Value::Object(mut all)) = serde_json::to_value(state.lifetimes) else {
        return StatusCode::INTERNAL_SERVER_ERROR;
    };
    all.extend(change);
    match serde_json::from_value(Value::Object(all)) {
        Ok(changed) => {
            state.lifetimes = changed;
            StatusCode::NO_CONTENT
        }
        Err(_) => StatusCode::BAD_REQUEST,
    }
}

#[derive(Deserialize)]
struct Policy {
    policy: MfaPolicy,
}

async fn mfa_policy(State(tenant): Shared, Json(body): Json<Policy>) -> StatusCode {
    tenant.state().mfa_policy = body.policy;
    StatusCode::NO_CONTENT
}

#[derive(Deserialize)]
struct Whose {
    sub: Option<String>,
}

async fn forget_consent(State(tenant): Shared, Json(body): Json<Whose>) -> StatusCode {
    tenant.forget_consent(body.sub.as_deref());
    StatusCode::NO_CONTENT
}

#[derive(Deserialize)]
struct Enrol {
    sub: String,
    enrolled: bool,
}

async fn enrol(State(tenant): Shared, Json(body): Json<Enrol>) -> StatusCode {
    tenant.set_enrolled(&body.sub, body.enrolled);
    StatusCode::NO_CONTENT
}

#[derive(Deserialize)]
struct Account {
    sub: String,
    connection: String,
}

async fn connect(State(tenant): Shared, Json(body): Json<Account>) -> Done {
    tenant.connect(&body.sub, &body.connection).await.map(|()| StatusCode::NO_CONTENT)
}

async fn disconnect(State(tenant): Shared, Json(body): Json<Account>) -> StatusCode {
    tenant.disconnect(&body.sub, &body.connection);
    StatusCode::NO_CONTENT
}

async fn forget_provider_token(State(tenant): Shared, Json(body): Json<Account>) -> StatusCode {
    tenant.forget_provider_token(&body.sub, &body.connection);
    StatusCode::NO_CONTENT
}

#[derive(Deserialize)]
struct Issue {
    client_id: String,
    sub: String,
    scope: String,
    org_id: Option<String>,
}

async fn issue(State(tenant): Shared, Json(body): Json<Issue>) -> Result<Json<Issued>, ControlError> {
    tenant.issue(&body.client_id, &body.sub, &body.scope, body.org_id.as_deref()).map(Json)
}
