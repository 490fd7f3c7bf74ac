//! Whether a model gives way to a stop: read from the model itself, since a relation that does not would allow as if nothing were
//! written (OpenFGA's "Configuration language", JSON syntax).

use serde_json::{Value, json};

use super::VIA;

/// A relation that leans on others is followed no further than this.
const DEEPEST: usize = 16;

/// Every relation, as `type#relation`, that a person may be granted and that no stop takes away. Of a type without
/// [`VIA`] there is none: the server refuses every question about it. Nothing if this is no model.
pub(super) fn deaf(model: &Value) -> Option<Vec<String>> {
    let mut found = Vec::new();
    for kind in model.get("type_definitions")?.as_array()? {
        let name = kind.get("type")?.as_str()?;
        let Some(relations) = kind.get("relations").and_then(Value::as_object) else { continue };
        if !relations.contains_key(VIA) {
            continue;
        }
        let deaf = relations.iter().filter(|(relation, rewrite)| !gives_way(kind, relation, rewrite, DEEPEST));
        found.extend(deaf.map(|(relation, _)| format!("{name}#{relation}")));
    }
    Some(found)
}

/// Whether whatever the rewrite says yes to is taken away by a stop, or no person is among it. What is not known gives no way.
fn gives_way(kind: &Value, relation: &str, rewrite: &Value, depth: usize) -> bool {
    let Some(depth) = depth.checked_sub(1) else { return false };
    let parts = |name: &str| rewrite.pointer(&format!("/{name}/child")).and_then(Value::as_array);
    let way = |part: &Value| gives_way(kind, relation, part, depth);
    if rewrite.get("this").is_some() {
        return nobody(kind, relation);
    }
    if let Some(difference) = rewrite.get("difference") {
        return difference.get("subtract").is_some_and(is_the_stop) || difference.get("base").is_some_and(way);
    }
    if let Some(parts) = parts("union") {
        return parts.iter().all(way);
    }
    if let Some(parts) = parts("intersection") {
        return parts.iter().any(way);
    }
    let other = rewrite.pointer("/computedUserset/relation").and_then(Value::as_str);
    let leaned_on = other.and_then(|other| Some((other, kind.get("relations")?.get(other)?)));
    leaned_on.is_some_and(|(other, rewrite)| gives_way(kind, other, rewrite, depth))
}

/// `stopped from via`, alone or among others.
fn is_the_stop(subtracted: &Value) -> bool {
    let from = |pointer| subtracted.pointer(pointer).and_then(Value::as_str);
    let alone = from("/tupleToUserset/tupleset/relation") == Some(VIA)
        && from("/tupleToUserset/computedUserset/relation") == Some("stopped");
    let among = subtracted.pointer("/union/child").and_then(Value::as_array);
    alone || among.is_some_and(|parts| parts.iter().any(is_the_stop))
}

/// Whether only objects can be granted the relation directly, as agents are [`VIA`].
fn nobody(kind: &Value, relation: &str) -> bool {
    let granted = kind.pointer("/metadata/relations").and_then(|all| all.get(relation));
    let types = granted.and_then(|granted| granted.get("directly_related_user_types")).and_then(Value::as_array);
    let object =
        |one: &Value| one.get("relation").is_none_or(|of| of == &json!("")) && one.get("type") != Some(&json!("user"));
    types.is_some_and(|types| types.iter().all(object))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::deaf;

    fn stop() -> Value {
        json!({"tupleToUserset": {"tupleset": {"relation": "via"}, "computedUserset": {"relation": "stopped"}}})
    }

    fn but_stopped(base: &Value) -> Value {
        json!({"difference": {"base": base, "subtract": stop()}})
    }

    /// A model in which the relation `asked` is this.
    fn model(asked: &Value) -> Value {
        let people =
            json!({"directly_related_user_types": [{"type": "user"}, {"type": "group", "relation": "member"}]});
        let agents = json!({"directly_related_user_types": [{"type": "agent"}]});
        let okta = json!({
            "type": "okta",
            "relations": {"via": {"this": {}}, "parent": {"this": {}}, "asked": asked, "heeds": but_stopped(&json!({"this": {}}))},
            "metadata": {"relations": {"via": agents, "parent": agents, "asked": people, "heeds": people}},
        });
        let group = json!({"type": "group", "relations": {"member": {"this": {}}}});
        json!({"id": "01H", "schema_version": "1.1", "type_definitions": [{"type": "user"}, group, okta]})
    }

    fn is_deaf(asked: &Value) -> bool {
        match deaf(&model(asked)).unwrap().as_slice() {
            [] => false,
            found => {
                assert_eq!(found, ["okta#asked"]);
                true
            }
        }
    }

    #[test]
    fn our_own_model_heeds_every_stop() {
        let ours: Value = serde_json::from_str(include_str!("../../../../infra/fga/model.json")).unwrap();
        assert_eq!(deaf(&ours), Some(vec![]));
    }

    #[test]
    fn a_relation_without_the_exclusion_on_a_type_with_via_is_named() {
        let (this, heeds) = (json!({"this": {}}), json!({"computedUserset": {"relation": "heeds"}}));
        let other = json!({"difference": {"base": this, "subtract": {"computedUserset": {"relation": "parent"}}}});
        let from =
            json!({"tupleToUserset": {"tupleset": {"relation": "parent"}, "computedUserset": {"relation": "asked"}}});
        let itself = json!({"computedUserset": {"relation": "asked"}});
        let absent = json!({"computedUserset": {"relation": "absent"}});
        let some = json!({"union": {"child": [but_stopped(&this), this]}});
        for asked in [this.clone(), other, from, itself, absent, some, json!({}), json!("x"), json!({"new": {}})] {
            assert!(is_deaf(&asked), "{asked}");
        }
        let among = json!({"union": {"child": [{"computedUserset": {"relation": "parent"}}, stop()]}});
        let also = json!({"difference": {"base": this, "subtract": among}});
        let every = json!({"union": {"child": [but_stopped(&this), heeds]}});
        let any = json!({"intersection": {"child": [this, heeds]}});
        for asked in [but_stopped(&this), heeds, also, every, any] {
            assert!(!is_deaf(&asked), "{asked}");
        }
    }

    #[test]
    fn what_is_no_model_is_none() {
        for other in [json!({}), json!(null), json!({"type_definitions": {}}), json!({"type_definitions": [{}]})] {
            assert_eq!(deaf(&other), None, "{other}");
        }
    }
}
