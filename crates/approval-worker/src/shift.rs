//! What an approval needs now, and when to look again.

use std::time::Duration;

use auth::approval::{Approval, Approved, Due, Ended, Pending, Polled};
use auth::refusal::{Code, Refusal};
use auth::secret::Secret;
use function::serve::Invocation;
use function::telemetry::Outcome;
use tokio::time::Instant;
use tool::approval::{Resumed, Worksite};
use upstream_aws::{ApprovalKey, ApprovalStore, Queue, Recording};

use crate::ApprovalWorker;
use crate::left::Left;

/// For so long a worker has its poll for itself, in seconds;
const POLL_HELD: u64 = 15;
/// the poll must be over by then, so that two of them never run side by side.
const LONGEST_POLL: Duration = Duration::from_secs(12);

/// One approval at work.
pub(crate) struct Shift<'a> {
    pub(crate) worker: &'a ApprovalWorker,
    pub(crate) key: &'a ApprovalKey,
    pub(crate) store: &'a ApprovalStore,
    pub(crate) queue: &'a Queue,
    pub(crate) arguments: &'a Secret,
    pub(crate) invocation: &'a Invocation,
    pub(crate) outcome: &'a Outcome,
}

impl Shift<'_> {
    /// Does what is due.
    pub(crate) async fn take(&self, approval: Approval) -> Result<Left, Refusal> {
        let now = self.worker.house.clock.now();
        match approval {
            Approval::Requested(requested) => self.look(requested.due(now)).await,
            Approval::Pending(pending) => self.look(pending.due(now, POLL_HELD)).await,
            Approval::Acting(acting) => self.look(acting.due(now)).await,
            Approval::Approved(approved) => self.resume(approved).await,
            Approval::Ended(_) => Ok(Left::Over),
        }
    }

    async fn look(&self, due: Due) -> Result<Left, Refusal> {
        match due {
            Due::Later { seconds } => self.again(seconds, waiting()).await,
            Due::Ended(ended) => self.end(&ended).await,
            Due::Poll(pending) => self.poll(pending).await,
        }
    }

    /// Takes the poll, polls once, and writes down what came of it.
    async fn poll(&self, pending: Pending) -> Result<Left, Refusal> {
        let Invocation { until, steps, .. } = self.invocation;
        let (clock, limit) = (&self.worker.house.clock, (*until).min(Instant::now() + LONGEST_POLL));
        let taken = Box::pin(self.store.record_poll(&pending, *until));
        if steps.time("record", taken).await? == Recording::Lost {
            return Ok(Left::Elsewhere);
        }
        let asked = Box::pin(self.worker.ciba.poll(&pending, clock.now(), limit));
        let said = steps.time("poll", asked).await;
        let now = clock.now();
        match pending.polled(said, now) {
            Polled::StillPending(pending) => {
                let written = Box::pin(self.store.record_poll(&pending, *until));
                match steps.time("record", written).await? {
                    Recording::Lost => Ok(Left::Elsewhere),
                    Recording::Recorded => self.again(pending.next_poll_at.since(now), waiting()).await,
                }
            }
            Polled::Ended(ended) => self.end(&ended).await,
            Polled::Approved(approved) => {
                let written = Box::pin(self.store.record_approved(&approved, *until));
                match steps.time("record", written).await? {
                    Recording::Lost => Ok(Left::Elsewhere),
                    Recording::Recorded => self.resume(approved).await,
                }
            }
        }
    }

    async fn resume(&self, approved: Approved) -> Result<Left, Refusal> {
        let Self { store: approvals, invocation, outcome, .. } = self;
        let site = Worksite { house: &self.worker.house, approvals, invocation, outcome };
        match Box::pin(self.worker.deeds.resume(site, approved, self.arguments)).await? {
            Resumed::Ended { ending, refusal } => Ok(Left::Ended { ending, refusal }),
            Resumed::Later { seconds, refusal } => self.again(seconds, refusal).await,
            Resumed::Lost => Ok(Left::Overtaken),
            Resumed::Unrecorded(ending) => Ok(Left::Unrecorded(ending)),
        }
    }

    async fn end(&self, ended: &Ended) -> Result<Left, Refusal> {
        let written = Box::pin(self.store.record_end(ended, self.invocation.until));
        Ok(match self.invocation.steps.time("record", written).await? {
            Recording::Recorded => Left::Ended { ending: ended.ending.clone(), refusal: None },
            Recording::Lost => Left::Elsewhere,
        })
    }

    /// Sends a message that comes after so many seconds, in place of this one.
    async fn again(&self, seconds: u64, why: Refusal) -> Result<Left, Refusal> {
        let sent = Box::pin(self.queue.send(self.key, seconds, self.invocation.until));
        self.invocation.steps.time("queue", sent).await?;
        Ok(Left::Open(why))
    }
}

fn waiting() -> Refusal {
    Refusal::new(Code::ApprovalPending, "worker: not answered yet")
}
