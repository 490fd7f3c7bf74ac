//! JSON in one form only (RFC 8785), so that two texts of the same arguments have one hash.

use serde::Serialize;
use serde_json::Value;

use crate::id::sha256_base64url;

/// Base64url SHA-256 of the canonical JSON of a tool's arguments, 43 characters.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct ArgumentsHash(String);

impl ArgumentsHash {
    /// The hash of these arguments. Absent optional members must be left out of the serialized form, or always be there.
    ///
    /// Returns nothing for what has no canonical form here: a number that is no integer of at most 53 bits, or a member
    /// name beyond ASCII, for which RFC 8785 orders by UTF-16.
    #[must_use]
    pub fn of(arguments: &impl Serialize) -> Option<Self> {
        let mut text = String::new();
        write(&serde_json::to_value(arguments).ok()?, &mut text)?;
        Some(Self(sha256_base64url(text.as_bytes())))
    }

    /// From 43 characters of base64url, as a row has them.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        crate::id::SessionHash::parse(text).map(|_| Self(text.to_owned()))
    }

    /// The 43 characters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn write(value: &Value, text: &mut String) -> Option<()> {
    match value {
        Value::Null | Value::Bool(_) | Value::String(_) => text.push_str(&value.to_string()),
        Value::Number(number) => {
            let integer = number.as_i64().filter(|integer| integer.unsigned_abs() < 1 << 53)?;
            text.push_str(&integer.to_string());
        }
        Value::Array(items) => {
            text.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    text.push(',');
                }
                write(item, text)?;
            }
            text.push(']');
        }
        Value::Object(members) => {
            if !members.keys().all(|name| name.is_ascii()) {
                return None;
            }
            let mut sorted: Vec<_> = members.iter().collect();
            sorted.sort_by_key(|(name, _)| *name);
            text.push('{');
            for (index, (name, member)) in sorted.into_iter().enumerate() {
                if index > 0 {
                    text.push(',');
                }
                text.push_str(&Value::String(name.clone()).to_string());
                text.push(':');
                write(member, text)?;
            }
            text.push('}');
        }
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::ArgumentsHash;

    #[test]
    fn the_order_of_members_does_not_matter_and_their_values_do() {
        let one = ArgumentsHash::of(&json!({"user": "bob@example.com", "group": "VPN users"})).unwrap();
        let same = ArgumentsHash::of(&json!({"group": "VPN users", "user": "bob@example.com"})).unwrap();
        let other = ArgumentsHash::of(&json!({"group": "VPN users", "user": "carol@example.com"})).unwrap();
        assert_eq!(one, same);
        assert_ne!(one, other);
    }

    #[test]
    fn what_has_no_canonical_form_has_no_hash() {
        for arguments in [json!({"a": 1.5}), json!({"a": 1_u64 << 60}), json!({"\u{e9}": 1})] {
            assert!(ArgumentsHash::of(&arguments).is_none(), "{arguments}");
        }
    }
}
