//! What a test in the same process may do to STS while it runs.

use std::ops::Deref;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::iam::{Iam, Session};
use crate::operations::Operations;

/// A running STS. Dropping it closes its listener; what it issued stays with the account. [`super::refusing`] makes a fault of
/// one of its own errors.
#[derive(Debug)]
pub struct Sts {
    pub(super) operations: Operations,
    pub(super) iam: Iam,
    pub(super) room: Arc<AtomicUsize>,
}

impl Deref for Sts {
    type Target = Operations;

    fn deref(&self) -> &Operations {
        &self.operations
    }
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
}
