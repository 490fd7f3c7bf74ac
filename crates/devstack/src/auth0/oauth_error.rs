//! The error body of the token endpoint (RFC 6749, section 5.2), with Auth0's statuses.

use aws_lc_rs::error::Unspecified;
use axum::Json;
use axum::response::{IntoResponse, Response};
use http::header::CACHE_CONTROL;
use http::{HeaderValue, StatusCode};
use serde_json::json;

/// `error` and `error_description` with a status. The texts are fixed: nothing of the request comes back.
#[derive(Debug)]
pub(crate) struct OauthError {
    status: StatusCode,
    error: &'static str,
    description: &'static str,
}

impl OauthError {
    /// 400
    pub(crate) const fn bad(error: &'static str, description: &'static str) -> Self {
        Self { status: StatusCode::BAD_REQUEST, error, description }
    }

    /// 401
    pub(crate) const fn unauthorized(error: &'static str, description: &'static str) -> Self {
        Self { status: StatusCode::UNAUTHORIZED, error, description }
    }

    /// 403, which Auth0 also uses for `invalid_grant`, where RFC 6749 says 400.
    pub(crate) const fn forbidden(error: &'static str, description: &'static str) -> Self {
        Self { status: StatusCode::FORBIDDEN, error, description }
    }

    /// 503
    pub(crate) const fn unavailable(description: &'static str) -> Self {
        Self { status: StatusCode::SERVICE_UNAVAILABLE, error: "temporarily_unavailable", description }
    }
}

impl From<Unspecified> for OauthError {
    fn from(_: Unspecified) -> Self {
        Self { status: StatusCode::INTERNAL_SERVER_ERROR, error: "server_error", description: "The key did not sign" }
    }
}

impl IntoResponse for OauthError {
    fn into_response(self) -> Response {
        let body = Json(json!({"error": self.error, "error_description": self.description}));
        let mut response = (self.status, body).into_response();
        response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        response
    }
}
