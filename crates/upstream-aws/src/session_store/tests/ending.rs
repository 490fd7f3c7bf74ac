use std::sync::atomic::Ordering::SeqCst;

use auth::subject::Subject;

use super::with_alice;
use crate::session_store::{Holder, SessionStore, StoreError, Taken};
use crate::testing::ample;
use crate::testing::people::{access_token_of, reference, row};
use crate::testing::table::seal;
use crate::testing::wire::{Answer, Request};

fn is(request: &Request, operation: &str) -> bool {
    request.head.contains(&format!("x-amz-target: dynamodb_20120810.{operation}\r\n"))
}

fn throttled() -> Answer {
    let body = r#"{"__type":"com.amazonaws.dynamodb.v20120810#ThrottlingException","message":"text of the service"}"#;
    Answer::Reply { status: 400, headers: "", body: body.to_owned() }
}

async fn take(store: &SessionStore) -> Taken {
    store.take(&reference().hash(), &row().subject, ample()).await
}

#[tokio::test]
async fn a_row_that_is_taken_is_gone_and_still_opens_and_twice_is_no_error() {
    let (_table, store) = with_alice().await;
    let Taken::Gone(Some(taken)) = take(&store).await else { panic!("not taken") };
    assert!(store.read(&reference().hash(), ample()).await.unwrap().is_none());
    assert_eq!(access_token_of(&store.unseal(&taken, ample()).await.ok().unwrap()), "access-first");
    assert!(matches!(take(&store).await, Taken::Gone(None)));
}

#[tokio::test]
async fn another_persons_row_is_not_taken() {
    let (_table, store) = with_alice().await;
    for (issuer, id) in
        [(row().subject.issuer(), "oidc|okta-oidc|00u2"), ("https://other.example/", row().subject.id())]
    {
        let another = Subject::new(issuer, id).unwrap();
        assert!(matches!(store.take(&reference().hash(), &another, ample()).await, Taken::Anothers), "{issuer}");
    }
    assert!(store.read(&reference().hash(), ample()).await.unwrap().is_some());
}

#[tokio::test]
async fn a_fault_of_the_moment_loses_neither_the_end_nor_what_the_row_holds() {
    for operation in ["getitem", "deleteitem"] {
        for lost in [false, true] {
            let (table, direct) = with_alice().await;
            let (engine, left) = (table.engine, std::sync::atomic::AtomicUsize::new(2));
            let spend = move || left.fetch_update(SeqCst, SeqCst, |left| left.checked_sub(1)).is_ok();
            let (_wire, store) = table
                .store_behind(move |request| {
                    let met = is(request, operation) && spend();
                    met.then(|| if lost { Answer::ForwardAndClose(engine) } else { throttled() })
                })
                .await;
            let Taken::Gone(Some(taken)) = take(&store).await else { panic!("{operation} {lost}") };
            assert!(store.unseal(&taken, ample()).await.is_ok(), "{operation} {lost}");
            assert!(direct.read(&reference().hash(), ample()).await.unwrap().is_none());
        }
    }
}

#[tokio::test]
async fn a_search_and_what_it_found_survive_a_busy_table() {
    let (table, direct) = with_alice().await;
    for operation in ["scan", "deleteitem"] {
        let left = std::sync::atomic::AtomicUsize::new(2);
        let spend = move || left.fetch_update(SeqCst, SeqCst, |left| left.checked_sub(1)).is_ok();
        let (_wire, store) =
            table.store_behind(move |request| (is(request, operation) && spend()).then(throttled)).await;
        let found = store.search(Holder::Person(&row().subject), None, ample()).await.ok().unwrap().rows;
        assert_eq!(found.len(), 1, "{operation}");
        if operation == "deleteitem" {
            assert_eq!(store.remove(&found[0], ample()).await, Ok(()));
        }
    }
    assert!(direct.read(&reference().hash(), ample()).await.unwrap().is_none());
}

#[tokio::test]
async fn a_row_under_another_key_never_opens() {
    let (table, store) = with_alice().await;
    let Taken::Gone(Some(taken)) = take(&store).await else { panic!("not taken") };
    let other = SessionStore::new(&table.aws, crate::testing::table::TABLE.to_owned(), seal(8));
    assert_eq!(other.unseal(&taken, ample()).await.err(), Some(StoreError::Unreadable));
}

#[tokio::test]
async fn of_a_row_that_cannot_be_deleted_its_own_person_still_gets_what_it_holds() {
    let (table, _direct) = with_alice().await;
    let (wire, store) = table.store_behind(|request| is(request, "deleteitem").then(throttled)).await;
    let Taken::Still(StoreError::Busy, Some(row)) = take(&store).await else { panic!("taken") };
    assert_eq!(wire.seen().iter().filter(|request| is(request, "deleteitem")).count(), 3);
    assert!(store.unseal(&row, ample()).await.is_ok());
    let another = Subject::new("https://tenant.example/", "oidc|okta-oidc|00u2").unwrap();
    let taken = store.take(&reference().hash(), &another, ample()).await;
    assert!(matches!(taken, Taken::Still(StoreError::Busy, None)), "another person's");
}
