use std::sync::Arc;

use auth::session::Row;
use tokio::task::JoinSet;

use super::{read, with_alice};
use crate::session_store::{Creation, Fence, LeaseOutcome, SessionStore, StoreOutcome};
use crate::testing::ample;
use crate::testing::people::{NOW, access_token_of, another_reference, federated, mandate, reference, row};
use crate::testing::table::Table;

async fn take(store: &SessionStore, read: &Row, holder: &str, seconds_later: u64) -> Option<Fence> {
    let mandate = mandate(read.clone());
    match store.take_lease(&mandate, holder, NOW.plus(seconds_later), 30, ample()).await {
        Ok(LeaseOutcome::Taken(fence)) => Some(fence),
        Ok(LeaseOutcome::HeldOrMoved) => None,
        Err(error) => panic!("{error}"),
    }
}

async fn renew(store: &SessionStore, read: &Row, fence: Fence, name: &str, seconds_later: u64) -> StoreOutcome {
    let mandate = mandate(read.clone());
    let tokens = mandate.renewed_tokens(federated(name));
    store.store_tokens(&mandate, fence, &tokens, NOW.plus(seconds_later), ample()).await.unwrap()
}

#[tokio::test]
async fn of_fifty_callers_exactly_one_takes_the_lease() {
    let (_table, store) = with_alice().await;
    let store = Arc::new(store);
    let mut callers = JoinSet::new();
    for number in 0..50 {
        let (store, row) = (Arc::clone(&store), row());
        callers.spawn(async move { take(&store, &row, &format!("holder-{number}"), 0).await.is_some() });
    }
    let winners = callers.join_all().await.into_iter().filter(|won| *won).count();
    assert_eq!(winners, 1);
    assert_eq!(read(&store).await.version, 2);
}

#[tokio::test]
async fn refreshed_tokens_are_stored_and_the_lease_ends() {
    let (_table, store) = with_alice().await;
    let before = read(&store).await;
    let fence = take(&store, &before, "one", 0).await.unwrap();
    let leased = read(&store).await;
    let lease = leased.lease.clone().unwrap();
    assert_eq!((lease.holder.as_str(), lease.until), ("one", NOW.plus(30)));
    assert_eq!(access_token_of(&leased), "access-first");

    assert_eq!(renew(&store, &before, fence, "second", 1).await, StoreOutcome::Stored);
    let after = read(&store).await;
    assert_eq!(access_token_of(&after), "access-second");
    assert_eq!((after.version, after.lease.clone()), (3, None));
    assert_eq!((after.email, after.connection, after.expires_at), (before.email, before.connection, before.expires_at));
}

#[tokio::test]
async fn a_held_lease_is_not_taken_before_its_end() {
    let (_table, store) = with_alice().await;
    let _fence = take(&store, &row(), "one", 0).await.unwrap();
    let leased = read(&store).await;
    assert!(take(&store, &leased, "two", 29).await.is_none());
    assert!(take(&store, &leased, "two", 30).await.is_some());
}

#[tokio::test]
async fn a_holder_who_stalled_past_the_lease_writes_nothing() {
    let (_table, store) = with_alice().await;
    let stalled_read = read(&store).await;
    let stalled = take(&store, &stalled_read, "one", 0).await.unwrap();
    let next_read = read(&store).await;
    let next = take(&store, &next_read, "two", 31).await.unwrap();

    assert_eq!(renew(&store, &stalled_read, stalled, "stale", 32).await, StoreOutcome::LostToAnother);
    let between = read(&store).await;
    assert_eq!((access_token_of(&between).as_str(), between.version), ("access-first", 3));
    assert_eq!(between.lease.unwrap().holder, "two");

    assert_eq!(renew(&store, &next_read, next, "fresh", 33).await, StoreOutcome::Stored);
    assert_eq!(access_token_of(&read(&store).await), "access-fresh");
}

#[tokio::test]
async fn the_fence_of_an_earlier_lease_is_void_for_the_same_holder_too() {
    let (_table, store) = with_alice().await;
    let before = read(&store).await;
    let earlier = take(&store, &before, "one", 0).await.unwrap();
    let _later = take(&store, &read(&store).await, "one", 31).await.unwrap();
    assert_eq!(renew(&store, &before, earlier, "stale", 32).await, StoreOutcome::LostToAnother);
    assert_eq!(access_token_of(&read(&store).await), "access-first");
}

