//! Beginning an approval: at most one open for each person and tool, at most three starts a minute.

use auth::approval::{Approval, Binding, Due, Ended, Ending, PersonKey, Requested};
use auth::refusal::Code;
use auth::time::Timestamp;
use aws_sdk_dynamodb::types::{ConditionCheck, Put, TransactWriteItem, Update};
use tokio::time::Instant;

use super::attributes::{Item, bytes, done_key, number, open_key, starts_key, string};
use super::reading::{EndedApproval, OpenApproval};
use super::row::open_item;
use super::sealing::Stand;
use super::write::{ATTEMPTS, Transacted, pause};
use super::{ApprovalError, ApprovalStore, STARTS_A_MINUTE};
use crate::connection::with_time_to_look;
use upstream_secrets::failure::Failure;

/// So long after its end an open row is taken for forgotten by its worker, and ended by whoever needs its place.
const OVERDUE_SECONDS: u64 = 30;
/// So long after its end a row that cannot be read gives way.
const LONG_PAST_SECONDS: u64 = 3600;

/// What became of a request for an approval.
#[must_use]
pub enum Requesting {
    /// It is written down: the provider may be asked, once.
    Recorded(Requested),
    /// This person has an open approval for this tool. Nothing was written.
    AlreadyOpen(OpenApproval),
    /// Too many were begun in this minute. Nothing was written.
    TooMany {
        /// Until the next minute, 1 to 60.
        seconds: u64,
    },
    /// One was declined in this minute. Nothing was written.
    Declined {
        /// Until the next minute, 1 to 60.
        seconds: u64,
    },
    /// An approval of this very name has ended: the request was delivered a second time. Nothing was written.
    Over(EndedApproval),
}

/// The row in the place of a new one.
enum Occupant {
    Nobody,
    /// The very request that was being written.
    Ours(Requested),
    Another(OpenApproval),
    /// It should have ended long ago.
    Overdue(Ended),
    Unreadable,
}

impl ApprovalStore {
    /// Writes a request down before the provider is asked, with the arguments' JSON, which is sealed. A row in its place
    /// that nobody ended in time is ended first, so that its outcome is not lost.
    ///
    /// # Errors
    /// All of [`ApprovalError`]. `Misconfigured` also if the tool's name is not 1 to 64 of `0-9 a-z A-Z _ -`. After
    /// `Unavailable` the request may be there: it then ends by its own time, and was never sent.
    pub async fn request(
        &self,
        binding: &Binding,
        arguments_json: &str,
        now: Timestamp,
        until: Instant,
    ) -> Result<Requesting, ApprovalError> {
        let letters = |byte: u8| byte.is_ascii_alphanumeric() || b"_-".contains(&byte);
        if !(1..=64).contains(&binding.tool.len()) || !binding.tool.bytes().all(letters) {
            return Err(ApprovalError::Misconfigured);
        }
        let person = PersonKey::of(&binding.subject);
        let requested = Requested { binding: binding.clone(), version: 1 };
        let stand = Stand::of_requested(&requested);
        let arguments = self.seal_arguments(binding, arguments_json, until).await?;
        let sealed = self.seal_state(&stand, None, until).await?;
        let item = open_item(&stand, &sealed, &arguments, now);

        let (mut sent, mut displace, mut problem) = (false, false, ApprovalError::Busy);
        for attempt in 0..ATTEMPTS {
            let writes =
                vec![self.opening(item.clone(), displace, now)?, self.counting(binding, now)?, self.unended(binding)?];
            match self.transact(writes, with_time_to_look(until)).await {
                Ok(Transacted::Written) => return Ok(Requesting::Recorded(requested)),
                Ok(Transacted::Refused(which)) if which.get(2) == Some(&true) => {
                    if let Some(ended) = self.outcome(&person, &binding.reference, until).await? {
                        return Ok(Requesting::Over(ended));
                    }
                }
                Ok(Transacted::Refused(which)) if which.first() != Some(&true) && !sent => {
                    return self.full(binding, now, until).await;
                }
                Ok(Transacted::Refused(_)) => {}
                Err(Failure::Throttled) => problem = ApprovalError::Busy,
                Err(Failure::Connection | Failure::Unknown) => (sent, problem) = (true, ApprovalError::Unavailable),
                Err(failure @ (Failure::Setup | Failure::Condition)) => return Err(failure.into()),
            }
            match self.occupant(binding, sent.then_some(&sealed), now, until).await? {
                Occupant::Ours(requested) => return Ok(Requesting::Recorded(requested)),
                Occupant::Another(open) => return Ok(Requesting::AlreadyOpen(open)),
                Occupant::Unreadable if displace => return Err(ApprovalError::Unreadable),
                Occupant::Unreadable => displace = true,
                Occupant::Overdue(ended) => {
                    let _ = self.record_end(&ended, until).await?;
                }
                Occupant::Nobody => {}
            }
            pause(attempt, ATTEMPTS, until).await.map_err(|_| problem)?;
        }
        Err(problem)
    }

