//! What goes back to the gateway. `interceptorOutputVersion` is written here and nowhere else.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};

/// The message goes on to the target, with this body and these headers set.
pub(super) fn forward(body: Map<String, Value>, headers: Option<Value>) -> Value {
    let mut request = Map::from_iter([("body".to_owned(), Value::Object(body))]);
    request.extend(headers.map(|headers| ("headers".to_owned(), headers)));
    version("mcp", "transformedGatewayRequest", Value::Object(request))
}

/// An answer goes back in place of the target's.
pub(super) fn answer(status: u16, headers: Value, body: Value) -> Value {
    let members = [("statusCode", json!(status)), ("headers", headers), ("body", body)];
    let response = members.map(|(name, value)| (name.to_owned(), value));
    version("mcp", "transformedGatewayResponse", Value::Object(Map::from_iter(response)))
}

/// The gateway's answer goes back with these members.
pub(super) fn respond(response: Map<String, Value>) -> Value {
    version("mcp", "transformedGatewayResponse", Value::Object(response))
}

/// Targets that do not speak MCP have a key of their own, and bodies in base64. Nothing is served for them but this.
pub(super) fn http_denial(status: u16, body: &Value) -> Value {
    // A message of theirs is no JSON-RPC, for which 200 could be an answer.
    let (status, body) = (status.max(403), STANDARD.encode(body.to_string()));
    let response = json!({"statusCode": status, "contentType": "application/json", "body": body});
    version("http", "transformedGatewayResponse", response)
}

fn version(protocol: &str, side: &str, transformed: Value) -> Value {
    let transformed = Map::from_iter([(side.to_owned(), transformed)]);
    let protocol = (protocol.to_owned(), Value::Object(transformed));
    let version = ("interceptorOutputVersion".to_owned(), json!("1.0"));
    Value::Object(Map::from_iter([version, protocol]))
}

/// Whether an event is of a target that does not speak MCP.
pub(super) fn is_http(event: &Value) -> bool {
    event.get("http").is_some() && event.get("mcp").is_none()
}

/// The `id` of the message in an event that may be of any shape, `null` if it has none.
pub(super) fn id_of(event: &Value) -> Value {
    event.pointer("/mcp/gatewayRequest/body").map_or(Value::Null, id)
}

/// A string or a whole number (MCP 2025-06-18, Base Protocol); `null` stands for all else.
pub(super) fn id(message: &Value) -> Value {
    match message.get("id") {
        Some(id @ Value::String(_)) => id.clone(),
        Some(Value::Number(number)) if !number.is_f64() => Value::Number(number.clone()),
        _ => Value::Null,
    }
}
