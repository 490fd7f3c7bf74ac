mod ending;
mod faults;
mod lease;
mod search;

use auth::id::Organization;
use auth::refusal::{Code, Refusal};
use auth::session::Row;
use auth::subject::Subject;
use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue;

use super::{Creation, SessionStore, StoreError, key};
use crate::testing::ample;
use crate::testing::people::{NOW, access_token_of, another_reference, reference, row};
use crate::testing::table::{TABLE, Table, seal};

/// A table that holds Alice's row.
async fn with_alice() -> (Table, SessionStore) {
    let table = Table::start().await;
    let store = table.store();
    assert_eq!(store.create(&row(), NOW, ample()).await, Ok(Creation::Created));
    (table, store)
}

async fn read(store: &SessionStore) -> Row {
    store.read(&reference().hash(), ample()).await.unwrap_or_else(|error| panic!("{error}")).unwrap()
}

async fn problem(store: &SessionStore) -> Option<StoreError> {
    store.read(&reference().hash(), ample()).await.err()
}

#[tokio::test]
async fn a_row_reads_back_as_it_was_created() {
    let (_table, store) = with_alice().await;
    let (stored, row) = (read(&store).await, row());
    assert_eq!(stored.hash, row.hash);
    assert_eq!(stored.subject, row.subject);
    assert_eq!(stored.organization, row.organization);
    assert_eq!(stored.email, row.email);
    assert_eq!(stored.connection, row.connection);
    assert_eq!(stored.agent, row.agent);
    assert_eq!(stored.expires_at, row.expires_at);
    assert_eq!(stored.version, row.version);
    assert_eq!(stored.lease, None);
    assert_eq!(access_token_of(&stored), "access-first");
}

#[tokio::test]
async fn what_a_person_does_not_have_is_absent() {
    let table = Table::start().await;
    let bare = Row { organization: None, email: None, connection: None, agent: None, ..row() };
    assert_eq!(table.store().create(&bare, NOW, ample()).await, Ok(Creation::Created));
    let item = table.item(&bare.hash).await;
    assert!(
        !["org_id", "email", "connection", "agent_id", "lease_holder", "lease_until"]
            .iter()
            .any(|name| item.contains_key(*name))
    );
    let stored = read(&table.store()).await;
    assert_eq!((stored.organization, stored.email, stored.connection, stored.agent), (None, None, None, None));
}

#[tokio::test]
async fn a_session_without_a_row_is_nothing_rather_than_an_error() {
    let table = Table::start().await;
    assert!(matches!(table.store().read(&reference().hash(), ample()).await, Ok(None)));
}

#[tokio::test]
async fn a_second_row_does_not_replace_the_first() {
    let (_table, store) = with_alice().await;
    let other = Row { version: 9, ..row() };
    assert_eq!(store.create(&other, NOW, ample()).await, Ok(Creation::AlreadyThere));
    assert_eq!(read(&store).await.version, 1);
}

#[tokio::test]
async fn a_deleted_session_is_gone_and_may_be_deleted_again() {
    let (_table, store) = with_alice().await;
    let hash = reference().hash();
    assert_eq!(store.delete(&hash, ample()).await, Ok(()));
    assert!(matches!(store.read(&hash, ample()).await, Ok(None)));
    assert_eq!(store.delete(&hash, ample()).await, Ok(()));
}

#[tokio::test]
async fn the_row_says_when_it_ends_and_hides_its_tokens() {
    let (table, _store) = with_alice().await;
    let item = table.item(&reference().hash()).await;
    let ends = AttributeValue::N(NOW.plus(3600).seconds().to_string());
    assert_eq!((&item["expires_at"], &item["ttl"]), (&ends, &ends));
    assert_eq!(item["created_at"], AttributeValue::N(NOW.seconds().to_string()));
    let AttributeValue::B(sealed) = &item["sealed"] else { panic!("not binary") };
    let seen = format!("{item:?}{}", String::from_utf8_lossy(sealed.as_ref()));
    assert!(!seen.contains("refresh-sample") && !seen.contains("access-first") && !seen.contains("refresh_token"));
}

