use auth::approval::{Approval, Approved, Binding, Ending, PersonKey, Requested};
use auth::refusal::Code;
use auth::time::Timestamp;
use aws_sdk_dynamodb::types::AttributeValue;

use super::table::{
    ARGUMENTS, Approvals, TABLE, approved, binding, bobs_subject, named, pending, person, read, recorded, requested,
    spend,
};
use crate::approval_store::{ApprovalError, ApprovalStore, OpenState, Recording, Requesting, Spent};
use crate::testing::ample;
use crate::testing::people::NOW;

async fn ask(store: &ApprovalStore, number: u8, now: Timestamp) -> Requesting {
    store.request(&binding(number), ARGUMENTS, now, ample()).await.unwrap_or_else(|error| panic!("{error}"))
}

async fn end(store: &ApprovalStore, number: u8, ending: Ending, now: Timestamp) {
    let ended = Requested { binding: binding(number), version: 1 }.end(ending, now);
    assert_eq!(store.record_end(&ended, ample()).await, Ok(Recording::Recorded));
}

// C12
#[tokio::test]
async fn a_second_request_for_the_tool_finds_the_first_and_counts_nothing() {
    let (table, store) = pending().await;
    let Requesting::AlreadyOpen(open) = ask(&store, 2, NOW.plus(1)).await else { panic!("not open") };
    assert_eq!((open.reference, open.state, open.code), (named(1), OpenState::Pending, binding(1).code()));
    assert_eq!(table.starts(NOW.seconds() / 60).await.as_deref(), Some("1"));
    let Some((Approval::Pending(untouched), _)) = read(&store).await else { panic!("not pending") };
    assert_eq!(untouched.version, 2);
}

// C12
#[tokio::test]
async fn the_fourth_start_in_a_minute_is_one_too_many_and_writes_nothing() {
    let table = Approvals::start().await;
    let store = table.store();
    for number in 1..=3 {
        assert!(matches!(ask(&store, number, NOW.plus(10)).await, Requesting::Recorded(_)), "{number}");
        end(&store, number, Ending::Expired, NOW.plus(10)).await;
    }
    let Requesting::TooMany { seconds } = ask(&store, 4, NOW.plus(10)).await else { panic!("not too many") };
    assert_eq!(seconds, 50);
    let Requesting::TooMany { seconds } = ask(&store, 4, NOW.plus(59)).await else { panic!("not too many") };
    assert_eq!(seconds, 1);
    assert!(table.try_item("open#add_to_group").await.is_none());
    assert_eq!(table.starts(NOW.seconds() / 60).await.as_deref(), Some("3"));
    assert!(matches!(ask(&store, 4, NOW.plus(60)).await, Requesting::Recorded(_)));
}

// C15
#[tokio::test]
async fn after_a_denial_nothing_starts_in_the_rest_of_the_minute() {
    let (_table, store) = requested().await;
    end(&store, 1, Ending::Denied, NOW.plus(20)).await;
    let Requesting::Declined { seconds } = ask(&store, 2, NOW.plus(21)).await else { panic!("not declined") };
    assert_eq!(seconds, 39);
    assert!(matches!(ask(&store, 2, NOW.plus(60)).await, Requesting::Recorded(_)));
}

#[tokio::test]
async fn other_endings_do_not_close_the_minute() {
    for ending in [Ending::Expired, Ending::Unknown, Ending::failed(Code::Internal)] {
        let (_table, store) = requested().await;
        end(&store, 1, ending, NOW.plus(20)).await;
        assert!(matches!(ask(&store, 2, NOW.plus(21)).await, Requesting::Recorded(_)));
    }
}

#[tokio::test]
async fn another_tool_and_another_person_are_counted_apart() {
    let (_table, store) = requested().await;
    end(&store, 1, Ending::Denied, NOW).await;
    let _ = recorded(&store, &Binding { tool: "unlock_user".to_owned(), ..binding(2) }).await;
    let _ = recorded(&store, &Binding { subject: bobs_subject(), ..binding(3) }).await;
    let bobs = store.read_open(&PersonKey::of(&bobs_subject()), ample()).await.unwrap();
    assert_eq!(bobs.len(), 1);
    assert!(matches!(ask(&store, 4, NOW).await, Requesting::Declined { .. }));
}

