//! What the program says when something does not work: one line that names the thing and the remedy.

use std::fmt;

/// One line for a person.
#[derive(Debug)]
pub struct Trouble {
    line: String,
    code: u8,
}

impl Trouble {
    /// `line` names the thing and the remedy, in lower case, without a full stop.
    pub fn new(line: impl Into<String>) -> Self {
        Self { line: line.into(), code: 1 }
    }

    /// `what` went wrong because of `why`.
    pub fn because(what: &str, why: impl fmt::Display) -> Self {
        Self::new(format!("{what}: {why}"))
    }

    /// The command line asks for something that there is not.
    pub fn usage(line: impl Into<String>) -> Self {
        Self { line: line.into(), code: 2 }
    }

    /// All was done, for a name that nothing here knows.
    pub fn unknown(line: impl Into<String>) -> Self {
        Self { line: line.into(), code: 3 }
    }

    /// What the process ends with: 2 for a wrong command line, 3 for a name that nobody has, otherwise 1.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        self.code
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.line)
    }
}

impl std::error::Error for Trouble {}
