//! Tickets: signed statements, good for minutes, of who is chatting with which agent in which session.
//!
//! A ticket is a JWS in compact form (RFC 7515) under EdDSA with `typ` `mandate-ticket+jwt`. Its claims:
//! `iss` (the minter's name), `aud` (`mandate-tools`), `iat`, `exp`, `sub` and `sub_iss` (the person), `org_id` if they are
//! signed in to an organization, `agent_id`, `agent_alias`, and `sid` (the hash of the session id).
//!
//! A ticket for a gateway target lives for a minute at most, may lack `sid`, and says two things more: `tool` (the full name)
//! and `args` (the SHA-256 of the arguments' canonical JSON). One for a tool that tells the caller who they are says two
//! more: `scope` (those of the caller's access token, separated by spaces) and `tools` (the full names of what they may call).

mod gateway;
mod keys;
mod mint;
#[cfg(test)]
mod tests;

pub use gateway::{GatewayOrigin, GatewayStatement, GatewayTicket, LONGEST_GATEWAY_SECONDS, Reach};
pub use keys::{KeysProblem, TicketKeys};
pub use mint::{Minter, Statement};

use serde::{Deserialize, Serialize};

use crate::id::{Agent, Organization, SessionHash, SessionReference};
use crate::jwt::{self, Algorithm, Claims, Policy, Unverified};
use crate::refusal::Refusal;
use crate::secret::Secret;
use crate::subject::Subject;
use crate::time::Timestamp;

/// The `typ` header of every ticket.
pub const TYP: &str = "mandate-ticket+jwt";
/// The `aud` claim of every ticket.
pub const AUDIENCE: &str = "mandate-tools";
/// The longest life of a ticket, in seconds.
pub const LONGEST_SECONDS: u64 = 600;

/// The wire shape that a call came through.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Door {
    /// A Bedrock Agents Classic action group with function details.
    FunctionDetails,
    /// A Bedrock Agents Classic action group with an OpenAPI schema.
    OpenApi,
    /// A Lambda target of an AgentCore Gateway.
    GatewayTarget,
}

/// What an event says about where it comes from; the ticket must say the same.
pub struct Origin<'a> {
    /// The door it came through.
    pub door: Door,
    /// The agent that the event names.
    pub agent: &'a Agent,
    /// The session that the event names.
    pub session: &'a SessionReference,
}

/// A verified ticket. Only [`Ticket::verify`] and [`GatewayTicket::in_session`] make one.
#[derive(Clone, Debug)]
pub struct Ticket {
    holder: Holder,
    session: SessionHash,
}

/// Whom a verified ticket is for, and through which agent. Through a gateway, the agent's id is the gateway's and its alias
/// the target.
#[derive(Clone, Debug)]
pub struct Holder {
    subject: Subject,
    organization: Option<Organization>,
    agent: Agent,
}

impl Holder {
    /// The person.
    #[must_use]
    pub fn subject(&self) -> &Subject {
        &self.subject
    }

    /// The organization they are signed in to, if any.
    #[must_use]
    pub fn organization(&self) -> Option<&Organization> {
        self.organization.as_ref()
    }

    /// The agent.
    #[must_use]
    pub fn agent(&self) -> &Agent {
        &self.agent
    }

    fn read(claims: &Claims) -> Option<Self> {
        let organization = match claims.json().get("org_id") {
            None => None,
            Some(value) => Some(Organization(value.as_str()?.to_owned())),
        };
        Some(Self {
            subject: Subject::new(claims.text("sub_iss")?, claims.text("sub")?).ok()?,
            organization,
            agent: Agent { id: claims.text("agent_id")?.to_owned(), alias: claims.text("agent_alias")?.to_owned() },
        })
    }
}

/// What holds at every door.
fn verified(
    token: &Secret,
    keys: &TicketKeys,
    (door, longest_seconds): (Door, u64),
    now: Timestamp,
) -> Result<Claims, Refusal> {
    let token = token.expose();
    let header = Unverified::parse(token).map_err(|_| refused("not a signed token"))?;
    let minter = header.kid().and_then(|kid| keys.minter_of(kid)).ok_or_else(|| refused("unknown key"))?;
    let policy = Policy::typed(TYP, AUDIENCE, &[Algorithm::EdDsa], longest_seconds);
    let claims = jwt::verify(token, &minter.keys, &policy, now).map_err(|error| refused(&error.to_string()))?;
    if claims.text("iss") != Some(minter.name.as_str()) {
        return Err(refused("issued in another minter's name"));
    }
    if !minter.doors.contains(&door) {
        return Err(refused("its minter does not serve this door"));
    }
    Ok(claims)
}

fn refused(cause: &str) -> Refusal {
    Refusal::auth_required(format!("ticket: {cause}"))
}

impl Ticket {
    /// Verifies `token`: signature by a key of a minter that may serve this door, type, audience, life of at most
    /// [`LONGEST_SECONDS`], and agent, alias and session equal to the event's. At [`Door::GatewayTarget`] no ticket is taken
    /// here, and a ticket that was made for that door is taken at no other: see [`GatewayTicket::verify`].
    ///
    /// # Errors
    /// `auth_required` for every failure; the cause, for the log, says which rule.
    pub fn verify(token: &Secret, keys: &TicketKeys, origin: &Origin<'_>, now: Timestamp) -> Result<Self, Refusal> {
        if origin.door == Door::GatewayTarget {
            return Err(refused("tool and arguments were not compared"));
        }
        let claims = verified(token, keys, (origin.door, LONGEST_SECONDS), now)?;
        if claims.json().contains_key("tool") || claims.json().contains_key("args") {
            return Err(refused("made for a gateway target"));
        }
        let ticket = Self::read(&claims).ok_or_else(|| refused("a claim is missing or ill-typed"))?;
        if ticket.holder.agent != *origin.agent {
            return Err(refused("made for another agent or alias"));
        }
        if ticket.session != origin.session.hash() {
            return Err(refused("made for another session"));
        }
        Ok(ticket)
    }

    fn read(claims: &Claims) -> Option<Self> {
        Some(Self { holder: Holder::read(claims)?, session: SessionHash::parse(claims.text("sid")?)? })
    }

    /// Whom it was made for.
    #[must_use]
    pub fn holder(&self) -> &Holder {
        &self.holder
    }

    /// The person it was made for.
    #[must_use]
    pub fn subject(&self) -> &Subject {
        &self.holder.subject
    }

    /// The organization they are signed in to, if any.
    #[must_use]
    pub fn organization(&self) -> Option<&Organization> {
        self.holder.organization.as_ref()
    }

    /// The session it was made for.
    #[must_use]
    pub fn session(&self) -> &SessionHash {
        &self.session
    }

    /// The agent it was made for.
    #[must_use]
    pub fn agent(&self) -> &Agent {
        &self.holder.agent
    }
}
