//! The client context that a target's function is called with.
//! <https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/gateway-add-target-lambda.html>

use serde_json::{Map, Value, json};

use super::config::{ContextExtras, Propagated};

/// What differs from call to call.
pub(super) struct Ids<'a> {
    pub(super) request: &'a str,
    pub(super) message: &'a Value,
    pub(super) gateway: &'a str,
    pub(super) target: &'a str,
    /// With the target's name.
    pub(super) tool: &'a str,
}

pub(super) fn build(ids: &Ids<'_>, headers: Value, query: Value, extras: &ContextExtras) -> Value {
    let message = ids.message.as_str().map_or_else(|| ids.message.to_string(), str::to_owned);
    let mut custom = Map::new();
    for (name, value) in [
        ("MessageVersion", "1.0"),
        ("AwsRequestId", ids.request),
        ("McpMessageId", message.as_str()),
        ("GatewayId", ids.gateway),
        ("TargetId", ids.target),
        ("ToolName", ids.tool),
    ] {
        custom.insert(format!("bedrockAgentCore{name}"), json!(value));
    }
    let is_filled = |value: &Value| value.as_object().is_some_and(|members| !members.is_empty());
    if is_filled(&headers) || extras.propagated == Propagated::Always {
        custom.insert("bedrockAgentCorePropagatedHeaders".to_owned(), headers);
    }
    if is_filled(&query) {
        custom.insert("bedrockAgentCorePropagatedQueryParameters".to_owned(), query);
    }
    custom.extend(extras.custom.clone());
    let mut context = Map::from_iter([("custom".to_owned(), Value::Object(custom))]);
    context.extend(extras.beside.clone());
    Value::Object(context)
}
