//! What is printed, and what the process ends with.

use serde::Serialize;

use super::finding::{Line, Verdict};
use crate::trouble::Trouble;

/// A line for each check.
#[derive(Debug, Serialize)]
pub(crate) struct Report {
    pub(crate) lines: Vec<Line>,
}

impl Report {
    /// For a person: a mark, the check's name, what was found, and below what is not as it must be, how to mend it.
    pub(crate) fn lines(&self) -> Vec<String> {
        let mut shown = Vec::new();
        for line in &self.lines {
            let mark = match line.verdict {
                Verdict::Ok => "ok     ",
                Verdict::Wrong => "WRONG  ",
                Verdict::Unasked => "unasked",
                Verdict::Unused => "-      ",
            };
            shown.push(format!("{mark} {:<25} {}", line.check, line.what));
            shown.extend(line.mend.as_ref().map(|mend| format!("        mend: {mend}")));
        }
        shown.push(self.summary());
        shown
    }

    /// For a program: `{"lines": [{"check", "verdict", "what", "mend"}]}`, `verdict` one of `ok`, `wrong`, `unasked`, `unused`.
    pub(crate) fn json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    pub(crate) fn of(&self, verdict: Verdict) -> usize {
        self.lines.iter().filter(|line| line.verdict == verdict).count()
    }

    /// One line.
    pub(crate) fn summary(&self) -> String {
        let [ok, wrong, unasked, unused] =
            [Verdict::Ok, Verdict::Wrong, Verdict::Unasked, Verdict::Unused].map(|verdict| self.of(verdict));
        format!("{ok} ok, {wrong} wrong, {unasked} could not be asked, {unused} not in use")
    }

    /// # Errors
    /// Where something is wrong, or else could not be asked.
    pub(crate) fn ended(&self) -> Result<(), Trouble> {
        match (self.of(Verdict::Wrong), self.of(Verdict::Unasked)) {
            (0, 0) => Ok(()),
            (0, unasked) => Err(Trouble::unknown(format!("{unasked} checks could not be asked"))),
            (1, _) => Err(Trouble::new("one thing is wrong")),
            (wrong, _) => Err(Trouble::new(format!("{wrong} things are wrong"))),
        }
    }
}
