//! Errors that are told by status, before any stream begins.

use axum::Json;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode};
use serde_json::json;

use crate::lambda::stamp;

/// Why a request was not taken.
pub(super) enum Refusal {
    Validation(String),
    NotFound(String),
    AccessDenied(String),
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let (status, kind, message) = match self {
            Self::Validation(message) => (StatusCode::BAD_REQUEST, "ValidationException", message),
            Self::NotFound(message) => (StatusCode::NOT_FOUND, "ResourceNotFoundException", message),
            Self::AccessDenied(message) => (StatusCode::FORBIDDEN, "AccessDeniedException", message),
        };
        let mut response = (status, Json(json!({ "message": message }))).into_response();
        response.headers_mut().insert("x-amzn-errortype", HeaderValue::from_static(kind));
        if let Ok(id) = HeaderValue::from_str(&stamp::uuid()) {
            response.headers_mut().insert("x-amzn-requestid", id);
        }
        response
    }
}
