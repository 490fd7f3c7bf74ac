//! The differences that stay, each with its reason: `differences.json`.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Difference {
    pub(super) double: Value,
    pub(super) engine: Value,
    pub(super) reason: String,
}

/// By the name of the case.
pub(super) fn differences() -> BTreeMap<String, Difference> {
    serde_json::from_str(include_str!("differences.json")).unwrap()
}

#[test]
fn every_difference_that_stays_has_a_reason() {
    for (name, difference) in differences() {
        assert!(difference.reason.len() > 20, "{name}");
        assert_ne!(difference.double, difference.engine, "{name}");
    }
}
