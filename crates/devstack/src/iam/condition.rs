//! The `Condition` of a statement.
//!
//! Source: [several keys and values](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html).

use serde_json::Value;

use super::context::Context;
use super::document::Malformed;
use super::members::{Members, list};
use super::operator::{self, Kind, Wanted};

/// What of a key's values must pass.
#[derive(Clone, Copy, Debug)]
enum Set {
    All,
    Any,
}

/// One operator on one key.
#[derive(Clone, Debug)]
pub(super) struct Clause {
    kind: Kind,
    negated: bool,
    set: Option<Set>,
    if_exists: bool,
    /// In lower case.
    key: String,
    wanted: Vec<Wanted>,
}

/// Every operator on every key.
pub(super) fn parse(value: Value) -> Result<Vec<Clause>, Malformed> {
    let mut clauses = Vec::new();
    for (name, keys) in Members::of(value, "`Condition`")?.into_entries() {
        let keys = Members::of(keys, "a condition")?.into_entries();
        // Else an operator that nobody knows would pass unseen.
        if keys.is_empty() {
            return Err(Malformed::new(format!("operator `{name}` has no keys")));
        }
        for (key, values) in keys {
            clauses.push(Clause::parse(&name, &key, values)?);
        }
    }
    Ok(clauses)
}

impl Clause {
    fn parse(name: &str, key: &str, values: Value) -> Result<Self, Malformed> {
        let (set, rest) = match name.split_once(':') {
            None => (None, name),
            Some(("ForAllValues", rest)) => (Some(Set::All), rest),
            Some(("ForAnyValue", rest)) => (Some(Set::Any), rest),
            Some(_) => return Err(Malformed::new(format!("operator `{name}` is not known"))),
        };
        let (base, if_exists) = rest.strip_suffix("IfExists").map_or((rest, false), |base| (base, true));
        let known = operator::named(base).filter(|(kind, _)| *kind != Kind::Null || (set.is_none() && !if_exists));
        let (kind, negated) = known.ok_or_else(|| Malformed::new(format!("operator `{name}` is not known")))?;
        if !key.contains(':') || key.contains("${") {
            return Err(Malformed::new(format!("`{key}` is not a condition key")));
        }
        let wanted = scalars(values)?.iter().map(|text| kind.wanted(text)).collect::<Result<Vec<_>, _>>()?;
        Ok(Self { kind, negated, set, if_exists, key: key.to_lowercase(), wanted })
    }

    pub(super) fn variables(&self) -> impl Iterator<Item = &str> {
        self.wanted.iter().flat_map(|wanted| match wanted {
            Wanted::Text(pattern) => pattern.variables().collect(),
            Wanted::Bool(_) | Wanted::Number(_) | Wanted::Date(_) => Vec::new(),
        })
    }

    /// `in_doubt` is the answer where AWS does not define one.
    pub(super) fn holds(&self, context: &Context, in_doubt: bool) -> bool {
        let found = context.values(&self.key);
        if self.kind == Kind::Null {
            return self
                .wanted
                .iter()
                .any(|wanted| matches!(wanted, Wanted::Bool(absent) if *absent == found.is_empty()));
        }
        let matches = |value: &str| self.wanted.iter().any(|wanted| self.kind.matches(wanted, value, context));
        let passes = |value: &String| matches(value) != self.negated;
        match (self.set, found) {
            (_, []) if self.if_exists => true,
            (Some(Set::All), found) => found.iter().all(passes),
            (Some(Set::Any), found) => found.iter().any(passes),
            (None, []) => self.negated,
            (None, [one]) => passes(one),
            (None, _) => in_doubt,
        }
    }
}

/// A value or a list of values that is not empty; numbers and booleans count as their text.
fn scalars(value: Value) -> Result<Vec<String>, Malformed> {
    let items = list(value);
    let text = |item| match item {
        Value::String(text) => Ok(text),
        Value::Bool(value) => Ok(value.to_string()),
        Value::Number(value) => Ok(value.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => {
            Err(Malformed::new("a condition's value is neither text nor number nor boolean".to_owned()))
        }
    };
    if items.is_empty() {
        return Err(Malformed::new("a condition has no values".to_owned()));
    }
    items.into_iter().map(text).collect()
}
