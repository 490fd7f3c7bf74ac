//! Whether two models say the same: a server gives back more members than it was given, and orders types as it likes.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

/// Whether two authorization models (schema 1.1, JSON syntax) have the same types, relations and restrictions. Ids, the order of
/// types, and members that are null or empty do not count. What is no model is like nothing.
#[must_use]
pub fn same_model(one: &Value, other: &Value) -> bool {
    match (types(one), types(other)) {
        (Some(ours), Some(theirs)) => {
            let beside =
                |model: &Value| (model.get("schema_version").cloned(), model.get("conditions").and_then(plain));
            ours == theirs && beside(one) == beside(other)
        }
        (_, None) | (None, _) => false,
    }
}

fn types(model: &Value) -> Option<BTreeMap<String, Option<Value>>> {
    let listed = model.get("type_definitions")?.as_array()?;
    let named = |kind: &Value| Some((kind.get("type")?.as_str()?.to_owned(), plain(kind)));
    listed.iter().map(named).collect()
}

/// Without members that are null, empty texts, empty lists or empty objects; `this` is an empty object that says something.
fn plain(value: &Value) -> Option<Value> {
    match value {
        Value::Null => None,
        Value::String(text) if text.is_empty() => None,
        Value::Array(items) => {
            let items: Vec<Value> = items.iter().filter_map(plain).collect();
            (!items.is_empty()).then_some(Value::Array(items))
        }
        Value::Object(members) => {
            let kept = |(name, value): (&String, &Value)| {
                let value = if name == "this" { Some(value.clone()) } else { plain(value) };
                value.map(|value| (name.clone(), value))
            };
            let members: Map<String, Value> = members.iter().filter_map(kept).collect();
            (!members.is_empty()).then_some(Value::Object(members))
        }
        Value::Bool(_) | Value::Number(_) | Value::String(_) => Some(value.clone()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::same_model;

    fn ours() -> Value {
        serde_json::from_str(include_str!("../../../../infra/fga/model.json")).unwrap()
    }

    #[test]
    fn what_a_server_adds_makes_no_other_model() {
        let mut theirs = ours();
        theirs["id"] = json!("01HVMMBD123456789ABCDEFGHJ");
        theirs["conditions"] = json!({});
        theirs["type_definitions"].as_array_mut().unwrap().reverse();
        for kind in theirs["type_definitions"].as_array_mut().unwrap() {
            kind["source_info"] = Value::Null;
        }
        assert!(same_model(&ours(), &theirs));
    }

    #[test]
    fn a_relation_a_type_or_a_restriction_more_or_less_makes_another() {
        let mut fewer = ours();
        fewer["type_definitions"].as_array_mut().unwrap().pop();
        let mut wider = ours();
        let okta = wider["type_definitions"].as_array_mut().unwrap().iter_mut().find(|kind| kind["type"] == "okta");
        okta.unwrap()["relations"]["read_okta"] = json!({"this": {}});
        for other in [fewer, wider, json!({}), json!(null)] {
            assert!(!same_model(&ours(), &other), "{other}");
        }
        assert!(!same_model(&json!({}), &json!({})));
    }
}
