//! Ending what is open: when a person signs out, and when an operator stops a person or an agent.
//!
//! Nothing that fails later undoes what came before, and nothing is left out because something before it failed: what was done
//! and what was not is told.

use std::collections::HashSet;

use auth::approval::{Ending, PersonKey};
use auth::id::SessionHash;
use auth::refusal::Code;
use auth::secret::Secret;
use auth::subject::Subject;
use auth::time::Clock;
use tokio::time::Instant;
use upstream_aws::{ApprovalStore, Holder, SessionStore, StoreError, Sweep, Swept};
use upstream_http::auth0::{self, TokenError, revoke::revoke};
use upstream_http::transport::Transport;

/// What it is done with.
pub struct Stopping {
    /// The session rows.
    pub sessions: SessionStore,
    /// The table of approvals.
    pub approvals: ApprovalStore,
    /// The one HTTP client.
    pub transport: Transport,
    /// Our client at Auth0.
    pub auth0: auth0::Client,
    /// The time.
    pub clock: Clock,
}

/// What became of a refresh token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Token {
    /// Auth0 says that it is over.
    Revoked,
    /// There was no row, and so no token.
    None,
    /// The row could not be read before it was deleted: the token lives until its own end, and nobody has it.
    Unread,
    /// Auth0 did not say that it is over.
    Failed(TokenError),
}

/// What became of a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EndedSession {
    /// Which.
    pub hash: SessionHash,
    /// Whether its row is gone.
    pub deleted: Result<(), StoreError>,
    /// Its refresh token.
    pub token: Token,
}

/// What became of a sign-out.
#[derive(Debug)]
pub struct SignedOut {
    /// The session.
    pub session: EndedSession,
    /// Its approvals.
    pub approvals: Swept,
}

/// What became of a stop.
#[derive(Debug)]
pub struct Stopped {
    /// Every session that was found; why none could be looked for.
    pub sessions: Result<Vec<EndedSession>, StoreError>,
    /// Their approvals.
    pub approvals: Swept,
}

impl Stopping {
    /// Signs out: the session's row goes first, since no call passes without it; then its open approvals end as
    /// `auth_required`; then Auth0 is told once that the refresh token is over.
    pub async fn sign_out(&self, subject: &Subject, hash: &SessionHash, until: Instant) -> SignedOut {
        let (deleted, token) = self.delete(hash, until).await;
        let person = PersonKey::of(subject);
        let ending = Ending::failed(Code::AuthRequired);
        let swept = self.approvals.sweep(Sweep::Session(&person, hash), &ending, self.clock.now(), until);
        let approvals = Box::pin(swept).await;
        let token = self.revoke(token, until).await;
        SignedOut { session: EndedSession { hash: hash.clone(), deleted, token }, approvals }
    }

    /// Ends all sessions and then all open approvals of a person or an agent, these as `access_denied`. Whoever calls this has
    /// said no at the authorizer before. Of a person who is named by address, only those approvals are found of whom a
    /// session was; the others cannot be used without one.
    pub async fn stop(&self, whose: Holder<'_>, until: Instant) -> Stopped {
        let found = Box::pin(self.sessions.search(whose, until)).await;
        let mut people = HashSet::new();
        let sessions = match found {
            Err(problem) => Err(problem),
            Ok(found) => {
                let mut ended = Vec::with_capacity(found.len());
                for session in found {
                    people.extend(session.row.as_ref().map(|row| PersonKey::of(&row.subject)));
                    let deleted = self.sessions.delete(&session.hash, until).await;
                    let token = session.row.map_or(Held::Unread, |row| Held::Token(row.into_refresh_token()));
                    let token = self.revoke(token, until).await;
                    ended.push(EndedSession { hash: session.hash, deleted, token });
                }
                Ok(ended)
            }
        };
        if let Holder::Person(subject) = whose {
            people.insert(PersonKey::of(subject));
        }
        let approvals = match whose {
            Holder::Agent(agent) => self.sweep(Sweep::Agent(agent), until).await,
            Holder::Person(_) | Holder::Address(_) => {
                let mut all = Swept::default();
                for person in &people {
                    let swept = self.sweep(Sweep::Person(person), until).await;
                    all.ended.extend(swept.ended);
                    all.acting.extend(swept.acting);
                    all.problem = all.problem.or(swept.problem);
                }
                all
            }
        };
        Stopped { sessions, approvals }
    }

    async fn sweep(&self, which: Sweep<'_>, until: Instant) -> Swept {
        let ending = Ending::failed(Code::AccessDenied);
        Box::pin(self.approvals.sweep(which, &ending, self.clock.now(), until)).await
    }

    /// The row is read before it goes, for its token alone.
    async fn delete(&self, hash: &SessionHash, until: Instant) -> (Result<(), StoreError>, Held) {
        let token = match Box::pin(self.sessions.read(hash, until)).await {
            Ok(Some(row)) => Held::Token(row.into_refresh_token()),
            Ok(None) => Held::Nothing,
            Err(_) => Held::Unread,
        };
        (self.sessions.delete(hash, until).await, token)
    }

    async fn revoke(&self, token: Held, until: Instant) -> Token {
        match token {
            Held::Nothing => Token::None,
            Held::Unread => Token::Unread,
            Held::Token(token) => {
                match Box::pin(revoke(&self.transport, &self.auth0, &token, self.clock.now(), until)).await {
                    Ok(()) => Token::Revoked,
                    Err(problem) => Token::Failed(problem),
                }
            }
        }
    }
}

/// A refresh token on its way to be revoked.
enum Held {
    Token(Secret),
    Nothing,
    Unread,
}
