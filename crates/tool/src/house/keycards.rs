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

/// So many are kept at most: twice as many as there are calls side by side.
const MOST_KEPT: usize = 128;

/// The resources of the function's settings, by their ARNs.
pub(super) struct Resources {
    pub(super) sessions: String,
    pub(super) authorizer: String,
    pub(super) approvals: Option<(String, String)>,
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
    /// `approvals` are the table's name and the queue's URL, where the function has them.
    pub(super) fn of(
        account: &Account,
        sessions: &str,
        authorizer: &str,
        approvals: Option<(&str, &str)>,
    ) -> Result<Self, Unnameable> {
        let approvals = approvals.map(|(table, queue)| {
            let table = account.table(table).ok_or(Unnameable("APPROVAL_TABLE_NAME"))?;
            let name = queue.rsplit('/').next().unwrap_or_default();
            Ok((table, account.queue(name).ok_or(Unnameable("APPROVAL_QUEUE_URL"))?))
        });
        Ok(Self {
            sessions: account.table(sessions).ok_or(Unnameable("SESSION_TABLE_NAME"))?,
            authorizer: account.function(authorizer).ok_or(Unnameable("FGA_AUTHORIZER_FUNCTION_NAME"))?,
            approvals: approvals.transpose()?,
        })
    }

    fn grants(&self, whose: &Whose<'_>, needs: Needs) -> Option<Vec<Grant>> {
        let table = || self.sessions.clone();
        let read = || Some(Grant::ReadSession { table: table(), session: whose.session?.clone() });
        let renew = || Some(Grant::RenewSession { table: table(), session: whose.session?.clone() });
        let invoke = || Grant::Invoke { function: self.authorizer.clone() };
        let approvals = || {
            let (table, _) = self.approvals.clone()?;
            Some(Grant::ChangeApprovals { table, person: whose.person.clone() })
        };
        let send = || Some(Grant::Send { queue: self.approvals.clone()?.1 });
        Some(match needs {
            Needs::Acts => vec![renew()?, invoke()],
            Needs::Asks => vec![read()?, invoke(), approvals()?, send()?],
            Needs::Reads => vec![read()?, approvals()?],
            Needs::Looks => vec![approvals()?, send()?],
            Needs::Resumes => vec![renew()?, invoke(), approvals()?, send()?],
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
