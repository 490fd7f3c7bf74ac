//! Names a request line after the message that it carries, so that counts and faults can tell methods and tools apart.

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::{StatusCode, Uri};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

/// The largest request, in bytes.
const LARGEST: usize = 6 * 1024 * 1024;
/// What stays readable in a request line.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'_').remove(b'-').remove(b'.');

/// The address as the client wrote it.
#[derive(Clone)]
pub(super) struct Written(pub(super) Uri);

/// Middleware: reads the body, and makes `POST /mcp` a `POST /METHOD` or `POST /tools/call/TOOL`.
pub(super) async fn name(request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, LARGEST).await else {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    parts.extensions.insert(Written(parts.uri.clone()));
    if let Some(line) = serde_json::from_slice(&body).ok().as_ref().and_then(line)
        && let Ok(uri) = format!("/{}", utf8_percent_encode(&line, ESCAPED)).parse()
    {
        parts.uri = uri;
    }
    next.run(Request::from_parts(parts, Body::from(body))).await
}

fn line(message: &Value) -> Option<String> {
    let method = message.get("method")?.as_str()?;
    match message.pointer("/params/name").and_then(Value::as_str) {
        Some(tool) if method == "tools/call" => Some(format!("{method}/{tool}")),
        Some(_) | None => Some(method.to_owned()),
    }
}
