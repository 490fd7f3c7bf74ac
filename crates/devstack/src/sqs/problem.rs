//! The service's errors: `{"__type": ..., "message": ...}`, and the older name of the error in a header, which is the
//! code that the SDKs show.

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode};
use serde_json::json;

use crate::lambda::stamp;

#[derive(Debug)]
pub(super) struct Problem {
    status: StatusCode,
    /// After the `#` of `__type`.
    kind: &'static str,
    /// The code of the query protocol.
    code: &'static str,
    message: String,
}

impl Problem {
    fn sender(kind: &'static str, code: &'static str, message: impl Into<String>) -> Self {
        Self { status: StatusCode::BAD_REQUEST, kind, code, message: message.into() }
    }

    pub(super) fn no_queue() -> Self {
        let message = "The specified queue does not exist.";
        Self::sender("QueueDoesNotExist", "AWS.SimpleQueueService.NonExistentQueue", message)
    }

    pub(super) fn invalid_value(message: impl Into<String>) -> Self {
        Self::sender("InvalidParameterValueException", "InvalidParameterValue", message)
    }

    /// The usual sentence about one parameter.
    pub(super) fn out_of_bounds(parameter: &str, value: i64, reason: &str) -> Self {
        Self::invalid_value(format!("Value {value} for parameter {parameter} is invalid. Reason: {reason}."))
    }

    pub(super) fn missing(parameter: &str) -> Self {
        let message = format!("The request must contain the parameter {parameter}.");
        Self::sender("MissingRequiredParameterException", "MissingParameter", message)
    }

    pub(super) fn no_receipt(handle: &str) -> Self {
        let message = format!("The input receipt handle \"{handle}\" is not a valid receipt handle.");
        let problem = Self::sender("ReceiptHandleIsInvalid", "ReceiptHandleIsInvalid", message);
        Self { status: StatusCode::NOT_FOUND, ..problem }
    }

    pub(super) fn not_in_flight(handle: &str) -> Self {
        let reason = "Message does not exist or is not available for visibility timeout change.";
        Self::invalid_value(format!("Value {handle} for parameter ReceiptHandle is invalid. Reason: {reason}"))
    }

    pub(super) fn no_attribute(name: &str) -> Self {
        Self::sender("InvalidAttributeName", "InvalidAttributeName", format!("Unknown Attribute {name}."))
    }

    pub(super) fn not_json(message: impl Into<String>) -> Self {
        Self::sender("SerializationException", "MalformedInput", message)
    }

    pub(super) fn no_operation(name: &str) -> Self {
        let message = format!("The action {name} is not valid for this endpoint.");
        Self::sender("UnsupportedOperation", "AWS.SimpleQueueService.UnsupportedOperation", message)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let kind = format!("com.amazonaws.sqs#{}", self.kind);
        let body = json!({ "__type": kind, "message": self.message }).to_string();
        let mut response = answer(self.status, body);
        if let Ok(code) = HeaderValue::from_str(&format!("{};Sender", self.code)) {
            response.headers_mut().insert("x-amzn-query-error", code);
        }
        response
    }
}

/// An answer of the JSON protocol, with an id of its own.
pub(super) fn answer(status: StatusCode, body: String) -> Response {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert("content-type", HeaderValue::from_static("application/x-amz-json-1.0"));
    if let Ok(id) = HeaderValue::from_str(&stamp::uuid()) {
        headers.insert("x-amzn-requestid", id);
    }
    response
}
