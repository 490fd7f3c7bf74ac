//! The JSON of a model (`WriteAuthorizationModel`) becomes a [`Model`].

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::model::{Form, Model, Relation, Restriction, Rewrite};
use super::pattern::is_name;
use super::problem::Problem;

/// Reads schemas 1.1 and 1.2, which differ in what they tell of modules only.
pub(super) fn model(id: String, raw: &Value) -> Result<Model, Problem> {
    if raw.get("conditions").and_then(Value::as_object).is_some_and(|conditions| !conditions.is_empty()) {
        return Err(Problem::validation(NO_CONDITIONS));
    }
    let definitions = raw.get("type_definitions").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    if definitions.is_empty() {
        return Err(Problem::input("type_definitions_too_few_items", "`type_definitions` is missing or empty"));
    }
    let (mut types, mut twice) = (BTreeMap::new(), None);
    for definition in definitions {
        let name = kind(definition)?;
        if types.insert(name.to_owned(), relations(definition)?).is_some() {
            twice = Some(name);
        }
    }
    match raw.get("schema_version").and_then(Value::as_str) {
        Some("1.1" | "1.2") => {}
        Some("1.0") => return Err(Problem::model("invalid schema version")),
        _ => return Err(Problem::validation("invalid SchemaVersion: value must be in list [1.0 1.1 1.2]")),
    }
    if let Some(name) = twice {
        return Err(Problem::model(format!("the authorization model contains the type '{name}' twice")));
    }
    Ok(Model { id, types, raw: raw.clone() })
}

pub(super) const NO_CONDITIONS: &str = "conditions are not evaluated by this double; leave them out";

/// The member `type` of a definition or restriction.
fn kind(value: &Value) -> Result<&str, Problem> {
    let name = text(value, "type").filter(|name| is_name(name, 254));
    name.ok_or_else(|| Problem::input("type_invalid_pattern", "invalid Type: value does not match regex pattern"))
}

fn relations(definition: &Value) -> Result<BTreeMap<String, Relation>, Problem> {
    let mut relations = BTreeMap::new();
    let rewrites = definition.get("relations").and_then(Value::as_object);
    for (name, value) in rewrites.unwrap_or(&Map::new()) {
        if !is_name(name, 50) {
            let message = format!("invalid Relations[{name}]: value does not match regex pattern");
            return Err(Problem::input("relations_invalid_pattern", message));
        }
        relations.insert(name.clone(), Relation { rewrite: rewrite(value)?, direct: Vec::new() });
    }
    for (name, relation) in &mut relations {
        let pointer = format!("/metadata/relations/{name}/directly_related_user_types");
        let listed = definition.pointer(&pointer).and_then(Value::as_array);
        let direct = listed.map(Vec::as_slice).unwrap_or_default().iter().map(restriction);
        relation.direct = direct.collect::<Result<_, _>>()?;
    }
    Ok(relations)
}

fn restriction(value: &Value) -> Result<Restriction, Problem> {
    let kind = kind(value)?.to_owned();
    if text(value, "condition").is_some() {
        return Err(Problem::validation(NO_CONDITIONS));
    }
    let form =
        match (value.get("relation").and_then(Value::as_str), value.get("wildcard").is_some_and(Value::is_object)) {
            (None, false) => Form::One,
            (None, true) => Form::Everyone,
            (Some(""), false) => {
                return Err(Problem::model(format!("a type restriction on '{kind}' has an empty relation")));
            }
            (Some(relation), false) if is_name(relation, 50) => Form::Userset(relation.to_owned()),
            (Some(_), false) => {
                return Err(Problem::validation("invalid Relation: value does not match regex pattern"));
            }
            (Some(_), true) => return Err(Problem::validation("`relation` and `wildcard` exclude each other")),
        };
    Ok(Restriction { kind, form })
}

/// Members that the API does not know are left out, as it does.
fn rewrite(value: &Value) -> Result<Rewrite, Problem> {
    const KNOWN: [&str; 6] = ["this", "computedUserset", "union", "intersection", "difference", "tupleToUserset"];
    let members = value.as_object().ok_or_else(|| Problem::validation("a rewrite is an object"))?;
    let mut known = members.iter().filter(|(name, inner)| KNOWN.contains(&name.as_str()) && !inner.is_null());
    let Some((name, inner)) = known.next() else {
        return Err(Problem::model("invalid userset rewrite definition"));
    };
    if known.next().is_some() {
        return Err(Problem::validation("the members of a rewrite exclude each other"));
    }
    match name.as_str() {
        "computedUserset" => Ok(Rewrite::Computed(relation(inner)?)),
        "union" => Ok(Rewrite::Union(children(inner)?)),
        "intersection" => Ok(Rewrite::Intersection(children(inner)?)),
        "difference" => {
            let part = |name: &str, code| {
                let part = inner.get(name).filter(|part| !part.is_null());
                rewrite(
                    part.ok_or_else(|| Problem::input(code, format!("invalid Difference.{name}: value is required")))?,
                )
            };
            let (base, subtract) =
                (part("base", "difference_base_missing_value")?, part("subtract", "subtract_base_missing_value")?);
            Ok(Rewrite::Difference(Box::new(base), Box::new(subtract)))
        }
        "tupleToUserset" => {
            let part = |name: &str| {
                let part = inner.get(name).filter(|part| !part.is_null());
                relation(part.ok_or_else(|| Problem::validation(format!("invalid {name}: value is required")))?)
            };
            Ok(Rewrite::From { tupleset: part("tupleset")?, computed: part("computedUserset")? })
        }
        _ => Ok(Rewrite::This),
    }
}

fn children(value: &Value) -> Result<Vec<Rewrite>, Problem> {
    let list = value.get("child").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    list.iter().map(rewrite).collect()
}

/// Absent is empty, and no relation has that name.
fn relation(value: &Value) -> Result<String, Problem> {
    let name = text(value, "relation").unwrap_or_default();
    if name.len() > 50 {
        return Err(Problem::input("relation_too_long", "invalid Relation: value length must be at most 50 bytes"));
    }
    Ok(name.to_owned())
}

/// A text that is neither absent nor empty: in protobuf's JSON the two mean the same.
fn text<'a>(value: &'a Value, name: &str) -> Option<&'a str> {
    value.get(name).and_then(Value::as_str).filter(|text| !text.is_empty())
}