#[tokio::test]
async fn every_attribute_that_is_missing_or_ill_typed_makes_the_row_unreadable() {
    let (table, store) = with_alice().await;
    let good = table.item(&reference().hash()).await;
    for name in ["version", "issuer", "subject", "expires_at", "sealed", "org_id", "agent_id"] {
        let mut item = good.clone();
        item.remove(name);
        table.put(TABLE, &item).await;
        assert_eq!(problem(&store).await, Some(StoreError::Unreadable), "without {name}");
    }
    let (text, number) =
        (|text: &str| AttributeValue::S(text.to_owned()), |text: &str| AttributeValue::N(text.to_owned()));
    for (name, value) in [
        ("version", text("1")),
        ("version", number("-1")),
        ("version", number("1.5")),
        ("issuer", number("1")),
        ("issuer", text("")),
        ("subject", AttributeValue::Bool(true)),
        ("subject", text("")),
        ("org_id", AttributeValue::Null(true)),
        ("org_id", text("")),
        ("email", number("1")),
        ("email", text("alice")),
        ("connection", AttributeValue::L(vec![text("okta-oidc")])),
        ("agent_id", number("1")),
        ("agent_id", text("AGENT99999")),
        ("agent_id", text("every")),
        ("expires_at", text("1800003600")),
        ("expires_at", number("0.1")),
        ("expires_at", AttributeValue::Null(true)),
        ("sealed", text("AAAA")),
        ("sealed", AttributeValue::B(Blob::new([]))),
        ("sealed", AttributeValue::B(Blob::new([1; 12]))),
        ("lease_holder", text("without an end")),
        ("lease_until", number("1800000030")),
        ("lease_until", text("1800000030")),
    ] {
        let mut item = good.clone();
        item.insert(name.to_owned(), value.clone());
        table.put(TABLE, &item).await;
        assert_eq!(problem(&store).await, Some(StoreError::Unreadable), "{name} = {value:?}");
    }
    table.put(TABLE, &good).await;
    assert_eq!(problem(&store).await, None);
}

// A08
#[tokio::test]
async fn tokens_do_not_open_in_another_row_or_for_another_person() {
    let (table, store) = with_alice().await;
    let good = table.item(&reference().hash()).await;

    let elsewhere = another_reference().hash();
    let mut copied = good.clone();
    copied.insert("session_id".to_owned(), key(&elsewhere));
    table.put(TABLE, &copied).await;
    assert_eq!(store.read(&elsewhere, ample()).await.err(), Some(StoreError::Unreadable));

    for (name, value) in
        [("subject", "oidc|okta-oidc|00u2"), ("issuer", "https://other.example/"), ("org_id", "org_other")]
    {
        let mut renamed = good.clone();
        renamed.insert(name.to_owned(), AttributeValue::S(value.to_owned()));
        table.put(TABLE, &renamed).await;
        assert_eq!(problem(&store).await, Some(StoreError::Unreadable), "{name}");
    }

    let bob = Row {
        subject: Subject::new("https://tenant.example/", "oidc|okta-oidc|00u2").unwrap(),
        organization: Some(Organization("org_acme".to_owned())),
        hash: another_reference().hash(),
        ..row()
    };
    store.delete(&bob.hash, ample()).await.unwrap();
    assert_eq!(store.create(&bob, NOW, ample()).await, Ok(Creation::Created));
    let mut swapped = good.clone();
    swapped.insert("sealed".to_owned(), table.item(&bob.hash).await["sealed"].clone());
    table.put(TABLE, &swapped).await;
    assert_eq!(problem(&store).await, Some(StoreError::Unreadable));
}

#[tokio::test]
async fn tokens_do_not_open_with_another_key_or_in_another_table() {
    let (table, _store) = with_alice().await;
    let other_key = SessionStore::new(&table.aws, TABLE.to_owned(), seal(8));
    assert_eq!(problem(&other_key).await, Some(StoreError::Unreadable));

    table.make("copied").await;
    table.put("copied", &table.item(&reference().hash()).await).await;
    let other_table = SessionStore::new(&table.aws, "copied".to_owned(), seal(7));
    assert_eq!(problem(&other_table).await, Some(StoreError::Unreadable));
}

#[test]
fn each_problem_is_refused_in_its_own_way() {
    for (error, code, seconds) in [
        (StoreError::Unreadable, Code::AuthRequired, None),
        (StoreError::Busy, Code::Busy, Some(2)),
        (StoreError::Unavailable, Code::Unavailable, None),
        (StoreError::Misconfigured, Code::Internal, None),
    ] {
        let refusal = Refusal::from(error);
        assert_eq!((refusal.code(), refusal.retry_after_seconds()), (code, seconds));
    }
}
