//! `tools/call`: the policy engine, then the target's function.
//! <https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/gateway-add-target-lambda.html>

use http::StatusCode;
use serde_json::{Map, Value, json};

use super::client_context::{self, Ids};
use super::config::Target;
use super::exchange::Inbound;
use super::message::Message;
use super::methods::{decide, refused};
use super::propagation::{self, Injected};
use super::record::Invocation;
use super::reply::{INTERNAL, INVALID_PARAMS, Reply};
use super::{Runtime, SEARCH, catalog, search};

pub(super) async fn call(
    gateway: &Runtime,
    inbound: &Inbound,
    message: &Message,
    injected: &Injected,
    id: &Value,
) -> Reply {
    let invalid = |why: &str| Reply::error(StatusCode::OK, id, INVALID_PARAMS, why);
    let Some(name) = message.tool() else {
        return invalid("`name` is missing");
    };
    let arguments = match message.params.get("arguments") {
        None => Map::new(),
        Some(Value::Object(arguments)) => arguments.clone(),
        Some(_) => return invalid("`arguments` is not an object"),
    };
    if name == SEARCH && gateway.config.search {
        return search::answer(&gateway.config, &arguments, id);
    }
    let Some((target, _)) = catalog::find(&gateway.config, name) else {
        return invalid(&format!("Unknown tool: {name}"));
    };
    let verdict = decide(gateway, inbound, injected, name, Some(&arguments));
    if let Some(reply) = refused(&verdict, id) {
        return reply;
    }
    let ids =
        Ids { request: &inbound.request_id, message: id, gateway: &gateway.config.id, target: &target.id, tool: name };
    let headers = json!(propagation::headers(target, &inbound.headers, injected));
    let query = json!(propagation::query(target, &inbound.uri));
    let context = client_context::build(&ids, headers, query, &gateway.config.context);
    match invoke(gateway, target, name, Value::Object(arguments), context).await {
        Some(text) => Reply::result(id, &content(&text, false)),
        None => Reply::result(id, &content(INTERNAL, true)),
    }
}

/// What the function answers, as it wrote it.
async fn invoke(gateway: &Runtime, target: &Target, tool: &str, event: Value, context: Value) -> Option<String> {
    let answer = gateway.lambda.invoke(&target.function, &event, Some(&context)).await.ok();
    let answer = answer.and_then(|bytes| String::from_utf8(bytes.to_vec()).ok());
    let invocation = Invocation { tool: tool.to_owned(), event, context, answer: answer.clone() };
    gateway.records.seen().invocations.push(invocation);
    answer
}

fn content(text: &str, is_error: bool) -> Value {
    json!({ "content": [{ "type": "text", "text": text }], "isError": is_error })
}
