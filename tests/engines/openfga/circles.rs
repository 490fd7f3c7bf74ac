//! Models in which a relation with an exclusion or intersection leads back to itself: `differences.json` says what that means.

use std::collections::BTreeSet;

use serde_json::Value;

type Relation = (String, String);

/// Whether the model has such a relation.
pub(super) fn has(model: &Value) -> bool {
    let types = model["type_definitions"].as_array().unwrap();
    let all = types.iter().flat_map(|own| {
        let relations = own["relations"].as_object().into_iter().flatten();
        relations.map(|(name, rewrite)| ((own["type"].as_str().unwrap().to_owned(), name.clone()), rewrite))
    });
    let decides = |rewrite: &&Value| ["\"difference\"", "\"intersection\""].iter().any(|word| told(rewrite, word));
    let mut deciding = all.filter(|(_, rewrite)| decides(rewrite));
    deciding.any(|(relation, _)| {
        let mut seen = BTreeSet::new();
        let mut open = next(model, &relation);
        while let Some(one) = open.pop() {
            if seen.insert(one.clone()) {
                open.extend(next(model, &one));
            }
        }
        seen.contains(&relation)
    })
}

fn told(rewrite: &Value, word: &str) -> bool {
    rewrite.to_string().contains(word)
}

/// The relations whose answers one asks for.
fn next(model: &Value, (kind, name): &Relation) -> Vec<Relation> {
    let types = model["type_definitions"].as_array().unwrap();
    let Some(own) = types.iter().find(|own| own["type"] == kind.as_str()) else { return Vec::new() };
    let mut found = Vec::new();
    follow(own, kind, &own["relations"][name], &mut found);
    let direct = |of: &str| own["metadata"]["relations"][of]["directly_related_user_types"].as_array();
    let text = |value: &Value, name: &str| value[name].as_str().map(str::to_owned);
    for allowed in direct(name).into_iter().flatten() {
        found.extend(text(allowed, "type").zip(text(allowed, "relation")));
    }
    found
}

fn follow(own: &Value, kind: &str, rewrite: &Value, found: &mut Vec<Relation>) {
    if let Some(computed) = rewrite["computedUserset"]["relation"].as_str() {
        found.push((kind.to_owned(), computed.to_owned()));
    }
    let from = &rewrite["tupleToUserset"];
    if let (Some(tupleset), Some(computed)) =
        (from["tupleset"]["relation"].as_str(), from["computedUserset"]["relation"].as_str())
    {
        let parents = own["metadata"]["relations"][tupleset]["directly_related_user_types"].as_array();
        let kinds = parents.into_iter().flatten().filter_map(|parent| parent["type"].as_str());
        found.extend(kinds.map(|kind| (kind.to_owned(), computed.to_owned())));
    }
    let children = ["union", "intersection"].iter().filter_map(|name| rewrite[name]["child"].as_array()).flatten();
    let sides = ["base", "subtract"].iter().map(|name| &rewrite["difference"][name]);
    for part in children.chain(sides).filter(|part| part.is_object()) {
        follow(own, kind, part, found);
    }
}