    fn opening(&self, item: Item, displace: bool, now: Timestamp) -> Result<TransactWriteItem, ApprovalError> {
        let put =
            Put::builder().table_name(&self.table).set_item(Some(item)).expression_attribute_names("#person", "person");
        let put = if displace {
            put.condition_expression("attribute_not_exists(#person) OR (#expires_at < :past AND #state <> :acting)")
                .expression_attribute_names("#expires_at", "expires_at")
                .expression_attribute_names("#state", "state")
                .expression_attribute_values(":past", number(now.minus(LONG_PAST_SECONDS).seconds()))
                .expression_attribute_values(":acting", string("acting"))
        } else {
            put.condition_expression("attribute_not_exists(#person)")
        };
        let put = put.build().map_err(|_| ApprovalError::Misconfigured)?;
        Ok(TransactWriteItem::builder().put(put).build())
    }

    /// A name that was used once is never used again, so that nobody is asked twice for one approval.
    fn unended(&self, binding: &Binding) -> Result<TransactWriteItem, ApprovalError> {
        let check = ConditionCheck::builder()
            .table_name(&self.table)
            .set_key(Some(done_key(&PersonKey::of(&binding.subject), &binding.reference)))
            .condition_expression("attribute_not_exists(#person)")
            .expression_attribute_names("#person", "person");
        let check = check.build().map_err(|_| ApprovalError::Misconfigured)?;
        Ok(TransactWriteItem::builder().condition_check(check).build())
    }

    fn counting(&self, binding: &Binding, now: Timestamp) -> Result<TransactWriteItem, ApprovalError> {
        let update = self
            .starts(binding, now)
            .update_expression("SET #ttl = :ttl ADD #starts :one")
            .condition_expression("attribute_not_exists(#starts) OR #starts < :limit")
            .expression_attribute_values(":one", number(1));
        let update = update.build().map_err(|_| ApprovalError::Misconfigured)?;
        Ok(TransactWriteItem::builder().update(update).build())
    }

    /// Why this minute takes no more starts.
    async fn full(&self, binding: &Binding, now: Timestamp, until: Instant) -> Result<Requesting, ApprovalError> {
        let key = starts_key(&PersonKey::of(&binding.subject), &binding.tool, now);
        let declined = self.item(key, until).await?.is_some_and(|item| item.contains_key("declined"));
        let seconds = 60 - now.seconds() % 60;
        Ok(if declined { Requesting::Declined { seconds } } else { Requesting::TooMany { seconds } })
    }

    /// An update of the counter of this minute, with `#starts`, `#ttl`, `:limit` and `:ttl` said.
    pub(super) fn starts(&self, binding: &Binding, now: Timestamp) -> aws_sdk_dynamodb::types::builders::UpdateBuilder {
        Update::builder()
            .table_name(&self.table)
            .set_key(Some(starts_key(&PersonKey::of(&binding.subject), &binding.tool, now)))
            .expression_attribute_names("#starts", "starts")
            .expression_attribute_names("#ttl", "ttl")
            .expression_attribute_values(":limit", number(STARTS_A_MINUTE))
            .expression_attribute_values(":ttl", number(now.plus(3600).seconds()))
    }

    /// Who has the place; `sent` is what was sealed if the request may have got there without our hearing of it. No other
    /// delivery of the same request seals the same bytes.
    async fn occupant(
        &self,
        binding: &Binding,
        sent: Option<&Vec<u8>>,
        now: Timestamp,
        until: Instant,
    ) -> Result<Occupant, ApprovalError> {
        let person = PersonKey::of(&binding.subject);
        let Some(item) = self.item(open_key(&person, &binding.tool), until).await? else {
            return Ok(Occupant::Nobody);
        };
        let open = match self.open_of(&person, &item, until).await {
            Err(ApprovalError::Unreadable) => return Ok(Occupant::Unreadable),
            opened => opened?,
        };
        let Some(found) = OpenApproval::of(&open.approval) else { return Ok(Occupant::Unreadable) };
        if let Approval::Requested(requested) = &open.approval
            && sent.is_some_and(|sealed| bytes(&item, "sealed") == Some(sealed))
        {
            return Ok(Occupant::Ours(Requested { binding: binding.clone(), version: requested.version }));
        }
        Ok(overdue(open.approval, now).map_or(Occupant::Another(found), Occupant::Overdue))
    }
}

pub(super) fn overdue(approval: Approval, now: Timestamp) -> Option<Ended> {
    let late = |binding: &Binding| now >= binding.expires_at.plus(OVERDUE_SECONDS);
    match approval {
        Approval::Requested(requested) if late(&requested.binding) => over(requested.due(now)),
        Approval::Pending(pending) => late(&pending.binding).then(|| pending.end(Ending::Expired, now)),
        Approval::Approved(approved) => {
            late(approved.binding()).then(|| approved.end(Ending::failed(Code::Unavailable), now))
        }
        Approval::Acting(acting) => acting.abandoned(now).ok(),
        Approval::Requested(_) | Approval::Ended(_) => None,
    }
}

fn over(due: Due) -> Option<Ended> {
    match due {
        Due::Ended(ended) => Some(ended),
        Due::Later { .. } | Due::Poll(_) => None,
    }
}
