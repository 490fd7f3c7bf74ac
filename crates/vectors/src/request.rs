//! One line, read strictly: a member that is there twice would mean one thing here and another elsewhere.

use std::fmt;

use serde::de::{DeserializeOwned, Error as _, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use crate::answer::Answer;

/// The longest text of what is wrong with a line, in characters.
const LONGEST_PROBLEM: usize = 200;

/// What one line asks.
pub struct Request {
    id: Option<Box<RawValue>>,
    op: String,
    members: String,
    line: String,
}

impl Request {
    /// # Errors
    /// The answer to a line that asks nothing: `not_json` or `no_op`.
    pub(crate) fn parse(line: &[u8]) -> Result<Self, (Option<Box<RawValue>>, Answer)> {
        let problem = |error: &serde_json::Error| (None, Answer::refused("not_json").with("message", told(error)));
        let line = std::str::from_utf8(line)
            .map_err(|_| (None, Answer::refused("not_json").with("message", "the line is not UTF-8")))?;
        let Members(members) = serde_json::from_str(line).map_err(|error| problem(&error))?;
        let (mut id, mut op, mut rest) = (None, None, Vec::new());
        for (name, value) in members {
            match name.as_str() {
                "id" => id = Some(value),
                "op" => op = serde_json::from_str::<String>(value.get()).ok(),
                _ => rest.push(format!("{}:{value}", serde_json::Value::from(name))),
            }
        }
        let Some(op) = op else { return Err((id, Answer::refused("no_op"))) };
        Ok(Self { id, op, members: format!("{{{}}}", rest.join(",")), line: line.to_owned() })
    }

    /// What is asked for.
    #[must_use]
    pub fn op(&self) -> &str {
        &self.op
    }

    /// The line itself, for a program that it is passed on to.
    #[must_use]
    pub fn line(&self) -> &str {
        &self.line
    }

    /// The members of the operation: all but `id` and `op`.
    ///
    /// # Errors
    /// `malformed`, with what is missing, unknown or doubled, or where something else is wrong.
    pub fn members<T: DeserializeOwned>(&self) -> Result<T, Answer> {
        serde_json::from_str(&self.members).map_err(|error| Answer::refused("malformed").with("message", told(&error)))
    }

    pub(crate) fn id(&self) -> Option<&RawValue> {
        self.id.as_deref()
    }
}

/// Names of members are told. A value is not: it could be a token.
fn told(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let of_a_name = ["missing field", "unknown field", "duplicate field"].iter().any(|start| text.starts_with(start));
    if of_a_name {
        text.chars().take(LONGEST_PROBLEM).collect()
    } else {
        format!("something is wrong at column {}", error.column())
    }
}

/// The members of an object in their order, as they were written.
struct Members(Vec<(String, Box<RawValue>)>);

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Each;
        impl<'de> Visitor<'de> for Each {
            type Value = Members;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Members, A::Error> {
                let mut found: Vec<(String, Box<RawValue>)> = Vec::new();
                let mut seen = std::collections::HashSet::new();
                while let Some(name) = members.next_key::<String>()? {
                    if !seen.insert(name.clone()) {
                        return Err(A::Error::custom("duplicate field"));
                    }
                    found.push((name, members.next_value()?));
                }
                Ok(Members(found))
            }
        }
        deserializer.deserialize_map(Each)
    }
}
