use std::sync::Arc;

use auth::approval::{Binding, Ending};
use auth::refusal::Code;
use aws_sdk_dynamodb::types::AttributeValue;

use super::table::{
    TABLE, agreed, approved, binding, bob, bobs_subject, named, pending, person, recorded, requested, spend,
};
use crate::approval_store::{ApprovalError, OpenState, Recording, Spent};
use crate::testing::ample;
use crate::testing::people::{NOW, another_reference};

#[tokio::test]
async fn signing_out_ends_what_the_session_has_open_and_nothing_else() {
    let (_table, store) = pending().await;
    let elsewhere = another_reference().hash();
    let _ = recorded(&store, &Binding { tool: "unlock_user".to_owned(), ..binding(2) }).await;
    let other_session = Binding { tool: "remove_from_group".to_owned(), session: elsewhere.clone(), ..binding(3) };
    let _ = recorded(&store, &other_session).await;
    let _ = recorded(&store, &Binding { subject: bobs_subject(), ..binding(4) }).await;

    assert_eq!(store.end_all(&person(), &binding(1).session, NOW.plus(5), ample()).await, Ok(2));
    for number in [1, 2] {
        let outcome = store.outcome(&person(), &named(number), ample()).await.unwrap().unwrap();
        assert_eq!((outcome.ending, outcome.at), (Ending::failed(Code::AuthRequired), NOW.plus(5)));
    }
    let left = store.read_open(&person(), ample()).await.unwrap();
    assert_eq!((left.len(), left[0].session.clone()), (1, elsewhere));
    assert_eq!(store.read_open(&bob(), ample()).await.unwrap().len(), 1);
    assert_eq!(store.end_all(&person(), &binding(1).session, NOW.plus(6), ample()).await, Ok(0));
}

#[tokio::test]
async fn signing_out_takes_an_approval_away_before_it_is_spent_and_not_after() {
    let (_table, store) = approved().await;
    assert_eq!(store.end_all(&person(), &binding(1).session, NOW.plus(8), ample()).await, Ok(1));
    assert!(matches!(spend(&store, "one").await, Spent::Lost));

    let (_table, store) = approved().await;
    let Spent::Yes(acting, _permit) = spend(&store, "one").await else { panic!("lost") };
    assert_eq!(store.end_all(&person(), &binding(1).session, NOW.plus(10), ample()).await, Ok(0));
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
        let (agreed, session) = (agreed(1), binding(1).session);
        let out = {
            let store = Arc::clone(&store);
            tokio::spawn(async move { store.end_all(&person(), &session, NOW.plus(7), ample()).await })
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
    let outcome = store.end_all(&person(), &binding(1).session, NOW, ample()).await;
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
