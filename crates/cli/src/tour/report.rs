//! The lines that are printed, and the count.

use crate::say;

/// How much of an answer is shown, in characters.
const SHOWN: usize = 100;

/// Steps so far.
#[derive(Default)]
pub(super) struct Report {
    passed: usize,
    pub(super) failed: usize,
}

impl Report {
    /// A step: what it is about, and what was seen.
    pub(super) fn step(&mut self, good: bool, name: &str, seen: &str) {
        if good {
            self.passed += 1;
        } else {
            self.failed += 1;
        }
        say::line(format!("{} {name} → {}", if good { '✓' } else { '✗' }, shown(seen)));
    }

    /// The last line.
    pub(super) fn summary(&self) -> String {
        format!("{} passed, {} failed", self.passed, self.failed)
    }
}

/// The beginning of a text, on one line.
fn shown(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let line = words.join(" ");
    let mut cut: String = line.chars().take(SHOWN).collect();
    if cut.len() < line.len() {
        cut.push('…');
    }
    cut
}

#[cfg(test)]
mod tests {
    use super::{Report, shown};

    #[test]
    fn a_long_answer_is_shown_on_one_line_and_cut_by_characters() {
        assert_eq!(shown("a\nb"), "a b");
        assert_eq!(shown(&"ü".repeat(101)), format!("{}…", "ü".repeat(100)));
    }

    #[test]
    fn steps_are_counted_by_how_they_ended() {
        let report = Report { passed: 3, failed: 1 };
        assert_eq!(report.summary(), "3 passed, 1 failed");
    }
}
