//! Writing several rows at once, or not at all.

use std::time::Duration;

use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::{CancellationReason, TransactWriteItem};
use tokio::time::{Instant, sleep, timeout_at};

use super::{ApprovalError, ApprovalStore};
use upstream_secrets::failure::{Failure, LONGEST_CALL};

/// How often a write is tried. Each is fenced, so none can be applied twice.
pub(super) const ATTEMPTS: u32 = 3;
/// The same for an outcome, which is known nowhere else.
pub(super) const ATTEMPTS_TO_END: u32 = 12;
const FIRST_PAUSE: Duration = Duration::from_millis(20);

/// What became of a transaction.
pub(super) enum Transacted {
    /// All of it is written.
    Written,
    /// None of it is: these conditions were false, in the order of the writes.
    Refused(Vec<bool>),
}

/// After this attempt of so many, counted from 0, and before the next.
///
/// # Errors
/// `Busy` if it was the last, or if there is no time for another.
pub(super) async fn pause(attempt: u32, attempts: u32, until: Instant) -> Result<(), ApprovalError> {
    let wake = Instant::now() + FIRST_PAUSE * (1 << attempt.min(4));
    if attempt + 1 >= attempts || wake >= until {
        return Err(ApprovalError::Busy);
    }
    sleep(wake.saturating_duration_since(Instant::now())).await;
    Ok(())
}

impl ApprovalStore {
    pub(super) async fn transact(&self, writes: Vec<TransactWriteItem>, until: Instant) -> Result<Transacted, Failure> {
        let call = self.client.transact_write_items().set_transact_items(Some(writes)).send();
        let error = match timeout_at(until.min(Instant::now() + LONGEST_CALL), Box::pin(call)).await {
            Err(_) => return Err(Failure::Unknown),
            Ok(Ok(_)) => return Ok(Transacted::Written),
            Ok(Err(error)) => error,
        };
        match error.as_service_error() {
            Some(TransactWriteItemsError::TransactionCanceledException(cancelled)) => {
                refused(cancelled.cancellation_reasons())
            }
            Some(TransactWriteItemsError::TransactionInProgressException(_)) => Err(Failure::Unknown),
            _ => Err(Failure::of::<TransactWriteItemsError>(&error)),
        }
    }
}

/// A conflict with another transaction, like a limit, says nothing about the conditions: nothing was done, and it may be
/// tried again.
fn refused(reasons: &[CancellationReason]) -> Result<Transacted, Failure> {
    let codes = || reasons.iter().map(|reason| reason.code().unwrap_or("None"));
    if codes().any(|code| code == "ConditionalCheckFailed") {
        return Ok(Transacted::Refused(codes().map(|code| code == "ConditionalCheckFailed").collect()));
    }
    let passing = ["TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded", "RequestLimitExceeded"];
    if codes().any(|code| passing.contains(&code)) { Err(Failure::Throttled) } else { Err(Failure::Setup) }
}
