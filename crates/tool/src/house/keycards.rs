//! Keycards for the calls of one function, each kept for its minute and for nobody else.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use auth::approval::PersonKey;
use auth::id::SessionHash;
use auth::keycard::{Account, Grant, RoleArn, SessionPolicy};
use auth::refusal::{Code, Refusal};
use auth::time::Timestamp;
use tokio::time::Instant;
use upstream_aws::{Aws, Keycard, KeycardIssuer, Wanted};

use super::rooms::{Needs, Whose};

/// So many are kept at most; a sandbox serves one call at a time.
const MOST_KEPT: usize = 32;

/// The resources of the function's settings, by their ARNs.
pub(super) struct Resources {
    pub(super) sessions: String,
    pub(super) authorizer: String,
    pub(super) approvals: String,
    pub(super) queue: Option<String>,
}

/// Fetches keycards and keeps them.
pub(super) struct Keycards {
    issuer: KeycardIssuer,
    resources: Resources,
    kept: Mutex<HashMap<Kept, Keycard>>,
}

#[derive(PartialEq, Eq, Hash)]
struct Kept {
    person: PersonKey,
    session: Option<SessionHash>,
    tool: String,
    needs: Needs,
}

/// Which setting names no resource of AWS's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0} does not name a resource that a keycard could be for")]
pub struct Unnameable(&'static str);

impl Resources {
    /// `tables` are those of session rows and of approvals; `queue` is a URL, where the function has one.
    pub(super) fn of(
        account: &Account,
        (sessions, approvals): (&str, &str),
        authorizer: &str,
        queue: Option<&str>,
    ) -> Result<Self, Unnameable> {
        let queue = queue.map(|queue| {
            let name = queue.rsplit('/').next().unwrap_or_default();
            account.queue(name).ok_or(Unnameable("APPROVAL_QUEUE_URL"))
        });
        Ok(Self {
            sessions: account.table(sessions).ok_or(Unnameable("SESSION_TABLE_NAME"))?,
            authorizer: account.function(authorizer).ok_or(Unnameable("FGA_AUTHORIZER_FUNCTION_NAME"))?,
            approvals: account.table(approvals).ok_or(Unnameable("APPROVAL_TABLE_NAME"))?,
            queue: queue.transpose()?,
        })
    }

    fn grants(&self, whose: &Whose<'_>, needs: Needs) -> Option<Vec<Grant>> {
        let table = || self.sessions.clone();
        let read = || Some(Grant::ReadSession { table: table(), session: whose.session?.clone() });
        let renew = || Some(Grant::RenewSession { table: table(), session: whose.session?.clone() });
        let invoke = || Grant::Invoke { function: self.authorizer.clone() };
        let approvals = || Grant::ChangeApprovals { table: self.approvals.clone(), person: whose.person.clone() };
        let record = || Grant::Record { table: self.approvals.clone(), person: whose.person.clone() };
        let send = || Some(Grant::Send { queue: self.queue.clone()? });
        // What the worker resumes is recorded by the keycard by which it looked: both together would be longer than STS takes.
        Some(match needs {
            Needs::Acts => vec![renew()?, invoke(), record()],
            Needs::Asks => vec![read()?, invoke(), approvals(), send()?, record()],
            Needs::Reads => vec![read()?, approvals(), record()],
            Needs::Looks => vec![approvals(), send()?, record()],
            Needs::Resumes => vec![renew()?, invoke(), approvals(), send()?],
        })
    }
}

impl Keycards {
    pub(super) fn new(aws: &Aws, role: RoleArn, resources: Resources) -> Self {
        Self { issuer: KeycardIssuer::new(aws, role), resources, kept: Mutex::default() }
    }

    /// The keycard of this call: one that is kept for the same person, session, tool and needs and opens long enough, or a fresh
    /// one.
    pub(super) async fn get(
        &self,
        whose: Whose<'_>,
        needs: Needs,
        now: Timestamp,
        until: Instant,
    ) -> Result<Keycard, Refusal> {
        let key =
            Kept { person: whose.person.clone(), session: whose.session.cloned(), tool: whose.tool.to_owned(), needs };
        let long_enough = |card: &&Keycard| card.opens(now.plus(needs.takes_seconds()));
        if let Some(kept) = self.with(|kept| kept.get(&key).filter(long_enough).cloned()) {
            return Ok(kept);
        }
        let nothing = || Refusal::new(Code::Internal, "keycard: the function has no such resources");
        let grants = self.resources.grants(&whose, needs).ok_or_else(nothing)?;
        let policy = SessionPolicy::of(&grants, now).map_err(|none| Refusal::new(Code::Internal, none.to_string()))?;
        let Whose { person, session, tool } = whose;
        let card = self.issuer.fetch(Wanted { person, session, tool, policy: &policy }, now, until).await?;
        self.with(|kept| {
            kept.retain(|_, card| card.opens(now));
            if kept.len() < MOST_KEPT {
                kept.insert(key, card.clone());
            }
        });
        Ok(card)
    }

    fn with<T>(&self, act: impl FnOnce(&mut HashMap<Kept, Keycard>) -> T) -> T {
        act(&mut self.kept.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
