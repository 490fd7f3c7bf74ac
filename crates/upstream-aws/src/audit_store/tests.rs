use auth::approval::PersonKey;
use auth::id::Reference;
use auth::subject::Subject;
use auth::time::Moment;
use aws_sdk_dynamodb::types::{
    AttributeDefinition, AttributeValue, BillingMode, KeySchemaElement, KeyType, ScalarAttributeType,
};

use super::{AuditError, AuditStore};
use crate::testing::people::NOW;
use crate::testing::table::Table;
use crate::testing::wire::{Answer, Wire};
use crate::testing::{ample, aws_at};

const RECORDS: &str = "records";

async fn store() -> (Table, AuditStore) {
    let table = Table::start().await;
    let text = |name: &str| {
        AttributeDefinition::builder().attribute_name(name).attribute_type(ScalarAttributeType::S).build().unwrap()
    };
    let key = |name: &str, kind| KeySchemaElement::builder().attribute_name(name).key_type(kind).build().unwrap();
    let create = table.aws.dynamodb.create_table().table_name(RECORDS).billing_mode(BillingMode::PayPerRequest);
    let create = create.attribute_definitions(text("person")).attribute_definitions(text("sort"));
    create.key_schema(key("person", KeyType::Hash)).key_schema(key("sort", KeyType::Range)).send().await.unwrap();
    let store = AuditStore::new(&table.aws, RECORDS.to_owned(), 90);
    (table, store)
}

fn person(id: &str) -> PersonKey {
    PersonKey::of(&Subject::new("https://tenant.example/", id).unwrap())
}

fn after(milliseconds: u64) -> Moment {
    Moment::from_milliseconds(Moment::from(NOW).milliseconds() + milliseconds)
}

fn reference(number: u64) -> Reference {
    Reference::of_request(&number.to_string())
}

#[tokio::test]
async fn the_newest_records_come_first_page_by_page_and_nobody_elses() {
    let (_table, store) = store().await;
    let (alice, bob) = (person("auth0|alice"), person("auth0|bob"));
    for number in 0..5 {
        let record = format!("{{\"number\":{number}}}");
        store.append(&alice, after(500 * number), &reference(number), &record, ample()).await.unwrap();
    }
    store.append(&bob, after(0), &reference(9), "{\"number\":9}", ample()).await.unwrap();
    let (mut before, mut pages) = (None, Vec::new());
    loop {
        let page = store.newest(&alice, 2, before.as_deref(), ample()).await.unwrap();
        pages.push(page.records);
        before = page.before;
        if before.is_none() {
            break;
        }
    }
    let numbers = |numbers: &[u64]| numbers.iter().map(|number| format!("{{\"number\":{number}}}")).collect::<Vec<_>>();
    assert_eq!(pages, [numbers(&[4, 3]), numbers(&[2, 1]), numbers(&[0])]);
    assert_eq!(store.newest(&bob, 100, None, ample()).await.unwrap().records, numbers(&[9]));
    assert!(store.newest(&person("auth0|carol"), 1, None, ample()).await.unwrap().records.is_empty());
}

#[tokio::test]
async fn a_record_is_never_written_over_and_ends_after_its_days() {
    let (table, store) = store().await;
    let alice = person("auth0|alice");
    store.append(&alice, after(0), &reference(1), "{\"first\":1}", ample()).await.unwrap();
    let second = store.append(&alice, after(0), &reference(1), "{\"second\":2}", ample()).await;
    assert_eq!(second, Err(AuditError::Exists));
    let item = table.aws.dynamodb.scan().table_name(RECORDS).send().await.unwrap().items.unwrap().remove(0);
    assert_eq!(item["record"], AttributeValue::S("{\"first\":1}".to_owned()));
    assert_eq!(item["person"], AttributeValue::S(format!("audit#{}", alice.as_str())));
    assert_eq!(item["sort"], AttributeValue::S(format!("1800000000000#{}", reference(1).as_str())));
    assert_eq!(item["ttl"], AttributeValue::N((1_800_000_000_u64 + 90 * 86_400).to_string()));
}

#[tokio::test]
async fn a_record_that_cannot_be_kept_is_asked_for_once() {
    for (status, body, error) in [
        (400, r#"{"__type":"ThrottlingException"}"#, AuditError::Busy),
        (400, r#"{"__type":"AccessDeniedException"}"#, AuditError::Misconfigured),
        (500, "", AuditError::Unavailable),
    ] {
        let wire = Wire::always(status, "", body).await;
        let store = AuditStore::new(&aws_at(&wire.url).await, RECORDS.to_owned(), 90);
        let kept = store.append(&person("auth0|alice"), after(0), &reference(1), "{}", ample()).await;
        assert_eq!((kept, wire.seen().len()), (Err(error), 1));
    }
    let wire = Wire::start(|_, _| Answer::Close).await;
    let store = AuditStore::new(&aws_at(&wire.url).await, RECORDS.to_owned(), 90);
    let kept = store.append(&person("auth0|alice"), after(0), &reference(1), "{}", ample()).await;
    assert_eq!((kept, wire.seen().len()), (Err(AuditError::Unavailable), 1));
}
