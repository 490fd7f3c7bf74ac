//! Condition operators, one value against one value.
//!
//! Source: [condition operators](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html).

use std::cmp::Ordering;

use super::context::Context;
use super::date;
use super::document::Malformed;
use super::pattern::Pattern;

/// How a value is compared. Numbers and dates compare by the orders that count as a match.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Kind {
    Equals,
    EqualsIgnoringCase,
    Like,
    Arn,
    Bool,
    Number(&'static [Ordering]),
    Date(&'static [Ordering]),
    Null,
}

/// A value in a policy.
#[derive(Clone, Debug)]
pub(super) enum Wanted {
    Text(Pattern),
    Bool(bool),
    Number(f64),
    /// Milliseconds since 1970.
    Date(i64),
}

const EQUAL: &[Ordering] = &[Ordering::Equal];
const LESS: &[Ordering] = &[Ordering::Less];
const LESS_OR_EQUAL: &[Ordering] = &[Ordering::Less, Ordering::Equal];
const GREATER: &[Ordering] = &[Ordering::Greater];
const GREATER_OR_EQUAL: &[Ordering] = &[Ordering::Greater, Ordering::Equal];

/// The operator of this name, without its prefix and suffix, and whether it is a negation.
pub(super) fn named(name: &str) -> Option<(Kind, bool)> {
    Some(match name {
        "StringEquals" => (Kind::Equals, false),
        "StringNotEquals" => (Kind::Equals, true),
        "StringEqualsIgnoreCase" => (Kind::EqualsIgnoringCase, false),
        "StringNotEqualsIgnoreCase" => (Kind::EqualsIgnoringCase, true),
        "StringLike" => (Kind::Like, false),
        "StringNotLike" => (Kind::Like, true),
        "ArnEquals" | "ArnLike" => (Kind::Arn, false),
        "ArnNotEquals" | "ArnNotLike" => (Kind::Arn, true),
        "Bool" => (Kind::Bool, false),
        "Null" => (Kind::Null, false),
        "NumericEquals" => (Kind::Number(EQUAL), false),
        "NumericNotEquals" => (Kind::Number(EQUAL), true),
        "NumericLessThan" => (Kind::Number(LESS), false),
        "NumericLessThanEquals" => (Kind::Number(LESS_OR_EQUAL), false),
        "NumericGreaterThan" => (Kind::Number(GREATER), false),
        "NumericGreaterThanEquals" => (Kind::Number(GREATER_OR_EQUAL), false),
        "DateEquals" => (Kind::Date(EQUAL), false),
        "DateNotEquals" => (Kind::Date(EQUAL), true),
        "DateLessThan" => (Kind::Date(LESS), false),
        "DateLessThanEquals" => (Kind::Date(LESS_OR_EQUAL), false),
        "DateGreaterThan" => (Kind::Date(GREATER), false),
        "DateGreaterThanEquals" => (Kind::Date(GREATER_OR_EQUAL), false),
        _ => return None,
    })
}

impl Kind {
    /// Reads a value for this operator. Variables only count where texts and ARNs are compared.
    pub(super) fn wanted(self, text: &str) -> Result<Wanted, Malformed> {
        let read = match self {
            Self::Equals | Self::EqualsIgnoringCase => Some(Wanted::Text(Pattern::parse(text, false)?)),
            Self::Like => Some(Wanted::Text(Pattern::parse(text, true)?)),
            Self::Arn => Some(Wanted::Text(arn(text)?)),
            Self::Bool | Self::Null => text.to_lowercase().parse().ok().map(Wanted::Bool),
            Self::Number(_) => number(text).map(Wanted::Number),
            Self::Date(_) => date::milliseconds(text).map(Wanted::Date),
        };
        read.ok_or_else(|| Malformed::new("a condition's value is not of its operator's type".to_owned()))
    }

    pub(super) fn matches(self, wanted: &Wanted, found: &str, context: &Context) -> bool {
        match (self, wanted) {
            (Self::EqualsIgnoringCase, Wanted::Text(pattern)) => pattern.matches_ignoring_case(found, context),
            (Self::Arn, Wanted::Text(pattern)) => arn_matches(pattern, found, context),
            (_, Wanted::Text(pattern)) => pattern.matches(found, context),
            (_, Wanted::Bool(wanted)) => found.to_lowercase().parse() == Ok(*wanted),
            (Self::Number(orders), Wanted::Number(wanted)) => {
                let order = number(found).and_then(|found| found.partial_cmp(wanted));
                order.is_some_and(|order| orders.contains(&order))
            }
            (Self::Date(orders), Wanted::Date(wanted)) => {
                date::milliseconds(found).is_some_and(|found| orders.contains(&found.cmp(wanted)))
            }
            (_, Wanted::Number(_) | Wanted::Date(_)) => false,
        }
    }
}

fn number(text: &str) -> Option<f64> {
    text.parse().ok().filter(|number: &f64| number.is_finite())
}

/// An ARN with wildcards, or `*`.
pub(super) fn arn(text: &str) -> Result<Pattern, Malformed> {
    let pattern = Pattern::parse(text, true)?;
    let is_arn = text.starts_with("arn:") && pattern.parts().len() == 6;
    if is_arn || pattern.is_everything() {
        Ok(pattern)
    } else {
        Err(Malformed::new(format!("resource {text} must be in ARN format or \"*\"")))
    }
}

/// Part by part, so that no wildcard reaches over a colon but in the last part.
pub(super) fn arn_matches(pattern: &Pattern, found: &str, context: &Context) -> bool {
    if pattern.is_everything() {
        return true;
    }
    let (wanted, found): (Vec<_>, Vec<_>) = (pattern.parts(), found.splitn(6, ':').collect());
    wanted.len() == found.len() && wanted.iter().zip(found).all(|(wanted, found)| wanted.matches(found, context))
}
