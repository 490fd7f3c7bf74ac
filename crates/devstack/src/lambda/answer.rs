//! The Invoke API's answers.

use axum::body::Body;
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderMap, HeaderValue, StatusCode};
use serde_json::{Value, json};

use super::call::Outcome;
use super::stamp;

/// Why a call was not run.
pub(super) struct Refusal {
    status: StatusCode,
    kind: &'static str,
    body: Value,
}

impl Refusal {
    pub(super) fn not_found(arn: &str) -> Self {
        let body = json!({ "Type": "User", "Message": format!("Function not found: {arn}") });
        Self { status: StatusCode::NOT_FOUND, kind: "ResourceNotFoundException", body }
    }

    pub(super) fn invalid_content(message: String) -> Self {
        let body = json!({ "Type": "User", "message": message });
        Self { status: StatusCode::BAD_REQUEST, kind: "InvalidRequestContentException", body }
    }

    pub(super) fn invalid_parameter(message: String) -> Self {
        let body = json!({ "Type": "User", "message": message });
        Self { status: StatusCode::BAD_REQUEST, kind: "InvalidParameterValueException", body }
    }

    pub(super) fn too_large(limit: usize) -> Self {
        let message = format!("Request must be smaller than {limit} bytes for the InvokeFunction operation");
        let body = json!({ "Type": "User", "message": message });
        Self { status: StatusCode::PAYLOAD_TOO_LARGE, kind: "RequestTooLargeException", body }
    }
}

pub(super) fn refused(refusal: Refusal) -> Response {
    let mut response = status(refusal.status, &stamp::uuid());
    put(response.headers_mut(), "x-amzn-errortype", refusal.kind);
    put(response.headers_mut(), "content-type", "application/json");
    *response.body_mut() = Body::from(refusal.body.to_string());
    response
}

/// An answer without a body.
pub(super) fn status(status: StatusCode, id: &str) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    put(response.headers_mut(), "x-amzn-requestid", id);
    response
}

/// The answer to a call that was run, with the end of its log if that was asked for. None if its function was removed.
pub(super) fn outcome(outcome: Outcome, id: &str, log: Option<Vec<u8>>) -> Option<Response> {
    let (body, failed) = match outcome {
        Outcome::Answered(body) => (body, false),
        Outcome::Failed(body) => (body, true),
        Outcome::Removed => return None,
    };
    let mut response = status(StatusCode::OK, id);
    *response.body_mut() = Body::from(body);
    let headers = response.headers_mut();
    put(headers, "content-type", "application/json");
    put(headers, "x-amz-executed-version", "$LATEST");
    if failed {
        put(headers, "x-amz-function-error", "Unhandled");
    }
    if let Some(log) = log {
        put(headers, "x-amz-log-result", &STANDARD.encode(log));
    }
    Some(response)
}

fn put(headers: &mut HeaderMap, name: &'static str, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}
