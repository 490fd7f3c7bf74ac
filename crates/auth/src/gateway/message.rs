//! One JSON-RPC message of MCP.

use serde_json::{Map, Value};

use super::denial::Denial;
use super::{SEARCH, output};

const INVALID_REQUEST: i64 = -32600;
const INVALID_PARAMS: i64 = -32602;

/// Methods that name no tool and go on for every caller whose token is good.
const PASSING: [&str; 4] = ["initialize", "server/discover", "ping", "notifications/initialized"];

/// What a message asks for.
#[derive(Clone, Debug, PartialEq)]
pub enum Asks {
    /// Nothing about tools.
    Passes,
    /// `tools/list`: the answer is to be filtered.
    List,
    /// The built-in search: so is its answer.
    Search(Call),
    /// `tools/call`.
    Call(Call),
}

/// A `tools/call`: who may make it is still to be decided.
#[derive(Clone, PartialEq)]
pub struct Call {
    /// The full name, as it was sent.
    pub name: String,
    /// The arguments, as they were sent.
    pub arguments: Map<String, Value>,
}

/// Shows no argument.
impl std::fmt::Debug for Call {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Call").field("name", &self.name).finish_non_exhaustive()
    }
}

pub(super) struct Message {
    pub(super) id: Value,
    pub(super) members: Map<String, Value>,
}

impl Message {
    /// One object of version 2.0 with a method, and a good `id` or none.
    pub(super) fn read(body: Value) -> Result<Self, Denial> {
        let id = output::id(&body);
        let malformed = |cause| Denial::malformed(id.clone(), INVALID_REQUEST, cause);
        let Value::Object(members) = body else { return Err(malformed("the body is not one message")) };
        if members.get("jsonrpc").and_then(Value::as_str) != Some("2.0") {
            return Err(malformed("not JSON-RPC 2.0"));
        }
        if members.contains_key("id") && id.is_null() {
            return Err(malformed("an `id` that is no string or whole number"));
        }
        if !members.get("method").is_some_and(Value::is_string) {
            return Err(malformed("no method"));
        }
        if members.get("params").is_some_and(|params| !params.is_object()) {
            return Err(Denial::malformed(id, INVALID_PARAMS, "`params` is no object"));
        }
        Ok(Self { id, members })
    }

    pub(super) fn method(&self) -> &str {
        self.members.get("method").and_then(Value::as_str).unwrap_or_default()
    }

    pub(super) fn asks(&self) -> Result<Asks, Denial> {
        match self.method() {
            "tools/list" => Ok(Asks::List),
            "tools/call" => {
                let call = self.call()?;
                Ok(if call.name == SEARCH { Asks::Search(call) } else { Asks::Call(call) })
            }
            method if PASSING.contains(&method) => Ok(Asks::Passes),
            _ => Err(Denial::no_such_method(self.id.clone())),
        }
    }

    fn call(&self) -> Result<Call, Denial> {
        let malformed = |cause| Denial::malformed(self.id.clone(), INVALID_PARAMS, cause);
        let params = self.members.get("params").and_then(Value::as_object).ok_or_else(|| malformed("no `params`"))?;
        let name = params.get("name").and_then(Value::as_str).ok_or_else(|| malformed("no name of a tool"))?;
        let arguments = match params.get("arguments") {
            None => Map::new(),
            Some(Value::Object(arguments)) => arguments.clone(),
            Some(_) => return Err(malformed("`arguments` is no object")),
        };
        Ok(Call { name: name.to_owned(), arguments })
    }

    /// The same message with other arguments.
    pub(super) fn with_arguments(mut self, arguments: Map<String, Value>) -> Map<String, Value> {
        if let Some(Value::Object(params)) = self.members.get_mut("params") {
            params.insert("arguments".to_owned(), Value::Object(arguments));
        }
        self.members
    }
}
