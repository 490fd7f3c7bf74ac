//! Evaluates every call by an account's policies before it is done, once an account is given. Event sources are Lambda's
//! own and are not asked.

use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode};
use serde_json::{Value, json};

use super::api::READABLE;
use super::problem::answer;
use crate::iam::{Ask, Gate, Refusal};

/// Middleware, behind the one that names a request after its operation.
pub(super) async fn check(State(gate): State<Gate>, request: Request, next: Next) -> Response {
    let Some(iam) = gate.iam() else { return next.run(request).await };
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, READABLE).await else { return StatusCode::PAYLOAD_TOO_LARGE.into_response() };
    let ask = Ask::new(format!("sqs:{}", parts.uri.path().trim_start_matches('/')), resource(&body));
    match iam.admit(&parts.headers, &[ask]) {
        Ok(()) => next.run(Request::from_parts(parts, Body::from(body))).await,
        Err(refusal) => refused(&refusal),
    }
}

/// The queue's ARN: by the last part of its address, or by its name.
fn resource(body: &[u8]) -> String {
    let parameters: Value = serde_json::from_slice(body).unwrap_or_default();
    let text = |name: &str| parameters.get(name).and_then(Value::as_str);
    let named = text("QueueUrl").and_then(|url| url.rsplit('/').next()).or_else(|| text("QueueName"));
    named.map_or_else(|| "*".to_owned(), super::arn)
}

/// The service writes actions in lower case, and the code of the query protocol in a header.
fn refused(refusal: &Refusal) -> Response {
    let (status, member, code) = match refusal {
        Refusal::Denied { .. } => (StatusCode::FORBIDDEN, "Message", "AccessDenied"),
        Refusal::Missing => (StatusCode::FORBIDDEN, "message", "MissingAuthenticationToken"),
        Refusal::Unknown => (StatusCode::FORBIDDEN, "message", "InvalidClientTokenId"),
        Refusal::Expired => (StatusCode::FORBIDDEN, "message", "ExpiredToken"),
    };
    let kind = format!("com.amazon.coral.service#{}", refusal.code());
    let mut response =
        answer(status, json!({ "__type": kind, member: refusal.sentence(str::to_lowercase) }).to_string());
    if let Ok(code) = HeaderValue::from_str(&format!("{code};Sender")) {
        response.headers_mut().insert("x-amzn-query-error", code);
    }
    response
}
