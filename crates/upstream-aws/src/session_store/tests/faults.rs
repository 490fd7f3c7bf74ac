use auth::session::Row;

use super::{read, with_alice};
use crate::session_store::{Creation, LeaseOutcome, SessionStore, StoreError, StoreOutcome};
use crate::testing::people::{NOW, access_token_of, federated, mandate, reference, row};
use crate::testing::table::{TABLE, Table, seal};
use crate::testing::wire::{Answer, Request, Wire};
use crate::testing::{ample, aws_at, brief};

fn is(request: &Request, operation: &str) -> bool {
    request.head.contains(&format!("x-amz-target: dynamodb_20120810.{operation}"))
}

fn count(wire: &Wire, operation: &str) -> usize {
    wire.seen().iter().filter(|request| is(request, operation)).count()
}

fn body(code: &str) -> String {
    format!(r#"{{"__type":"com.amazonaws.dynamodb.v20120810#{code}","message":"text of the service"}}"#)
}

async fn store_at(wire: &Wire) -> SessionStore {
    SessionStore::new(&aws_at(&wire.url).await, TABLE.to_owned(), seal(7))
}

async fn lease(store: &SessionStore) -> Result<LeaseOutcome, StoreError> {
    store.take_lease(&mandate(row()), "one", NOW, 30, ample()).await
}

#[tokio::test]
async fn each_refusal_of_the_service_has_its_kind_and_only_reads_are_repeated() {
    for (status, code, expected, reads) in [
        (400, "ProvisionedThroughputExceededException", StoreError::Busy, 2),
        (400, "ThrottlingException", StoreError::Busy, 2),
        (400, "RequestLimitExceeded", StoreError::Busy, 2),
        (400, "ResourceNotFoundException", StoreError::Misconfigured, 1),
        (400, "AccessDeniedException", StoreError::Misconfigured, 1),
        (400, "ValidationException", StoreError::Misconfigured, 1),
        (500, "InternalServerError", StoreError::Unavailable, 2),
        (503, "ServiceUnavailable", StoreError::Unavailable, 2),
    ] {
        let wire = Wire::always(status, "", &body(code)).await;
        let store = store_at(&wire).await;
        assert_eq!(store.read(&reference().hash(), ample()).await.err(), Some(expected), "{code}");
        assert_eq!(count(&wire, "getitem"), reads, "{code}");
        assert_eq!(store.delete(&reference().hash(), ample()).await, Err(expected), "{code}");
        assert_eq!(count(&wire, "deleteitem"), 1, "{code}");
        assert_eq!(store.create(&row(), NOW, ample()).await, Err(expected), "{code}");
        assert_eq!(count(&wire, "putitem"), 1, "{code}");
        assert_eq!(lease(&store).await.err(), Some(expected), "{code}");
        assert_eq!(count(&wire, "updateitem"), 1, "{code}");
    }
}

#[tokio::test]
async fn a_missing_table_is_ours_to_mend() {
    let table = Table::start().await;
    let store = SessionStore::new(&table.aws, "absent".to_owned(), seal(7));
    assert_eq!(store.read(&reference().hash(), ample()).await.err(), Some(StoreError::Misconfigured));
}

#[tokio::test]
async fn garbage_for_an_answer_is_unavailable() {
    for text in ["", "<html>", "{", "[]", r#"{"Item": 1}"#, r#"{"Item": {"version": {"N": 1}}}"#] {
        let wire = Wire::always(200, "", text).await;
        let outcome = store_at(&wire).await.read(&reference().hash(), ample()).await;
        assert!(!matches!(outcome, Ok(Some(_))), "{text}");
    }
}

#[tokio::test]
async fn a_silent_table_is_asked_twice_at_most_and_then_left() {
    let wire = Wire::start(|_, _| Answer::Hang).await;
    let store = store_at(&wire).await;
    assert_eq!(store.read(&reference().hash(), brief()).await.err(), Some(StoreError::Unavailable));
    assert!(count(&wire, "getitem") <= 2);
    assert_eq!(store.delete(&reference().hash(), brief()).await, Err(StoreError::Unavailable));
    assert!(count(&wire, "deleteitem") <= 1);
}

#[tokio::test]
async fn a_read_survives_one_broken_connection() {
    let (table, _store) = with_alice().await;
    let engine = table.engine;
    let wire = Wire::start(move |before, _| if before == 0 { Answer::Close } else { Answer::Forward(engine) }).await;
    assert_eq!(read(&store_at(&wire).await).await.version, 1);
    assert_eq!(count(&wire, "getitem"), 2);
}

#[tokio::test]
async fn a_row_whose_answer_was_lost_is_recognized() {
    let table = Table::start().await;
    let engine = table.engine;
    let (wire, store) = table.store_behind(move |r| is(r, "putitem").then_some(Answer::ForwardAndClose(engine))).await;
    assert_eq!(store.create(&row(), NOW, ample()).await, Ok(Creation::Created));
    assert_eq!((count(&wire, "putitem"), count(&wire, "getitem")), (1, 1));
    assert_eq!(store.create(&Row { version: 9, ..row() }, NOW, ample()).await, Ok(Creation::AlreadyThere));
}

#[tokio::test]
async fn a_row_that_never_arrived_is_not_taken_for_stored() {
    let table = Table::start().await;
    let (wire, store) = table.store_behind(|r| is(r, "putitem").then_some(Answer::Close)).await;
    assert_eq!(store.create(&row(), NOW, ample()).await, Err(StoreError::Unavailable));
    assert_eq!(count(&wire, "putitem"), 1);
}

#[tokio::test]
async fn a_lease_whose_answer_was_lost_is_still_a_lease() {
    let (table, _store) = with_alice().await;
    let engine = table.engine;
    let (wire, store) =
        table.store_behind(move |r| is(r, "updateitem").then_some(Answer::ForwardAndClose(engine))).await;
    let Ok(LeaseOutcome::Taken(fence)) = lease(&store).await else { panic!("not taken") };
    assert_eq!((count(&wire, "updateitem"), count(&wire, "getitem")), (1, 1));

    let mandate = mandate(row());
    let tokens = mandate.renewed_tokens(federated("second"));
    let outcome = store.store_tokens(&mandate, fence, &tokens, NOW, ample()).await;
    assert_eq!(outcome, Ok(StoreOutcome::Stored));
    assert_eq!(access_token_of(&read(&store).await), "access-second");
}

#[tokio::test]
async fn somebody_elses_lease_is_not_mistaken_for_ones_own() {
    let (table, direct) = with_alice().await;
    let Ok(LeaseOutcome::Taken(_fence)) = direct.take_lease(&mandate(row()), "two", NOW, 30, ample()).await else {
        panic!("not taken")
    };
    let (_wire, store) = table.store_behind(|r| is(r, "updateitem").then_some(Answer::Close)).await;
    assert!(matches!(lease(&store).await, Ok(LeaseOutcome::HeldOrMoved)));
}

#[tokio::test]
async fn a_lease_that_never_arrived_is_no_lease() {
    let (table, direct) = with_alice().await;
    let (wire, store) = table.store_behind(|r| is(r, "updateitem").then_some(Answer::Close)).await;
    assert_eq!(lease(&store).await.err(), Some(StoreError::Unavailable));
    assert_eq!(count(&wire, "updateitem"), 1);
    let untouched = read(&direct).await;
    assert_eq!((untouched.version, untouched.lease), (1, None));
}

#[tokio::test]
async fn every_read_is_strongly_consistent() {
    let (table, _store) = with_alice().await;
    let (wire, store) = table.store_behind(|_| None).await;
    read(&store).await;
    store.open(ample()).await;
    let seen = wire.seen();
    assert_eq!(seen.len(), 2);
    assert!(seen.iter().all(|request| request.body.contains(r#""ConsistentRead":true"#)));
}

#[tokio::test]
async fn calls_after_opening_share_one_connection() {
    let (table, _store) = with_alice().await;
    let (wire, store) = table.store_behind(|_| None).await;
    store.open(ample()).await;
    read(&store).await;
    let Ok(LeaseOutcome::Taken(fence)) = lease(&store).await else { panic!("not taken") };
    store.release(&mandate(row()), fence, ample()).await.unwrap();
    assert_eq!((wire.seen().len(), wire.connections()), (4, 1));
}
