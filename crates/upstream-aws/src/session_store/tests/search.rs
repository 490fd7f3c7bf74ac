use auth::id::{AgentId, Login, SessionReference};
use auth::session::Row;
use auth::subject::Subject;
use aws_sdk_dynamodb::types::AttributeValue;

use super::with_alice;
use crate::session_store::{Creation, Holder, SessionStore, StoreError};
use crate::testing::people::{NOW, reference, row};
use crate::testing::table::TABLE;
use crate::testing::{ample, aws_at, wire::Wire};

fn session(number: usize) -> Row {
    Row { hash: SessionReference::parse(&format!("session-{number}")).unwrap().hash(), ..row() }
}

async fn stored(store: &SessionStore, row: &Row) {
    assert_eq!(store.create(row, NOW, ample()).await, Ok(Creation::Created));
}

async fn found(store: &SessionStore, whose: Holder<'_>) -> usize {
    let (mut found, mut after) = (0, None);
    loop {
        let page = store.search(whose, after, ample()).await.unwrap_or_else(|error| panic!("{error}"));
        found += page.rows.len();
        after = page.next;
        if after.is_none() {
            return found;
        }
    }
}

#[tokio::test]
async fn the_rows_of_a_person_an_address_and_an_agent_are_found_and_no_others() {
    let (_table, store) = with_alice().await;
    let other_issuer = Subject::new("https://other.example/", row().subject.id()).unwrap();
    let bob = Subject::new(row().subject.issuer(), "oidc|okta-oidc|00u2").unwrap();
    let address = Login::parse("bob@example.com").unwrap();
    let (agent, other) = (AgentId::parse("AGENT12345").unwrap(), AgentId::parse("AGENT99999").unwrap());
    stored(&store, &Row { agent: None, ..session(1) }).await;
    stored(&store, &Row { subject: other_issuer, email: None, ..session(2) }).await;
    stored(&store, &Row { subject: bob, email: Some(address.clone()), agent: Some(other.clone()), ..session(3) }).await;
    assert_eq!(found(&store, Holder::Person(&row().subject)).await, 2);
    assert_eq!(found(&store, Holder::Address(&address)).await, 1);
    assert_eq!(found(&store, Holder::Agent(&agent)).await, 2, "a row that names no agent is none of its");
    assert_eq!(found(&store, Holder::Agent(&other)).await, 1);
}

#[tokio::test]
async fn a_row_that_cannot_be_read_is_found_and_never_opens() {
    let (table, store) = with_alice().await;
    let mut item = table.item(&reference().hash()).await;
    item.insert("version".to_owned(), AttributeValue::Bool(true));
    table.put(TABLE, &item).await;
    let found = store.search(Holder::Person(&row().subject), None, ample()).await.ok().unwrap().rows;
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].hash(), found[0].names()), (&reference().hash(), Some(row().subject)));
    assert_eq!(store.unseal(&found[0], ample()).await.err(), Some(StoreError::Unreadable));
}

#[tokio::test]
async fn a_table_of_several_pages_is_read_to_its_end() {
    let (table, _store) = with_alice().await;
    let (wire, store) = table.store_behind(|_| None).await;
    for number in 0..4 {
        stored(&store, &session(number)).await;
        let mut item = table.item(&session(number).hash).await;
        // A page ends after a megabyte.
        item.insert("padding".to_owned(), AttributeValue::S("x".repeat(380_000)));
        table.put(TABLE, &item).await;
    }
    let before = wire.seen().len();
    assert_eq!(found(&store, Holder::Person(&row().subject)).await, 5);
    assert!(wire.seen().len() - before > 1, "there was one page only");
}

#[tokio::test]
async fn a_search_that_fails_says_so() {
    for (code, expected) in [
        ("AccessDeniedException", StoreError::Misconfigured),
        ("ThrottlingException", StoreError::Busy),
        ("ValidationException", StoreError::Misconfigured),
    ] {
        let body = format!(r#"{{"__type":"com.amazonaws.dynamodb.v20120810#{code}","message":"text of the service"}}"#);
        let wire = Wire::always(400, "", &body).await;
        let store = SessionStore::new(&aws_at(&wire.url).await, TABLE.to_owned(), crate::testing::table::seal(7));
        let agent = AgentId::parse("AGENT12345").unwrap();
        assert_eq!(store.search(Holder::Agent(&agent), None, ample()).await.err(), Some(expected), "{code}");
    }
}
