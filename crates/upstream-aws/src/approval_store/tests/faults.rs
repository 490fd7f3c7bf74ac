use std::time::Duration;

use auth::approval::{Approval, Binding, Ending};
use auth::id::AgentId;
use tokio::time::Instant;

use super::table::{
    ARGUMENTS, Approvals, TABLE, agreed, approved, binding, named, pending, person, read, requested, signed_out,
    spending, started, swept,
};
use crate::approval_store::{ApprovalError, ApprovalStore, Recording, Requesting, Spent, Sweep};
use crate::testing::people::NOW;
use crate::testing::table::seal;
use crate::testing::wire::{Answer, Request, Wire};
use crate::testing::{ample, aws_at, brief};

fn is(request: &Request, operation: &str) -> bool {
    request.head.contains(&format!("x-amz-target: dynamodb_20120810.{operation}\r\n"))
}

fn count(wire: &Wire, operation: &str) -> usize {
    wire.seen().iter().filter(|request| is(request, operation)).count()
}

/// The engine acts on this operation, and nobody hears of it.
async fn deaf(table: &Approvals, operation: &'static str) -> (Wire, ApprovalStore) {
    let engine = table.engine;
    table.store_behind(move |_, request| is(request, operation).then_some(Answer::ForwardAndClose(engine))).await
}

/// This operation does not arrive.
async fn cut(table: &Approvals, operation: &'static str) -> (Wire, ApprovalStore) {
    table.store_behind(move |_, request| is(request, operation).then_some(Answer::Close)).await
}

#[tokio::test]
async fn a_request_whose_answer_was_lost_is_recognized_and_counted_once() {
    let table = Approvals::start().await;
    let (wire, store) = deaf(&table, "transactwriteitems").await;
    let outcome = store.request(&binding(1), ARGUMENTS, NOW, ample()).await;
    let Ok(Requesting::Recorded(requested)) = outcome else { panic!("not recorded") };
    assert_eq!((requested.binding, requested.version), (binding(1), 1));
    assert_eq!(count(&wire, "transactwriteitems"), 1);
    assert_eq!(table.starts(NOW.seconds() / 60).await.as_deref(), Some("1"));
    let Ok(Requesting::AlreadyOpen(open)) = store.request(&binding(2), ARGUMENTS, NOW, ample()).await else {
        panic!("not open")
    };
    assert_eq!(open.reference, named(1));
}

#[tokio::test]
async fn a_request_that_never_arrived_is_not_taken_for_recorded() {
    let table = Approvals::start().await;
    let (_wire, store) = cut(&table, "transactwriteitems").await;
    let outcome = store.request(&binding(1), ARGUMENTS, NOW, ample()).await;
    assert_eq!(outcome.err(), Some(ApprovalError::Unavailable));
    assert!(table.try_item("open#add_to_group").await.is_none());
}

#[tokio::test]
async fn every_state_whose_answer_was_lost_is_recognized_by_one_write() {
    let (table, _store) = requested().await;
    let (wire, store) = deaf(&table, "updateitem").await;
    assert_eq!(store.record_pending(&started(1), ample()).await, Ok(Recording::Recorded));
    assert_eq!(store.record_approved(&agreed(1), ample()).await, Ok(Recording::Recorded));
    let spent = store.spend(spending(agreed(1), "one"), ample()).await;
    let Ok(Spent::Yes(acting, permit)) = spent else { panic!("lost") };
    assert_eq!((acting.version, permit.binding().reference.clone()), (4, named(1)));
    assert_eq!((count(&wire, "updateitem"), count(&wire, "getitem")), (3, 3));
}

#[tokio::test]
async fn a_permit_whose_answer_was_lost_is_still_only_one() {
    let (table, _store) = approved().await;
    let (_wire, store) = deaf(&table, "updateitem").await;
    assert!(matches!(store.spend(spending(agreed(1), "one"), ample()).await, Ok(Spent::Yes(..))));
    assert!(matches!(store.spend(spending(agreed(1), "one"), ample()).await, Ok(Spent::Lost)));
    assert!(matches!(store.spend(spending(agreed(1), "two"), ample()).await, Ok(Spent::Lost)));
}

