//! What one call may reach in AWS.

use auth::approval::PersonKey;
use auth::id::SessionHash;
use function::telemetry::Outcome;
use upstream_aws::{ApprovalStore, AuditStore, Authorizer, Aws, Keycard, Queue, Seal, SessionStore};

/// Whose call, of which tool.
#[derive(Clone, Copy)]
pub struct Whose<'a> {
    /// The person.
    pub person: &'a PersonKey,
    /// Their session; nothing where only their approvals are needed.
    pub session: Option<&'a SessionHash>,
    /// The tool.
    pub tool: &'a str,
}

/// What one part of a call needs. A call that is about approvals has two parts, and a keycard for each: one keycard for all of
/// it would be longer than STS takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Needs {
    /// A tool that acts: the row, also to renew its token, the authorizer, the person's records.
    Acts,
    /// A tool that asks for an approval, until it may: the row, the authorizer, the person's records.
    Asks,
    /// The same, when it may: the person's approvals and the queue.
    Requests,
    /// A tool that reads what is kept about the person, until it is known who asks: the row, the person's records.
    Reads,
    /// The same, when it is known: their approvals.
    Tells,
    /// The worker, before it knows whose session it is: the person's approvals and records, the queue.
    Looks,
    /// The worker, when it does what was approved: the row, also to renew its token, and the authorizer.
    Resumes,
}

impl Needs {
    pub(super) const ALL: [Self; 7] =
        [Self::Acts, Self::Asks, Self::Requests, Self::Reads, Self::Tells, Self::Looks, Self::Resumes];
}

/// The doors that are open to one call: with a keycard exactly those, for a minute.
pub struct Rooms {
    /// The row of the session.
    pub store: SessionStore,
    /// The function that asks OpenFGA.
    pub authorizer: Authorizer,
    /// The keycard that opened them; nothing where keycards are off.
    pub keycard: Option<Keycard>,
    /// The audit records of the person.
    pub records: AuditStore,
    pub(super) aws: Aws,
    pub(super) seal: Seal,
}

impl Rooms {
    /// Tells the call's record by which keycard they are open.
    pub fn name_keycard(&self, outcome: &Outcome) {
        if let Some(keycard) = &self.keycard {
            outcome.name_keycard(keycard.name().as_str(), keycard.access_key_id());
        }
    }

    /// The approvals in this table.
    #[must_use]
    pub fn approvals(&self, table: &str) -> ApprovalStore {
        ApprovalStore::new(&self.aws, table.to_owned(), self.seal.clone())
    }

    /// The queue with this URL.
    #[must_use]
    pub fn queue(&self, url: &str) -> Queue {
        Queue::new(&self.aws, url.to_owned())
    }
}
