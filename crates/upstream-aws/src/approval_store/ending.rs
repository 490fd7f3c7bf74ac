//! Ending approvals.

use auth::approval::{Ended, Ending, PersonKey};
use auth::time::Timestamp;
use aws_sdk_dynamodb::types::{AttributeValue, Delete, Put, TransactWriteItem};
use tokio::time::Instant;

use super::attributes::{Item, done_key, number, open_key, string};
use super::reading::OpenApproval;
use super::record::Recording;
use super::request::overdue;
use super::write::{ATTEMPTS_TO_END, Transacted, pause};
use super::{ApprovalError, ApprovalStore};
use crate::connection::with_time_to_look;
use upstream_secrets::failure::Failure;

impl ApprovalStore {
    /// Writes the outcome and takes the open row away, both or neither. A denial also fills this minute's starts up. The same
    /// outcome may be recorded again. It is tried again when the table is busy or silent: that an act was done is the one
    /// thing that nobody could find out later.
    ///
    /// # Errors
    /// All of [`ApprovalError`].
    pub async fn record_end(&self, ended: &Ended, until: Instant) -> Result<Recording, ApprovalError> {
        let person = PersonKey::of(&ended.binding.subject);
        let writes = self.ending(&person, ended, until).await?;
        // What is told in the end is what went wrong first: the last attempts may merely have run out of time.
        let mut problem = None;
        for attempt in 0..ATTEMPTS_TO_END {
            let refused = match self.transact(writes.clone(), with_time_to_look(until)).await {
                Ok(Transacted::Written) => return Ok(Recording::Recorded),
                Ok(Transacted::Refused(_)) => true,
                Err(Failure::Setup) => return Err(ApprovalError::Misconfigured),
                Err(Failure::Throttled) => {
                    problem.get_or_insert(ApprovalError::Busy);
                    false
                }
                Err(Failure::Condition | Failure::Connection | Failure::Unknown) => {
                    problem.get_or_insert(ApprovalError::Unavailable);
                    false
                }
            };
            match self.stored(&person, ended, until).await {
                Ok(Some(recording)) => return Ok(recording),
                Ok(None) if refused => return Ok(Recording::Lost),
                Ok(None) => {}
                Err(unseen @ (ApprovalError::Busy | ApprovalError::Unavailable)) => {
                    problem.get_or_insert(unseen);
                }
                Err(error @ (ApprovalError::Unreadable | ApprovalError::Misconfigured)) => return Err(error),
            }
            let given_up = |over| problem.unwrap_or(over);
            pause(attempt, ATTEMPTS_TO_END, until).await.map_err(given_up)?;
        }
        Err(problem.unwrap_or(ApprovalError::Busy))
    }

    /// The open approvals of a person, of which those are ended first that nobody ended in time: whoever was to look after
    /// them did not, and this is when somebody asks.
    ///
    /// # Errors
    /// All of [`ApprovalError`]; rows that can be read are ended even if another cannot.
    pub async fn look(
        &self,
        person: &PersonKey,
        now: Timestamp,
        until: Instant,
    ) -> Result<Vec<OpenApproval>, ApprovalError> {
        let (mut found, mut unreadable) = (Vec::new(), false);
        for item in self.open_items(person, until).await? {
            let open = match self.open_of(person, &item, until).await {
                Err(ApprovalError::Unreadable) => {
                    unreadable = true;
                    continue;
                }
                opened => opened?,
            };
            let shown = OpenApproval::of(&open.approval);
            match overdue(open.approval, now) {
                None => found.extend(shown),
                // If somebody else was there, theirs is the outcome.
                Some(ended) => {
                    let _ = self.record_end(&ended, until).await?;
                }
            }
        }
        if unreadable { Err(ApprovalError::Unreadable) } else { Ok(found) }
    }

    async fn ending(
        &self,
        person: &PersonKey,
        ended: &Ended,
        until: Instant,
    ) -> Result<Vec<TransactWriteItem>, ApprovalError> {
        let binding = &ended.binding;
        let put = Put::builder()
            .table_name(&self.table)
            .set_item(Some(self.sealed_item(person, ended, until).await?))
            .condition_expression("attribute_not_exists(#person)")
            .expression_attribute_names("#person", "person")
            .build();
        let delete = Delete::builder()
            .table_name(&self.table)
            .set_key(Some(open_key(person, &binding.tool)))
            .condition_expression("#reference = :reference AND #version = :before")
            .expression_attribute_names("#reference", "reference")
            .expression_attribute_names("#version", "version")
            .expression_attribute_values(":reference", string(binding.reference.as_str()))
            .expression_attribute_values(":before", number(ended.version.saturating_sub(1)))
            .build();
        let misbuilt = |_| ApprovalError::Misconfigured;
        let mut writes = vec![
            TransactWriteItem::builder().put(put.map_err(misbuilt)?).build(),
            TransactWriteItem::builder().delete(delete.map_err(misbuilt)?).build(),
        ];
        if ended.ending == Ending::Denied {
            let fill = self
                .starts(binding, ended.at)
                .update_expression("SET #starts = :limit, #declined = :declined, #ttl = :ttl")
                .expression_attribute_names("#declined", "declined")
                .expression_attribute_values(":declined", AttributeValue::Bool(true))
                .build();
            writes.push(TransactWriteItem::builder().update(fill.map_err(misbuilt)?).build());
        }
        Ok(writes)
    }

    /// The outcome's row, sealed; tried again as the write itself is.
    async fn sealed_item(&self, person: &PersonKey, ended: &Ended, until: Instant) -> Result<Item, ApprovalError> {
        for attempt in 0..ATTEMPTS_TO_END {
            match self.done_item(person, ended, with_time_to_look(until)).await {
                Err(problem @ (ApprovalError::Busy | ApprovalError::Unavailable)) => {
                    pause(attempt, ATTEMPTS_TO_END, until).await.map_err(|_| problem)?;
                }
                sealed => return sealed,
            }
        }
        Err(ApprovalError::Busy)
    }

    /// Whether the table has this outcome or another; nothing if it has none.
    async fn stored(
        &self,
        person: &PersonKey,
        ended: &Ended,
        until: Instant,
    ) -> Result<Option<Recording>, ApprovalError> {
        let reference = &ended.binding.reference;
        let Some(item) = self.item(done_key(person, reference), until).await? else { return Ok(None) };
        let (found, version) = self.ended_of(person, reference, &item, until).await?;
        let same = found.ending == ended.ending && found.at == ended.at && version == ended.version;
        Ok(Some(if same { Recording::Recorded } else { Recording::Lost }))
    }
}
