//! What a response file says, and how what happened differs from it.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use super::places::Places;
use super::seen::Seen;

/// A response file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Expected {
    answer: Value,
    #[serde(default)]
    calls: Calls,
    /// Where approvals are afterwards, by reference; absent: it does not matter.
    outcomes: Option<BTreeMap<String, String>>,
}

/// How often whom; absent: it does not matter.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Calls {
    okta: Option<u64>,
    exchanges: Option<u64>,
    checks: Option<u64>,
    fga_tokens: Option<u64>,
    rows: Option<u64>,
    starts: Option<u64>,
    pushes: Option<u64>,
    /// One text a message: its delay in seconds.
    messages: Option<Vec<String>>,
    /// Line by line.
    changes: Option<Vec<String>>,
}

impl Expected {
    /// Whether somebody must look at the table afterwards.
    pub(super) fn knows_outcomes(&self) -> bool {
        self.outcomes.is_some()
    }

    pub(super) fn compare(&self, answer: &Value, seen: &Seen) -> Result<(), String> {
        let (mut places, mut differences) = (Places::default(), Vec::new());
        differ("", &self.answer, answer, &mut places, &mut differences);
        self.calls.compare(seen, &mut places, &mut differences);
        if let Some(outcomes) = &self.outcomes {
            stand(outcomes, seen.outcomes.clone(), &mut places, &mut differences);
        }
        if differences.is_empty() { Ok(()) } else { Err(differences.join("\n")) }
    }
}

impl Calls {
    fn compare(&self, seen: &Seen, places: &mut Places, differences: &mut Vec<String>) {
        let counts = &seen.counts;
        for (name, expected, counted) in [
            ("okta", self.okta, counts.okta),
            ("exchanges", self.exchanges, counts.auth0_tokens),
            ("checks", self.checks, counts.checks),
            ("fga_tokens", self.fga_tokens, counts.fga_tokens),
            ("rows", self.rows, counts.dynamodb),
            ("starts", self.starts, counts.ciba_starts),
            ("pushes", self.pushes, seen.pushes),
        ] {
            if expected.is_some_and(|expected| expected != counted) {
                differences.push(format!("  calls/{name}: expected {}, got {counted}", expected.unwrap_or_default()));
            }
        }
        for (name, expected, got) in
            [("messages", &self.messages, &seen.messages), ("changes", &self.changes, &seen.changes)]
        {
            let Some(expected) = expected else { continue };
            let fit = expected.len() == got.len() && expected.iter().zip(got).all(|(text, got)| places.fit(text, got));
            if !fit {
                differences.push(format!("  calls/{name}: expected {expected:?}, got {got:?}"));
            }
        }
    }
}

/// Names that are written out go before places, which take what is left.
fn stand(
    expected: &BTreeMap<String, String>,
    mut got: BTreeMap<String, String>,
    places: &mut Places,
    differences: &mut Vec<String>,
) {
    let (open, fixed): (Vec<_>, Vec<_>) = expected.iter().partition(|(name, _)| name.contains("{{"));
    for (name, standing) in fixed.into_iter().chain(open) {
        let found = got.keys().find(|reference| places.fit(name, reference)).cloned();
        let found = found.and_then(|reference| got.remove(&reference)).unwrap_or_else(|| "nothing".to_owned());
        if found != *standing {
            differences.push(format!("  outcomes/{name}: expected {standing}, got {found}"));
        }
    }
    differences.extend(got.iter().map(|(name, found)| format!("  outcomes/{name}: expected nothing, got {found}")));
}

fn differ(place: &str, expected: &Value, actual: &Value, places: &mut Places, differences: &mut Vec<String>) {
    match (expected, actual) {
        (Value::Object(expected), Value::Object(actual)) => {
            for name in expected.keys().chain(actual.keys().filter(|name| !expected.contains_key(*name))) {
                let place = format!("{place}/{name}");
                match (expected.get(name), actual.get(name)) {
                    (Some(expected), Some(actual)) => differ(&place, expected, actual, places, differences),
                    (expected, actual) => differences.push(line(&place, &shown(expected), &shown(actual))),
                }
            }
        }
        (Value::String(expected), Value::String(actual)) if places.fit(expected, actual) => {}
        (Value::String(expected), Value::String(actual)) => differences.push(line(place, expected, actual)),
        _ if expected == actual => {}
        _ => differences.push(line(place, &expected.to_string(), &actual.to_string())),
    }
}

fn shown(value: Option<&Value>) -> String {
    value.map_or_else(|| "nothing".to_owned(), Value::to_string)
}

/// The two texts one under the other, from a little before the first difference.
fn line(place: &str, expected: &str, actual: &str) -> String {
    let same = expected.chars().zip(actual.chars()).take_while(|(one, other)| one == other).count();
    let cut = |text: &str| {
        let part: String = text.chars().skip(same.saturating_sub(120)).take(400).collect();
        if same > 120 { format!("…{part}") } else { part }
    };
    format!("  {place}\n    expected {}\n    got      {}", cut(expected), cut(actual))
}
