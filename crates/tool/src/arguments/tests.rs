mod coercion;
mod sentences;

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Map, Value};

/// One field for each thing that can be declared.
#[derive(Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Everything {
    #[schemars(range(min = 1, max = 200))]
    limit: Option<u32>,
    #[schemars(range(min = -5))]
    whole: Option<i64>,
    small: Option<u8>,
    signed: Option<i32>,
    unsigned: Option<u32>,
    large: Option<u64>,
    #[schemars(range(min = 0.5, max = 1.5))]
    ratio: Option<f64>,
    flag: Option<bool>,
    #[schemars(length(min = 2, max = 4))]
    text: Option<String>,
    state: Option<State>,
    named: Option<Named>,
    #[serde(default)]
    #[schemars(length(max = 3))]
    words: Vec<String>,
    numbers: Option<Vec<i64>>,
    states: Option<Vec<State>>,
    short: Option<Short>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum State {
    Active,
    Inactive,
}

/// Variants with a description of their own have another schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum Named {
    /// The first.
    One,
    /// The second.
    Two,
}

/// A type with a rule that no schema says.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(try_from = "String")]
#[schemars(with = "String")]
struct Short(String);

impl TryFrom<String> for Short {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        if text.ends_with('!') { Err("no shouting") } else { Ok(Self(text)) }
    }
}

fn given(name: &str, value: Value) -> Map<String, Value> {
    Map::from_iter([(name.to_owned(), value)])
}
