//! Where lines go.

use std::io::Write as _;
use std::sync::Arc;

use auth::id::{Reference, SessionHash};
use auth::time::Clock;
use serde_json::{Value, json};

use super::namespace::Namespace;
use super::outcome::Outcome;
use crate::settings::Problems;

/// Writes one line of JSON for each thing worth telling. Clones write to the same place.
#[derive(Clone)]
pub struct Log {
    function: &'static str,
    namespace: Namespace,
    clock: Clock,
    write: Arc<dyn Fn(&str) + Send + Sync>,
    audits: bool,
}

impl Log {
    /// A log of this function on the standard output.
    #[must_use]
    pub fn stdout(function: &'static str, clock: Clock) -> Self {
        Self::to(function, clock, |line| {
            // A line that cannot be written must not end the call that it is about.
            let _ = writeln!(std::io::stdout().lock(), "{line}");
        })
    }

    /// A log whose lines, without their line break, are given to `write`.
    pub fn to(function: &'static str, clock: Clock, write: impl Fn(&str) + Send + Sync + 'static) -> Self {
        Self { function, namespace: Namespace::default(), clock, write: Arc::new(write), audits: true }
    }

    /// The same log, whose metrics CloudWatch keeps under this name.
    #[must_use]
    pub fn counting_in(self, namespace: Namespace) -> Self {
        Self { namespace, ..self }
    }

    /// The same log of a function that decides nothing by itself: its caller records what came of it.
    #[must_use]
    pub fn without_audit(self) -> Self {
        Self { audits: false, ..self }
    }

    /// The function's name: a dimension of its metrics.
    #[must_use]
    pub fn function(&self) -> &'static str {
        self.function
    }

    /// Writes how a call ended, and what was decided. Once for each call.
    pub fn outcome(&self, outcome: &Outcome) {
        let now = self.clock.moment();
        self.line(&outcome.record(self.function, &self.namespace, now));
        if let Some(record) = outcome.audit(now).filter(|_| self.audits) {
            self.line(&json!({ "event": "audit", "function": self.function, "record": record }));
        }
    }

    /// Writes that a session was ended, in the call of this reference, and what became of each thing that belonged to it: fixed
    /// names and words of ours, or counts. A session whose end is not whole has a line of its own for whoever mends it.
    pub fn session_ended(&self, reference: &Reference, session: &SessionHash, became: &[(&'static str, String)]) {
        let mut record = json!({
            "event": "session_ended", "function": self.function, "reference": reference, "session": session,
        });
        if let Value::Object(members) = &mut record {
            members.extend(became.iter().map(|(name, what)| ((*name).to_owned(), json!(what))));
        }
        self.line(&record);
    }

    /// Writes that a stored item of this kind could not be read and was begun anew.
    pub fn replaced(&self, kind: &'static str) {
        self.line(&json!({ "event": "item_replaced", "function": self.function, "kind": kind }));
    }

    /// Writes that something of ours broke at this place. The panic's own text may hold anything, so it is not taken.
    pub(crate) fn panicked(&self, place: &str) {
        self.line(&json!({ "event": "panic", "function": self.function, "at": place }));
    }

    pub(crate) fn started(&self, milliseconds: u64) {
        self.line(&json!({ "event": "started", "function": self.function, "init_ms": milliseconds }));
    }

    pub(crate) fn refused_settings(&self, problems: &Problems) {
        self.line(&json!({ "event": "start_failed", "function": self.function, "problems": problems }));
    }

    /// Writes that a process cannot do its work: it ends, or denies everything. `step` names what was being done; `cause` holds no
    /// secret and nothing that an upstream sent.
    pub fn stopped(&self, step: &str, cause: &str) {
        self.line(&json!({ "event": "stopped", "function": self.function, "step": step, "cause": cause }));
    }

    pub(crate) fn answer_refused(&self, reference: &str, status: u16) {
        let event = "answer_refused";
        self.line(&json!({ "event": event, "function": self.function, "reference": reference, "status": status }));
    }

    fn line(&self, record: &Value) {
        // A `Value` prints on one line, with every control character escaped.
        (self.write)(&record.to_string());
    }
}
