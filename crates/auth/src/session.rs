//! The stored row of a signed-in person, and what a ticket makes of it.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::approval::{Approved, Binding};
use crate::id::{Agent, AgentId, Login, Organization, SessionHash};
use crate::refusal::Refusal;
use crate::scope::Scopes;
use crate::secret::Secret;
use crate::subject::Subject;
use crate::ticket::Ticket;
use crate::time::Timestamp;

/// A token is not used in its last minute: it must still be valid when the upstream reads it.
pub const TOKEN_RESERVE_SECONDS: u64 = 60;

/// A token of the provider (Okta), as the vault gave it.
#[derive(Clone)]
pub struct FederatedToken {
    /// The connection that it was exchanged for, as in `okta-oidc`.
    pub connection: String,
    /// The access token.
    pub access_token: Secret,
    /// When the provider stops accepting it.
    pub expires_at: Timestamp,
    /// What it was granted for.
    pub scopes: Scopes,
}

/// Which federated token a call needs: of this connection, good for these scopes.
#[derive(Clone, Copy)]
pub struct Wanted<'a> {
    /// The vault's connection.
    pub connection: &'a str,
    /// What the tool needs.
    pub scopes: &'a Scopes,
}

/// What is sealed in a row. Whoever seals and unseals rows can read it; the clients of the upstreams take a mandate and
/// never a row.
#[derive(Clone)]
pub struct Tokens {
    refresh: Secret,
    federated: Option<FederatedToken>,
}

/// The sealed attribute's plain form: written here and nowhere else.
#[derive(Serialize, Deserialize)]
struct Plain<'a> {
    #[serde(borrow)]
    refresh_token: Cow<'a, str>,
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    federated: Option<PlainFederated<'a>>,
}

#[derive(Serialize, Deserialize)]
struct PlainFederated<'a> {
    connection: String,
    #[serde(borrow)]
    access_token: Cow<'a, str>,
    expires_at: u64,
    scope: String,
}

impl Tokens {
    /// The person's refresh token at the identity provider; no federated token yet.
    #[must_use]
    pub fn new(refresh: Secret) -> Self {
        Self { refresh, federated: None }
    }

    /// The bytes to seal.
    #[must_use]
    pub fn to_plain(&self) -> Zeroizing<Vec<u8>> {
        let federated = self.federated.as_ref().map(|token| PlainFederated {
            connection: token.connection.clone(),
            access_token: Cow::Borrowed(token.access_token.expose()),
            expires_at: token.expires_at.seconds(),
            scope: token.scopes.joined(),
        });
        let plain = Plain { refresh_token: Cow::Borrowed(self.refresh.expose()), federated };
        Zeroizing::new(serde_json::to_vec(&plain).unwrap_or_default())
    }

    /// From unsealed bytes.
    ///
    /// # Errors
    /// `auth_required` if they are not what [`Tokens::to_plain`] writes.
    pub fn from_plain(bytes: &[u8]) -> Result<Self, Refusal> {
        let plain: Plain<'_> =
            serde_json::from_slice(bytes).map_err(|_| Refusal::auth_required("session: sealed tokens unreadable"))?;
        Ok(Self {
            refresh: Secret::new(plain.refresh_token.into_owned()),
            federated: plain.federated.map(|token| FederatedToken {
                connection: token.connection,
                access_token: Secret::new(token.access_token.into_owned()),
                expires_at: Timestamp::from_seconds(token.expires_at),
                scopes: Scopes::parse(&token.scope),
            }),
        })
    }

    /// This refresh token in place of the one before, as a provider gives that rotates them.
    #[must_use]
    pub fn rotated(&self, refresh: Secret) -> Self {
        Self { refresh, federated: self.federated.clone() }
    }

    /// The same refresh token without a federated token; nothing if there is none.
    #[must_use]
    pub fn without_federated(&self) -> Option<Self> {
        self.federated.as_ref().map(|_| Self { refresh: self.refresh.clone(), federated: None })
    }

    /// The same refresh token with this federated token.
    #[must_use]
    pub fn renewed(&self, federated: FederatedToken) -> Self {
        Self { refresh: self.refresh.clone(), federated: Some(federated) }
    }
}

/// Somebody is refreshing the row's federated token, and until when they may.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lease {
    /// Random id of the invocation that holds it.
    pub holder: String,
    /// After this time anybody may take it over.
    pub until: Timestamp,
}

/// A stored row, as read. It stands for nobody until [`Row::confirm`] has compared it with a ticket.
#[derive(Clone)]
pub struct Row {
    /// The partition key.
    pub hash: SessionHash,
    /// Who signed in.
    pub subject: Subject,
    /// The organization they signed in to, if any.
    pub organization: Option<Organization>,
    /// Their e-mail address, if the identity provider verified it.
    pub email: Option<Login>,
    /// The connection they signed in by.
    pub connection: Option<String>,
    /// The agent whose chats the session is for; any agent's, if absent.
    pub agent: Option<AgentId>,
    /// End of the session.
    pub expires_at: Timestamp,
    /// Counts the writes to this row; every write is conditional on it.
    pub version: u64,
    /// Who is refreshing, if anybody.
    pub lease: Option<Lease>,
    /// The person's tokens.
    pub tokens: Tokens,
}

