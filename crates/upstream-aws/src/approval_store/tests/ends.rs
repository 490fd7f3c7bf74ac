use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering::SeqCst;

use auth::approval::{Binding, Ending};
use auth::id::{Agent, AgentId};
use auth::refusal::Code;
use aws_sdk_dynamodb::types::AttributeValue;

use super::table::{
    TABLE, agreed, approved, binding, bob, bobs_subject, named, pending, person, recorded, requested, signed_out,
    spend, swept,
};
use crate::approval_store::{ApprovalError, OpenState, Recording, Spent, Sweep};
use crate::testing::ample;
use crate::testing::people::{NOW, another_reference};
use crate::testing::wire::Answer;

#[tokio::test]
async fn signing_out_ends_what_the_session_has_open_and_nothing_else() {
    let (_table, store) = pending().await;
    let elsewhere = another_reference().hash();
    let _ = recorded(&store, &Binding { tool: "unlock_user".to_owned(), ..binding(2) }).await;
    let other_session = Binding { tool: "remove_from_group".to_owned(), session: elsewhere.clone(), ..binding(3) };
    let _ = recorded(&store, &other_session).await;
    let _ = recorded(&store, &Binding { subject: bobs_subject(), ..binding(4) }).await;

    assert_eq!(signed_out(&store, NOW.plus(5)).await, Ok(2));
    for number in [1, 2] {
        let outcome = store.outcome(&person(), &named(number), ample()).await.unwrap().unwrap();
        assert_eq!((outcome.ending, outcome.at), (Ending::failed(Code::AuthRequired), NOW.plus(5)));
    }
    let left = store.read_open(&person(), ample()).await.unwrap();
    assert_eq!((left.len(), left[0].session.clone()), (1, elsewhere));
    assert_eq!(store.read_open(&bob(), ample()).await.unwrap().len(), 1);
    assert_eq!(signed_out(&store, NOW.plus(6)).await, Ok(0));
}

#[tokio::test]
async fn signing_out_takes_an_approval_away_before_it_is_spent_and_not_after() {
    let (_table, store) = approved().await;
    assert_eq!(signed_out(&store, NOW.plus(8)).await, Ok(1));
    assert!(matches!(spend(&store, "one").await, Spent::Lost));

    let (_table, store) = approved().await;
    let Spent::Yes(acting, _permit) = spend(&store, "one").await else { panic!("lost") };
    assert_eq!(signed_out(&store, NOW.plus(10)).await, Ok(0));
    assert_eq!(store.read_open(&person(), ample()).await.unwrap()[0].state, OpenState::Acting);
    let ended = acting.end(Ending::Done { words: "done".to_owned() }, NOW.plus(11));
    assert_eq!(store.record_end(&ended, ample()).await, Ok(Recording::Recorded));
}

#[tokio::test]
async fn signing_out_wins_against_an_approval_at_the_same_time_or_follows_it() {
    let (table, store) = pending().await;
    let (store, row) = (Arc::new(store), table.open_item().await);
    for number in 0..50 {
        table.restore(&row).await;
        let agreed = agreed(1);
        let out = {
            let store = Arc::clone(&store);
            tokio::spawn(async move { signed_out(&store, NOW.plus(7)).await })
        };
        let _ = store.record_approved(&agreed, ample()).await.unwrap();
        assert_eq!(out.await.unwrap(), Ok(1), "round {number}");
        assert_eq!(store.read_open(&person(), ample()).await, Ok(vec![]));
        let outcome = store.outcome(&person(), &named(1), ample()).await.unwrap().unwrap();
        assert_eq!(outcome.ending, Ending::failed(Code::AuthRequired));
    }
}

#[tokio::test]
async fn an_unreadable_row_does_not_keep_the_others_open() {
    let (table, store) = requested().await;
    let _ = recorded(&store, &Binding { tool: "unlock_user".to_owned(), ..binding(2) }).await;
    let mut item = table.open_item().await;
    item.insert("version".to_owned(), AttributeValue::N("2".to_owned()));
    table.put(TABLE, &item).await;
    let outcome = signed_out(&store, NOW).await;
    assert_eq!(outcome, Err(ApprovalError::Unreadable));
    assert!(store.outcome(&person(), &named(2), ample()).await.unwrap().is_some());
}

#[tokio::test]
async fn who_looks_at_their_requests_ends_what_nobody_ended_in_time() {
    let (table, store) = pending().await;
    let look = |seconds| {
        let store = &store;
        async move { store.look(&person(), NOW.plus(seconds), ample()).await.unwrap() }
    };
    assert_eq!(look(119).await.len(), 1, "its worker may still come");
    assert_eq!(look(120).await, vec![]);
    let outcome = store.outcome(&person(), &named(1), ample()).await.unwrap().unwrap();
    assert_eq!((outcome.ending, outcome.at), (Ending::Expired, NOW.plus(120)));
    assert!(table.try_item("open#add_to_group").await.is_none());
}

fn denied() -> Ending {
    Ending::failed(Code::AccessDenied)
}

