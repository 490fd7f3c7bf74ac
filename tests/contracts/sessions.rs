//! DynamoDB: session rows, and one refresh at a time.

use auth::id::SessionHash;
use auth::mandate::Mandate;
use auth::scope::Scopes;
use auth::secret::Secret;
use auth::session::{FederatedToken, Row};
use aws_credential_types::Credentials;
use devstack::sample::Person;
use devstack::stack::{SESSION_TABLE, Stack};
use upstream_aws::{Aws, AwsSettings, Creation, Fence, LeaseOutcome, Seal, SessionStore, StoreError, StoreOutcome};

use crate::mandates::{mandate, row};
use crate::start::{answering, now, stack, until};

const REFRESH_TOKEN: &str = "v1.refresh-of-alice";
const NEEDED: &str = "okta.users.read";

struct World {
    client: SessionStore,
    stack: Stack,
}

async fn start() -> World {
    let stack = stack().await;
    let credentials = Credentials::new("laptop", "laptop", None, None, "laptop");
    let settings = AwsSettings {
        region: Some("us-east-1".to_owned()),
        credentials: Some(credentials),
        dynamodb_url: Some(stack.dynamodb.double.url()),
        sqs_url: None,
        sts_url: None,
        kms_url: None,
        lambda_url: None,
        extra_ca_pem: None,
    };
    let aws = Aws::connect(settings).await.unwrap();
    let seal = Seal::local(&Secret::new("BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=".to_owned())).unwrap();
    World { client: SessionStore::new(&aws, SESSION_TABLE.to_owned(), seal), stack }
}

fn alice() -> Row {
    row("https://tenant.example/", &Person::named("alice").unwrap(), REFRESH_TOKEN)
}

fn tokens_of(row: &Row) -> String {
    String::from_utf8(row.tokens.to_plain().to_vec()).unwrap()
}

fn federated(name: &str) -> FederatedToken {
    FederatedToken {
        connection: "okta-oidc".to_owned(),
        access_token: Secret::new(format!("access-{name}")),
        expires_at: now().plus(600),
        scopes: Scopes::parse(NEEDED),
    }
}

async fn read(store: &SessionStore, hash: &SessionHash) -> Option<Row> {
    store.read(hash, until()).await.unwrap_or_else(|error| panic!("{error}"))
}

/// Alice's row, stored, and a mandate that rests on it.
async fn stored(store: &SessionStore) -> (Row, Mandate<()>) {
    let row = alice();
    assert_eq!(store.create(&row, now(), until()).await, Ok(Creation::Created));
    (row.clone(), mandate(row, REFRESH_TOKEN, ()))
}

async fn lease(store: &SessionStore, mandate: &Mandate<()>, holder: &str, seconds: u64) -> Option<Fence> {
    match store.take_lease(mandate, holder, now(), seconds, until()).await {
        Ok(LeaseOutcome::Taken(fence)) => Some(fence),
        Ok(LeaseOutcome::HeldOrMoved) => None,
        Err(error) => panic!("{error}"),
    }
}

async fn a_row_is_read_as_it_was_created_by_one_strong_read(store: &SessionStore, world: &World) {
    let (row, _) = stored(store).await;
    world.stack.dynamodb.forget();
    let found = read(store, &row.hash).await.unwrap();
    assert_eq!(world.stack.dynamodb.operations(), ["GetItem"]);
    assert_eq!((&found.subject, &found.organization, &found.email), (&row.subject, &row.organization, &row.email));
    assert_eq!((found.expires_at, found.version, &found.lease), (row.expires_at, row.version, &None));
    assert_eq!(tokens_of(&found), tokens_of(&row));
}

async fn no_token_is_readable_in_the_table(store: &SessionStore, world: &World) {
    let (row, _) = stored(store).await;
    let [item] = world.stack.dynamodb.items(SESSION_TABLE).await.unwrap().try_into().ok().unwrap();
    assert_eq!(item["session_id"]["S"], row.hash.as_str());
    assert!(item["sealed"]["B"].is_string());
    let text = item.to_string();
    for secret in [REFRESH_TOKEN, "djEucmVmcmVzaC1vZi1hbGljZQ", "refresh_token"] {
        assert!(!text.contains(secret), "{secret}");
    }
}

async fn a_session_that_was_never_or_is_no_longer_there_is_nothing(store: &SessionStore, _: &World) {
    let hash = alice().hash;
    assert!(read(store, &hash).await.is_none());
    stored(store).await;
    assert_eq!(store.delete(&hash, until()).await, Ok(()));
    assert!(read(store, &hash).await.is_none());
    assert_eq!(store.delete(&hash, until()).await, Ok(()), "once more is harmless");
}

async fn a_second_row_does_not_replace_the_first(store: &SessionStore, _: &World) {
    let (row, _) = stored(store).await;
    let other = Row { organization: None, ..row.clone() };
    assert_eq!(store.create(&other, now(), until()).await, Ok(Creation::AlreadyThere));
    assert_eq!(read(store, &row.hash).await.unwrap().organization, row.organization);
}

