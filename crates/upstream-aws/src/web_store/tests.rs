use auth::time::Timestamp;

use super::{Replacing, WebKey, WebKind, WebStore};
use crate::session_store::{Creation, StoreError};
use crate::testing::ample;
use crate::testing::people::NOW;
use crate::testing::table::{TABLE, Table, seal};

fn store(table: &Table) -> WebStore {
    WebStore::new(&table.aws, TABLE.to_owned(), seal(7))
}

fn key(kind: WebKind) -> WebKey {
    WebKey::of(kind, b"a cookie").unwrap()
}

fn end() -> Timestamp {
    NOW.plus(600)
}

#[tokio::test]
async fn an_item_reads_back_and_is_replaced_only_at_the_version_that_was_read() {
    let table = Table::start().await;
    let (store, key) = (store(&table), key(WebKind::Session));
    assert_eq!(store.create(&key, b"first", end(), ample()).await, Ok(Creation::Created));
    assert_eq!(store.create(&key, b"other", end(), ample()).await, Ok(Creation::AlreadyThere));
    assert_eq!(store.replace(&key, 1, b"second", end().plus(1), ample()).await, Ok(Replacing::Replaced));
    assert_eq!(store.replace(&key, 1, b"late", end(), ample()).await, Ok(Replacing::Moved));
    let item = store.read(&key, ample()).await.unwrap_or_else(|error| panic!("{error}")).unwrap();
    assert_eq!((item.content.as_slice(), item.expires_at, item.version), (&b"second"[..], end().plus(1), 2));
    assert_eq!(store.remove(&key, 1, ample()).await, Ok(Replacing::Moved));
    assert_eq!(store.remove(&key, 2, ample()).await, Ok(Replacing::Replaced));
    assert!(matches!(store.read(&key, ample()).await, Ok(None)));
    assert_eq!(store.remove(&key, 2, ample()).await, Ok(Replacing::Moved));
}

#[tokio::test]
async fn what_is_taken_is_taken_once() {
    let table = Table::start().await;
    let (store, key) = (store(&table), key(WebKind::SignIn));
    assert_eq!(store.create(&key, b"state", end(), ample()).await, Ok(Creation::Created));
    let (one, other) = tokio::join!(store.take(&key, ample()), store.take(&key, ample()));
    let taken = [one, other].into_iter().filter(|taken| taken.as_ref().is_ok_and(Option::is_some)).count();
    assert_eq!(taken, 1);
    assert!(matches!(store.read(&key, ample()).await, Ok(None)));
    assert_eq!(store.delete(&key, ample()).await, Ok(()));
    assert_eq!(store.replace(&key, 1, b"again", end(), ample()).await, Ok(Replacing::Moved));
}

#[tokio::test]
async fn an_item_does_not_open_under_another_kind_or_another_cookie() {
    let table = Table::start().await;
    let (store, own) = (store(&table), key(WebKind::Session));
    assert_eq!(store.create(&own, b"secret", end(), ample()).await, Ok(Creation::Created));
    let named = aws_sdk_dynamodb::types::AttributeValue::S(own.text());
    let get = table.aws.dynamodb.get_item().table_name(TABLE).key("session_id", named);
    let item = get.send().await.unwrap().item.unwrap();
    assert!(!format!("{item:?}").contains("a cookie"), "the cookie itself is nowhere");
    for other in [own.of_kind(WebKind::History), WebKey::of(WebKind::Session, b"another cookie").unwrap()] {
        let copied = aws_sdk_dynamodb::types::AttributeValue::S(other.text());
        table.put(TABLE, &item.clone().into_iter().chain([("session_id".to_owned(), copied)]).collect()).await;
        assert!(matches!(store.read(&other, ample()).await, Err(StoreError::Unreadable)));
    }
}
