//! One message: what its approval needs now, and when to look again.

use std::time::Duration;

use auth::approval::{Approval, Approved, Due, Ended, Ending, Pending, Polled};
use auth::refusal::{Code, Refusal};
use auth::secret::Secret;
use function::serve::Invocation;
use function::telemetry::Outcome;
use tokio::time::Instant;
use tool::approval::{Resumed, Worksite};
use upstream_aws::{ApprovalKey, Recording};

use crate::ApprovalWorker;
use crate::batch::Message;

/// For so long a worker has its poll for itself, in seconds;
const POLL_HELD: u64 = 15;
/// the poll must be over by then, so that two of them never run side by side.
const LONGEST_POLL: Duration = Duration::from_secs(12);

/// Where an approval is when the worker leaves it.
pub(crate) enum Left {
    /// Not over: it is looked at again, for this reason.
    Open(Refusal),
    /// It ended so, now.
    Ended(Ending),
    /// It was over when the message came, or never there.
    Over,
    /// Somebody else is at it, or ended it.
    Elsewhere,
    /// It was acted on and came to this, but somebody has called it unknown meanwhile.
    Unrecorded(Ending),
}

/// What a line of the log says of it.
pub(crate) enum Line {
    /// All is as it should be.
    Well(&'static str),
    /// It is not, or not yet.
    Refused(Refusal),
}

impl ApprovalWorker {
    /// Does what is due. Afterwards the message can be deleted: if more is due later, another one was sent.
    ///
    /// # Errors
    /// The message must come again: it is no key, or the table or the queue did not answer.
    pub(crate) async fn work(
        &self,
        message: &Message,
        invocation: &Invocation,
        outcome: &Outcome,
    ) -> Result<Left, Refusal> {
        let Some(key) = message.body.as_deref().and_then(ApprovalKey::parse) else {
            let cause = format!("worker: not an approval's key, delivery {}", message.deliveries);
            return Err(Refusal::new(Code::InvalidInput, cause));
        };
        outcome.name_approval(&key.reference);
        if let Some(tool) = self.deeds.name_of(&key.tool) {
            outcome.name_tool(tool);
        }
        let read = Box::pin(self.store.read(&key.person, &key.tool, &key.reference, invocation.until));
        let Some((approval, arguments)) = invocation.steps.time("approval", read).await? else {
            return Ok(Left::Over);
        };
        outcome.name_session(approval.binding().session.clone());
        outcome.name_subject(&approval.binding().subject);
        let now = self.house.clock.now();
        match approval {
            Approval::Requested(requested) => self.look(&key, requested.due(now), &arguments, invocation).await,
            Approval::Pending(pending) => self.look(&key, pending.due(now, POLL_HELD), &arguments, invocation).await,
            Approval::Acting(acting) => self.look(&key, acting.due(now), &arguments, invocation).await,
            Approval::Approved(approved) => self.resume(&key, approved, &arguments, invocation).await,
            Approval::Ended(_) => Ok(Left::Over),
        }
    }

    async fn look(
        &self,
        key: &ApprovalKey,
        due: Due,
        arguments: &Secret,
        invocation: &Invocation,
    ) -> Result<Left, Refusal> {
        match due {
            Due::Later { seconds } => self.again(key, seconds, waiting(), invocation).await,
            Due::Ended(ended) => self.end(&ended, invocation).await,
            Due::Poll(pending) => self.poll(key, pending, arguments, invocation).await,
        }
    }

    /// Takes the poll, polls once, and writes down what came of it.
    async fn poll(
        &self,
        key: &ApprovalKey,
        pending: Pending,
        arguments: &Secret,
        invocation: &Invocation,
    ) -> Result<Left, Refusal> {
        let Invocation { until, steps, .. } = invocation;
        let limit = (*until).min(Instant::now() + LONGEST_POLL);
        let taken = Box::pin(self.store.record_poll(&pending, *until));
        if steps.time("record", taken).await? == Recording::Lost {
            return Ok(Left::Elsewhere);
        }
        let asked = Box::pin(self.ciba.poll(&pending, self.house.clock.now(), limit));
        let said = steps.time("poll", asked).await;
        let now = self.house.clock.now();
        match pending.polled(said, now) {
            Polled::StillPending(pending) => {
                let written = Box::pin(self.store.record_poll(&pending, *until));
                match steps.time("record", written).await? {
                    Recording::Lost => Ok(Left::Elsewhere),
                    Recording::Recorded => {
                        self.again(key, pending.next_poll_at.since(now), waiting(), invocation).await
                    }
                }
            }
            Polled::Ended(ended) => self.end(&ended, invocation).await,
            Polled::Approved(approved) => {
                let written = Box::pin(self.store.record_approved(&approved, *until));
                match steps.time("record", written).await? {
                    Recording::Lost => Ok(Left::Elsewhere),
                    Recording::Recorded => self.resume(key, approved, arguments, invocation).await,
                }
            }
        }
    }

    async fn resume(
        &self,
        key: &ApprovalKey,
        approved: Approved,
        arguments: &Secret,
        invocation: &Invocation,
    ) -> Result<Left, Refusal> {
        let site = Worksite { house: &self.house, approvals: &self.store, invocation };
        match Box::pin(self.deeds.resume(site, approved, arguments)).await? {
            Resumed::Ended(ending) => Ok(Left::Ended(ending)),
            Resumed::Later { seconds, refusal } => self.again(key, seconds, refusal, invocation).await,
            Resumed::Lost => Ok(Left::Elsewhere),
            Resumed::Unrecorded(ending) => Ok(Left::Unrecorded(ending)),
        }
    }

    async fn end(&self, ended: &Ended, invocation: &Invocation) -> Result<Left, Refusal> {
        let written = Box::pin(self.store.record_end(ended, invocation.until));
        Ok(match invocation.steps.time("record", written).await? {
            Recording::Recorded => Left::Ended(ended.ending.clone()),
            Recording::Lost => Left::Elsewhere,
        })
    }

    /// Sends a message that comes after so many seconds, in place of this one.
    async fn again(
        &self,
        key: &ApprovalKey,
        seconds: u64,
        why: Refusal,
        invocation: &Invocation,
    ) -> Result<Left, Refusal> {
        let sent = Box::pin(self.queue.send(key, seconds, invocation.until));
        invocation.steps.time("queue", sent).await?;
        Ok(Left::Open(why))
    }
}

fn waiting() -> Refusal {
    Refusal::new(Code::ApprovalPending, "worker: not answered yet")
}

impl Left {
    /// What the log says of it.
    pub(crate) fn line(&self) -> Line {
        let refused = |code, cause: &str| Line::Refused(Refusal::new(code, cause));
        match self {
            Self::Open(why) => Line::Refused(why.clone()),
            Self::Over => Line::Well("worker: over before"),
            Self::Elsewhere => Line::Well("worker: somebody else is at it"),
            Self::Ended(Ending::Done { .. }) => Line::Well("worker: done"),
            Self::Ended(Ending::Denied) => refused(Code::ApprovalDenied, "worker: declined"),
            Self::Ended(Ending::Expired) => refused(Code::ApprovalExpired, "worker: not answered in time"),
            Self::Ended(Ending::Failed { code, .. }) => refused(*code, "worker: not carried out"),
            Self::Ended(Ending::Unknown) => refused(Code::Unavailable, "worker: unknown whether it was done"),
            Self::Unrecorded(Ending::Done { .. }) => {
                refused(Code::Internal, "worker: done, but written down as unknown")
            }
            Self::Unrecorded(_) => refused(Code::Internal, "worker: acted on, but written down as unknown"),
        }
    }
}
