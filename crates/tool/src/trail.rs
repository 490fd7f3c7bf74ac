//! The person's own copy of the audit record of a call, for a page that shows them what was done in their name.
//!
//! It is kept after the decision and before the answer, by the call's own way into AWS. The log's line is the record that there
//! always is; this copy is kept as well as it can be: by one request of at most a second, and only for a call whose person is
//! known by a ticket or by an approval's row. Whatever becomes of it changes no answer, and is noted in the log's line. After
//! a panic or a time-out there is no copy.

use std::sync::OnceLock;
use std::time::Duration;

use auth::approval::PersonKey;
use auth::time::Moment;
use function::serve::Invocation;
use function::telemetry::Outcome;
use tokio::time::Instant;
use upstream_aws::AuditStore;

use crate::house::Rooms;

const LONGEST: Duration = Duration::from_secs(1);
/// What must be left of the invocation afterwards.
const TO_ANSWER: Duration = Duration::from_millis(100);

/// Where the record of one call is to go.
#[derive(Default)]
pub struct Trail(OnceLock<(PersonKey, AuditStore)>);

impl Trail {
    /// The person is known, and these rooms are open to them.
    pub fn leads_to(&self, person: &PersonKey, rooms: &Rooms, outcome: &Outcome) {
        rooms.name_keycard(outcome);
        // A call is one person's: the first word stands.
        let _first = self.0.set((person.clone(), rooms.records.clone()));
    }

    /// Keeps the copy, if it is known whose it is and if something was decided. The outcome is settled at `now`, so that copy and
    /// line are equal.
    pub async fn keep(&self, outcome: Outcome, now: Moment, invocation: &Invocation) -> Outcome {
        let outcome = outcome.settled(now);
        let Some(((person, store), record)) = self.0.get().zip(outcome.audit(now)) else { return outcome };
        let begun = Instant::now();
        let until = invocation.until.checked_sub(TO_ANSWER).unwrap_or(begun).min(begun + LONGEST);
        if until <= begun {
            return outcome.unkept("audit: no time left".to_owned());
        }
        let record = record.to_string();
        let kept = Box::pin(store.append(person, now, outcome.reference(), &record, until));
        match invocation.steps.time("audit", kept).await {
            Ok(()) => outcome,
            Err(error) => outcome.unkept(error.to_string()),
        }
    }
}
