//! What the program says when something does not work: one line that names the thing and the remedy.

use std::fmt;

/// One line for a person.
#[derive(Debug)]
pub struct Trouble(String);

impl Trouble {
    /// `line` names the thing and the remedy, in lower case, without a full stop.
    pub fn new(line: impl Into<String>) -> Self {
        Self(line.into())
    }

    /// `what` went wrong because of `why`.
    pub fn because(what: &str, why: impl fmt::Display) -> Self {
        Self(format!("{what}: {why}"))
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for Trouble {}