#[tokio::test]
async fn a_late_holder_whom_nobody_replaced_may_still_write() {
    let (_table, store) = with_alice().await;
    let before = read(&store).await;
    let fence = take(&store, &before, "one", 0).await.unwrap();
    assert_eq!(renew(&store, &before, fence, "late", 100).await, StoreOutcome::Stored);
}

#[tokio::test]
async fn an_old_reading_of_the_row_takes_no_lease() {
    let (_table, store) = with_alice().await;
    let old = read(&store).await;
    let fence = take(&store, &old, "one", 0).await.unwrap();
    assert_eq!(renew(&store, &old, fence, "second", 1).await, StoreOutcome::Stored);
    assert!(take(&store, &old, "two", 2).await.is_none());
}

#[tokio::test]
async fn nothing_is_refreshed_after_the_end_of_the_session() {
    let (_table, store) = with_alice().await;
    let before = read(&store).await;
    assert!(take(&store, &before, "one", 3600).await.is_none());
    let fence = take(&store, &before, "one", 3599).await.unwrap();
    assert_eq!(renew(&store, &before, fence, "second", 3600).await, StoreOutcome::LostToAnother);
    assert_eq!(access_token_of(&read(&store).await), "access-first");
}

#[tokio::test]
async fn a_refresh_does_not_bring_a_signed_out_session_back() {
    let (_table, store) = with_alice().await;
    let before = read(&store).await;
    let fence = take(&store, &before, "one", 0).await.unwrap();
    store.delete(&before.hash, ample()).await.unwrap();
    assert_eq!(renew(&store, &before, fence, "second", 1).await, StoreOutcome::LostToAnother);
    assert!(matches!(store.read(&before.hash, ample()).await, Ok(None)));
    assert!(take(&store, &before, "two", 2).await.is_none());
    assert!(matches!(store.read(&before.hash, ample()).await, Ok(None)));
}

#[tokio::test]
async fn a_lease_that_is_given_back_is_free_at_once() {
    let (_table, store) = with_alice().await;
    let before = read(&store).await;
    let fence = take(&store, &before, "one", 0).await.unwrap();
    store.release(&mandate(before.clone()), fence, ample()).await.unwrap();
    let free = read(&store).await;
    assert_eq!((free.lease.clone(), free.version), (None, 3));
    assert_eq!(access_token_of(&free), "access-first");
    assert!(take(&store, &free, "two", 1).await.is_some());
}

#[tokio::test]
async fn giving_back_a_lease_that_moved_on_changes_nothing() {
    let (_table, store) = with_alice().await;
    let before = read(&store).await;
    let stalled = take(&store, &before, "one", 0).await.unwrap();
    let next = read(&store).await;
    let _held = take(&store, &next, "two", 31).await.unwrap();
    store.release(&mandate(before), stalled, ample()).await.unwrap();
    assert_eq!(read(&store).await.lease.unwrap().holder, "two");
}

#[tokio::test]
async fn a_fence_is_good_for_its_own_row_only() {
    let (table, store) = with_alice().await;
    let other = Row { hash: another_reference().hash(), ..row() };
    assert_eq!(table.store().create(&other, NOW, ample()).await, Ok(Creation::Created));
    let fence = take(&store, &other, "one", 0).await.unwrap();
    let _own = take(&store, &row(), "one", 0).await.unwrap();
    assert_eq!(renew(&store, &row(), fence, "second", 1).await, StoreOutcome::LostToAnother);
    let untouched = store.read(&reference().hash(), ample()).await.unwrap().unwrap();
    assert_eq!((access_token_of(&untouched).as_str(), untouched.version), ("access-first", 2));
}

#[tokio::test]
async fn a_table_without_the_row_gives_no_lease() {
    let table = Table::start().await;
    assert!(take(&table.store(), &row(), "one", 0).await.is_none());
    assert!(matches!(table.store().read(&reference().hash(), ample()).await, Ok(None)));
}
