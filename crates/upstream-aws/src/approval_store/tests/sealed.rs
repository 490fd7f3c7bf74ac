use auth::approval::{Binding, Ending};
use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue;

use super::table::{
    Approvals, Item, TABLE, agreed, approved, binding, bobs_subject, named, pending, person, recorded, started,
};
use crate::approval_store::{ApprovalError, ApprovalStore, Recording};
use crate::testing::ample;
use crate::testing::people::{NOW, another_reference};
use crate::testing::table::seal;

async fn problem(store: &ApprovalStore) -> Option<ApprovalError> {
    store.read(&person(), "add_to_group", &named(1), ample()).await.err()
}

async fn with(table: &Approvals, good: &Item, name: &str, value: Option<AttributeValue>) {
    let mut item = good.clone();
    item.remove(name);
    if let Some(value) = value {
        item.insert(name.to_owned(), value);
    }
    table.put(TABLE, &item).await;
}

fn text(text: &str) -> AttributeValue {
    AttributeValue::S(text.to_owned())
}

fn number(value: u64) -> AttributeValue {
    AttributeValue::N(value.to_string())
}

#[tokio::test]
async fn every_attribute_that_is_missing_or_changed_makes_the_row_unreadable() {
    let (table, store) = pending().await;
    let good = table.open_item().await;
    let unchecked = ["person", "sort", "created_at", "ttl"];
    for name in good.keys().filter(|name| !unchecked.contains(&name.as_str())) {
        with(&table, &good, name, None).await;
        assert_eq!(problem(&store).await, Some(ApprovalError::Unreadable), "without {name}");
        with(&table, &good, name, Some(AttributeValue::Bool(true))).await;
        assert_eq!(problem(&store).await, Some(ApprovalError::Unreadable), "{name} of another type");
    }
    for (name, value) in [
        ("state", text("approved")),
        ("state", text("requested")),
        ("state", text("")),
        ("version", number(3)),
        ("version", AttributeValue::N("-2".to_owned())),
        ("expires_at", number(NOW.plus(91).seconds())),
        ("next_poll_at", number(NOW.seconds())),
        ("interval", number(1)),
        ("holder", text("somebody")),
        ("lease_until", number(NOW.seconds())),
        ("reference", text(named(2).as_str())),
        ("tool", text("unlock_user")),
        ("agent_id", text("AGENT99999")),
        ("agent_alias", text("ALIAS99999")),
        ("issuer", text("https://other.example/")),
        ("subject", text(bobs_subject().id())),
        ("session", text(another_reference().hash().as_str())),
        ("org_id", text("org_other")),
        ("arguments_hash", text(&"A".repeat(43))),
    ] {
        with(&table, &good, name, Some(value.clone())).await;
        assert_eq!(problem(&store).await, Some(ApprovalError::Unreadable), "{name} = {value:?}");
    }
    table.put(TABLE, &good).await;
    assert_eq!(problem(&store).await, None);
}

#[tokio::test]
async fn no_bit_of_what_is_sealed_can_be_flipped() {
    let (table, store) = pending().await;
    let good = table.open_item().await;
    for name in ["sealed", "arguments"] {
        let bytes = good[name].as_b().unwrap().as_ref().to_vec();
        for bit in (0..bytes.len() * 8).step_by(5) {
            let mut bent = bytes.clone();
            bent[bit / 8] ^= 1 << (bit % 8);
            with(&table, &good, name, Some(AttributeValue::B(Blob::new(bent)))).await;
            assert_eq!(problem(&store).await, Some(ApprovalError::Unreadable), "{name}, bit {bit}");
        }
    }
    let swapped = good["arguments"].clone();
    with(&table, &good, "sealed", Some(swapped)).await;
    assert_eq!(problem(&store).await, Some(ApprovalError::Unreadable));
}

// A08
#[tokio::test]
async fn what_is_sealed_opens_in_no_other_approval() {
    let (table, store) = pending().await;
    let good = table.open_item().await;
    let _ = recorded(&store, &Binding { tool: "unlock_user".to_owned(), ..binding(2) }).await;
    let other = table.item("open#unlock_user").await;
    for name in ["sealed", "arguments"] {
        with(&table, &good, name, Some(other[name].clone())).await;
        assert_eq!(problem(&store).await, Some(ApprovalError::Unreadable), "{name}");
    }
    let mut moved = good.clone();
    moved.insert("person".to_owned(), text(super::table::bob().as_str()));
    table.put(TABLE, &moved).await;
    let read = store.read(&super::table::bob(), "add_to_group", &named(1), ample()).await;
    assert_eq!(read.err(), Some(ApprovalError::Unreadable));
    moved.insert("person".to_owned(), good["person"].clone());
    moved.insert("sort".to_owned(), text("open#list_groups"));
    table.put(TABLE, &moved).await;
    let read = store.read(&person(), "list_groups", &named(1), ample()).await;
    assert_eq!(read.err(), Some(ApprovalError::Unreadable));
}

#[tokio::test]
async fn nobody_makes_an_approved_row_without_the_key() {
    let (table, store) = pending().await;
    let elsewhere = ApprovalStore::new(&table.aws, TABLE.to_owned(), seal(8));
    assert_eq!(problem(&elsewhere).await, Some(ApprovalError::Unreadable));
    assert_eq!(elsewhere.record_approved(&agreed(1), ample()).await, Ok(Recording::Recorded));
    assert_eq!(problem(&store).await, Some(ApprovalError::Unreadable));
    assert_eq!(store.read_open(&person(), ample()).await, Err(ApprovalError::Unreadable));
}

#[tokio::test]
async fn a_row_does_not_open_in_another_table() {
    let (table, _store) = approved().await;
    table.make("copied").await;
    table.put("copied", &table.open_item().await).await;
    let copied = ApprovalStore::new(&table.aws, "copied".to_owned(), seal(7));
    assert_eq!(problem(&copied).await, Some(ApprovalError::Unreadable));
}

#[tokio::test]
async fn an_outcome_cannot_be_told_otherwise() {
    let (table, store) = pending().await;
    let ended = started(1).end(Ending::Unknown, NOW.plus(9));
    assert_eq!(store.record_end(&ended, ample()).await, Ok(Recording::Recorded));
    let good = table.item(&format!("done#{}", named(1).as_str())).await;
    for (name, value) in [
        ("ending", text("done")),
        ("ending", text("expired")),
        ("ending", text("")),
        ("tool", text("unlock_user")),
        ("shown_code", text("ABCDEF")),
        ("session", text(another_reference().hash().as_str())),
        ("ended_at", number(NOW.seconds())),
        ("version", number(9)),
        ("sealed", AttributeValue::B(Blob::new([1; 40]))),
    ] {
        for value in [Some(value), None] {
            with(&table, &good, name, value).await;
            let outcome = store.outcome(&person(), &named(1), ample()).await;
            assert_eq!(outcome, Err(ApprovalError::Unreadable), "{name}");
        }
    }
}
