//! The service's errors: `{"__type": ..., "message": ...}`.

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode};
use serde_json::json;

use crate::iam::Refusal;
use crate::lambda::stamp;

#[derive(Debug)]
pub(super) struct Problem {
    status: StatusCode,
    kind: &'static str,
    /// A denial has a capital here.
    member: &'static str,
    message: String,
}

impl Problem {
    fn new(kind: &'static str, message: impl Into<String>) -> Self {
        Self { status: StatusCode::BAD_REQUEST, kind, member: "message", message: message.into() }
    }

    pub(super) fn no_key(arn: &str) -> Self {
        Self::new("NotFoundException", format!("Key '{arn}' does not exist"))
    }

    pub(super) fn no_alias(arn: &str) -> Self {
        Self::new("NotFoundException", format!("Alias {arn} is not found."))
    }

    pub(super) fn disabled(arn: &str) -> Self {
        Self::new("DisabledException", format!("{arn} is disabled."))
    }

    /// AWS says nothing more, whatever is wrong with it.
    pub(super) fn invalid_ciphertext() -> Self {
        Self::new("InvalidCiphertextException", "")
    }

    pub(super) fn incorrect_key() -> Self {
        let message = "The key ID in the request does not identify a CMK that can perform this operation.";
        Self::new("IncorrectKeyException", message)
    }

    pub(super) fn validation(message: impl Into<String>) -> Self {
        Self::new("ValidationException", message)
    }

    /// The usual sentence about one parameter.
    pub(super) fn constraint(at: &str, constraint: &str) -> Self {
        Self::validation(format!(
            "1 validation error detected: Value at '{at}' failed to satisfy constraint: Member must {constraint}"
        ))
    }

    pub(super) fn not_json(message: impl Into<String>) -> Self {
        Self::new("SerializationException", message)
    }

    pub(super) fn no_operation() -> Self {
        Self::new("UnknownOperationException", "")
    }

    pub(super) fn internal() -> Self {
        let problem = Self::new("KMSInternalException", "");
        Self { status: StatusCode::INTERNAL_SERVER_ERROR, ..problem }
    }

    pub(super) fn refused(refusal: &Refusal) -> Self {
        let member = if matches!(refusal, Refusal::Denied { .. }) { "Message" } else { "message" };
        Self { member, ..Self::new(refusal.code(), refusal.sentence(str::to_owned)) }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut body = json!({ "__type": self.kind });
        if let Some(members) = body.as_object_mut().filter(|_| !self.message.is_empty()) {
            members.insert(self.member.to_owned(), self.message.into());
        }
        answer(self.status, body.to_string())
    }
}

/// An answer of the JSON protocol, with an id of its own.
pub(super) fn answer(status: StatusCode, body: String) -> Response {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert("content-type", HeaderValue::from_static("application/x-amz-json-1.1"));
    if let Ok(id) = HeaderValue::from_str(&stamp::uuid()) {
        headers.insert("x-amzn-requestid", id);
    }
    response
}
