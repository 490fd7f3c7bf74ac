//! Statements in one form, so that two documents can be compared.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

/// An action and the resource that it is allowed on.
pub(crate) type Right = (String, String);

/// The statements of a document.
pub(crate) fn statements(document: &Value) -> &[Value] {
    document["Statement"].as_array().unwrap()
}

/// What a text or list of texts holds.
pub(crate) fn list(value: &Value) -> Vec<String> {
    let items = value.as_array().cloned().unwrap_or_else(|| vec![value.clone()]);
    items.iter().map(|item| item.as_str().unwrap().to_owned()).collect()
}

/// A document whose lists are sorted and whole, one entry too; `Version` and everything else stays.
pub(crate) fn uniform(document: &Value) -> Value {
    match document {
        Value::Object(members) => {
            let member = |(key, value): (&String, &Value)| {
                let several = matches!(key.as_str(), "Action" | "Resource" | "AWS" | "Service");
                let value =
                    if several && value.is_string() { Value::Array(vec![value.clone()]) } else { value.clone() };
                (key.clone(), uniform(&value))
            };
            Value::Object(members.iter().map(member).collect::<Map<_, _>>())
        }
        Value::Array(items) => {
            let mut items: Vec<Value> = items.iter().map(uniform).collect();
            items.sort_by_key(ToString::to_string);
            items.dedup();
            Value::Array(items)
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => document.clone(),
    }
}

/// Everything that a document allows somewhere. A log stream is any of its group.
pub(crate) fn rights(document: &Value) -> BTreeSet<Right> {
    let allowed = statements(document).iter().filter(|statement| statement["Effect"] != "Deny");
    let each = allowed.flat_map(|statement| {
        let (actions, resources) = (list(&statement["Action"]), list(&statement["Resource"]));
        let pair = |action: &String| resources.iter().map(|resource| right(action, resource)).collect::<Vec<_>>();
        actions.iter().flat_map(pair).collect::<Vec<_>>()
    });
    each.collect()
}

/// An action on a resource, in the form of [`rights`].
pub(crate) fn right(action: &str, resource: &str) -> Right {
    let resource =
        resource.split_once(":log-stream:").map_or(resource.to_owned(), |(group, _)| format!("{group}:log-stream:*"));
    (action.to_owned(), resource)
}
