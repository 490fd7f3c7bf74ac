//! What an interceptor of an AgentCore Gateway decides, as far as values decide it.
//!
//! The gateway gives its interceptor every MCP message before it goes to a target (REQUEST) and every answer before it goes
//! back (RESPONSE); Amazon Bedrock AgentCore Developer Guide, "Gateway interceptors". [`Event::parse`] reads either. A
//! [`Request`] says what is to be decided ([`Request::asks`]) and makes what goes on; a [`Response`] takes out of lists what
//! the caller may not call. Whatever is not understood is a [`Denial`]. Every output has `interceptorOutputVersion`, for an
//! output without one is passed over and the message goes on unchecked.

mod denial;
mod event;
mod headers;
mod listing;
mod message;
mod output;
mod request;
mod response;
mod schema;
#[cfg(test)]
mod tests;
mod tools;

pub use denial::Denial;
pub use event::Event;
pub use message::{Asks, Call};
pub use request::{Admitted, Request};
pub use response::{Response, Tells};
pub use schema::schema_of;
pub use tools::{Argument, ArgumentKind, Tool, Tools, ToolsProblem};

use serde_json::{Map, Value};

use crate::refusal::Refusal;
use crate::secret::Secret;

/// The argument in which a ticket travels to a target. A caller may not set it, and no schema that a caller sees has it.
pub const TICKET_ARGUMENT: &str = "mandate_ticket";

/// The gateway's built-in search for tools, which is called like a tool and has no target.
pub const SEARCH: &str = "x_amz_bedrock_agentcore_search";

/// Takes the ticket out of a target's event. What is left is what its hash was made of.
///
/// # Errors
/// `auth_required` if there is none, or it is no text.
pub fn take_ticket(arguments: &mut Map<String, Value>) -> Result<Secret, Refusal> {
    match arguments.remove(TICKET_ARGUMENT) {
        Some(Value::String(ticket)) => Ok(Secret::new(ticket)),
        _ => Err(Refusal::auth_required("ticket: the event has none")),
    }
}
