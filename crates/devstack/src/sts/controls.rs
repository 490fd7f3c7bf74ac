//! What a test in the same process may do to STS while it runs.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::double::Double;
use crate::fault::{Fault, Faults};
use crate::iam::{Iam, Session};
use crate::watch::Watch;

/// A running STS. Dropping it closes its listener; what it issued stays with the account.
#[derive(Debug)]
pub struct Sts {
    /// The listener and its counters. Its request lines are all `POST /`; a fault here knows no actions.
    pub double: Double,
    pub(super) operations: Watch,
    pub(super) faults: Faults,
    pub(super) iam: Iam,
    pub(super) room: Arc<AtomicUsize>,
}

impl Sts {
    /// The account.
    #[must_use]
    pub fn iam(&self) -> &Iam {
        &self.iam
    }

    /// Every session that was issued, oldest first, with the policy that was sent for it.
    #[must_use]
    pub fn sessions(&self) -> Vec<Session> {
        self.iam.sessions()
    }

    /// From now on, policy and tags must fit into so many characters; else they are answered `PackedPolicyTooLarge`.
    pub fn pack_into(&self, characters: usize) {
        self.room.store(characters.max(1), Ordering::SeqCst);
    }

    /// Calls of this action since the start or the last [`Sts::forget`], as in `AssumeRole`.
    #[must_use]
    pub fn requests_by_operation(&self, action: &str) -> u64 {
        self.operations().iter().filter(|seen| *seen == action).map(|_| 1).sum()
    }

    /// Every action that was called, oldest first.
    #[must_use]
    pub fn operations(&self) -> Vec<String> {
        let lines = self.operations.lines();
        lines.iter().map(|line| line.strip_prefix("POST /").unwrap_or(line).to_owned()).collect()
    }

    /// Forgets the calls seen so far, not the sessions.
    pub fn forget(&self) {
        self.operations.clear();
        self.double.forget();
    }

    /// Adds a fault whose `on` is the start of `POST /ACTION`. [`super::refusing`] makes one of STS's own errors.
    pub fn fault(&self, fault: Fault) {
        self.faults.add(fault);
    }

    /// Removes every fault.
    pub fn mend(&self) {
        self.faults.clear();
        self.double.mend();
    }
}
