//! Random models, tuples and questions over four types, all from one seed.

use serde_json::{Map, Value, json};

use super::tuple;

/// SplitMix64 (Steele, Lea and Flood, 2014).
pub(super) struct Chance(pub(super) u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// Less than `many`.
    pub(super) fn below(&mut self, many: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(many).unwrap()).unwrap()
    }

    fn of<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.below(list.len())]
    }
}

/// Types that have relations; `user` has none.
const KINDS: [&str; 3] = ["team", "folder", "document"];
const RELATIONS: [&str; 4] = ["one", "two", "three", "four"];
/// A relation of each type that is always assigned directly, to read tuplesets from.
const PARENT: &str = "parent";

pub(super) fn model(chance: &mut Chance) -> Value {
    let mut types = vec![json!({"type": "user"})];
    for kind in KINDS {
        let (mut relations, mut metadata) = (Map::new(), Map::new());
        relations.insert(PARENT.to_owned(), json!({"this": {}}));
        let parents: Vec<_> = (0..=chance.below(2)).map(|_| parent(chance)).collect();
        metadata.insert(PARENT.to_owned(), json!({"directly_related_user_types": parents}));
        for relation in RELATIONS {
            let rewrite = rewrite(chance, 2);
            let direct: Vec<_> = if rewrite.to_string().contains("\"this\"") {
                (0..=chance.below(3)).map(|_| restriction(chance)).collect()
            } else {
                vec![]
            };
            relations.insert(relation.to_owned(), rewrite);
            metadata.insert(relation.to_owned(), json!({"directly_related_user_types": direct}));
        }
        types.push(json!({"type": kind, "relations": relations, "metadata": {"relations": metadata}}));
    }
    json!({"schema_version": "1.1", "type_definitions": types})
}

/// A type mostly; one time in fifty what no tupleset takes.
fn parent(chance: &mut Chance) -> Value {
    match chance.below(100) {
        0 => json!({"type": chance.of(&KINDS), "wildcard": {}}),
        1 => json!({"type": chance.of(&KINDS), "relation": chance.of(&RELATIONS)}),
        _ => json!({"type": chance.of(&KINDS)}),
    }
}

fn restriction(chance: &mut Chance) -> Value {
    match chance.below(5) {
        0 | 1 => json!({"type": "user"}),
        2 => json!({"type": "user", "wildcard": {}}),
        3 => json!({"type": chance.of(&KINDS), "relation": chance.of(&RELATIONS)}),
        _ => json!({"type": chance.of(&KINDS)}),
    }
}

fn rewrite(chance: &mut Chance, depth: usize) -> Value {
    let kinds = if depth == 0 { 5 } else { 8 };
    match chance.below(kinds) {
        0..=2 => json!({"this": {}}),
        3 => json!({"computedUserset": {"relation": chance.of(&RELATIONS)}}),
        4 => json!({"tupleToUserset": {
            "tupleset": {"relation": PARENT}, "computedUserset": {"relation": chance.of(&RELATIONS)},
        }}),
        5 => json!({"union": {"child": children(chance, depth)}}),
        6 => json!({"intersection": {"child": children(chance, depth)}}),
        _ => json!({"difference": {"base": rewrite(chance, depth - 1), "subtract": rewrite(chance, depth - 1)}}),
    }
}

fn children(chance: &mut Chance, depth: usize) -> Vec<Value> {
    // One child is refused where it stands first. Deeper down the server may write the model and fail at each check.
    let many = if depth == 2 && chance.below(40) == 0 { 1 } else { 2 + chance.below(2) };
    (0..many).map(|_| rewrite(chance, depth - 1)).collect()
}

/// A tuple that the model may allow: its user is one of the relation's restrictions, nine times of ten.
pub(super) fn written(chance: &mut Chance, model: &Value) -> Value {
    let kind = *chance.of(&KINDS);
    let relation = if chance.below(3) == 0 { PARENT } else { *chance.of(&RELATIONS) };
    let types = model["type_definitions"].as_array().unwrap();
    let own = types.iter().find(|own| own["type"] == kind).unwrap();
    let direct = own["metadata"]["relations"][relation]["directly_related_user_types"].as_array().unwrap();
    let user = if direct.is_empty() || chance.below(10) == 0 {
        anybody(chance)
    } else {
        let allowed = chance.of(direct).clone();
        let name = allowed["type"].as_str().unwrap();
        match (allowed["relation"].as_str(), allowed.get("wildcard")) {
            (Some(relation), _) => format!("{name}:{}#{relation}", chance.below(3)),
            (None, Some(_)) => format!("{name}:*"),
            (None, None) => format!("{name}:{}", chance.below(3)),
        }
    };
    tuple(&user, relation, &format!("{kind}:{}", chance.below(3)))
}

/// A question for a person mostly, now and then for a userset, an object or everyone.
pub(super) fn asked(chance: &mut Chance) -> Value {
    let user = if chance.below(4) == 0 { anybody(chance) } else { format!("user:{}", chance.below(3)) };
    let relation = *chance.of(&RELATIONS);
    tuple(&user, relation, &format!("{}:{}", chance.of(&KINDS), chance.below(3)))
}

fn anybody(chance: &mut Chance) -> String {
    match chance.below(4) {
        0 => format!("user:{}", chance.below(3)),
        1 => "user:*".to_owned(),
        2 => format!("{}:{}", chance.of(&KINDS), chance.below(3)),
        _ => format!("{}:{}#{}", chance.of(&KINDS), chance.below(3), chance.of(&RELATIONS)),
    }
}
