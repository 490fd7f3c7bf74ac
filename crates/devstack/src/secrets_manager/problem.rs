//! The service's errors: `{"__type": ..., "Message": ...}`.

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode};
use serde_json::{Value, json};

use crate::iam::Refusal;
use crate::lambda::stamp;

#[derive(Debug)]
pub(super) struct Problem {
    kind: &'static str,
    message: String,
}

impl Problem {
    fn new(kind: &'static str, message: impl Into<String>) -> Self {
        Self { kind, message: message.into() }
    }

    pub(super) fn not_found() -> Self {
        Self::new("ResourceNotFoundException", "Secrets Manager can't find the specified secret.")
    }

    pub(super) fn no_version(stage: &str) -> Self {
        let message = format!("Secrets Manager can't find the specified secret value for staging label: {stage}");
        Self::new("ResourceNotFoundException", message)
    }

    pub(super) fn deleted() -> Self {
        let message = "You can't perform this operation on the secret because it was marked for deletion.";
        Self::new("InvalidRequestException", message)
    }

    pub(super) fn one_of_two() -> Self {
        Self::new("InvalidParameterException", "You must provide either SecretString or SecretBinary.")
    }

    pub(super) fn not_json() -> Self {
        Self::new("SerializationException", "")
    }

    pub(super) fn no_operation() -> Self {
        Self::new("UnknownOperationException", "")
    }

    pub(super) fn refused(refusal: &Refusal) -> Self {
        Self::new(refusal.code(), refusal.sentence(str::to_owned))
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        answer(StatusCode::BAD_REQUEST, &json!({ "__type": self.kind, "Message": self.message }))
    }
}

/// An answer of the JSON protocol, with an id of its own.
pub(super) fn answer(status: StatusCode, body: &Value) -> Response {
    let mut response = Response::new(Body::from(body.to_string()));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert("content-type", HeaderValue::from_static("application/x-amz-json-1.1"));
    if let Ok(id) = HeaderValue::from_str(&stamp::uuid()) {
        headers.insert("x-amzn-requestid", id);
    }
    response
}
