//! Proof, for one tool call, of who it acts for and what it may do.

use serde::Serialize;

use crate::approval::{Approved, Permit};
use crate::canonical::ArgumentsHash;
use crate::decision::{Check, Decision};
use crate::id::{Agent, Login, Organization, SessionHash};
use crate::refusal::{Code, Refusal};
use crate::secret::Secret;
use crate::session::{Anchor, FederatedToken, Row, Session, Tokens, Wanted};
use crate::subject::Subject;
use crate::ticket::Ticket;
use crate::time::Timestamp;

/// What a tool that takes arguments `A` asks the authorizer before it acts.
pub trait Asks<A> {
    /// The one question for these arguments and the person of this session. Pure: the same values give the same question.
    ///
    /// # Errors
    /// A refusal if no question can be asked, for example because the session lacks what the setting needs.
    fn question(&self, session: &Session, args: &A) -> Result<Check, Refusal>;

    /// That question as the agent of this ticket asks it: the one that a mandate needs the answer to.
    ///
    /// # Errors
    /// As [`Asks::question`]; `access_denied` if the agent's id is not one that could be stopped.
    fn question_of(&self, ticket: &Ticket, session: &Session, args: &A) -> Result<Check, Refusal> {
        self.question(session, args)?.of_agent(ticket.agent())
    }

    /// The same after a person's approval, as the agent asks that asked for it.
    ///
    /// # Errors
    /// As [`Asks::question_of`].
    fn question_again(&self, approved: &Approved, session: &Session, args: &A) -> Result<Check, Refusal> {
        self.question(session, args)?.of_agent(&approved.binding().agent)
    }
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

/// Arguments that say which Okta group a call is about.
pub trait NamesOktaGroup {
    /// The group's exact name, letter case included.
    fn okta_group(&self) -> &str;
}

/// Session, matched decision and arguments of one tool call. Only [`Mandate::issue`] makes one; only a mandate opens the
/// vault or reaches an upstream. It cannot be printed or cloned.
///
/// ```compile_fail
/// fn print<A>(mandate: auth::mandate::Mandate<A>) { println!("{mandate:?}"); }
/// ```
pub struct Mandate<A> {
    anchor: Anchor,
    session: Session,
    decision: Decision,
    arguments: Option<ArgumentsHash>,
    args: A,
}

impl<A> Mandate<A> {
    /// Joins what was verified. The question is asked of the tool once more, from this session, these arguments and the
    /// ticket's agent, and must be the one that the decision answers with yes.
    ///
    /// # Errors
    /// `access_denied` if the decision is a no or answers another question; the tool's own refusal if it cannot ask.
    pub fn issue<T: Asks<A>>(
        tool: &T,
        ticket: Ticket,
        session: Session,
        decision: Decision,
        args: A,
    ) -> Result<Self, Refusal> {
        let question = tool.question(&session, &args)?.of_agent(ticket.agent())?;
        let anchor = Anchor::of_ticket(&ticket);
        Self::join(anchor, question, session, decision, args, None)
    }

    /// The same after a person's approval: the approval stands where the ticket stands, which has ended by then, and its
    /// hash of the arguments must be that of `args`.
    ///
    /// # Errors
    /// As [`Mandate::issue`]; also `access_denied` if the arguments are not those that were approved.
    pub fn resume<T: Asks<A>>(
        tool: &T,
        approved: &Approved,
        session: Session,
        decision: Decision,
        args: A,
    ) -> Result<Self, Refusal>
    where
        A: Serialize,
    {
        let question = tool.question(&session, &args)?.of_agent(&approved.binding().agent)?;
        let arguments = ArgumentsHash::of(&args).filter(|hash| *hash == approved.binding().arguments);
        if arguments.is_none() {
            return Err(Refusal::new(Code::AccessDenied, "mandate: the approval is for other arguments"));
        }
        Self::join(Anchor::of_binding(approved.binding()), question, session, decision, args, arguments)
    }

    fn join(
        anchor: Anchor,
        question: Check,
        session: Session,
        decision: Decision,
        args: A,
        arguments: Option<ArgumentsHash>,
    ) -> Result<Self, Refusal> {
        if !anchor.holds(&session) {
            return Err(Refusal::auth_required("mandate: the session is another one"));
        }
        if !decision.allows(&question) {
            return Err(Refusal::new(Code::AccessDenied, "mandate: the check was answered with no"));
        }
        Ok(Self { anchor, session, decision, arguments, args })
    }

    pub(crate) fn arguments_hash(&self) -> Option<&ArgumentsHash> {
        self.arguments.as_ref()
    }

    /// Whether `permit` was given for this person, session, organization and these arguments. False for a mandate that
    /// rests on a ticket: it has no approved arguments.
    #[must_use]
    pub fn is_permitted_by(&self, permit: &Permit) -> bool {
        self.anchor == Anchor::of_binding(permit.binding())
            && self.arguments.as_ref() == Some(&permit.binding().arguments)
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

    /// The agent that asked for it.
    #[must_use]
    pub fn agent(&self) -> &Agent {
        self.anchor.agent()
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

    /// The stored token of the provider, if it is the wanted one and lives for more than another minute.
    #[must_use]
    pub fn federated_token(&self, wanted: &Wanted<'_>, now: Timestamp) -> Option<&FederatedToken> {
        self.session.federated_token(wanted, now)
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
    /// `auth_required` if the row has ended or names another person by now, or if it has another address or connection
    /// than the one that the question was asked of.
    pub fn reread(&mut self, row: Row, now: Timestamp) -> Result<(), Refusal> {
        let session = row.confirm_anchor(&self.anchor, now)?;
        if !session.says_the_same_as(&self.session) {
            return Err(Refusal::auth_required("session: the row says something else of the person by now"));
        }
        self.session = session;
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

impl<A: NamesOktaGroup> Mandate<A> {
    /// The exact name of the Okta group that this mandate reaches.
    #[must_use]
    pub fn okta_group(&self) -> &str {
        self.args.okta_group()
    }
}

#[cfg(test)]
mod tests;