/// What a row is compared with: the session, the person, the organization and the agent that a ticket or an approval names.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Anchor {
    hash: SessionHash,
    subject: Subject,
    organization: Option<Organization>,
    agent: Agent,
}

impl Anchor {
    pub(crate) fn of_ticket(ticket: &Ticket) -> Self {
        let organization = ticket.organization().cloned();
        let (hash, subject) = (ticket.session().clone(), ticket.subject().clone());
        Self { hash, subject, organization, agent: ticket.agent().clone() }
    }

    pub(crate) fn of_binding(binding: &Binding) -> Self {
        let organization = binding.organization.clone();
        let (hash, subject) = (binding.session.clone(), binding.subject.clone());
        Self { hash, subject, organization, agent: binding.agent.clone() }
    }

    pub(crate) fn agent(&self) -> &Agent {
        &self.agent
    }

    pub(crate) fn holds(&self, session: &Session) -> bool {
        self.hash == *session.hash()
            && self.subject == *session.subject()
            && self.organization.as_ref() == session.organization()
            && self.may_use(session.agent())
    }

    fn may_use(&self, agent: Option<&AgentId>) -> bool {
        agent.is_none_or(|agent| agent.as_str() == self.agent.id)
    }
}

impl Row {
    /// Makes a session of the row if it has not expired and names the same session, issuer, subject and organization as
    /// the ticket. The organization is compared even when one of them has none; the agent if the row names one.
    ///
    /// # Errors
    /// `auth_required`; the cause says which comparison failed.
    pub fn confirm(self, ticket: &Ticket, now: Timestamp) -> Result<Session, Refusal> {
        self.confirm_anchor(&Anchor::of_ticket(ticket), now)
    }

    /// The same for an approval that the person has given, whose ticket has ended by then.
    ///
    /// # Errors
    /// As [`Row::confirm`].
    pub fn confirm_approved(self, approved: &Approved, now: Timestamp) -> Result<Session, Refusal> {
        self.confirm_anchor(&Anchor::of_binding(approved.binding()), now)
    }

    /// The person's refresh token, for whoever ends the session and has it revoked, or looks at the person's connected
    /// accounts for them. The row is used up.
    #[must_use]
    pub fn into_refresh_token(self) -> Secret {
        self.tokens.refresh
    }

    pub(crate) fn confirm_anchor(self, anchor: &Anchor, now: Timestamp) -> Result<Session, Refusal> {
        let problem = if self.hash != anchor.hash {
            "session: the row is another session's"
        } else if self.expires_at <= now {
            "session: expired"
        } else if self.subject != anchor.subject {
            "session: the row is another person's"
        } else if self.organization != anchor.organization {
            "session: the row is another organization's"
        } else if !anchor.may_use(self.agent.as_ref()) {
            "session: the row is for another agent"
        } else {
            return Ok(Session { row: self });
        };
        Err(Refusal::auth_required(problem))
    }
}

/// The row of the person whom a ticket named. Only [`Row::confirm`] makes one. Its tokens are out of reach: a mandate
/// opens them.
#[derive(Clone)]
pub struct Session {
    row: Row,
}

impl Session {
    /// Who is signed in.
    #[must_use]
    pub fn subject(&self) -> &Subject {
        &self.row.subject
    }

    /// The organization they are signed in to, if any.
    #[must_use]
    pub fn organization(&self) -> Option<&Organization> {
        self.row.organization.as_ref()
    }

    /// Their verified e-mail address, if there is one.
    #[must_use]
    pub fn email(&self) -> Option<&Login> {
        self.row.email.as_ref()
    }

    /// The connection they signed in by, if it is known.
    #[must_use]
    pub fn connection(&self) -> Option<&str> {
        self.row.connection.as_deref()
    }

    /// The agent whose chats it is for; any agent's, if there is none.
    #[must_use]
    pub fn agent(&self) -> Option<&AgentId> {
        self.row.agent.as_ref()
    }

    /// When it ends.
    #[must_use]
    pub fn expires_at(&self) -> Timestamp {
        self.row.expires_at
    }

    /// The partition key of the row.
    #[must_use]
    pub fn hash(&self) -> &SessionHash {
        &self.row.hash
    }

    /// The version of the row that was read.
    #[must_use]
    pub fn version(&self) -> u64 {
        self.row.version
    }

    /// Whether somebody is refreshing this row's token at `now`.
    #[must_use]
    pub fn is_leased(&self, now: Timestamp) -> bool {
        self.row.lease.as_ref().is_some_and(|lease| lease.until > now)
    }

    pub(crate) fn tokens(&self) -> &Tokens {
        &self.row.tokens
    }

    pub(crate) fn refresh_token(&self) -> &Secret {
        &self.row.tokens.refresh
    }

    /// Whether a newer reading of the row says the same of the person: what a question was asked of must not change under
    /// the answer.
    pub(crate) fn says_the_same_as(&self, other: &Self) -> bool {
        self.email() == other.email() && self.connection() == other.connection()
    }

    pub(crate) fn federated_token(&self, wanted: &Wanted<'_>, now: Timestamp) -> Option<&FederatedToken> {
        let token = self.row.tokens.federated.as_ref()?;
        let usable = token.connection == wanted.connection
            && token.expires_at > now.plus(TOKEN_RESERVE_SECONDS)
            && token.scopes.cover(wanted.scopes);
        usable.then_some(token)
    }
}

#[cfg(test)]
mod tests;
