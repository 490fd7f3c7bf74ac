//! From what a call gives to what the schema says.

use serde::Serialize;
use serde_json::Value;

use super::Kind;

/// A value of its declared type, within its limits.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub(super) enum Coerced {
    Integer(i64),
    Number(f64),
    Boolean(bool),
    Text(String),
    List(Vec<Coerced>),
}

impl Kind {
    /// `None` for another type and for a value beyond the limits.
    ///
    /// - integer: a JSON integer, or its text as JSON would write it: `20` and `-3`, but not `+20`, `020`, `1e3`, `2.0`
    ///   or anything with white space; 64 bits with sign.
    /// - number: a JSON number, or its text in JSON's grammar; finite.
    /// - boolean: a JSON boolean, or `true` or `false` in any case.
    /// - string: a JSON string as it is.
    /// - array: a JSON array; or the text of one; or Bedrock's own form `[a, b]`, split at commas. An item of that form
    ///   can hold neither quotes nor brackets.
    pub(super) fn coerce(&self, given: &Value) -> Option<Coerced> {
        match self {
            Self::Integer { least, most } => {
                let number = given.as_i64().or_else(|| integer(given.as_str()?))?;
                within(&number, least.as_ref(), most.as_ref()).then_some(Coerced::Integer(number))
            }
            Self::Number { least, most } => {
                let number = given.as_f64().or_else(|| number(given.as_str()?))?;
                within(&number, least.as_ref(), most.as_ref()).then_some(Coerced::Number(number))
            }
            Self::Boolean => given.as_bool().or_else(|| boolean(given.as_str()?)).map(Coerced::Boolean),
            Self::Text { least, most } => {
                let text = given.as_str()?;
                let length = u64::try_from(text.chars().count()).ok()?;
                within(&length, least.as_ref(), most.as_ref()).then(|| Coerced::Text(text.to_owned()))
            }
            Self::Choice(texts) => {
                let text = given.as_str()?;
                texts.iter().any(|choice| choice == text).then(|| Coerced::Text(text.to_owned()))
            }
            Self::List { item, least, most } => {
                let items = match given {
                    Value::Array(items) => each(item, items),
                    Value::String(text) => json_list(item, text).or_else(|| bracketed_list(item, text)),
                    Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => None,
                }?;
                let length = u64::try_from(items.len()).ok()?;
                within(&length, least.as_ref(), most.as_ref()).then_some(Coerced::List(items))
            }
        }
    }
}

fn integer(text: &str) -> Option<i64> {
    text.parse::<i64>().ok().filter(|number| number.to_string() == text)
}

fn number(text: &str) -> Option<f64> {
    // The parser would skip white space around the number.
    let bare = text.bytes().all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte));
    if bare { serde_json::from_str(text).ok() } else { None }
}

fn boolean(text: &str) -> Option<bool> {
    match text {
        _ if text.eq_ignore_ascii_case("true") => Some(true),
        _ if text.eq_ignore_ascii_case("false") => Some(false),
        _ => None,
    }
}

fn each(item: &Kind, items: &[Value]) -> Option<Vec<Coerced>> {
    items.iter().map(|value| item.coerce(value)).collect()
}

fn json_list(item: &Kind, text: &str) -> Option<Vec<Coerced>> {
    each(item, &serde_json::from_str::<Vec<Value>>(text).ok()?)
}

fn bracketed_list(item: &Kind, text: &str) -> Option<Vec<Coerced>> {
    let inner = text.strip_prefix('[')?.strip_suffix(']')?;
    if inner.contains(['"', '[', ']', '{', '}']) {
        return None;
    }
    inner
        .split(',')
        .map(str::trim)
        .map(|text| if text.is_empty() { None } else { item.coerce(&Value::String(text.to_owned())) })
        .collect()
}

fn within<N: PartialOrd>(value: &N, least: Option<&N>, most: Option<&N>) -> bool {
    least.is_none_or(|least| value >= least) && most.is_none_or(|most| value <= most)
}
