//! What became of each fault: the lines of `target/faults.md`, by the ids of the matrix.

use std::fmt::Write as _;
use std::path::PathBuf;

use devstack::fault::{Effect, Spoil};
use serde_json::Value;

/// What became of one fault at one place.
#[derive(Clone, Debug)]
pub struct Line {
    /// F01 to F20.
    pub id: &'static str,
    /// Whose answer it was.
    pub upstream: &'static str,
    /// The request that met it.
    pub place: String,
    /// Before, during or after the act.
    pub when: &'static str,
    /// What was done to it.
    pub fault: String,
    /// The public code, `ok`, or how an approval ended.
    pub code: String,
    /// Requests of the place's line.
    pub requests: u64,
    /// Changes at Okta.
    pub acts: usize,
}

/// The lines of one table.
#[derive(Default)]
pub struct Ledger(Vec<Line>);

impl Ledger {
    /// Adds a line.
    pub fn note(&mut self, line: Line) {
        self.0.push(line);
    }

    /// Adds the lines of another.
    pub fn take(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    /// Writes `target/faults/NAME.tsv`, of which `infra/scripts/fault-table` makes `target/faults.md`.
    pub fn write(&self, name: &str) {
        let folder = folder();
        std::fs::create_dir_all(&folder).expect("the folder can be made");
        let mut text = String::new();
        for Line { id, upstream, place, when, fault, code, requests, acts } in &self.0 {
            let _ = writeln!(text, "{id}\t{upstream}\t{place}\t{when}\t{fault}\t{code}\t{requests}\t{acts}");
        }
        std::fs::write(folder.join(name).with_extension("tsv"), text).expect("the table can be written");
    }
}

/// `target/faults`: the test binary is in `target/debug/deps`.
fn folder() -> PathBuf {
    let own = std::env::current_exe().expect("the test binary has a path");
    own.ancestors().nth(3).expect("it is in target/debug/deps").join("faults")
}

/// The fault of the matrix that an effect is one of.
#[must_use]
pub fn fault_id(effect: &Effect) -> &'static str {
    match effect {
        Effect::Hang => "F04",
        Effect::Stall | Effect::Drip { .. } => "F05",
        Effect::Reset | Effect::Truncate { .. } => "F06",
        Effect::Answer { status: 429, .. } => "F07",
        Effect::Answer { status: 300..400, .. } | Effect::Redirect { .. } => "F09",
        Effect::Answer { status: 401 | 403 | 404, .. } => "F14",
        Effect::Answer { status: 400, .. } => "F15",
        Effect::Answer { status: 200, headers, .. }
            if headers.get("content-type").is_none_or(|kind| kind != "text/html") =>
        {
            "F10"
        }
        Effect::Answer { .. } | Effect::AnswerAfter { .. } => "F08",
        Effect::Spoil(Spoil::Deep | Spoil::GzipBomb | Spoil::Padded) | Effect::Flood { .. } => "F12",
        Effect::Spoil(_) => "F10",
        Effect::Patch(values) if values.values().any(is_of_another) => "F17",
        Effect::Patch(_) | Effect::Remove(_) => "F11",
        Effect::Delay { .. } | Effect::HangAfter => "F16",
    }
}

/// Whether a value is well typed and of somebody or something else.
fn is_of_another(value: &Value) -> bool {
    let text = value.to_string().to_lowercase();
    ["another", "carol", "else", "other", "users"].iter().any(|word| text.contains(word))
}
