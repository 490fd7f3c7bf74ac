//! What is wrong with the settings.

use std::fmt;

use serde::Serialize;

/// One setting that cannot be used. It never repeats the setting's value, because any setting may hold a secret that was
/// pasted into the wrong one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// The setting's name, as in `SESSION_TABLE`.
    pub name: &'static str,
    /// What is wrong with it, as in `is missing`.
    pub wrong: String,
    /// What it takes, as in `a whole number from 1 to 50`.
    pub takes: String,
}

/// Every setting that cannot be used, in the order in which they were read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Problems(pub(super) Vec<Problem>);

impl Problems {
    /// The problems one by one.
    #[must_use]
    pub fn all(&self) -> &[Problem] {
        &self.0
    }

    /// The names of the settings that have one.
    #[must_use]
    pub fn names(&self) -> Vec<&'static str> {
        self.0.iter().map(|problem| problem.name).collect()
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {}; it takes {}", self.name, self.wrong, self.takes)
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.0.iter().enumerate() {
            let line_break = if index == 0 { "" } else { "\n" };
            write!(formatter, "{line_break}{problem}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Problems {}
