//! `GET /userinfo` (OpenID Connect Core 1.0, section 5.3).

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use http::header::WWW_AUTHENTICATE;
use http::{HeaderMap, StatusCode};
use serde_json::{Map, Value};

use super::tenant::Tenant;
use super::tokens;

pub(crate) fn routes() -> Router<Arc<Tenant>> {
    Router::new().route("/userinfo", get(userinfo).post(userinfo))
}

async fn userinfo(State(tenant): State<Arc<Tenant>>, headers: HeaderMap) -> Response {
    let Some(access) = tokens::bearer(&tenant, &headers).filter(|access| access.grant.has("openid")) else {
        let challenge = [(WWW_AUTHENTICATE, "Bearer error=\"invalid_token\"")];
        return (StatusCode::UNAUTHORIZED, challenge, "Unauthorized").into_response();
    };
    let mut claims = Map::from_iter([("sub".to_owned(), Value::from(access.grant.sub.as_str()))]);
    for (name, value) in tokens::profile(&tenant, &access.grant) {
        claims.insert(name.to_owned(), value);
    }
    Json(Value::Object(claims)).into_response()
}