#[tokio::test]
async fn stopping_a_person_ends_what_they_have_open_in_any_session_and_nobody_elses() {
    let (_table, store) = pending().await;
    let elsewhere = another_reference().hash();
    let _ = recorded(&store, &Binding { tool: "unlock_user".to_owned(), session: elsewhere, ..binding(2) }).await;
    let _ = recorded(&store, &Binding { subject: bobs_subject(), ..binding(3) }).await;
    let stop = async || store.sweep(Sweep::Person(&person()), &denied(), NOW.plus(5), ample()).await;
    assert_eq!(swept(&stop().await), Ok(2));
    for number in [1, 2] {
        let outcome = store.outcome(&person(), &named(number), ample()).await.unwrap().unwrap();
        assert_eq!(outcome.ending, denied());
    }
    assert_eq!(store.read_open(&bob(), ample()).await.unwrap().len(), 1);
    assert_eq!(swept(&stop().await), Ok(0), "twice is fine");
}

#[tokio::test]
async fn stopping_an_agent_ends_what_it_asked_for_whoever_is_asked() {
    let (_table, store) = pending().await;
    let other = Agent { id: "AGENT99999".to_owned(), alias: "ALIAS67890".to_owned() };
    let _ = recorded(&store, &Binding { tool: "unlock_user".to_owned(), agent: other, ..binding(2) }).await;
    let _ = recorded(&store, &Binding { subject: bobs_subject(), ..binding(3) }).await;
    let agent = AgentId::parse("AGENT12345").unwrap();
    let done = store.sweep(Sweep::Agent(&agent), &denied(), NOW.plus(5), ample()).await;
    assert_eq!(swept(&done), Ok(2));
    let left = store.read_open(&person(), ample()).await.unwrap();
    assert_eq!(left.iter().map(|open| open.tool.as_str()).collect::<Vec<_>>(), ["unlock_user"]);
    assert!(store.read_open(&bob(), ample()).await.unwrap().is_empty());
    assert!(store.outcome(&person(), &named(2), ample()).await.unwrap().is_none());
}

#[tokio::test]
async fn what_is_being_acted_on_is_told_and_not_touched() {
    let (_table, store) = approved().await;
    let Spent::Yes(acting, _permit) = spend(&store, "one").await else { panic!("lost") };
    let agent = AgentId::parse("AGENT12345").unwrap();
    for which in [Sweep::Person(&person()), Sweep::Agent(&agent)] {
        let done = store.sweep(which, &denied(), NOW.plus(10), ample()).await;
        assert_eq!((done.ended.len(), done.acting.len(), done.problem), (0, 1, None));
        assert_eq!(done.acting[0].reference, named(1));
    }
    let ended = acting.end(Ending::Done { words: "done".to_owned() }, NOW.plus(11));
    assert_eq!(store.record_end(&ended, ample()).await, Ok(Recording::Recorded));
}

#[tokio::test]
async fn a_fault_of_the_moment_over_one_approval_leaves_none_open() {
    for (operation, status) in [("query", 503), ("transactwriteitems", 400), ("getitem", 500)] {
        let (table, direct) = pending().await;
        let _ = recorded(&direct, &Binding { tool: "unlock_user".to_owned(), ..binding(2) }).await;
        let left = AtomicUsize::new(2);
        let (_wire, store) = table
            .store_behind(move |_, request| {
                let head = format!("x-amz-target: dynamodb_20120810.{operation}\r\n");
                let met = request.head.contains(&head)
                    && left.fetch_update(SeqCst, SeqCst, |left| left.checked_sub(1)).is_ok();
                let body = r#"{"__type":"com.amazonaws.dynamodb.v20120810#ThrottlingException","message":"no"}"#;
                met.then(|| Answer::Reply { status, headers: "", body: body.to_owned() })
            })
            .await;
        let done = store.sweep(Sweep::Person(&person()), &denied(), NOW.plus(5), ample()).await;
        assert_eq!(swept(&done), Ok(2), "{operation}");
        assert_eq!(direct.read_open(&person(), ample()).await, Ok(vec![]), "{operation}");
    }
}

#[tokio::test]
async fn an_approval_that_cannot_be_ended_does_not_keep_the_next_one_open() {
    let (table, direct) = pending().await;
    let _ = recorded(&direct, &Binding { tool: "unlock_user".to_owned(), ..binding(2) }).await;
    let refused = r#"{"__type":"com.amazonaws.dynamodb.v20120810#AccessDeniedException","message":"no"}"#;
    let (_wire, store) = table
        .store_behind(move |_, request| {
            let met = request.head.contains("transactwriteitems") && request.body.contains("open#add_to_group");
            met.then(|| Answer::Reply { status: 400, headers: "", body: refused.to_owned() })
        })
        .await;
    let done = store.sweep(Sweep::Person(&person()), &denied(), NOW.plus(5), ample()).await;
    assert_eq!((done.ended.len(), done.problem), (1, Some(ApprovalError::Misconfigured)));
    let left = direct.read_open(&person(), ample()).await.unwrap();
    assert_eq!(left.iter().map(|open| open.tool.as_str()).collect::<Vec<_>>(), ["add_to_group"]);
}
