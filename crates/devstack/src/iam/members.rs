//! The members of an object in a policy, taken one by one: what is left over in the end was not understood.

use serde_json::{Map, Value};

use super::document::Malformed;

pub(super) struct Members(Map<String, Value>);

impl Members {
    pub(super) fn of(value: Value, what: &str) -> Result<Self, Malformed> {
        match value {
            Value::Object(members) => Ok(Self(members)),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
                Err(Malformed::new(format!("{what} is not an object")))
            }
        }
    }

    pub(super) fn take(&mut self, name: &str) -> Option<Value> {
        self.0.remove(name)
    }

    pub(super) fn take_text(&mut self, name: &str) -> Result<Option<String>, Malformed> {
        match self.take(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(Malformed::new(format!("`{name}` is not a string"))),
        }
    }

    /// One of two members that exclude each other, and whether it is the second.
    pub(super) fn take_either(&mut self, this: &str, not: &str) -> Result<Option<(Value, bool)>, Malformed> {
        match (self.take(this), self.take(not)) {
            (None, None) => Ok(None),
            (Some(value), None) => Ok(Some((value, false))),
            (None, Some(value)) => Ok(Some((value, true))),
            (Some(_), Some(_)) => Err(Malformed::new(format!("`{this}` and `{not}` exclude each other"))),
        }
    }

    pub(super) fn end(self) -> Result<(), Malformed> {
        match self.0.keys().next() {
            None => Ok(()),
            Some(name) => Err(Malformed::new(format!("`{name}` is not known here"))),
        }
    }

    pub(super) fn into_entries(self) -> Map<String, Value> {
        self.0
    }
}

/// A list as it is, and anything else as a list of its own.
pub(super) fn list(value: Value) -> Vec<Value> {
    if let Value::Array(items) = value { items } else { vec![value] }
}

/// A string or a list of strings that is not empty.
pub(super) fn texts(value: Value, what: &str) -> Result<Vec<String>, Malformed> {
    let items = list(value);
    let wrong = || Malformed::new(format!("`{what}` holds something else than strings"));
    let text = |item: Value| item.as_str().map(str::to_owned).ok_or_else(wrong);
    let texts = items.into_iter().map(text).collect::<Result<Vec<_>, _>>()?;
    if texts.is_empty() { Err(Malformed::new(format!("`{what}` is empty"))) } else { Ok(texts) }
}
