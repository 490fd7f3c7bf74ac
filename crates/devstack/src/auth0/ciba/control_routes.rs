//! The same controls under `POST /_auth0/ciba/...`, with the id in the body: a path would be written to the log.

use std::sync::Arc;

use axum::extract::State;
use axum::routing::post;
use axum::{Json, Router};
use http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use super::super::controls::ControlError;
use super::super::tenant::Tenant;
use super::controls::Pending;

type Shared = State<Arc<Tenant>>;
type Done = Result<StatusCode, ControlError>;

pub(crate) fn routes() -> Router<Arc<Tenant>> {
    Router::new()
        .route("/_auth0/ciba/pending", post(pending))
        .route("/_auth0/ciba/approve", post(approve))
        .route("/_auth0/ciba/approve-as", post(approve_as))
        .route("/_auth0/ciba/deny", post(deny))
        .route("/_auth0/ciba/expire", post(expire))
        .route("/_auth0/ciba/polls", post(polls))
        .route("/_auth0/ciba/starts", post(starts))
        .route("/_auth0/ciba/notification-limit", post(notification_limit))
}

#[derive(Deserialize)]
struct Whose {
    sub: String,
}

#[derive(Deserialize)]
struct Which {
    auth_req_id: String,
}

#[derive(Deserialize)]
struct Approval {
    auth_req_id: String,
    sub: String,
}

#[derive(Deserialize)]
struct Limit {
    limit: usize,
}

async fn pending(State(tenant): Shared, Json(body): Json<Whose>) -> Json<Vec<Pending>> {
    Json(tenant.pending(&body.sub))
}

async fn approve(State(tenant): Shared, Json(body): Json<Which>) -> Done {
    tenant.approve(&body.auth_req_id, None).map(|()| StatusCode::NO_CONTENT)
}

async fn approve_as(State(tenant): Shared, Json(body): Json<Approval>) -> Done {
    tenant.approve(&body.auth_req_id, Some(&body.sub)).map(|()| StatusCode::NO_CONTENT)
}

async fn deny(State(tenant): Shared, Json(body): Json<Which>) -> Done {
    tenant.deny(&body.auth_req_id).map(|()| StatusCode::NO_CONTENT)
}

async fn expire(State(tenant): Shared, Json(body): Json<Which>) -> Done {
    tenant.expire(&body.auth_req_id).map(|()| StatusCode::NO_CONTENT)
}

async fn polls(State(tenant): Shared, Json(body): Json<Which>) -> Json<Value> {
    let polls = tenant.polls(&body.auth_req_id);
    Json(json!({"count": polls.len(), "polls": polls}))
}

async fn starts(State(tenant): Shared) -> Json<Value> {
    Json(json!({"starts": tenant.state().ciba.requests.len()}))
}

async fn notification_limit(State(tenant): Shared, Json(body): Json<Limit>) -> StatusCode {
    tenant.state().ciba.limit = body.limit;
    StatusCode::NO_CONTENT
}
