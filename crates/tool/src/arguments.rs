//! A tool's arguments: typed by the tool's `Args`, ranged by its schema, always by name.
//!
//! Bedrock Agents Classic sends every value as a text, whatever type the tool declared. What a text becomes is said by
//! the JSON schema of `Args`, which `schemars` makes from the same type that `serde` fills:
//!
//! ```
//! use serde_json::{Map, json};
//!
//! #[derive(serde::Deserialize, schemars::JsonSchema)]
//! #[serde(deny_unknown_fields)]
//! struct Args {
//!     /// How many groups to list.
//!     #[schemars(range(min = 1, max = 200))]
//!     limit: Option<u32>,
//! }
//!
//! let given = Map::from_iter([("limit".to_owned(), json!("20"))]);
//! assert_eq!(tool::arguments::parse::<Args>(&given).unwrap().limit, Some(20));
//!
//! let given = Map::from_iter([("limit".to_owned(), json!("many"))]);
//! let refusal = tool::arguments::parse::<Args>(&given).err().unwrap();
//! assert_eq!(refusal.sentence(), "`limit` must be a whole number from 1 to 200");
//! ```

mod coerce;
mod fill;
mod kind;
mod schema;
#[cfg(test)]
mod tests;

pub use kind::Kind;
pub use schema::Undeclarable;
pub(crate) use schema::is_api_name;

use std::collections::BTreeMap;

use auth::canonical::ArgumentsHash;
use auth::refusal::{Code, Refusal};
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

/// One argument that a tool takes.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameter {
    /// 1 to 200 characters of the API's pattern `([0-9a-zA-Z][_-]?){1,100}`.
    pub name: String,
    /// The field's doc comment; empty if it has none. With the limits ([`Parameter::told`]) at most 500 characters.
    pub description: String,
    /// Whether a call must give it.
    pub required: bool,
    /// Its type and limits.
    pub kind: Kind,
}

/// All arguments that a tool takes, read once from the schema of its `Args`.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameters(Vec<Parameter>);

impl Parameters {
    /// Reads `A`'s schema.
    ///
    /// # Errors
    /// If `A` says something that would not be checked here, or that Bedrock cannot be told: see [`Undeclarable`].
    pub fn of<A: JsonSchema>() -> Result<Self, Undeclarable> {
        schema::parameters::<A>().map(Self)
    }

    /// The parameters one by one.
    pub fn iter(&self) -> impl Iterator<Item = &Parameter> {
        self.0.iter()
    }

    /// Makes `A` out of what a call gave. An empty text for an argument that is not required means that it is absent:
    /// models fill in what they have nothing for. So does `null`. A field's type that has a rule of its own, as with
    /// `#[serde(try_from = "String")]`, is asked last; what its error says is told, so it must not repeat the value.
    ///
    /// # Errors
    /// `invalid_input` with a sentence on the first problem, which names the argument and what it takes. No given text
    /// is repeated, not even the name of an argument that does not exist.
    pub fn parse<A: DeserializeOwned>(&self, given: &Map<String, Value>) -> Result<A, Refusal> {
        self.parse_and_hash(given).map(|(args, _)| args)
    }

    /// The same, with the hash of what was given: of each argument by its name, typed as the schema says, without those that
    /// are absent. Nothing for a value that has no canonical form.
    pub(crate) fn parse_and_hash<A: DeserializeOwned>(
        &self,
        given: &Map<String, Value>,
    ) -> Result<(A, Option<ArgumentsHash>), Refusal> {
        if given.keys().any(|name| !self.0.iter().any(|parameter| parameter.name == *name)) {
            return Err(Refusal::invalid_input(self.all()));
        }
        let mut coerced = Vec::new();
        for parameter in &self.0 {
            if let Some(value) = parameter.take(given.get(&parameter.name))? {
                coerced.push((parameter.name.as_str(), value));
            }
        }
        let hash = ArgumentsHash::of(&coerced.iter().cloned().collect::<BTreeMap<_, _>>());
        Ok((fill::fill(coerced).map_err(|problem| self.explain(problem))?, hash))
    }

    fn all(&self) -> String {
        let names: Vec<String> = self.0.iter().map(|parameter| format!("`{}`", parameter.name)).collect();
        match names.as_slice() {
            [] => "this action takes no arguments".to_owned(),
            [one] => format!("this action takes no argument but {one}"),
            [first @ .., last] => format!("this action takes no arguments but {} and {last}", first.join(", ")),
        }
    }

    fn explain(&self, problem: fill::Problem) -> Refusal {
        let parameter = problem.name.and_then(|name| self.0.iter().find(|parameter| parameter.name == name));
        match (parameter, problem.words) {
            (Some(parameter), Some(words)) if words.contains(&format!("`{}`", parameter.name)) => {
                Refusal::invalid_input(words)
            }
            (Some(parameter), Some(words)) => Refusal::invalid_input(format!("`{}`: {words}", parameter.name)),
            (Some(parameter), None) => Refusal::invalid_input(parameter.sentence()),
            // Every argument fits on its own: the type wants more than its schema says.
            (None, words) => Refusal::new(Code::InvalidInput, "arguments: the type refuses what its schema allows")
                .saying(words.unwrap_or_else(|| self.all())),
        }
    }
}

impl Parameter {
    /// The description with the limits in words, for schemas that have no place for them: those of Bedrock's functions and
    /// of a gateway's tools.
    #[must_use]
    pub fn told(&self) -> String {
        match (self.kind.is_limited(), self.description.is_empty()) {
            (false, _) => self.description.clone(),
            (true, true) => format!("Must be {}.", self.kind.phrase()),
            (true, false) => format!("{} Must be {}.", self.description, self.kind.phrase()),
        }
    }

    fn take(&self, given: Option<&Value>) -> Result<Option<coerce::Coerced>, Refusal> {
        let given = given.filter(|value| !(value.is_null() || !self.required && value.as_str() == Some("")));
        match given {
            None if self.required => {
                Err(Refusal::invalid_input(format!("`{}` is missing: it must be {}", self.name, self.kind.phrase())))
            }
            None => Ok(None),
            Some(value) => match self.kind.coerce(value) {
                Some(value) => Ok(Some(value)),
                None => Err(Refusal::invalid_input(self.sentence())),
            },
        }
    }

    fn sentence(&self) -> String {
        format!("`{}` must be {}", self.name, self.kind.phrase())
    }
}

/// [`Parameters::of`] and [`Parameters::parse`] in one, for a type whose schema is not read yet.
///
/// # Errors
/// `invalid_input` as [`Parameters::parse`]; `internal` if the type cannot be declared.
pub fn parse<A: DeserializeOwned + JsonSchema>(given: &Map<String, Value>) -> Result<A, Refusal> {
    Parameters::of::<A>().map_err(|error| Refusal::new(Code::Internal, format!("arguments: {error}")))?.parse(given)
}
