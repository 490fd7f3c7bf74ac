//! The wire shapes that a call can have: an event becomes a [`Call`], an outcome becomes the answer that the same door
//! takes. Two are those of Bedrock Agents Classic (<https://docs.aws.amazon.com/bedrock/latest/userguide/agents-lambda.html>);
//! the third is that of a Lambda target of an AgentCore Gateway
//! (<https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/gateway-add-target-lambda.html>).
//!
//! A gateway says in the client context that it calls; nothing in an event does, so no argument of a model can choose the
//! door. Unknown members are allowed at every level of an agent's event, because the service adds some; members that are read
//! must have their documented type. The user's text (`inputText`), the prompt's attributes and the headers that a gateway
//! passes on are never read.

mod attributes;
mod envelope;
mod event;
mod function_details;
mod gateway;
mod openapi;
mod sender;
mod shape;
#[cfg(test)]
mod tests;

pub use envelope::{Action, Envelope};
pub use openapi::status;
pub use sender::Sender;

use auth::id::SessionReference;
use auth::refusal::{Code, Refusal};
use auth::secret::Secret;
use auth::ticket;
use function::serve::ClientContext;
use serde_json::{Map, Value};

use attributes::Attributes;
use event::Event;

/// The longest event that is read, in bytes.
pub const LONGEST_EVENT: usize = 256 * 1024;
/// The most arguments that a call may have.
pub const MOST_ARGUMENTS: usize = 64;
/// The longest value of one argument, in bytes: of its text, or of its JSON if it is no string.
pub const LONGEST_VALUE: usize = 8 * 1024;

/// A tool call as the event describes it. All of it is untrusted until a ticket says the same. It cannot be printed,
/// because it holds the ticket and the session's id.
///
/// ```compile_fail
/// fn print(call: tool::door::Call) -> String { format!("{call:?}") }
/// ```
pub struct Call {
    /// What the answer must repeat.
    pub envelope: Envelope,
    /// Who calls.
    pub sender: Sender,
    /// The ticket, unverified.
    pub ticket: Option<Secret>,
    /// The caller's trace, 55 characters as in W3C Trace Context section 3.2 version `00`.
    pub trace_parent: Option<String>,
    /// The arguments by name, each given once: text as Bedrock sends it, or any JSON value.
    pub arguments: Map<String, Value>,
}

impl Call {
    /// The door that the call came through.
    #[must_use]
    pub fn door(&self) -> ticket::Door {
        self.envelope.door()
    }
}

/// An event that is no call, and what could be read of it, so that it can be answered all the same.
#[derive(Debug, thiserror::Error)]
#[error("the event is not a call of any door")]
pub struct Unshaped {
    /// What the answer repeats; empty where it could not be read.
    pub envelope: Envelope,
    /// Why it is no call.
    pub refusal: Refusal,
}

/// Reads an event, and in the client context whether a gateway sent it.
///
/// # Errors
/// `invalid_input` for an event of another shape or beyond the limits of this module; `auth_required` if its session is
/// not of the API's form, or if it has an attribute `session_id` that names another session.
pub fn parse(event: &[u8], context: &ClientContext) -> Result<Call, Box<Unshaped>> {
    let read = if gateway::calls(context) { gateway::read(event, context) } else { read(event) };
    read.map_err(|refusal| Box::new(Unshaped { envelope: Envelope::outline(event, context), refusal }))
}

fn read(event: &[u8]) -> Result<Call, Refusal> {
    if event.len() > LONGEST_EVENT {
        return Err(too_long());
    }
    // From bytes, serde_json would pass over members that nobody reads without a look at their UTF-8 (RFC 8259 section 8.1).
    let event = std::str::from_utf8(event).map_err(|_| misshapen("not UTF-8"))?;
    let shape::Object(event) =
        serde_json::from_str::<shape::Object<Event>>(event).map_err(|error| unreadable(&error))?;
    if event.message_version != "1.0" {
        return Err(misshapen("`messageVersion` is not 1.0"));
    }
    let session = SessionReference::parse(&event.session_id)?;
    let Attributes { ticket, trace_parent } = Attributes::read(event.session_attributes, &session)?;
    let agent = event::AgentIds::agent(event.agent)?;
    let envelope = Envelope::new(event.action_group, event.function, event.api_path, event.http_method)?;
    let body = event.request_body.map(event::Body::properties).unwrap_or_default();
    let given = event.parameters.unwrap_or_default().into_iter().chain(body);
    let arguments = by_name(given.map(|shape::Object(event::Given { name, value })| (name, value)))?;
    Ok(Call { envelope, sender: Sender::Agent { agent, session }, ticket, trace_parent, arguments })
}

fn by_name(given: impl Iterator<Item = (String, Value)>) -> Result<Map<String, Value>, Refusal> {
    let mut arguments = Map::new();
    for (name, value) in given {
        let length = value.as_str().map_or_else(|| value.to_string().len(), str::len);
        if length > LONGEST_VALUE {
            return Err(Refusal::invalid_input(format!("an argument may have at most {LONGEST_VALUE} bytes")));
        }
        if arguments.insert(name, value).is_some() {
            return Err(Refusal::invalid_input("each argument may be given only once"));
        }
        if arguments.len() > MOST_ARGUMENTS {
            return Err(Refusal::invalid_input(format!("at most {MOST_ARGUMENTS} arguments may be given")));
        }
    }
    Ok(arguments)
}

fn misshapen(cause: &str) -> Refusal {
    Refusal::new(Code::InvalidInput, format!("door: {cause}"))
}

fn too_long() -> Refusal {
    misshapen("the event is too long")
}

/// The parser's own words can repeat a value, so only the place is kept.
fn unreadable(error: &serde_json::Error) -> Refusal {
    misshapen(&format!("unreadable at line {} column {}", error.line(), error.column()))
}
