//! Who calls, and what those are told who may not; and the metadata that tells them where to get a token (RFC 9728).

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, StatusCode};
use serde_json::{Map, Value, json};

use super::Runtime;
use super::authorizer::Refusal;
use super::reply::{INTERNAL, INTERNAL_ERROR, Reply, UNAUTHENTICATED};

/// Who calls.
#[derive(Clone, Debug, Default)]
pub(super) struct Caller {
    /// The inbound token's claims. None where nobody is asked for a token.
    pub(super) claims: Option<Map<String, Value>>,
}

impl Caller {
    pub(super) fn subject(&self) -> Option<&str> {
        self.claims.as_ref()?.get("sub")?.as_str()
    }
}

pub(super) async fn admit(gateway: &Runtime, headers: &HeaderMap) -> Result<Caller, Reply> {
    let Some(inspector) = &gateway.inspector else {
        return Ok(Caller::default());
    };
    match inspector.inspect(headers).await {
        Ok(claims) => Ok(Caller { claims: Some(claims) }),
        Err(refusal) => Err(refused(gateway, refusal, inspector.scopes())),
    }
}

/// Nothing of the body was read: the id is 0, as live gateways answer.
fn refused(gateway: &Runtime, refusal: Refusal, scopes: &[String]) -> Reply {
    let metadata = format!("resource_metadata=\"{}/.well-known/oauth-protected-resource\"", gateway.url);
    let (status, code, message) = match refusal {
        Refusal::Missing => (StatusCode::UNAUTHORIZED, UNAUTHENTICATED, "Missing Bearer token"),
        Refusal::Invalid => (StatusCode::UNAUTHORIZED, UNAUTHENTICATED, "Invalid Bearer token"),
        Refusal::Insufficient => (StatusCode::FORBIDDEN, UNAUTHENTICATED, "insufficient_scope"),
        Refusal::Unavailable => (StatusCode::INTERNAL_SERVER_ERROR, INTERNAL_ERROR, INTERNAL),
    };
    let reply = Reply::error(status, &json!(0), code, message);
    match refusal {
        Refusal::Missing | Refusal::Invalid => reply.with("www-authenticate", &format!("Bearer {metadata}")),
        Refusal::Insufficient => {
            let scope = if scopes.is_empty() { String::new() } else { format!("scope=\"{}\", ", scopes.join(" ")) };
            reply.with("www-authenticate", &format!("Bearer error=\"insufficient_scope\", {scope}{metadata}"))
        }
        Refusal::Unavailable => reply,
    }
}

/// `GET /.well-known/oauth-protected-resource`. A gateway without an authorizer has none.
pub(super) async fn metadata(State(gateway): State<Arc<Runtime>>) -> Response {
    let Some(inspector) = &gateway.inspector else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let Ok(issuer) = inspector.issuer().await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let mut document = json!({
        "resource": format!("{}/mcp", gateway.url),
        "authorization_servers": [issuer],
        "bearer_methods_supported": ["header"],
    });
    if let (Some(members), false) = (document.as_object_mut(), inspector.scopes().is_empty()) {
        members.insert("scopes_supported".to_owned(), json!(inspector.scopes()));
    }
    Json(document).into_response()
}
