//! Keycards for the calls of one function, each kept for its minute and for nobody else.

mod resources;

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use auth::approval::PersonKey;
use auth::id::SessionHash;
use auth::keycard::RoleArn;
use auth::refusal::Refusal;
use auth::time::Timestamp;
use tokio::time::Instant;
use upstream_aws::{Aws, Keycard, KeycardIssuer, Wanted};

use super::rooms::{Needs, Whose};
pub use resources::{Resources, Unnameable};

/// So many are kept at most: twice as many as there are calls side by side.
const MOST_KEPT: usize = 128;

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

impl Keycards {
    pub(super) fn new(aws: &Aws, role: RoleArn, resources: Resources) -> Self {
        Self { issuer: KeycardIssuer::new(aws, role), resources, kept: Mutex::default() }
    }

    /// The keycard of this call: one that is kept for the same person, session, tool and needs and opens until the call must have
    /// ended, or a fresh one. Those that open nothing any more are forgotten, whoever asks. A call that may take longer than a
    /// minute always gets a fresh one.
    pub(super) async fn get(
        &self,
        whose: Whose<'_>,
        needs: Needs,
        now: Timestamp,
        until: Instant,
    ) -> Result<Keycard, Refusal> {
        let key =
            Kept { person: whose.person.clone(), session: whose.session.cloned(), tool: whose.tool.to_owned(), needs };
        // The clock says whole seconds, so one more.
        let left = until.saturating_duration_since(Instant::now()).as_secs().saturating_add(2);
        let kept = self.with(|kept| {
            kept.retain(|_, card| card.opens(now));
            kept.get(&key).filter(|card| card.opens(now.plus(left))).cloned()
        });
        if let Some(kept) = kept {
            return Ok(kept);
        }
        let policy = self.resources.policy(&whose, needs, now)?;
        let Whose { person, session, tool } = whose;
        let card = self.issuer.fetch(Wanted { person, session, tool, policy: &policy }, now, until).await?;
        self.with(|kept| {
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
