//! The JSON of a model (`WriteAuthorizationModel`) becomes a [`Model`].

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::model::{Form, Model, Relation, Restriction, Rewrite};

/// Reads schema 1.1. The error is a sentence for the answer.
pub(super) fn model(id: String, raw: &Value) -> Result<Model, String> {
    let version = raw.get("schema_version").and_then(Value::as_str);
    if version != Some("1.1") {
        return Err("invalid schema version: this server reads `schema_version` 1.1 only".to_owned());
    }
    if raw.get("conditions").and_then(Value::as_object).is_some_and(|conditions| !conditions.is_empty()) {
        return Err(NO_CONDITIONS.to_owned());
    }
    let definitions = raw.get("type_definitions").and_then(Value::as_array).filter(|list| !list.is_empty());
    let definitions = definitions.ok_or("`type_definitions` is missing or empty")?;
    let mut types = BTreeMap::new();
    for definition in definitions {
        let name = text(definition, "type").ok_or("a type definition has no `type`")?;
        if types.insert(name.to_owned(), relations(name, definition)?).is_some() {
            return Err(format!("the authorization model contains the type '{name}' twice"));
        }
    }
    Ok(Model { id, types, raw: raw.clone() })
}

pub(super) const NO_CONDITIONS: &str = "conditions are not evaluated by this double; leave them out";

fn relations(name: &str, definition: &Value) -> Result<BTreeMap<String, Relation>, String> {
    let mut relations = BTreeMap::new();
    for (relation, rewrite) in definition.get("relations").and_then(Value::as_object).unwrap_or(&Map::new()) {
        let pointer = format!("/metadata/relations/{relation}/directly_related_user_types");
        let listed = definition.pointer(&pointer).and_then(Value::as_array);
        let direct = listed.map(Vec::as_slice).unwrap_or_default().iter().map(restriction);
        let direct = direct.collect::<Result<Vec<_>, _>>()?;
        let rewrite =
            self::rewrite(rewrite).ok_or_else(|| format!("the rewrite of '{name}#{relation}' is malformed"))?;
        relations.insert(relation.clone(), Relation { rewrite, direct });
    }
    Ok(relations)
}

fn restriction(value: &Value) -> Result<Restriction, String> {
    if text(value, "condition").is_some() {
        return Err(NO_CONDITIONS.to_owned());
    }
    let kind = text(value, "type").ok_or("a type restriction has no `type`")?.to_owned();
    let form = match (text(value, "relation"), value.get("wildcard").is_some_and(Value::is_object)) {
        (None, false) => Form::One,
        (None, true) => Form::Everyone,
        (Some(relation), false) => Form::Userset(relation.to_owned()),
        (Some(_), true) => return Err(format!("a type restriction on '{kind}' has both relation and wildcard")),
    };
    Ok(Restriction { kind, form })
}

fn rewrite(value: &Value) -> Option<Rewrite> {
    let members = value.as_object()?;
    let mut members = members.iter();
    let (name, inner) = members.next()?;
    if members.next().is_some() {
        return None;
    }
    match name.as_str() {
        "this" => Some(Rewrite::This),
        "computedUserset" => Some(Rewrite::Computed(text(inner, "relation")?.to_owned())),
        "union" => Some(Rewrite::Union(children(inner)?)),
        "intersection" => Some(Rewrite::Intersection(children(inner)?)),
        "difference" => {
            let (base, subtract) = (rewrite(inner.get("base")?)?, rewrite(inner.get("subtract")?)?);
            Some(Rewrite::Difference(Box::new(base), Box::new(subtract)))
        }
        "tupleToUserset" => Some(Rewrite::From {
            tupleset: text(inner.get("tupleset")?, "relation")?.to_owned(),
            computed: text(inner.get("computedUserset")?, "relation")?.to_owned(),
        }),
        _ => None,
    }
}

fn children(value: &Value) -> Option<Vec<Rewrite>> {
    let list = value.get("child")?.as_array().filter(|list| !list.is_empty())?;
    list.iter().map(rewrite).collect()
}

/// A text that is neither absent nor empty: in protobuf's JSON the two mean the same.
fn text<'a>(value: &'a Value, name: &str) -> Option<&'a str> {
    value.get(name).and_then(Value::as_str).filter(|text| !text.is_empty())
}
