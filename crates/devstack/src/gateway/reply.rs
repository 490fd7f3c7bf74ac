//! What the gateway answers: a status, headers, and JSON or nothing.

use std::collections::BTreeMap;

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use http::header::{ACCEPT, CONTENT_TYPE};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use serde_json::{Value, json};

/// JSON-RPC 2.0, section 5.1.
pub(super) const PARSE_ERROR: i64 = -32700;
pub(super) const INVALID_REQUEST: i64 = -32600;
pub(super) const METHOD_NOT_FOUND: i64 = -32601;
pub(super) const INVALID_PARAMS: i64 = -32602;
pub(super) const INTERNAL_ERROR: i64 = -32603;
/// The gateway's own.
pub(super) const UNAUTHENTICATED: i64 = -32001;
pub(super) const DENIED: i64 = -32002;
pub(super) const EVALUATION_FAILED: i64 = -32006;

/// All that a caller is told when something inside fails.
pub(super) const INTERNAL: &str = "An internal error occurred. Please retry later.";

/// The header that names a session.
pub(super) const SESSION: &str = "mcp-session-id";

/// Headers that belong to the connection, which no interceptor sets.
const CONNECTION: [&str; 4] = ["connection", "content-length", "content-type", "transfer-encoding"];

/// An answer on its way out.
#[derive(Clone, Debug)]
pub(super) struct Reply {
    pub(super) status: StatusCode,
    /// Names in lower case.
    pub(super) headers: BTreeMap<String, String>,
    pub(super) body: Option<Value>,
}

impl Reply {
    /// No body.
    pub(super) fn empty(status: StatusCode) -> Self {
        Self { status, headers: BTreeMap::new(), body: None }
    }

    pub(super) fn result(id: &Value, result: &Value) -> Self {
        let body = json!({ "jsonrpc": "2.0", "id": id, "result": result });
        Self { body: Some(body), ..Self::empty(StatusCode::OK) }
    }

    pub(super) fn error(status: StatusCode, id: &Value, code: i64, message: &str) -> Self {
        let body = json!({ "jsonrpc": "2.0", "id": id, "error": { "code": code, "message": message } });
        Self { body: Some(body), ..Self::empty(status) }
    }

    pub(super) fn internal(id: &Value) -> Self {
        Self::error(StatusCode::INTERNAL_SERVER_ERROR, id, INTERNAL_ERROR, INTERNAL)
    }

    pub(super) fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.insert(name.to_owned(), value.to_owned());
        self
    }

    /// As a client that accepts this reads it: JSON, or one event for a client that takes nothing else.
    pub(super) fn render(self, accepting: &HeaderMap) -> Response {
        let streamed = takes_only_events(accepting);
        let (kind, body) = match self.body {
            None => (None, Body::empty()),
            Some(json) if streamed => {
                (Some("text/event-stream"), Body::from(format!("event: message\ndata: {json}\n\n")))
            }
            Some(json) => (Some("application/json"), Body::from(json.to_string())),
        };
        let mut response = (self.status, body).into_response();
        let head = response.headers_mut();
        head.remove(CONTENT_TYPE);
        for (name, value) in &self.headers {
            if let (Ok(name), Ok(value)) = (name.parse::<HeaderName>(), HeaderValue::from_str(value))
                && !CONNECTION.contains(&name.as_str())
            {
                head.insert(name, value);
            }
        }
        if let Some(kind) = kind {
            head.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
        }
        response
    }
}

fn takes_only_events(headers: &HeaderMap) -> bool {
    let accepted = headers.get_all(ACCEPT).iter().filter_map(|value| value.to_str().ok());
    let kinds: Vec<String> = accepted
        .flat_map(|value| value.split(','))
        .map(|kind| kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase())
        .collect();
    let takes = |kind: &str| kinds.iter().any(|accepted| accepted == kind);
    takes("text/event-stream") && !["application/json", "application/*", "*/*"].into_iter().any(takes)
}
