//! The door of a Lambda target of an AgentCore Gateway: bare arguments as event, the tool's name in the client context.

use auth::gateway::TICKET_ARGUMENT;
use auth::id::Reference;
use auth::refusal::Refusal;
use auth::secret::Secret;
use function::serve::ClientContext;
use serde_json::{Map, Value, json};

use super::{Call, Caller, Envelope, LONGEST_EVENT, by_name, misshapen, shape, too_long, unreadable};
use crate::answer::{Answer, explained};

/// How every member begins that a gateway puts into the client context.
const PREFIX: &str = "bedrockAgentCore";
const VERSION: &str = "bedrockAgentCoreMessageVersion";
const GATEWAY: &str = "bedrockAgentCoreGatewayId";
const TOOL: &str = "bedrockAgentCoreToolName";

/// The longest id of a gateway that is read: AWS's have at most 59 characters.
const LONGEST_ID: usize = 64;

/// Whether a gateway calls.
pub(super) fn calls(context: &ClientContext) -> bool {
    context.has(PREFIX)
}

pub(super) fn read(event: &[u8], context: &ClientContext) -> Result<Call, Refusal> {
    if event.len() > LONGEST_EVENT {
        return Err(too_long());
    }
    if context.custom(VERSION) != Some("1.0") {
        return Err(misshapen("`bedrockAgentCoreMessageVersion` is not 1.0"));
    }
    let gateway = context.custom(GATEWAY).filter(|id| is_id(id)).ok_or_else(|| misshapen("no id of a gateway"))?;
    let tool = context.custom(TOOL).ok_or_else(|| misshapen("no name of a tool"))?;
    let envelope = Envelope::of_target(tool)?;
    let shape::Members(members) = serde_json::from_slice(event).map_err(|error| unreadable(&error))?;
    let (mut tickets, given): (Vec<_>, Vec<_>) = members.into_iter().partition(|(name, _)| name == TICKET_ARGUMENT);
    let ticket = match (tickets.pop(), tickets.is_empty()) {
        (None, _) => None,
        (Some((_, Value::String(ticket))), true) => Some(Secret::new(ticket)),
        (Some(_), _) => return Err(Refusal::auth_required("ticket: no text, or more than one")),
    };
    let caller = Caller::Gateway { gateway: gateway.to_owned(), tool: tool.to_owned() };
    Ok(Call { envelope, caller, ticket, trace_parent: None, arguments: by_name(given.into_iter())? })
}

/// `{"result": {…}}` or `{"error": {"code", "message", "reference", …}}`: one member, always.
pub(super) fn answer(outcome: &Result<Answer, (Refusal, Reference)>) -> Value {
    match outcome {
        Ok(answer) => json!({ "result": answer.body() }),
        Err((refusal, reference)) => {
            let code = Map::from_iter([("code".to_owned(), refusal.code().name().into())]);
            json!({ "error": explained(code, refusal, reference) })
        }
    }
}

/// The full name, if the context has one.
pub(super) fn tool_of(context: &ClientContext) -> Option<&str> {
    context.custom(TOOL)
}

fn is_id(text: &str) -> bool {
    (1..=LONGEST_ID).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}
