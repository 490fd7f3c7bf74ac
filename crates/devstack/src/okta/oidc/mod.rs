//! The org authorization server: the only one that grants `okta.*` scopes.

mod authorize;
mod client;
mod token;
mod userinfo;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use http::header::{CACHE_CONTROL, WWW_AUTHENTICATE};
use http::{HeaderValue, StatusCode};
use serde_json::{Value, json};

use super::world::Shared;

pub(super) fn routes() -> Router<Shared> {
    Router::new()
        .route("/.well-known/openid-configuration", get(discovery))
        .route("/oauth2/v1/keys", get(keys))
        .route("/oauth2/v1/authorize", get(authorize::authorize))
        .route("/oauth2/v1/token", post(token::token))
        .route("/oauth2/v1/revoke", post(token::revoke))
        .route("/oauth2/v1/userinfo", get(userinfo::userinfo).post(userinfo::userinfo))
}

async fn discovery(State(shared): State<Shared>) -> Json<Value> {
    let base = shared.lock().base.clone();
    Json(json!({
        "issuer": base,
        "authorization_endpoint": format!("{base}/oauth2/v1/authorize"),
        "token_endpoint": format!("{base}/oauth2/v1/token"),
        "userinfo_endpoint": format!("{base}/oauth2/v1/userinfo"),
        "jwks_uri": format!("{base}/oauth2/v1/keys"),
        "revocation_endpoint": format!("{base}/oauth2/v1/revoke"),
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code", "refresh_token"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "scopes_supported": ["openid", "email", "profile", "groups", "offline_access"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        "code_challenge_methods_supported": ["S256"],
    }))
}

async fn keys() -> Json<Value> {
    Json(json!({ "keys": [] }))
}

/// An OAuth error answer (RFC 6749, section 5.2; RFC 6750, section 3).
#[derive(Debug)]
pub(super) struct OAuthError {
    status: StatusCode,
    code: &'static str,
    description: &'static str,
}

impl OAuthError {
    fn request(code: &'static str, description: &'static str) -> Self {
        Self { status: StatusCode::BAD_REQUEST, code, description }
    }

    fn client() -> Self {
        let description = "The client secret supplied for a confidential client is invalid.";
        Self { status: StatusCode::UNAUTHORIZED, code: "invalid_client", description }
    }

    fn bearer(status: StatusCode, code: &'static str, description: &'static str) -> Self {
        Self { status, code, description }
    }
}

impl IntoResponse for OAuthError {
    fn into_response(self) -> Response {
        let body = json!({ "error": self.code, "error_description": self.description });
        let mut response = (self.status, Json(body)).into_response();
        let headers = response.headers_mut();
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        let challenge = match self.code {
            "invalid_client" => r#"Basic realm="okta""#.to_owned(),
            "invalid_token" | "insufficient_scope" => {
                format!(r#"Bearer error="{}", error_description="{}""#, self.code, self.description)
            }
            _ => return response,
        };
        if let Ok(value) = HeaderValue::from_str(&challenge) {
            headers.insert(WWW_AUTHENTICATE, value);
        }
        response
    }
}
