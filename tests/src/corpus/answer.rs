//! What a response file says, and how an answer differs from it.

use serde::Deserialize;
use serde_json::Value;

use crate::Counts;

/// A response file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Expected {
    answer: Value,
    #[serde(default)]
    calls: Calls,
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
}

impl Expected {
    pub(super) fn compare(&self, answer: &Value, counts: &Counts) -> Result<(), String> {
        let mut differences = Vec::new();
        differ("", &self.answer, answer, &mut differences);
        let Calls { okta, exchanges, checks, fga_tokens, rows } = self.calls;
        for (name, expected, counted) in [
            ("okta", okta, counts.okta),
            ("exchanges", exchanges, counts.auth0_tokens),
            ("checks", checks, counts.checks),
            ("fga_tokens", fga_tokens, counts.fga_tokens),
            ("rows", rows, counts.dynamodb),
        ] {
            if expected.is_some_and(|expected| expected != counted) {
                differences.push(format!("  calls/{name}: expected {}, got {counted}", expected.unwrap_or_default()));
            }
        }
        if differences.is_empty() { Ok(()) } else { Err(differences.join("\n")) }
    }
}

fn differ(place: &str, expected: &Value, actual: &Value, differences: &mut Vec<String>) {
    match (expected, actual) {
        (Value::Object(expected), Value::Object(actual)) => {
            for name in expected.keys().chain(actual.keys().filter(|name| !expected.contains_key(*name))) {
                let place = format!("{place}/{name}");
                match (expected.get(name), actual.get(name)) {
                    (Some(expected), Some(actual)) => differ(&place, expected, actual, differences),
                    (expected, actual) => differences.push(line(&place, &shown(expected), &shown(actual))),
                }
            }
        }
        (Value::String(expected), Value::String(actual)) if fits(expected, actual) => {}
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

/// Whether `actual` is `expected` with its places filled: `{{reference}}`, and `{{seconds A-B}}` with a whole number
/// from A to B.
fn fits(expected: &str, actual: &str) -> bool {
    let Some((before, place, after)) = first_place(expected) else { return expected == actual };
    let Some(rest) = actual.strip_prefix(before) else { return false };
    let length = if place == "reference" {
        rest.bytes().take_while(|byte| b"ABCDEFGHJKMNPQRSTVWXYZ0123456789".contains(byte)).count().min(12)
    } else {
        rest.bytes().take_while(u8::is_ascii_digit).count()
    };
    rest.split_at_checked(length).is_some_and(|(filling, rest)| is_filled(place, filling) && fits(after, rest))
}

fn first_place(text: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = text.split_once("{{")?;
    let (place, after) = rest.split_once("}}")?;
    Some((before, place, after))
}

fn is_filled(place: &str, filling: &str) -> bool {
    if place == "reference" {
        return filling.len() == 12;
    }
    let range = place.strip_prefix("seconds ").and_then(|range| range.split_once('-'));
    let number = |text: &str| text.parse::<u64>().ok();
    range
        .and_then(|(least, most)| Some((number(least)?..=number(most)?).contains(&number(filling)?)))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::fits;

    #[test]
    fn a_place_takes_what_it_stands_for_and_nothing_else() {
        assert!(fits("see {{reference}}.", "see ABCDEFGH2345."));
        assert!(!fits("see {{reference}}.", "see ABCDEFGH234."));
        assert!(!fits("see {{reference}}.", "see abcdefgh2345."));
        assert!(!fits("see {{reference}}.", "see {{reference}}."));
        assert!(fits("{{seconds 25-31}}, {{reference}}", "31, ABCDEFGH2345"));
        assert!(!fits("{{seconds 25-31}}", "32"));
        assert!(!fits("{{seconds 25-31}}", ""));
        assert!(!fits("as it is", "as it was"));
    }
}
