//! Ending what is open: when a person signs out, and when an operator stops a person or an agent.
//!
//! Nothing that fails later undoes what came before, and nothing is left out because something before it failed: what was done
//! and what was not is told.

mod every;

pub use every::{Patience, Stopped};

use auth::approval::{Ending, PersonKey};
use auth::id::SessionHash;
use auth::refusal::Code;
use auth::subject::Subject;
use auth::time::Clock;
use tokio::time::Instant;
use upstream_aws::{ApprovalStore, SealedRow, SessionStore, StoreError, Sweep, Swept, Taken};
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
    /// The row is another person's, and so is the token: it was left alone.
    Anothers,
    /// The row does not open: the token lives until its own end, and nobody has it.
    Unread,
    /// The row was not read, or KMS did not open it, however often they were asked: the token lives until its own end.
    Unopened(StoreError),
    /// Auth0 did not say that it is over.
    Failed(TokenError),
}

/// What became of a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EndedSession {
    /// Which.
    pub hash: SessionHash,
    /// Whether its row is gone.
    pub deleted: Result<(), NotDeleted>,
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

/// Why a session's row is not gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotDeleted {
    /// It is another person's session.
    #[error("the session is another person's")]
    Anothers,
    /// The table.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Stopping {
    /// Signs out: the session's row goes first, since no call passes without it; then its open approvals end as
    /// `auth_required`; then Auth0 is told once that the refresh token is over. Another person's session is left as it is, with
    /// all that belongs to it.
    pub async fn sign_out(&self, subject: &Subject, hash: &SessionHash, until: Instant) -> SignedOut {
        let taken = Box::pin(self.sessions.take(hash, subject, until)).await;
        let ended = |deleted, token| EndedSession { hash: hash.clone(), deleted, token };
        if matches!(taken, Taken::Anothers) {
            let session = ended(Err(NotDeleted::Anothers), Token::Anothers);
            return SignedOut { session, approvals: Swept::default() };
        }
        let person = PersonKey::of(subject);
        let ending = Ending::failed(Code::AuthRequired);
        let swept = self.approvals.sweep(Sweep::Session(&person, hash), &ending, self.clock.now(), until);
        let approvals = Box::pin(swept).await;
        let session = match taken {
            Taken::Still(problem, Some(row)) => ended(Err(problem.into()), self.revoke(&row, until).await),
            Taken::Still(problem, None) => ended(Err(problem.into()), Token::Unopened(problem)),
            Taken::Gone(Some(row)) => ended(Ok(()), self.revoke(&row, until).await),
            Taken::Gone(None) | Taken::Anothers => ended(Ok(()), Token::None),
        };
        SignedOut { session, approvals }
    }

    async fn revoke(&self, row: &SealedRow, until: Instant) -> Token {
        let token = match Box::pin(self.sessions.unseal(row, until)).await {
            Ok(row) => row.into_refresh_token(),
            Err(StoreError::Unreadable) => return Token::Unread,
            Err(problem) => return Token::Unopened(problem),
        };
        match Box::pin(revoke(&self.transport, &self.auth0, &token, self.clock.now(), until)).await {
            Ok(()) => Token::Revoked,
            Err(problem) => Token::Failed(problem),
        }
    }
}