#[tokio::test]
async fn a_forgotten_request_gives_way_and_keeps_its_outcome() {
    let (_table, store) = pending().await;
    assert!(matches!(ask(&store, 2, NOW.plus(119)).await, Requesting::AlreadyOpen(_)), "its worker may still come");
    assert!(matches!(ask(&store, 2, NOW.plus(120)).await, Requesting::Recorded(_)));
    let outcome = store.outcome(&person(), &named(1), ample()).await.unwrap().unwrap();
    assert_eq!((outcome.ending, outcome.at), (Ending::Expired, NOW.plus(120)));
}

#[tokio::test]
async fn a_forgotten_approval_ends_as_not_done() {
    let (_table, store) = approved().await;
    assert!(matches!(ask(&store, 2, NOW.plus(120)).await, Requesting::Recorded(_)));
    let outcome = store.outcome(&person(), &named(1), ample()).await.unwrap().unwrap();
    assert_eq!(outcome.ending, Ending::failed(Code::Unavailable));
    assert!(matches!(spend(&store, "late").await, Spent::Lost));
}

#[tokio::test]
async fn what_a_dead_worker_did_is_called_unknown_and_not_before_its_lease_ends() {
    let (_table, store) = approved().await;
    let Spent::Yes(acting, _permit) = spend(&store, "one").await else { panic!("lost") };
    assert!(matches!(ask(&store, 2, NOW.plus(38)).await, Requesting::AlreadyOpen(_)));
    assert!(matches!(ask(&store, 2, NOW.plus(39)).await, Requesting::Recorded(_)));
    let outcome = store.outcome(&person(), &named(1), ample()).await.unwrap().unwrap();
    assert_eq!(outcome.ending, Ending::Unknown);
    let late = acting.end(Ending::Done { words: "done".to_owned() }, NOW.plus(40));
    assert_eq!(store.record_end(&late, ample()).await, Ok(Recording::Lost));
}

#[tokio::test]
async fn an_unreadable_row_gives_way_an_hour_after_its_end_unless_it_says_acting() {
    let (table, store) = requested().await;
    let mut item = table.open_item().await;
    item.remove("arguments");
    table.put(TABLE, &item).await;
    let ask = |seconds| {
        let (store, binding) = (&store, binding(2));
        async move { store.request(&binding, ARGUMENTS, NOW.plus(seconds), ample()).await }
    };
    assert_eq!(ask(119).await.err(), Some(ApprovalError::Unreadable));
    assert_eq!(ask(120 + 3600).await.err(), Some(ApprovalError::Unreadable));
    item.insert("state".to_owned(), AttributeValue::S("acting".to_owned()));
    table.put(TABLE, &item).await;
    assert_eq!(ask(1_000_000).await.err(), Some(ApprovalError::Unreadable));
    item.insert("state".to_owned(), AttributeValue::S("approved".to_owned()));
    table.put(TABLE, &item).await;
    assert!(matches!(ask(120 + 3601).await, Ok(Requesting::Recorded(_))));
}

#[tokio::test]
async fn a_tools_name_cannot_reach_another_row() {
    let table = Approvals::start().await;
    for tool in ["", "a#1", "open#a", "\u{e9}", " ", &"a".repeat(65)] {
        let binding = Binding { tool: tool.to_owned(), ..binding(1) };
        let outcome = table.store().request(&binding, ARGUMENTS, NOW, ample()).await;
        assert_eq!(outcome.err(), Some(ApprovalError::Misconfigured), "{tool}");
    }
    assert_eq!(table.store().read_open(&person(), ample()).await, Ok(vec![]));
}

#[tokio::test]
async fn a_late_worker_of_a_replaced_approval_writes_nothing() {
    let (_table, store) = pending().await;
    assert!(matches!(ask(&store, 2, NOW.plus(120)).await, Requesting::Recorded(_)));
    let late = Approved::stored(binding(1), 2);
    assert_eq!(store.record_approved(&late, ample()).await, Ok(Recording::Lost));
    let open = store.read_open(&person(), ample()).await.unwrap();
    assert_eq!((open[0].reference.clone(), open[0].state), (named(2), OpenState::Requested));
}

#[tokio::test]
async fn a_request_that_is_delivered_again_after_its_end_learns_the_end_and_opens_nothing() {
    let (table, store) = requested().await;
    end(&store, 1, Ending::Expired, NOW.plus(20)).await;
    let Requesting::Over(ended) = ask(&store, 1, NOW.plus(21)).await else { panic!("not over") };
    assert_eq!((ended.reference, ended.ending), (named(1), Ending::Expired));
    assert!(table.try_item("open#add_to_group").await.is_none());
    assert_eq!(table.starts(NOW.seconds() / 60).await.as_deref(), Some("1"));
}
