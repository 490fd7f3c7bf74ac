use serde_json::{Map, Value};

use super::denial::Denial;
use super::headers::Headers;
use super::message::Message;
use super::output;
use super::request::Request;
use super::response::Response;
use crate::jwt::strict_json;

const PARSE_ERROR: i64 = -32700;

/// What the gateway asks its interceptor about.
pub enum Event {
    /// A message on its way to a target.
    Request(Request),
    /// An answer on its way back.
    Response(Response),
}

impl Event {
    /// Reads an event of version 1.0. Unknown members are allowed, members of known names have their types, no member is
    /// there twice at any depth, and there are at most 32 levels. Of a request, the raw body and the parsed one are equal.
    ///
    /// # Errors
    /// The denial to answer with, which has the message's `id` where one can be found.
    pub fn parse(text: &str) -> Result<Self, Denial> {
        // What cannot be read strictly may still tell its `id`.
        let event = strict_json::object(text.as_bytes()).map_err(|_| {
            let lenient: Value = serde_json::from_str(text).unwrap_or_default();
            let denial = Denial::malformed(output::id_of(&lenient), PARSE_ERROR, "an event that is not strict JSON");
            denial.in_http(output::is_http(&lenient))
        })?;
        let event = Value::Object(event);
        let (id, http) = (output::id_of(&event), output::is_http(&event));
        let malformed = |cause| Denial::malformed(id.clone(), -32600, cause).in_http(http);
        let Value::Object(mut event) = event else { return Err(malformed("not an event")) };
        if event.get("interceptorInputVersion").and_then(Value::as_str) != Some("1.0") {
            return Err(malformed("not version 1.0 of an event"));
        }
        let mut mcp = take(&mut event, "mcp").map_err(|()| malformed("an event of no MCP target"))?;
        let response = match mcp.remove("gatewayResponse") {
            None | Some(Value::Null) => None,
            Some(Value::Object(response)) => Some(response),
            Some(_) => return Err(malformed("`gatewayResponse` is no object")),
        };
        let mut request = take(&mut mcp, "gatewayRequest").map_err(|()| malformed("no `gatewayRequest`"))?;
        // Absent if the gateway is not set to pass headers on.
        let headers = match request.remove("headers") {
            None | Some(Value::Null) => Map::new(),
            Some(Value::Object(headers)) => headers,
            Some(_) => return Err(malformed("`headers` is no object")),
        };
        let (headers, body) = (Headers::new(headers), request.remove("body").unwrap_or_default());
        if let Some(response) = response {
            // What went wrong with the message was answered when it was on its way to the target.
            return Ok(Self::Response(Response::new(id, headers, Message::read(body).ok(), response)));
        }
        let raw = mcp.get("rawGatewayRequest").and_then(|raw| raw.get("body")).and_then(Value::as_str);
        let raw = raw.ok_or_else(|| malformed("no raw body"))?;
        let read = strict_json::object(raw.as_bytes());
        let read =
            read.map_err(|_| Denial::malformed(id.clone(), PARSE_ERROR, "a raw body that is not one strict object"))?;
        if Value::Object(read) != body {
            return Err(malformed("raw and parsed body differ"));
        }
        Ok(Self::Request(Request { headers, message: Message::read(body)? }))
    }
}

fn take(members: &mut Map<String, Value>, name: &str) -> Result<Map<String, Value>, ()> {
    match members.remove(name) {
        Some(Value::Object(member)) => Ok(member),
        _ => Err(()),
    }
}
