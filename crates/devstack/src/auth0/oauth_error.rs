//! The error body of the token endpoint (RFC 6749, section 5.2), with Auth0's statuses.

use aws_lc_rs::error::Unspecified;
use axum::Json;
use axum::response::{IntoResponse, Response};
use http::header::{CACHE_CONTROL, RETRY_AFTER};
use http::{HeaderValue, StatusCode};
use serde_json::json;

/// `error` and `error_description` with a status. The texts are fixed: nothing of the request comes back.
#[derive(Debug)]
pub(crate) struct OauthError {
    status: StatusCode,
    error: &'static str,
    description: &'static str,
    /// Seconds.
    retry_after: Option<u64>,
}

impl OauthError {
    /// 400
    pub(crate) const fn bad(error: &'static str, description: &'static str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, error, description)
    }

    /// 401
    pub(crate) const fn unauthorized(error: &'static str, description: &'static str) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, error, description)
    }

    /// 403, which Auth0 also uses for `invalid_grant`, where RFC 6749 says 400.
    pub(crate) const fn forbidden(error: &'static str, description: &'static str) -> Self {
        Self::new(StatusCode::FORBIDDEN, error, description)
    }

    /// 503
    pub(crate) const fn unavailable(description: &'static str) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "temporarily_unavailable", description)
    }

    /// 429, where the CIBA specification says 400.
    pub(crate) const fn slow_down(seconds: u64) -> Self {
        let description = "You are polling faster than allowed.";
        Self { retry_after: Some(seconds), ..Self::new(StatusCode::TOO_MANY_REQUESTS, "slow_down", description) }
    }

    /// 429 for too many notifications. Of Auth0's answer only the status is known; this one looks like `slow_down`.
    pub(crate) const fn too_many(seconds: u64) -> Self {
        let description = "Too many notifications to this user.";
        Self {
            retry_after: Some(seconds),
            ..Self::new(StatusCode::TOO_MANY_REQUESTS, "too_many_requests", description)
        }
    }

    const fn new(status: StatusCode, error: &'static str, description: &'static str) -> Self {
        Self { status, error, description, retry_after: None }
    }
}

impl From<Unspecified> for OauthError {
    fn from(_: Unspecified) -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "server_error", "The key did not sign")
    }
}

impl IntoResponse for OauthError {
    fn into_response(self) -> Response {
        let body = match self.retry_after {
            None => json!({"error": self.error, "error_description": self.description}),
            Some(seconds) => {
                let description = format!("{} Try again in {seconds} seconds.", self.description);
                json!({"error": self.error, "error_description": description, "interval": seconds})
            }
        };
        let mut response = (self.status, Json(body)).into_response();
        if let Some(seconds) = self.retry_after {
            response.headers_mut().insert(RETRY_AFTER, seconds.into());
        }
        response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        response
    }
}
