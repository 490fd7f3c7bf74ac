//! The methods that a gateway answers.

use http::StatusCode;
use serde_json::{Value, json};

use super::exchange::Inbound;
use super::message::Message;
use super::policy::{self, Authorization, Verdict};
use super::propagation::Injected;
use super::reply::{DENIED, EVALUATION_FAILED, METHOD_NOT_FOUND, Reply, SESSION};
use super::{Runtime, catalog, target};

pub(super) async fn answer(gateway: &Runtime, inbound: &Inbound, message: &Message, injected: &Injected) -> Reply {
    let Some(id) = &message.id else {
        return Reply::empty(StatusCode::ACCEPTED);
    };
    match message.method.as_str() {
        "initialize" => initialize(gateway, inbound, message, id),
        "ping" => Reply::result(id, &json!({})),
        "tools/list" => catalog::list(gateway, inbound, message, injected, id),
        "tools/call" => target::call(gateway, inbound, message, injected, id).await,
        method => Reply::error(StatusCode::OK, id, METHOD_NOT_FOUND, &format!("Method not found: {method}")),
    }
}

fn initialize(gateway: &Runtime, inbound: &Inbound, message: &Message, id: &Value) -> Reply {
    let asked = message.params.get("protocolVersion").and_then(Value::as_str);
    let versions = &gateway.config.versions;
    let version = versions.iter().find(|known| Some(known.as_str()) == asked).or_else(|| versions.first());
    let result = json!({
        "protocolVersion": version,
        "capabilities": { "tools": { "listChanged": true } },
        "serverInfo": { "name": "agentcore-gateway", "version": "1.0.0" },
    });
    let reply = Reply::result(id, &result);
    match gateway.sessions.begin(inbound.caller.subject()) {
        Some(session) => reply.with(SESSION, &session),
        None => reply,
    }
}

/// Asks the policy engine, if there is one, about a tool and its arguments, or its listing.
pub(super) fn decide(
    gateway: &Runtime,
    inbound: &Inbound,
    injected: &Injected,
    tool: &str,
    input: Option<&serde_json::Map<String, Value>>,
) -> Verdict {
    let Some(engine) = &gateway.config.policy_engine else {
        return Verdict::Allow;
    };
    let (Some(claims), Some(subject)) = (&inbound.caller.claims, inbound.caller.subject()) else {
        return Verdict::Failure;
    };
    if injected.breaks_evaluation() {
        return Verdict::Failure;
    }
    let authorization = Authorization {
        principal: subject.to_owned(),
        tags: policy::tags(claims),
        action: tool.to_owned(),
        resource: gateway.config.arn.clone(),
        input: input.cloned(),
    };
    gateway.records.seen().authorizations.push(authorization.clone());
    engine.decide(&authorization)
}

/// What a caller is told whom the policy engine did not let pass.
pub(super) fn refused(verdict: &Verdict, id: &Value) -> Option<Reply> {
    let (code, message) = match verdict {
        Verdict::Allow => return None,
        Verdict::Deny(forbidding) => (DENIED, policy::sentence(forbidding)),
        Verdict::Failure => (EVALUATION_FAILED, policy::FAILURE.to_owned()),
    };
    Some(Reply::error(StatusCode::OK, id, code, &message))
}
