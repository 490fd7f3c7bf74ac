//! STS's errors.
//!
//! Source: [common errors](https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html).

use std::fmt::Display;

use axum::response::{IntoResponse, Response};
use http::StatusCode;

use super::xml;
use crate::fault::Effect;
use crate::iam::Refusal;

#[derive(Debug)]
pub(super) struct Problem {
    status: StatusCode,
    code: &'static str,
    message: String,
}

impl Problem {
    fn bad(code: &'static str, message: impl Into<String>) -> Self {
        Self { status: StatusCode::BAD_REQUEST, code, message: message.into() }
    }

    fn forbidden(code: &'static str, message: impl Into<String>) -> Self {
        Self { status: StatusCode::FORBIDDEN, code, message: message.into() }
    }

    pub(super) fn validation(message: impl Into<String>) -> Self {
        Self::bad("ValidationError", message)
    }

    /// The usual sentence about one parameter.
    pub(super) fn constraint(value: &str, at: &str, constraint: &str) -> Self {
        Self::validation(format!(
            "1 validation error detected: Value '{value}' at '{at}' failed to satisfy constraint: {constraint}"
        ))
    }

    pub(super) fn missing(at: &str) -> Self {
        Self::validation(format!(
            "1 validation error detected: Value null at '{at}' failed to satisfy constraint: Member must not be null"
        ))
    }

    pub(super) fn malformed(why: &impl Display) -> Self {
        Self::bad("MalformedPolicyDocument", why.to_string())
    }

    pub(super) fn packed(percent: usize) -> Self {
        let message = format!("Packed policy consumes {percent}% of allotted space, please use smaller policy.");
        Self::bad("PackedPolicyTooLarge", message)
    }

    pub(super) fn invalid_action(action: &str) -> Self {
        Self::bad("InvalidAction", format!("Could not find operation {action} for version 2011-06-15"))
    }

    pub(super) fn denied(user: &str, action: &str, resource: &str) -> Self {
        let message = format!("User: {user} is not authorized to perform: {action} on resource: {resource}");
        Self::forbidden("AccessDenied", message)
    }

    pub(super) fn refused(refusal: &Refusal) -> Self {
        let sentence = refusal.sentence(str::to_owned);
        match refusal {
            Refusal::Missing => {
                Self::forbidden("MissingAuthenticationToken", "Request is missing Authentication Token")
            }
            Refusal::Unknown => Self::forbidden("InvalidClientTokenId", sentence),
            Refusal::Expired => Self::forbidden("ExpiredToken", sentence),
            Refusal::Denied { .. } => Self::forbidden("AccessDenied", sentence),
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        xml::answer(self.status, xml::error(self.code, &self.message))
    }
}

/// What a fault does that makes STS refuse: as in `400 Throttling`, `403 RegionDisabledException` or
/// `400 PackedPolicyTooLarge`.
#[must_use]
pub fn refusing(status: u16, code: &str, message: &str) -> Effect {
    let headers = [("content-type".to_owned(), "text/xml".to_owned())].into();
    Effect::Answer { status, headers, body: xml::error(code, message) }
}
