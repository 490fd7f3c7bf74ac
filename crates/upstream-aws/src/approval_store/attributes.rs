//! The attributes of an item, one by one, and the keys of the three kinds of rows.

use std::collections::HashMap;

use auth::approval::{ApprovalReference, PersonKey};
use auth::time::Timestamp;
use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue;

pub(super) type Item = HashMap<String, AttributeValue>;

pub(super) fn open_key(person: &PersonKey, tool: &str) -> Item {
    key(person, format!("open#{tool}"))
}

/// The minute since 1970 that `now` falls in is part of the key.
pub(super) fn starts_key(person: &PersonKey, tool: &str, now: Timestamp) -> Item {
    key(person, format!("starts#{tool}#{}", now.seconds() / 60))
}

pub(super) fn done_key(person: &PersonKey, reference: &ApprovalReference) -> Item {
    key(person, format!("done#{}", reference.as_str()))
}

fn key(person: &PersonKey, sort: String) -> Item {
    Item::from([("person".to_owned(), string(person.as_str())), ("sort".to_owned(), AttributeValue::S(sort))])
}

pub(super) fn string(text: &str) -> AttributeValue {
    AttributeValue::S(text.to_owned())
}

pub(super) fn number(value: u64) -> AttributeValue {
    AttributeValue::N(value.to_string())
}

pub(super) fn binary(bytes: &[u8]) -> AttributeValue {
    AttributeValue::B(Blob::new(bytes))
}

pub(super) fn text<'a>(item: &'a Item, name: &str) -> Option<&'a str> {
    item.get(name)?.as_s().ok().map(String::as_str).filter(|text| !text.is_empty())
}

pub(super) fn count(item: &Item, name: &str) -> Option<u64> {
    item.get(name)?.as_n().ok()?.parse().ok()
}

pub(super) fn time(item: &Item, name: &str) -> Option<Timestamp> {
    count(item, name).map(Timestamp::from_seconds)
}

pub(super) fn bytes<'a>(item: &'a Item, name: &str) -> Option<&'a [u8]> {
    item.get(name)?.as_b().ok().map(Blob::as_ref)
}

/// Nothing in the inner sense if the attribute is absent, in the outer if it is there but not what `read` takes.
pub(super) fn optional<'a, T>(item: &'a Item, name: &str, read: fn(&'a Item, &str) -> Option<T>) -> Option<Option<T>> {
    if item.contains_key(name) { read(item, name).map(Some) } else { Some(None) }
}