#[tokio::test]
async fn a_spending_that_never_arrived_gives_no_permit() {
    let (table, direct) = approved().await;
    let (wire, store) = cut(&table, "updateitem").await;
    let spent = store.spend(spending(agreed(1), "one"), ample()).await;
    assert_eq!(spent.err(), Some(ApprovalError::Unavailable));
    assert_eq!(count(&wire, "updateitem"), 3);
    assert!(matches!(read(&direct).await, Some((Approval::Approved(_), _))));
}

#[tokio::test]
async fn a_write_that_is_lost_on_the_way_once_is_written_once() {
    let (table, direct) = approved().await;
    let (wire, store) =
        table.store_behind(|before, request| (before == 0 && is(request, "updateitem")).then_some(Answer::Close)).await;
    assert!(matches!(store.spend(spending(agreed(1), "one"), ample()).await, Ok(Spent::Yes(..))));
    assert_eq!(count(&wire, "updateitem"), 2);
    let Some((Approval::Acting(acting), _)) = read(&direct).await else { panic!("not acting") };
    assert_eq!((acting.holder.as_str(), acting.version), ("one", 4));
}

#[tokio::test]
async fn somebody_elses_write_is_not_mistaken_for_ones_own() {
    let (table, direct) = approved().await;
    assert!(matches!(direct.spend(spending(agreed(1), "one"), ample()).await, Ok(Spent::Yes(..))));
    let (_wire, store) = cut(&table, "updateitem").await;
    for holder in ["one", "two"] {
        assert!(matches!(store.spend(spending(agreed(1), holder), ample()).await, Ok(Spent::Lost)), "{holder}");
    }
}

#[tokio::test]
async fn an_outcome_whose_answer_was_lost_is_recorded() {
    let (table, direct) = pending().await;
    let (wire, store) = deaf(&table, "transactwriteitems").await;
    let ended = started(1).end(Ending::Denied, NOW.plus(9));
    assert_eq!(store.record_end(&ended, ample()).await, Ok(Recording::Recorded));
    assert_eq!((count(&wire, "transactwriteitems"), count(&wire, "getitem")), (1, 1));
    assert!(read(&direct).await.is_none());
}

#[tokio::test]
async fn an_outcome_is_told_again_until_the_table_hears_it() {
    let (table, direct) = pending().await;
    let conflict = r#"{"__type":"com.amazonaws.dynamodb.v20120810#TransactionCanceledException",
        "CancellationReasons":[{"Code":"None"},{"Code":"TransactionConflict"}]}"#;
    let (wire, store) = table
        .store_behind(move |before, request| match before {
            0 if is(request, "transactwriteitems") => {
                Some(Answer::Reply { status: 400, headers: "", body: conflict.to_owned() })
            }
            2 => Some(Answer::Close),
            _ => None,
        })
        .await;
    let ended = started(1).end(Ending::Expired, NOW.plus(90));
    assert_eq!(store.record_end(&ended, ample()).await, Ok(Recording::Recorded));
    assert_eq!(count(&wire, "transactwriteitems"), 3);
    let outcome = direct.outcome(&person(), &named(1), ample()).await.unwrap().unwrap();
    assert_eq!(outcome.ending, Ending::Expired);
}

#[tokio::test]
async fn an_outcome_that_never_arrived_is_not_taken_for_recorded() {
    let (table, direct) = pending().await;
    let (wire, store) = cut(&table, "transactwriteitems").await;
    let ended = started(1).end(Ending::Expired, NOW.plus(90));
    assert_eq!(store.record_end(&ended, ample()).await, Err(ApprovalError::Unavailable));
    assert_eq!(count(&wire, "transactwriteitems"), 12, "it is the one thing that nobody could find out later");
    assert!(read(&direct).await.is_some());
}

fn soon() -> Instant {
    Instant::now() + Duration::from_millis(300)
}