async fn of_two_who_want_to_refresh_one_may(store: &SessionStore, _: &World) {
    let (row, mandate) = stored(store).await;
    let (one, other) = tokio::join!(lease(store, &mandate, "one", 30), lease(store, &mandate, "other", 30));
    assert!(one.is_some() != other.is_some(), "one of them, and only one");
    let row = read(store, &row.hash).await.unwrap();
    assert_eq!(row.lease.unwrap().holder, if one.is_some() { "one" } else { "other" });
}

async fn refreshed_tokens_end_the_lease(store: &SessionStore, _: &World) {
    let (row, mandate) = stored(store).await;
    let fence = lease(store, &mandate, "one", 30).await.unwrap();
    let tokens = mandate.renewed_tokens(federated("new"));
    let outcome = store.store_tokens(&mandate, fence, &tokens, now(), until()).await;
    assert_eq!(outcome, Ok(StoreOutcome::Stored));
    let row = read(store, &row.hash).await.unwrap();
    assert_eq!((row.version, &row.lease), (3, &None));
    assert!(tokens_of(&row).contains("access-new"));
}

async fn who_stalled_past_the_lease_writes_nothing(store: &SessionStore, _: &World) {
    let (row, slow) = stored(store).await;
    let late = lease(store, &slow, "slow", 0).await.unwrap();
    let again = mandate(read(store, &row.hash).await.unwrap(), REFRESH_TOKEN, ());
    let fence = lease(store, &again, "quick", 30).await.unwrap();
    let tokens = again.renewed_tokens(federated("quick"));
    assert_eq!(store.store_tokens(&again, fence, &tokens, now(), until()).await, Ok(StoreOutcome::Stored));
    let tokens = slow.renewed_tokens(federated("slow"));
    let outcome = store.store_tokens(&slow, late, &tokens, now(), until()).await;
    assert_eq!(outcome, Ok(StoreOutcome::LostToAnother));
    assert!(tokens_of(&read(store, &row.hash).await.unwrap()).contains("access-quick"));
}

async fn a_session_that_ended_meanwhile_does_not_come_back(store: &SessionStore, world: &World) {
    let (row, mandate) = stored(store).await;
    let fence = lease(store, &mandate, "one", 30).await.unwrap();
    assert_eq!(store.delete(&row.hash, until()).await, Ok(()));
    let tokens = mandate.renewed_tokens(federated("late"));
    let outcome = store.store_tokens(&mandate, fence, &tokens, now(), until()).await;
    assert_eq!(outcome, Ok(StoreOutcome::LostToAnother));
    assert!(world.stack.dynamodb.items(SESSION_TABLE).await.unwrap().is_empty());
}

async fn a_lease_that_was_given_back_can_be_taken(store: &SessionStore, _: &World) {
    let (row, first) = stored(store).await;
    let fence = lease(store, &first, "one", 30).await.unwrap();
    assert_eq!(store.release(&first, fence, until()).await, Ok(()));
    let again = mandate(read(store, &row.hash).await.unwrap(), REFRESH_TOKEN, ());
    assert!(lease(store, &again, "other", 30).await.is_some());
}

async fn a_row_with_another_rows_tokens_stands_for_nobody(store: &SessionStore, world: &World) {
    let (row, _) = stored(store).await;
    let bob = crate::mandates::row("https://tenant.example/", &Person::named("bob").unwrap(), "v1.refresh-of-bob");
    assert_eq!(store.create(&bob, now(), until()).await, Ok(Creation::Created));
    let items = world.stack.dynamodb.items(SESSION_TABLE).await.unwrap();
    let item = |row: &Row| items.iter().find(|item| item["session_id"]["S"] == row.hash.as_str()).unwrap().clone();
    let mut swapped = item(&row);
    swapped["sealed"] = item(&bob)["sealed"].clone();
    let put = serde_json::json!({"TableName": SESSION_TABLE, "Item": swapped});
    world.stack.dynamodb.raw("PutItem", put).await.unwrap();
    assert_eq!(store.read(&row.hash, until()).await.err(), Some(StoreError::Unreadable));
    assert!(store.read(&bob.hash, until()).await.is_ok());
}

async fn a_table_that_does_not_answer_well_is_told(store: &SessionStore, world: &World) {
    let (row, _) = stored(store).await;
    world.stack.dynamodb.fault(answering("POST /GetItem", 500, &[]));
    assert_eq!(store.read(&row.hash, until()).await.err(), Some(StoreError::Unavailable));
    world.stack.dynamodb.mend();
    assert!(read(store, &row.hash).await.is_some());
}

mod double {
    use super::start;

    suite! {
        start:
        a_row_is_read_as_it_was_created_by_one_strong_read
        no_token_is_readable_in_the_table
        a_session_that_was_never_or_is_no_longer_there_is_nothing
        a_second_row_does_not_replace_the_first
        of_two_who_want_to_refresh_one_may
        refreshed_tokens_end_the_lease
        who_stalled_past_the_lease_writes_nothing
        a_session_that_ended_meanwhile_does_not_come_back
        a_lease_that_was_given_back_can_be_taken
        a_row_with_another_rows_tokens_stands_for_nobody
        a_table_that_does_not_answer_well_is_told
    }
}
