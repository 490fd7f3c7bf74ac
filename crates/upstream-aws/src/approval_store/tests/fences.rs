use auth::approval::{Approval, Ending, Pending, Poll, Polled};

use super::table::{agreed, approved, named, pending, person, read, requested, spend, started};
use crate::approval_store::{ApprovalStore, Recording, Spent};
use crate::testing::ample;
use crate::testing::people::NOW;

async fn version(store: &ApprovalStore) -> u64 {
    match read(store).await.unwrap().0 {
        Approval::Requested(found) => found.version,
        Approval::Pending(found) => found.version,
        Approval::Approved(found) => found.version(),
        Approval::Acting(found) => found.version,
        Approval::Ended(found) => found.version,
    }
}

fn polled(pending: Pending, seconds: u64) -> Pending {
    match pending.polled(Poll::Pending, NOW.plus(seconds)) {
        Polled::StillPending(pending) => pending,
        Polled::Approved(_) | Polled::Ended(_) => panic!("not pending"),
    }
}

#[tokio::test]
async fn no_state_is_written_twice() {
    let (_table, store) = pending().await;
    assert_eq!(store.record_pending(&started(1), ample()).await, Ok(Recording::Lost));
    let later = polled(started(1), 8);
    assert_eq!(store.record_poll(&later, ample()).await, Ok(Recording::Recorded));
    assert_eq!(store.record_poll(&later, ample()).await, Ok(Recording::Lost));
    assert_eq!(version(&store).await, 3);
}

#[tokio::test]
async fn an_old_reading_approves_nothing() {
    let (_table, store) = pending().await;
    assert_eq!(store.record_poll(&polled(started(1), 8), ample()).await, Ok(Recording::Recorded));
    assert_eq!(store.record_approved(&agreed(1), ample()).await, Ok(Recording::Lost));
    assert!(matches!(read(&store).await, Some((Approval::Pending(_), _))));
}

#[tokio::test]
async fn no_state_is_left_out() {
    let (_table, store) = requested().await;
    let early = auth::approval::Approved::stored(started(1).binding, 2);
    assert_eq!(store.record_approved(&early, ample()).await, Ok(Recording::Lost));
    let early = Pending { version: 2, ..started(1) };
    assert_eq!(store.record_poll(&early, ample()).await, Ok(Recording::Lost));
    let early = auth::approval::Approved::stored(agreed(1).binding().clone(), 1);
    assert!(matches!(store.spend(super::table::spending(early, "one"), ample()).await, Ok(Spent::Lost)));
    assert_eq!(version(&store).await, 1);
}

#[tokio::test]
async fn an_approval_is_spent_once() {
    let (_table, store) = approved().await;
    assert!(matches!(spend(&store, "one").await, Spent::Yes(..)));
    assert!(matches!(spend(&store, "two").await, Spent::Lost));
    assert!(matches!(spend(&store, "one").await, Spent::Lost), "the same worker has no second permit either");
    assert_eq!(version(&store).await, 4);
}

#[tokio::test]
async fn what_has_ended_is_not_begun_again() {
    let (_table, store) = pending().await;
    let ended = started(1).end(Ending::Denied, NOW.plus(9));
    assert_eq!(store.record_end(&ended, ample()).await, Ok(Recording::Recorded));
    assert_eq!(store.record_pending(&started(1), ample()).await, Ok(Recording::Lost));
    assert_eq!(store.record_poll(&polled(started(1), 8), ample()).await, Ok(Recording::Lost));
    assert_eq!(store.record_approved(&agreed(1), ample()).await, Ok(Recording::Lost));
    assert!(matches!(spend(&store, "one").await, Spent::Lost));
    assert!(read(&store).await.is_none());
}

#[tokio::test]
async fn the_same_outcome_may_be_recorded_again_and_another_may_not() {
    let (_table, store) = pending().await;
    let ended = || started(1).end(Ending::Expired, NOW.plus(90));
    assert_eq!(store.record_end(&ended(), ample()).await, Ok(Recording::Recorded));
    assert_eq!(store.record_end(&ended(), ample()).await, Ok(Recording::Recorded));
    let other = started(1).end(Ending::Denied, NOW.plus(90));
    assert_eq!(store.record_end(&other, ample()).await, Ok(Recording::Lost));
    let outcome = store.outcome(&person(), &named(1), ample()).await.unwrap().unwrap();
    assert_eq!(outcome.ending, Ending::Expired);
}

#[tokio::test]
async fn a_row_that_moved_is_not_ended_by_an_old_reading() {
    let (table, store) = approved().await;
    let old = started(1).end(Ending::Expired, NOW.plus(9));
    assert_eq!(store.record_end(&old, ample()).await, Ok(Recording::Lost));
    assert_eq!(store.outcome(&person(), &named(1), ample()).await, Ok(None));
    assert!(matches!(read(&store).await, Some((Approval::Approved(_), _))));
    assert_eq!(table.starts(NOW.seconds() / 60).await.as_deref(), Some("1"));
}

#[tokio::test]
async fn a_denial_that_is_lost_closes_no_minute() {
    let (table, store) = approved().await;
    let old = started(1).end(Ending::Denied, NOW.plus(9));
    assert_eq!(store.record_end(&old, ample()).await, Ok(Recording::Lost));
    assert_eq!(table.starts(NOW.seconds() / 60).await.as_deref(), Some("1"));
}

#[tokio::test]
async fn an_open_row_that_comes_back_does_not_change_the_outcome() {
    let (table, store) = pending().await;
    let row = table.open_item().await;
    let ended = started(1).end(Ending::Expired, NOW.plus(90));
    assert_eq!(store.record_end(&ended, ample()).await, Ok(Recording::Recorded));
    table.put(super::table::TABLE, &row).await;
    let other = started(1).end(Ending::Denied, NOW.plus(91));
    assert_eq!(store.record_end(&other, ample()).await, Ok(Recording::Lost));
    let outcome = store.outcome(&person(), &named(1), ample()).await.unwrap().unwrap();
    assert_eq!((outcome.ending, outcome.at), (Ending::Expired, NOW.plus(90)));
}
