//! The server's error bodies: `{"code": ..., "message": ...}`.

use axum::Json;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use serde_json::json;

use super::evaluate::TooComplex;
use super::tuple::Tuple;

#[derive(Debug)]
pub(super) struct Problem {
    status: StatusCode,
    /// The name of an OpenFGA error code.
    pub(super) code: &'static str,
    pub(super) message: String,
}

impl Problem {
    /// Codes 2000 to 3499.
    pub(super) fn input(code: &'static str, message: impl Into<String>) -> Self {
        Self { status: StatusCode::BAD_REQUEST, code, message: message.into() }
    }

    pub(super) fn validation(message: impl Into<String>) -> Self {
        Self::input("validation_error", message)
    }

    pub(super) fn model(message: impl Into<String>) -> Self {
        Self::input("invalid_authorization_model", message)
    }

    /// Codes 1000 to 1999.
    pub(super) fn auth(code: &'static str, message: &str) -> Self {
        Self { status: StatusCode::UNAUTHORIZED, code, message: message.to_owned() }
    }

    pub(super) fn forbidden() -> Self {
        let message = "the principal is not authorized to perform the action".to_owned();
        Self { status: StatusCode::FORBIDDEN, code: "forbidden", message }
    }

    pub(super) fn no_store() -> Self {
        Self { status: StatusCode::NOT_FOUND, code: "store_id_not_found", message: "Store ID not found".to_owned() }
    }

    pub(super) fn no_model(id: &str) -> Self {
        Self::input("authorization_model_not_found", format!("Authorization Model '{id}' not found"))
    }

    pub(super) fn tuple(code: &'static str, tuple: &Tuple, reason: &str) -> Self {
        Self::input(code, format!("Invalid tuple '{tuple}'. Reason: {reason}"))
    }
}

impl From<TooComplex> for Problem {
    fn from(_: TooComplex) -> Self {
        let message = "Authorization Model resolution required too many rewrite rules to be resolved. Check your authorization model for infinite recursion or too much nesting";
        Self::input("authorization_model_resolution_too_complex", message)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        (self.status, Json(json!({ "code": self.code, "message": self.message }))).into_response()
    }
}

pub(super) async fn no_such_path() -> Problem {
    Problem { status: StatusCode::NOT_FOUND, code: "undefined_endpoint", message: "Endpoint not enabled".to_owned() }
}
