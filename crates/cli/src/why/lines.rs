//! Audit records out of a log, as CloudWatch, `aws logs tail` or a function's own output give it.

use serde_json::Value;

/// One audit line.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Kept {
    /// The function that wrote it.
    pub(super) function: String,
    /// The record.
    pub(super) record: Value,
}

impl Kept {
    pub(super) fn text(&self, pointer: &str) -> Option<&str> {
        self.record.pointer(pointer).and_then(Value::as_str)
    }

    fn time(&self) -> u64 {
        self.record.get("time").and_then(Value::as_u64).unwrap_or_default()
    }
}

/// All records in the text. Whatever stands before the JSON of a line is skipped; what is no audit line is no matter of ours.
pub(super) fn kept(text: &str) -> Vec<Kept> {
    text.lines().filter_map(line).collect()
}

fn line(line: &str) -> Option<Kept> {
    let json: Value =
        line.match_indices('{').take(8).find_map(|(start, _)| serde_json::from_str(line.get(start..)?.trim()).ok())?;
    // An exported log event has the line as a text.
    let json = match json.get("message").and_then(Value::as_str) {
        Some(message) => serde_json::from_str(message.trim()).ok()?,
        None => json,
    };
    let record = json.get("record").filter(|record| record.is_object())?.clone();
    let function = json.get("function").and_then(Value::as_str)?.to_owned();
    (json.get("event").and_then(Value::as_str) == Some("audit")).then_some(Kept { function, record })
}

/// The records of this call and of its approval, oldest first; none if the reference is not there.
pub(super) fn about<'a>(kept: &'a [Kept], reference: &str) -> Vec<&'a Kept> {
    let named =
        |kept: &&Kept| ["/unmapped/reference", "/unmapped/approval"].iter().any(|at| kept.text(at) == Some(reference));
    let found: Vec<&Kept> = kept.iter().filter(named).collect();
    let approvals: Vec<&str> = found.iter().filter_map(|kept| kept.text("/unmapped/approval")).collect();
    let joined =
        |kept: &&Kept| named(kept) || kept.text("/unmapped/approval").is_some_and(|one| approvals.contains(&one));
    let mut told: Vec<&Kept> = kept.iter().filter(joined).collect();
    told.sort_by_key(|kept| kept.time());
    told
}
