//! The documents in `infra/permissions`, filled in with the names that the doubles have, and what each is meant to allow.

mod cases;
mod intents;

use std::path::Path;

use auth::keycard::KeyArn;
use cli::laptop::account;
use devstack::lambda::{ACCOUNT, REGION};
use serde_json::Value;

pub use cases::{Case, cases};
pub use intents::Intent;

/// The key that rows are sealed under.
const SEALING_KEY: &str = "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab";

/// The ARN of a table of the account.
#[must_use]
pub fn table_arn(name: &str) -> String {
    format!("arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/{name}")
}

/// The text of a document, as it is shipped.
///
/// # Panics
/// When there is no such document.
#[must_use]
pub fn shipped(name: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../infra/permissions");
    std::fs::read_to_string(folder.join(name)).expect(name)
}

/// The document with every placeholder filled in.
///
/// # Panics
/// When there is no such document, or one of its placeholders has no value here.
#[must_use]
pub fn document(name: &str) -> Value {
    account::filled(&shipped(name), &values()).expect(name)
}

/// Every placeholder of the documents.
///
/// # Panics
/// Never: the key is one.
#[must_use]
pub fn values() -> Vec<(&'static str, String)> {
    account::values(&KeyArn::parse(SEALING_KEY).expect("a key"), "okta-groups")
}

/// The value of one placeholder.
///
/// # Panics
/// When there is no such placeholder.
#[must_use]
pub fn value(placeholder: &str) -> String {
    values().into_iter().find(|(name, _)| *name == placeholder).map(|(_, value)| value).expect("a placeholder")
}
