//! Ending all that is open of a person or an agent: first every session row, page by page; then the approvals; and only then
//! the refresh tokens, which nobody can use any more. Each of the three has a time of its own.

use std::collections::HashSet;
use std::time::Duration;

use auth::approval::{Ending, PersonKey};
use auth::refusal::Code;
use futures_util::{StreamExt as _, stream};
use tokio::time::Instant;
use upstream_aws::{Holder, SealedRow, StoreError, Sweep, Swept};

use super::{EndedSession, Stopping};

/// How many rows are deleted, or tokens revoked, side by side.
const SIDE_BY_SIDE: usize = 8;

/// How long each part of a stop may take. What is not done by then is told as not done.
#[derive(Clone, Copy)]
pub struct Patience {
    /// Finding and deleting session rows.
    pub rows: Duration,
    /// Ending approvals.
    pub approvals: Duration,
    /// Revoking refresh tokens.
    pub tokens: Duration,
}

/// What became of a stop.
#[derive(Debug)]
pub struct Stopped {
    /// Every session that was found.
    pub sessions: Vec<EndedSession>,
    /// Why there may be more sessions. Of a person who is named by address, there may be more approvals too.
    pub unfound: Option<StoreError>,
    /// Their approvals.
    pub approvals: Swept,
}

/// Rows that were found, and whether each is gone.
struct Rows {
    rows: Vec<(SealedRow, Result<(), StoreError>)>,
    unfound: Option<StoreError>,
}

impl Stopping {
    /// Ends all sessions and then all open approvals of a person or an agent, these as `access_denied`. Whoever calls this has
    /// said no at the authorizer before. Of a person who is named by address, only those approvals are found of whom a
    /// session was; the others cannot be used without one.
    pub async fn stop(&self, whose: Holder<'_>, patience: Patience) -> Stopped {
        let Rows { rows, unfound } = Box::pin(self.remove_all(whose, Instant::now() + patience.rows)).await;
        let mut people: HashSet<PersonKey> =
            rows.iter().filter_map(|(row, _)| row.names()).map(|subject| PersonKey::of(&subject)).collect();
        if let Holder::Person(subject) = whose {
            people.insert(PersonKey::of(subject));
        }
        let until = Instant::now() + patience.approvals;
        let mut approvals = Swept::default();
        match whose {
            Holder::Agent(agent) => approvals = self.sweep(Sweep::Agent(agent), until).await,
            Holder::Person(_) | Holder::Address(_) => {
                for person in &people {
                    let swept = self.sweep(Sweep::Person(person), until).await;
                    approvals.ended.extend(swept.ended);
                    approvals.acting.extend(swept.acting);
                    approvals.problem = approvals.problem.or(swept.problem);
                }
            }
        }
        let until = Instant::now() + patience.tokens;
        let ended = stream::iter(rows).map(async |(row, deleted)| EndedSession {
            token: self.revoke(&row, until).await,
            deleted: deleted.map_err(Into::into),
            hash: row.hash().clone(),
        });
        Stopped { sessions: ended.buffered(SIDE_BY_SIDE).collect().await, unfound, approvals }
    }

    /// What a page holds is gone before the next one is read.
    async fn remove_all(&self, whose: Holder<'_>, until: Instant) -> Rows {
        let (mut rows, mut after) = (Vec::new(), None);
        loop {
            let page = match Box::pin(self.sessions.search(whose, after, until)).await {
                Ok(page) => page,
                Err(problem) => return Rows { rows, unfound: Some(problem) },
            };
            let removed = stream::iter(page.rows).map(async |row| {
                let removed = self.sessions.remove(&row, until).await;
                (row, removed)
            });
            rows.extend(removed.buffered(SIDE_BY_SIDE).collect::<Vec<_>>().await);
            after = page.next;
            if after.is_none() {
                return Rows { rows, unfound: None };
            }
        }
    }

    async fn sweep(&self, which: Sweep<'_>, until: Instant) -> Swept {
        let ending = Ending::failed(Code::AccessDenied);
        Box::pin(self.approvals.sweep(which, &ending, self.clock.now(), until)).await
    }
}
