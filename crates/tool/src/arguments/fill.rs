//! Fills a tool's `Args` from coerced values, and remembers which argument its type refused.

use std::cell::Cell;
use std::fmt;

use serde::de::value::{MapDeserializer, SeqDeserializer};
use serde::de::{DeserializeOwned, Deserializer, Error, Expected, IntoDeserializer, Unexpected, Visitor};

use super::coerce::Coerced;

/// What `Args` refused.
pub(super) struct Problem<'a> {
    /// The argument that it was about to read.
    pub(super) name: Option<&'a str>,
    /// What a type of the tool's own says, as in `try_from`. Serde's words repeat the value, so they are not here.
    pub(super) words: Option<String>,
}

pub(super) fn fill<A: DeserializeOwned>(coerced: Vec<(&str, Coerced)>) -> Result<A, Problem<'_>> {
    let name = Cell::new(None);
    let mut left = coerced.into_iter();
    // After the last argument no name is left, so that a refusal of the whole is not blamed on one.
    let entries = std::iter::from_fn(|| {
        let next = left.next();
        name.set(next.as_ref().map(|(name, _)| *name));
        next.map(|(name, value)| (name, Given(value)))
    });
    let filled = A::deserialize(MapDeserializer::<_, Words>::new(entries));
    filled.map_err(|words| Problem { name: name.get(), words: words.0 })
}

#[derive(Debug)]
struct Words(Option<String>);

impl fmt::Display for Words {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the type refuses the value")
    }
}

impl std::error::Error for Words {}

impl Error for Words {
    fn custom<T: fmt::Display>(words: T) -> Self {
        Self(Some(words.to_string()))
    }

    fn invalid_type(_: Unexpected<'_>, _: &dyn Expected) -> Self {
        Self(None)
    }

    fn invalid_value(_: Unexpected<'_>, _: &dyn Expected) -> Self {
        Self(None)
    }

    fn invalid_length(_: usize, _: &dyn Expected) -> Self {
        Self(None)
    }

    fn unknown_variant(_: &str, _: &'static [&'static str]) -> Self {
        Self(None)
    }

    fn unknown_field(_: &str, _: &'static [&'static str]) -> Self {
        Self(None)
    }

    fn missing_field(_: &'static str) -> Self {
        Self(None)
    }

    fn duplicate_field(_: &'static str) -> Self {
        Self(None)
    }
}

struct Given(Coerced);

impl IntoDeserializer<'_, Words> for Given {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

impl<'de> Deserializer<'de> for Given {
    type Error = Words;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Words> {
        match self.0 {
            Coerced::Integer(number) => visitor.visit_i64(number),
            Coerced::Number(number) => visitor.visit_f64(number),
            Coerced::Boolean(flag) => visitor.visit_bool(flag),
            Coerced::Text(text) => visitor.visit_string(text),
            Coerced::List(items) => visitor.visit_seq(SeqDeserializer::new(items.into_iter().map(Given))),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Words> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Words> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Words> {
        match self.0 {
            Coerced::Text(text) => {
                IntoDeserializer::<Words>::into_deserializer(text).deserialize_enum(name, variants, visitor)
            }
            Coerced::Integer(_) | Coerced::Number(_) | Coerced::Boolean(_) | Coerced::List(_) => Err(Words(None)),
        }
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple
        tuple_struct map struct identifier ignored_any
    }
}
