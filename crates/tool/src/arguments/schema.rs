//! Reads the JSON schema that `schemars` makes of an `Args` type. A keyword that is not understood here is an error,
//! never a limit that nobody checks.

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value};

use super::{Kind, Parameter};

/// Why a type cannot be a tool's arguments, or a tool cannot be declared. A mistake of the tool's author, found when
/// the function starts.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Undeclarable {
    /// Not a struct with named fields.
    #[error("the arguments must be a struct with named fields")]
    NoStruct,
    /// Unknown arguments would be ignored.
    #[error("the arguments must have `#[serde(deny_unknown_fields)]`")]
    Open,
    /// The type of a field, or a limit on it, is none that is checked here.
    #[error("argument `{name}`: `{keyword}` is not supported")]
    Unsupported {
        /// The argument.
        name: String,
        /// The keyword of the schema, or what it holds.
        keyword: String,
    },
    /// A name or a description is not of the API's form.
    #[error(
        "`{0}`: a name must match `([0-9a-zA-Z][_-]?){{1,100}}`, a tool's description have 1 to 1200 \
         characters, and an argument's with its limits at most 500"
    )]
    Misnamed(String),
    /// What the phone is to show.
    #[error("`{0}`: a label must have 1 to 50 ASCII letters, digits, spaces and + - _ . , : #")]
    Mislabelled(&'static str),
    /// Two tools of one name in one function.
    #[error("`{0}` is declared twice in one action group")]
    Twice(&'static str),
}

pub(super) fn parameters<A: JsonSchema>() -> Result<Vec<Parameter>, Undeclarable> {
    let settings = SchemaSettings::draft2020_12().with(|settings| settings.inline_subschemas = true);
    let schema = settings.into_generator().into_root_schema_for::<A>();
    let root = schema.as_object().ok_or(Undeclarable::NoStruct)?;
    if root.get("type").and_then(Value::as_str) != Some("object") {
        return Err(Undeclarable::NoStruct);
    }
    if root.get("additionalProperties") != Some(&Value::Bool(false)) {
        return Err(Undeclarable::Open);
    }
    let known = ["$schema", "title", "description", "type", "additionalProperties", "properties", "required"];
    if let Some(keyword) = root.keys().find(|keyword| !known.contains(&keyword.as_str())) {
        return Err(Undeclarable::Unsupported { name: "(all)".to_owned(), keyword: keyword.clone() });
    }
    let required = root.get("required").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let properties = root.get("properties").and_then(Value::as_object).into_iter().flatten();
    properties.map(|(name, schema)| parameter(name, schema, required)).collect()
}

fn parameter(name: &str, schema: &Value, required: &[Value]) -> Result<Parameter, Undeclarable> {
    let unsupported = |keyword: String| Undeclarable::Unsupported { name: name.to_owned(), keyword };
    let kind = kind(schema).map_err(unsupported)?;
    let description = schema.get("description").and_then(Value::as_str).unwrap_or_default();
    let description = description.split_whitespace().collect::<Vec<_>>().join(" ");
    let required = required.iter().any(|other| other == name);
    let parameter = Parameter { name: name.to_owned(), description, required, kind };
    if is_api_name(name) && parameter.told().chars().count() <= 500 {
        Ok(parameter)
    } else {
        Err(Undeclarable::Misnamed(name.to_owned()))
    }
}

/// The pattern that Bedrock has for names of action groups, functions and parameters.
pub(crate) fn is_api_name(name: &str) -> bool {
    let is_joint = |byte: u8| byte == b'_' || byte == b'-';
    let bytes = name.as_bytes();
    let letters = bytes.iter().filter(|byte| byte.is_ascii_alphanumeric()).count();
    bytes.iter().all(|byte| byte.is_ascii_alphanumeric() || is_joint(*byte))
        && bytes.first().is_some_and(u8::is_ascii_alphanumeric)
        && !bytes.windows(2).any(|pair| pair.iter().all(|byte| is_joint(*byte)))
        && (1..=100).contains(&letters)
}

/// The error is the keyword, or the part of one, that is not supported.
fn kind(schema: &Value) -> Result<Kind, String> {
    let schema = schema.as_object().ok_or("any value")?;
    for alternatives in ["anyOf", "oneOf"] {
        if let Some(Value::Array(schemas)) = schema.get(alternatives) {
            only(schema, &[alternatives])?;
            return one_of(schemas).map_err(|inner| format!("{alternatives}: {inner}"));
        }
    }
    if let Some(texts) = choices(schema)? {
        return Ok(Kind::Choice(texts));
    }
    match type_name(schema)? {
        "integer" => {
            only(schema, &["minimum", "maximum"])?;
            let (least, most) = range_of_format(schema);
            let at_least = limit(schema, "minimum", Value::as_i64)?.into_iter().chain(least).max();
            let at_most = limit(schema, "maximum", whole_maximum)?.into_iter().chain(most).min();
            Ok(Kind::Integer { least: at_least, most: at_most })
        }
        "number" => {
            only(schema, &["minimum", "maximum"])?;
            let (least, most) = (limit(schema, "minimum", Value::as_f64)?, limit(schema, "maximum", Value::as_f64)?);
            Ok(Kind::Number { least, most })
        }
        "boolean" => only(schema, &[]).map(|()| Kind::Boolean),
        "string" => {
            only(schema, &["minLength", "maxLength"])?;
            let (least, most) =
                (limit(schema, "minLength", Value::as_u64)?, limit(schema, "maxLength", Value::as_u64)?);
            Ok(Kind::Text { least, most })
        }
        "array" => {
            only(schema, &["items", "minItems", "maxItems"])?;
            let item =
                kind(schema.get("items").ok_or("array without items")?).map_err(|inner| format!("items: {inner}"))?;
            if matches!(item, Kind::List { .. }) {
                return Err("array of arrays".to_owned());
            }
            let (least, most) = (limit(schema, "minItems", Value::as_u64)?, limit(schema, "maxItems", Value::as_u64)?);
            Ok(Kind::List { item: Box::new(item), least, most })
        }
        other => Err(format!("type {other}")),
    }
}

fn only(schema: &Map<String, Value>, limits: &[&str]) -> Result<(), String> {
    let said_elsewhere = ["type", "format", "title", "description", "default", "examples", "deprecated"];
    let unknown = schema.keys().find(|key| !limits.contains(&key.as_str()) && !said_elsewhere.contains(&key.as_str()));
    unknown.map_or(Ok(()), |keyword| Err(keyword.clone()))
}

/// One schema beside `null`, or several that are all choices among texts.
fn one_of(schemas: &[Value]) -> Result<Kind, String> {
    let kinds = schemas.iter().filter(|schema| schema.get("type").is_none_or(|name| name != "null")).map(kind);
    let mut kinds = kinds.collect::<Result<Vec<_>, _>>()?;
    match kinds.pop() {
        Some(only) if kinds.is_empty() => Ok(only),
        Some(last) => {
            let mut texts = Vec::new();
            for kind in kinds.into_iter().chain([last]) {
                let Kind::Choice(more) = kind else { return Err("several types".to_owned()) };
                texts.extend(more);
            }
            Ok(Kind::Choice(texts))
        }
        None => Err("no type".to_owned()),
    }
}

fn choices(schema: &Map<String, Value>) -> Result<Option<Vec<String>>, String> {
    let values = match (schema.get("const"), schema.get("enum")) {
        (Some(value), None) => std::slice::from_ref(value),
        (None, Some(Value::Array(values))) => values,
        (None, None) => return Ok(None),
        _ => return Err("enum".to_owned()),
    };
    only(schema, &["const", "enum"])?;
    let texts = values.iter().filter(|value| !value.is_null());
    let texts = texts.map(|value| value.as_str().map(str::to_owned).ok_or("enum of other than texts"));
    Ok(Some(texts.collect::<Result<_, _>>()?))
}

fn type_name(schema: &Map<String, Value>) -> Result<&str, String> {
    match schema.get("type") {
        Some(Value::String(name)) => Ok(name),
        Some(Value::Array(names)) => match names.iter().filter(|name| *name != "null").collect::<Vec<_>>().as_slice() {
            [Value::String(name)] => Ok(name),
            _ => Err("several types".to_owned()),
        },
        _ => Err(schema.keys().next().map_or_else(|| "any value".to_owned(), Clone::clone)),
    }
}

fn limit<N>(schema: &Map<String, Value>, keyword: &str, read: fn(&Value) -> Option<N>) -> Result<Option<N>, String> {
    schema.get(keyword).map(|value| read(value).ok_or_else(|| keyword.to_owned())).transpose()
}

/// A limit beyond 64 bits with sign limits nothing that is not limited anyway.
fn whole_maximum(value: &Value) -> Option<i64> {
    value.as_i64().or_else(|| value.as_u64().map(|_| i64::MAX))
}

/// `schemars` gives the smaller integers a format where it gives them no limits.
fn range_of_format(schema: &Map<String, Value>) -> (Option<i64>, Option<i64>) {
    match schema.get("format").and_then(Value::as_str) {
        Some("int32") => (Some(i64::from(i32::MIN)), Some(i64::from(i32::MAX))),
        Some("uint32") => (Some(0), Some(i64::from(u32::MAX))),
        Some("uint64" | "uint" | "uint128") => (Some(0), None),
        _ => (None, None),
    }
}
