//! What happened on the way of an event, beside its answer.

use std::collections::{BTreeMap, BTreeSet};

use devstack::stack::APPROVAL_QUEUE;
use upstream_aws::ApprovalKey;

use super::approval::{self, Table};
use crate::{Counts, World};

/// What stood in the doubles' books before the event, which are never forgotten.
pub(super) struct Books {
    pushes: usize,
    messages: usize,
    changes: usize,
    approvals: BTreeSet<String>,
}

/// What came since.
pub(super) struct Seen {
    pub(super) counts: Counts,
    /// Requests for an approval that Auth0 took.
    pub(super) pushes: u64,
    /// The delays, in seconds, of what was sent to the worker's queue.
    pub(super) messages: Vec<String>,
    /// What Okta's Management API changed.
    pub(super) changes: Vec<String>,
    /// Where approvals are, by reference; empty if nobody asks.
    pub(super) outcomes: BTreeMap<String, String>,
}

impl Books {
    pub(super) async fn read(world: &World) -> Result<Self, String> {
        let stack = &world.laptop.stack;
        Ok(Self {
            pushes: stack.auth0.starts(),
            messages: stack.sqs.sent(APPROVAL_QUEUE).len(),
            changes: stack.okta.acts().len(),
            approvals: approval::known(world).await?,
        })
    }

    /// Without faults from now on, so that the table can be read. `approvals` are those of the world file, if it matters
    /// where approvals are.
    pub(super) async fn compare(
        &self,
        world: &World,
        approvals: Option<(&Table, &[ApprovalKey])>,
    ) -> Result<Seen, String> {
        let (stack, counts) = (&world.laptop.stack, world.counts());
        world.mend();
        let outcomes = match approvals {
            Some((table, keys)) => approval::outcomes(world, table, keys, &self.approvals).await?,
            None => BTreeMap::new(),
        };
        let messages = stack.sqs.sent(APPROVAL_QUEUE);
        Ok(Seen {
            counts,
            pushes: u64::try_from(stack.auth0.starts() - self.pushes).unwrap_or(u64::MAX),
            messages: messages.iter().skip(self.messages).map(|sent| sent.delay.to_string()).collect(),
            changes: stack.okta.acts().split_off(self.changes),
            outcomes,
        })
    }
}