#[tokio::test]
async fn each_refusal_of_the_service_has_its_kind() {
    for (status, code, expected) in [
        (400, "ProvisionedThroughputExceededException", ApprovalError::Busy),
        (400, "ThrottlingException", ApprovalError::Busy),
        (400, "TransactionConflictException", ApprovalError::Busy),
        (400, "ResourceNotFoundException", ApprovalError::Misconfigured),
        (400, "AccessDeniedException", ApprovalError::Misconfigured),
        (400, "ValidationException", ApprovalError::Misconfigured),
        (500, "InternalServerError", ApprovalError::Unavailable),
    ] {
        let body = format!(r#"{{"__type":"com.amazonaws.dynamodb.v20120810#{code}","message":"text of the service"}}"#);
        let wire = Wire::always(status, "", &body).await;
        let store = ApprovalStore::new(&aws_at(&wire.url).await, TABLE.to_owned(), seal(7));
        let agent = AgentId::parse("AGENT12345").unwrap();
        let problems = [
            store.request(&binding(1), ARGUMENTS, NOW, ample()).await.err(),
            store.read(&person(), "add_to_group", &named(1), ample()).await.err(),
            store.read_open(&person(), ample()).await.err(),
            store.outcome(&person(), &named(1), ample()).await.err(),
            store.record_pending(&started(1), ample()).await.err(),
            store.spend(spending(agreed(1), "one"), ample()).await.err(),
            // An outcome is tried for as long as there is time.
            store.record_end(&started(1).end(Ending::Denied, NOW), soon()).await.err(),
            signed_out(&store, NOW).await.err(),
            swept(&store.sweep(Sweep::Agent(&agent), &Ending::Denied, NOW, ample()).await).err(),
        ];
        assert_eq!(problems, [Some(expected); 9], "{code}");
    }
}

#[tokio::test]
async fn a_silent_table_is_left_when_the_time_is_up() {
    let wire = Wire::start(|_, _| Answer::Hang).await;
    let store = ApprovalStore::new(&aws_at(&wire.url).await, TABLE.to_owned(), seal(7));
    let unavailable = Some(ApprovalError::Unavailable);
    assert_eq!(store.request(&binding(1), ARGUMENTS, NOW, brief()).await.err(), unavailable);
    assert_eq!(store.spend(spending(agreed(1), "one"), brief()).await.err(), unavailable);
    assert_eq!(store.record_end(&started(1).end(Ending::Denied, NOW), brief()).await.err(), unavailable);
    assert_eq!(store.read_open(&person(), brief()).await.err(), unavailable);
    assert!(count(&wire, "updateitem") <= 1 && count(&wire, "transactwriteitems") <= 2);
}

#[tokio::test]
async fn every_read_is_strongly_consistent() {
    let (table, _store) = pending().await;
    let (wire, store) = table.store_behind(|_, _| None).await;
    assert!(read(&store).await.is_some());
    assert_eq!(store.read_open(&person(), ample()).await.unwrap().len(), 1);
    assert_eq!(store.outcome(&person(), &named(1), ample()).await, Ok(None));
    let seen = wire.seen();
    assert_eq!(seen.len(), 3);
    assert!(seen.iter().all(|request| request.body.contains(r#""ConsistentRead":true"#)));
}

#[tokio::test]
async fn a_list_longer_than_a_page_is_read_to_its_end() {
    let (table, direct) = requested().await;
    let arguments = format!(r#"{{"note":"{}"}}"#, "x".repeat(300_000));
    for number in 2..7 {
        let binding = Binding { tool: format!("tool_{number}"), ..binding(number) };
        let outcome = direct.request(&binding, &arguments, NOW, ample()).await;
        assert!(matches!(outcome, Ok(Requesting::Recorded(_))));
    }
    let (wire, store) = table.store_behind(|_, _| None).await;
    assert_eq!(store.read_open(&person(), ample()).await.unwrap().len(), 6);
    assert!(count(&wire, "query") > 1);
}

#[tokio::test]
async fn an_outcome_is_written_although_the_table_was_silent_for_a_while_in_every_way() {
    let (table, direct) = pending().await;
    let (_wire, store) = table.store_behind(move |before, _| (before < 12).then_some(Answer::Close)).await;
    let ended = started(1).end(Ending::Done { words: "it is done".to_owned() }, NOW.plus(9));
    assert_eq!(store.record_end(&ended, ample()).await, Ok(Recording::Recorded));
    let outcome = direct.outcome(&person(), &named(1), ample()).await.unwrap().unwrap();
    assert_eq!(outcome.ending, Ending::Done { words: "it is done".to_owned() });
}
