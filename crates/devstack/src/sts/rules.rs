//! The bounds of what is sent.
//!
//! Source: [AssumeRole's parameters](https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html#API_AssumeRole_RequestParameters).

use super::problem::Problem;

/// The most tags of a session.
const MOST_TAGS: usize = 50;
/// The longest session policy, in characters.
const LONGEST_POLICY: usize = 2048;

/// `[\w+=,.@-]{2,64}`, for a session's name and a source identity.
pub(super) fn name(value: &str, at: &str) -> Result<(), Problem> {
    let known = |c: char| c.is_ascii_alphanumeric() || "_+=,.@-".contains(c);
    if !value.chars().all(known) {
        return Err(Problem::constraint(value, at, "Member must satisfy regular expression pattern: [\\w+=,.@-]*"));
    }
    length(value, at, 2, 64)
}

pub(super) fn duration(value: &str) -> Result<u64, Problem> {
    let at = "durationSeconds";
    let seconds: u64 = value.parse().map_err(|_| Problem::constraint(value, at, "Member must be a number"))?;
    match seconds {
        0..900 => Err(Problem::constraint(value, at, "Member must have value greater than or equal to 900")),
        900..=3600 => Ok(seconds),
        3601..=43_200 => Err(Problem::validation(
            "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining",
        )),
        _ => Err(Problem::constraint(value, at, "Member must have value less than or equal to 43200")),
    }
}

/// At most 2,048 characters of U+0020 to U+00FF, tab, line feed and carriage return.
pub(super) fn policy(value: &str) -> Result<(), Problem> {
    length(value, "policy", 1, LONGEST_POLICY)?;
    let known = |c: char| matches!(c, '\u{20}'..='\u{ff}' | '\t' | '\n' | '\r');
    if value.chars().all(known) {
        Ok(())
    } else {
        let pattern = "Member must satisfy regular expression pattern: [\\u0009\\u000A\\u000D\\u0020-\\u00FF]+";
        Err(Problem::constraint(value, "policy", pattern))
    }
}

pub(super) fn tags(tags: &[(String, String)]) -> Result<(), Problem> {
    if tags.len() > MOST_TAGS {
        return Err(Problem::constraint("tags", "tags", "Member must have length less than or equal to 50"));
    }
    let mut seen: Vec<String> = Vec::new();
    for (number, (key, value)) in (1..).zip(tags) {
        let (at_key, at_value) = (format!("tags.{number}.member.key"), format!("tags.{number}.member.value"));
        tag_text(key, &at_key)?;
        tag_text(value, &at_value)?;
        length(key, &at_key, 1, 128)?;
        length(value, &at_value, 0, 256)?;
        if key.to_lowercase().starts_with("aws:") {
            return Err(Problem::validation("System tag keys cannot be set: they begin with aws:"));
        }
        // Keys that differ in case only are one key.
        if seen.contains(&key.to_lowercase()) {
            return Err(Problem::validation(
                "Duplicate tag keys found. Please note that Tag keys are case insensitive.",
            ));
        }
        seen.push(key.to_lowercase());
    }
    Ok(())
}

/// Letters, digits and spaces of any script, and `_ . : / = + - @`.
fn tag_text(value: &str, at: &str) -> Result<(), Problem> {
    let known = |c: char| c.is_alphanumeric() || c.is_whitespace() || "_.:/=+-@".contains(c);
    if value.chars().all(known) {
        Ok(())
    } else {
        let pattern = "Member must satisfy regular expression pattern: [\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*";
        Err(Problem::constraint(value, at, pattern))
    }
}

pub(super) fn length(value: &str, at: &str, least: usize, most: usize) -> Result<(), Problem> {
    let length = value.chars().count();
    if length < least {
        Err(Problem::constraint(value, at, &format!("Member must have length greater than or equal to {least}")))
    } else if length > most {
        Err(Problem::constraint(value, at, &format!("Member must have length less than or equal to {most}")))
    } else {
        Ok(())
    }
}
