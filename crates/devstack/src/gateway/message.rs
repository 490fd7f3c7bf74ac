//! One JSON-RPC message of a client.

use http::StatusCode;
use serde_json::{Map, Value};

use super::reply::{INVALID_REQUEST, PARSE_ERROR, Reply};

/// A request, or a notification if it has no id.
#[derive(Clone, Debug)]
pub(super) struct Message {
    /// All of it.
    pub(super) body: Value,
    pub(super) id: Option<Value>,
    pub(super) method: String,
    pub(super) params: Map<String, Value>,
}

/// What a client may send.
pub(super) enum Incoming {
    Asked(Box<Message>),
    /// An answer of the client's, to something that a gateway without streams never asks.
    Answered,
}

impl Incoming {
    pub(super) fn read(raw: &str) -> Result<Self, Reply> {
        let body: Value = serde_json::from_str(raw)
            .map_err(|_| Reply::error(StatusCode::BAD_REQUEST, &Value::Null, PARSE_ERROR, "Parse error"))?;
        let is_answer = body.get("method").is_none() && (body.get("result").is_some() || body.get("error").is_some());
        if is_answer { Ok(Self::Answered) } else { Message::of(body).map(Box::new).map(Self::Asked) }
    }
}

impl Message {
    /// # Errors
    /// 400 with the message's id, if it has one that can be told back.
    pub(super) fn of(body: Value) -> Result<Self, Reply> {
        let id = body.get("id").cloned();
        let told = id.clone().filter(|id| id.is_string() || id.is_number()).unwrap_or_default();
        let refused = |why| Reply::error(StatusCode::BAD_REQUEST, &told, INVALID_REQUEST, why);
        let Some(members) = body.as_object() else {
            let why = if body.is_array() { "Batch requests are not supported" } else { "Invalid Request" };
            return Err(refused(why));
        };
        if members.get("jsonrpc").and_then(Value::as_str) != Some("2.0") {
            return Err(refused("Invalid Request: `jsonrpc` is not `2.0`"));
        }
        if id.as_ref().is_some_and(|id| !id.is_string() && !id.is_number()) {
            return Err(refused("Invalid Request: `id` is neither a text nor a number"));
        }
        let method = members.get("method").and_then(Value::as_str);
        let method = method.ok_or_else(|| refused("Invalid Request: `method` is missing"))?.to_owned();
        let params = match members.get("params") {
            None => Map::new(),
            Some(Value::Object(params)) => params.clone(),
            Some(_) => return Err(refused("Invalid Request: `params` is not an object")),
        };
        Ok(Self { id, method, params, body })
    }

    /// The id to answer with. Null if there is none, or if it is one.
    pub(super) fn told_id(&self) -> Value {
        self.id.clone().unwrap_or_default()
    }

    /// The tool that is called, with its target's name.
    pub(super) fn tool(&self) -> Option<&str> {
        if self.method != "tools/call" {
            return None;
        }
        self.params.get("name").and_then(Value::as_str)
    }
}
