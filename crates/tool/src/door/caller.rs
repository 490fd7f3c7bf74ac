//! Who calls, as an event says it, and the ticket that must say the same.

use auth::id::{Agent, SessionReference};
use auth::refusal::Refusal;
use auth::ticket::{GatewayOrigin, GatewayTicket, Holder, Origin, Reach, Ticket, TicketKeys};
use auth::time::Timestamp;

use super::Call;

/// Who calls, as the event and its client context say it. Untrusted until a ticket says the same.
pub enum Caller {
    /// An agent of Bedrock Agents Classic.
    Agent {
        /// The agent.
        agent: Agent,
        /// The session.
        session: SessionReference,
    },
    /// An AgentCore Gateway. The session is in the ticket, if there is one.
    Gateway {
        /// The gateway's id.
        gateway: String,
        /// The tool's full name.
        tool: String,
    },
}

impl Call {
    /// The ticket, if it is good and says what the event says.
    ///
    /// # Errors
    /// `auth_required`; also if it came through a gateway with no session.
    pub fn verified(&self, keys: &TicketKeys, now: Timestamp) -> Result<Ticket, Refusal> {
        match &self.caller {
            Caller::Agent { agent, session } => {
                let origin = Origin { door: self.door(), agent, session };
                Ticket::verify(self.shown()?, keys, &origin, now)
            }
            Caller::Gateway { gateway, tool } => self.of_gateway((gateway, tool), keys, now)?.in_session(),
        }
    }

    /// Whom the ticket is for, session or not, and how far they reach at the gateway, where it says so.
    ///
    /// # Errors
    /// `auth_required`.
    pub fn identified(&self, keys: &TicketKeys, now: Timestamp) -> Result<(Holder, Option<Reach>), Refusal> {
        match &self.caller {
            Caller::Agent { .. } => Ok((self.verified(keys, now)?.holder().clone(), None)),
            Caller::Gateway { gateway, tool } => {
                let ticket = self.of_gateway((gateway, tool), keys, now)?;
                Ok((ticket.holder().clone(), ticket.reach().cloned()))
            }
        }
    }

    fn of_gateway(
        &self,
        (gateway, tool): (&str, &str),
        keys: &TicketKeys,
        now: Timestamp,
    ) -> Result<GatewayTicket, Refusal> {
        let origin = GatewayOrigin { gateway, tool, arguments: &self.arguments };
        GatewayTicket::verify(self.shown()?, keys, &origin, now)
    }

    fn shown(&self) -> Result<&auth::secret::Secret, Refusal> {
        self.ticket.as_ref().ok_or_else(|| Refusal::auth_required("ticket: missing"))
    }
}
