//! Tickets of the gateway's door: good for one call of one tool with these very arguments.

mod reach;
#[cfg(test)]
mod tests;

pub use reach::Reach;

use serde_json::{Map, Value};

use super::{Door, Holder, TicketKeys, refused, verified};
use crate::canonical::ArgumentsHash;
use crate::id::{Organization, SessionHash};
use crate::jwt::Claims;
use crate::refusal::Refusal;
use crate::secret::Secret;
use crate::subject::Subject;
use crate::ticket::Ticket;
use crate::time::Timestamp;

/// The longest life of a ticket for a gateway target, in seconds.
pub const LONGEST_GATEWAY_SECONDS: u64 = 60;

/// What stands between the name of a target and the name of its tool. A target's name has no underscore.
const SEPARATOR: &str = "___";

/// What a ticket for a gateway target says. Its `agent_id` is the gateway, its `agent_alias` the target, which is what
/// stands before the first `___` of the tool's name.
pub struct GatewayStatement<'a> {
    /// The person.
    pub subject: &'a Subject,
    /// The organization they are signed in to, if any.
    pub organization: Option<&'a Organization>,
    /// The session that the request named, if any. It is a claim of the caller's until a row says the same.
    pub session: Option<&'a SessionHash>,
    /// The gateway's id, as in `gw-one-abc1234567`.
    pub gateway: &'a str,
    /// The tool's full name, as in `okta___list_groups`.
    pub tool: &'a str,
    /// The arguments, without the member that the ticket travels in.
    pub arguments: &'a ArgumentsHash,
    /// How far the caller reaches, for a tool that tells them.
    pub reach: Option<&'a Reach>,
}

/// What a gateway target is told by its event and its client context; the ticket must say the same.
pub struct GatewayOrigin<'a> {
    /// `bedrockAgentCoreGatewayId`.
    pub gateway: &'a str,
    /// `bedrockAgentCoreToolName`, whole.
    pub tool: &'a str,
    /// The event, without the member that the ticket travelled in.
    pub arguments: &'a Map<String, Value>,
}

/// A verified ticket of a gateway target's call. Only [`GatewayTicket::verify`] makes one. It opens no row: a tool that
/// needs one asks for [`GatewayTicket::in_session`].
///
/// ```compile_fail
/// fn confirm(row: auth::session::Row, ticket: &auth::ticket::GatewayTicket, now: auth::time::Timestamp) {
///     let _ = row.confirm(ticket, now);
/// }
/// ```
#[derive(Clone, Debug)]
pub struct GatewayTicket {
    holder: Holder,
    session: Option<SessionHash>,
    tool: String,
    reach: Option<Reach>,
}

impl GatewayTicket {
    /// Verifies `token`: signature by a key of a minter that may serve [`Door::GatewayTarget`], type, audience, life of at
    /// most [`LONGEST_GATEWAY_SECONDS`], and gateway, tool and arguments equal to the event's.
    ///
    /// # Errors
    /// `auth_required` for every failure; the cause, for the log, says which rule.
    pub fn verify(
        token: &Secret,
        keys: &TicketKeys,
        origin: &GatewayOrigin<'_>,
        now: Timestamp,
    ) -> Result<Self, Refusal> {
        let claims = verified(token, keys, (Door::GatewayTarget, LONGEST_GATEWAY_SECONDS), now)?;
        let ticket = Self::read(&claims).ok_or_else(|| refused("a claim is missing or ill-typed"))?;
        if ticket.holder.agent.id != origin.gateway {
            return Err(refused("made for another gateway"));
        }
        if ticket.tool != origin.tool || target_of(origin.tool) != Some(ticket.holder.agent.alias.as_str()) {
            return Err(refused("made for another tool or target"));
        }
        let hash = ArgumentsHash::of(origin.arguments);
        if hash.is_none() || claims.text("args") != hash.as_ref().map(ArgumentsHash::as_str) {
            return Err(refused("made for other arguments"));
        }
        Ok(ticket)
    }

    fn read(claims: &Claims) -> Option<Self> {
        let session = match claims.json().get("sid") {
            None => None,
            Some(value) => Some(SessionHash::parse(value.as_str()?)?),
        };
        Some(Self {
            holder: Holder::read(claims)?,
            session,
            tool: claims.text("tool")?.to_owned(),
            reach: Reach::read(claims)?,
        })
    }

    /// Whom it was made for.
    #[must_use]
    pub fn holder(&self) -> &Holder {
        &self.holder
    }

    /// How far the caller reaches, where the ticket says it.
    #[must_use]
    pub fn reach(&self) -> Option<&Reach> {
        self.reach.as_ref()
    }

    /// The full name of the tool that it was made for.
    #[must_use]
    pub fn tool(&self) -> &str {
        &self.tool
    }

    /// The session that the request named, if any.
    #[must_use]
    pub fn session(&self) -> Option<&SessionHash> {
        self.session.as_ref()
    }

    /// The ticket of the session that the request named, for a tool that needs the row.
    ///
    /// # Errors
    /// `auth_required` if it named none.
    pub fn in_session(self) -> Result<Ticket, Refusal> {
        let session = self.session.ok_or_else(|| refused("its request named no session"))?;
        Ok(Ticket { holder: self.holder, session })
    }
}

/// The target's name, if there is one and a tool's name behind it.
pub(super) fn target_of(tool: &str) -> Option<&str> {
    let (target, name) = tool.split_once(SEPARATOR)?;
    (!target.is_empty() && !name.is_empty()).then_some(target)
}
