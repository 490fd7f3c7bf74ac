//! The answer to an action group with an OpenAPI schema.

use auth::refusal::Code;
use serde_json::{Value, json};

pub(super) fn answer(action_group: &str, path: &str, method: &str, body: &str, status: u16) -> Value {
    json!({
        "messageVersion": "1.0",
        "response": {
            "actionGroup": action_group,
            "apiPath": path,
            "httpMethod": method,
            "httpStatusCode": status,
            "responseBody": {"application/json": {"body": body}},
        },
    })
}

/// The HTTP status at the OpenAPI door, of a success (`None`) or of a refusal.
#[must_use]
pub fn status(code: Option<Code>) -> u16 {
    match code {
        None => 200,
        Some(Code::AuthRequired) => 401,
        Some(Code::ReconnectRequired) => 409,
        Some(Code::AccessDenied | Code::ApprovalDenied) => 403,
        Some(Code::ApprovalPending) => 202,
        Some(Code::ApprovalExpired) => 410,
        Some(Code::Busy) => 429,
        Some(Code::Unavailable) => 503,
        Some(Code::InvalidInput) => 400,
        Some(Code::Internal) => 500,
    }
}
