//! Proof, for one tool call, of who it acts for and what it may do.

use crate::decision::{Check, Decision};
use crate::id::{Login, Organization, SessionHash};
use crate::refusal::{Code, Refusal};
use crate::scope::Scopes;
use crate::secret::Secret;
use crate::session::{FederatedToken, Row, Session, Tokens};
use crate::subject::Subject;
use crate::ticket::Ticket;
use crate::time::Timestamp;

/// What a tool asks the authorizer before it acts.
pub trait Asks {
    /// The tool's parsed arguments.
    type Args;

    /// The one question for these arguments and the person of this session. Pure: the same values give the same question.
    ///
    /// # Errors
    /// A refusal if no question can be asked, for example because the session lacks what the setting needs.
    fn question(&self, session: &Session, args: &Self::Args) -> Result<Check, Refusal>;
}

/// Whose Okta account a call is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OktaUser {
    /// The person of the federated token.
    Own,
    /// Somebody else, by full login.
    Other(Login),
}

/// Arguments that say whose Okta account a call is about.
pub trait NamesOktaUser {
    /// The account, given who is asking.
    fn okta_user(&self, session: &Session) -> OktaUser;
}

/// Session, matched decision and arguments of one tool call. Only [`Mandate::issue`] makes one; only a mandate opens the
/// vault or reaches an upstream. It cannot be printed or cloned.
///
/// ```compile_fail
/// fn print<A>(mandate: auth::mandate::Mandate<A>) { println!("{mandate:?}"); }
/// ```
pub struct Mandate<A> {
    ticket: Ticket,
    session: Session,
    decision: Decision,
    args: A,
}

impl<A> Mandate<A> {
    /// Joins what was verified. The question is asked of the tool once more, from this session and these arguments, and
    /// must be the one that the decision answers with yes.
    ///
    /// # Errors
    /// `access_denied` if the decision is a no or answers another question; the tool's own refusal if it cannot ask.
    pub fn issue<T: Asks<Args = A>>(
        tool: &T,
        ticket: Ticket,
        session: Session,
        decision: Decision,
        args: A,
    ) -> Result<Self, Refusal> {
        let question = tool.question(&session, &args)?;
        if *session.hash() != *ticket.session() || *session.subject() != *ticket.subject() {
            return Err(Refusal::auth_required("mandate: ticket and session differ"));
        }
        if !decision.allows(&question) {
            return Err(Refusal::new(Code::AccessDenied, "mandate: the check was answered with no"));
        }
        Ok(Self { ticket, session, decision, args })
    }

    /// The arguments that the decision is about.
    #[must_use]
    pub fn args(&self) -> &A {
        &self.args
    }

    /// The person it acts for.
    #[must_use]
    pub fn subject(&self) -> &Subject {
        self.session.subject()
    }

    /// The organization it acts in, if any.
    #[must_use]
    pub fn organization(&self) -> Option<&Organization> {
        self.session.organization()
    }

    /// The session it was issued for.
    #[must_use]
    pub fn session(&self) -> &Session {
        &self.session
    }

    /// The session's hash: the key of the row.
    #[must_use]
    pub fn session_hash(&self) -> &SessionHash {
        self.session.hash()
    }

    /// The version of the row that was read last.
    #[must_use]
    pub fn session_version(&self) -> u64 {
        self.session.version()
    }

    /// Whether somebody is refreshing the row's token at `now`.
    #[must_use]
    pub fn is_leased(&self, now: Timestamp) -> bool {
        self.session.is_leased(now)
    }

    /// The decision it rests on.
    #[must_use]
    pub fn decision(&self) -> &Decision {
        &self.decision
    }

    /// The stored token of the provider, if it covers `needed` and lives for more than another minute.
    #[must_use]
    pub fn federated_token(&self, needed: &Scopes, now: Timestamp) -> Option<&FederatedToken> {
        self.session.federated_token(needed, now)
    }

    /// The person's refresh token, for the vault's exchange.
    #[must_use]
    pub fn refresh_token(&self) -> &Secret {
        self.session.refresh_token()
    }

    /// The row's tokens with `federated` in place of the old one, for the store.
    #[must_use]
    pub fn renewed_tokens(&self, federated: FederatedToken) -> Tokens {
        self.session.tokens().renewed(federated)
    }

    /// Takes a newer reading of the same row, confirmed by the same ticket.
    ///
    /// # Errors
    /// `auth_required` if the row has ended or names another person by now.
    pub fn reread(&mut self, row: Row, now: Timestamp) -> Result<(), Refusal> {
        self.session = row.confirm(&self.ticket, now)?;
        Ok(())
    }
}

impl<A: NamesOktaUser> Mandate<A> {
    /// Whose Okta account this mandate reaches.
    #[must_use]
    pub fn okta_user(&self) -> OktaUser {
        self.args.okta_user(&self.session)
    }
}
