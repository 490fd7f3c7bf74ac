//! The log line of an outcome.

use serde_json::{Map, Value};

/// One of them.
pub(super) struct Outcome(Map<String, Value>);

/// The last outcome in a log.
pub(super) fn last(log: &[String]) -> Option<Outcome> {
    log.iter().rev().find_map(|line| read(line))
}

/// The last outcome in a log that belongs to a trace.
pub(super) fn with_trace(log: &[String], trace_id: &str) -> Option<Outcome> {
    log.iter().rev().filter_map(|line| read(line)).find(|outcome| outcome.text("trace_id") == trace_id)
}

/// The outcomes in a log that are about an approval, oldest first.
pub(super) fn about(log: &[String], approval: &str) -> Vec<Outcome> {
    log.iter().filter_map(|line| read(line)).filter(|outcome| outcome.at("/approval") == Some(approval)).collect()
}

fn read(line: &str) -> Option<Outcome> {
    let Ok(Value::Object(members)) = serde_json::from_str(line) else { return None };
    (members.get("event").and_then(Value::as_str) == Some("outcome")).then_some(Outcome(members))
}

impl Outcome {
    /// A text member; `?` if it is not there.
    pub(super) fn text(&self, name: &str) -> &str {
        self.0.get(name).and_then(Value::as_str).unwrap_or("?")
    }

    /// A text at a JSON pointer of at most two names.
    pub(super) fn at(&self, pointer: &str) -> Option<&str> {
        let (first, rest) = pointer
            .strip_prefix('/')?
            .split_once('/')
            .map_or((pointer.strip_prefix('/')?, None), |(a, b)| (a, Some(b)));
        let member = self.0.get(first)?;
        rest.map_or(Some(member), |name| member.get(name))?.as_str()
    }

    /// How long a step took, in milliseconds.
    pub(super) fn took(&self, step: &str) -> Option<f64> {
        self.0.get(&format!("{step}_ms"))?.as_f64()
    }

    /// All steps but `total`, with their milliseconds.
    pub(super) fn steps(&self) -> Vec<(&str, f64)> {
        let named = self.0.iter().filter_map(|(name, took)| Some((name.strip_suffix("_ms")?, took.as_f64()?)));
        named.filter(|(name, _)| *name != "total").collect()
    }
}
