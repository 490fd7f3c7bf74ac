//! Where settings come from.

use std::collections::BTreeMap;

/// Names and values, as the process or a test has them. No `Debug`: some values are secrets.
pub struct Environment(pub(super) BTreeMap<String, Value>);

pub(super) enum Value {
    Text(String),
    NotUnicode,
}

impl Environment {
    /// The environment of this process. A value that is not UTF-8 becomes a problem only if it is asked for.
    #[must_use]
    pub fn of_process() -> Self {
        let pairs = std::env::vars_os().filter_map(|(name, value)| {
            let value = value.into_string().map_or(Value::NotUnicode, Value::Text);
            Some((name.into_string().ok()?, value))
        });
        Self(pairs.collect())
    }

    /// These names and values, for a test or a program that starts a function with settings of its own.
    pub fn from_pairs<N: Into<String>, V: Into<String>>(pairs: impl IntoIterator<Item = (N, V)>) -> Self {
        Self(pairs.into_iter().map(|(name, value)| (name.into(), Value::Text(value.into()))).collect())
    }

    /// The same with these in place of those of the same name.
    #[must_use]
    pub fn with<N: Into<String>, V: Into<String>>(mut self, pairs: impl IntoIterator<Item = (N, V)>) -> Self {
        self.0.extend(pairs.into_iter().map(|(name, value)| (name.into(), Value::Text(value.into()))));
        self
    }

    pub(super) fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }
}
