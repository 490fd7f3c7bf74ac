//! Message attributes, as they go over the wire.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::problem::Problem;

/// The value of one message attribute.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct Attribute {
    /// `String`, `Number` or `Binary`, with an own type after a dot if there is one.
    pub data_type: String,
    /// The value of a text or a number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub string_value: Option<String>,
    /// The value of bytes, base64.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub binary_value: Option<String>,
}

impl Attribute {
    fn is_binary(&self) -> bool {
        self.data_type.starts_with("Binary")
    }

    /// The value in base64 if it is bytes, else as text.
    pub(super) fn value(&self) -> (bool, &str) {
        let value = if self.is_binary() { &self.binary_value } else { &self.string_value };
        (self.is_binary(), value.as_deref().unwrap_or_default())
    }
}

/// Refuses what the service refuses: more than ten, types and values that are not there.
pub(super) fn check(attributes: &BTreeMap<String, Attribute>) -> Result<(), Problem> {
    if attributes.len() > 10 {
        let count = attributes.len();
        let message = format!("Number of message attributes [{count}] exceeds the allowed maximum [10].");
        return Err(Problem::invalid_value(message));
    }
    for (name, attribute) in attributes {
        let kind = attribute.data_type.split('.').next().unwrap_or_default();
        if !["String", "Number", "Binary"].contains(&kind) {
            return Err(Problem::invalid_value(format!(
                "The message attribute '{name}' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String."
            )));
        }
        if attribute.value().1.is_empty() {
            return Err(Problem::invalid_value(format!(
                "The message attribute '{name}' must contain non-empty message attribute value for message attribute type '{kind}'."
            )));
        }
    }
    Ok(())
}

/// Whether a name is among those asked for: a name, `All`, `.*`, or the start of a name and `.*`.
pub(super) fn is_asked(asked: &[String], name: &str) -> bool {
    asked.iter().any(|wish| match wish.strip_suffix(".*") {
        Some(start) => name.starts_with(start),
        None => wish == "All" || wish == name,
    })
}
