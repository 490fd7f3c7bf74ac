use serde_json::{Value, json};

use super::super::evaluate::{TooComplex, check};
use super::super::{model_rules, parse};
use super::{Tuple, computed, guide, kind, model, this};

fn ask(raw: &Value, tuples: &[(&str, &str, &str)], question: (&str, &str, &str)) -> Result<bool, TooComplex> {
    let model = parse::model("id".to_owned(), raw).expect("the model is read");
    model_rules::check(&model).expect("the model is sound");
    let tuples: Vec<Tuple> = tuples.iter().map(|(user, relation, object)| Tuple::new(user, relation, object)).collect();
    let (user, relation, object) = question;
    check(&model, &tuples.iter().collect::<Vec<_>>(), &Tuple::new(user, relation, object))
}

fn users() -> Value {
    json!([{ "type": "user" }])
}

#[test]
fn the_guides_model_answers_directly_and_through_a_group() {
    let tuples = [
        ("user:alice", "read_okta", "okta:groups"),
        ("user:bob", "member", "group:helpdesk"),
        ("group:helpdesk#member", "read_okta", "okta:groups"),
    ];
    for (user, allowed) in [("user:alice", true), ("user:bob", true), ("user:carol", false)] {
        assert_eq!(ask(&guide(), &tuples, (user, "read_okta", "okta:groups")), Ok(allowed), "{user}");
    }
    assert_eq!(ask(&guide(), &tuples, ("user:alice", "read_okta", "okta:apps")), Ok(false));
    assert_eq!(ask(&guide(), &tuples, ("group:helpdesk#member", "read_okta", "okta:groups")), Ok(true));
    assert_eq!(ask(&guide(), &tuples, ("group:other#member", "read_okta", "okta:groups")), Ok(false));
}

#[test]
fn a_userset_is_a_member_of_itself() {
    assert_eq!(ask(&guide(), &[], ("group:a#member", "member", "group:a")), Ok(true));
}

#[test]
fn a_wildcard_means_every_object_of_its_type_and_no_userset() {
    let restrictions = json!([{ "type": "user" }, { "type": "user", "wildcard": {} }]);
    let raw = model(&[kind("user", &[]), kind("bot", &[]), kind("doc", &[("viewer", this(), restrictions)])]);
    let tuples = [("user:*", "viewer", "doc:1")];
    assert_eq!(ask(&raw, &tuples, ("user:alice", "viewer", "doc:1")), Ok(true));
    assert_eq!(ask(&raw, &tuples, ("user:*", "viewer", "doc:1")), Ok(true));
    assert_eq!(ask(&raw, &tuples, ("bot:1", "viewer", "doc:1")), Ok(false));
    assert_eq!(ask(&raw, &[("user:alice", "viewer", "doc:1")], ("user:*", "viewer", "doc:1")), Ok(false));
}

#[test]
fn a_tuple_that_the_restrictions_forbid_is_not_seen() {
    let raw = model(&[kind("user", &[]), kind("bot", &[]), kind("doc", &[("viewer", this(), users())])]);
    assert_eq!(ask(&raw, &[("bot:1", "viewer", "doc:1")], ("bot:1", "viewer", "doc:1")), Ok(false));
    assert_eq!(ask(&raw, &[("user:*", "viewer", "doc:1")], ("user:alice", "viewer", "doc:1")), Ok(false));
}

#[test]
fn union_intersection_and_exclusion_combine_relations() {
    let set = |name: &str| json!({ name: { "child": [computed("editor"), computed("reviewer")] } });
    let but = json!({ "difference": { "base": computed("editor"), "subtract": computed("reviewer") } });
    let raw = model(&[
        kind("user", &[]),
        kind(
            "doc",
            &[
                ("editor", this(), users()),
                ("reviewer", this(), users()),
                ("either", set("union"), json!([])),
                ("both", set("intersection"), json!([])),
                ("only", but, json!([])),
            ],
        ),
    ]);
    let tuples = [
        ("user:alice", "editor", "doc:1"),
        ("user:bob", "editor", "doc:1"),
        ("user:bob", "reviewer", "doc:1"),
        ("user:carol", "reviewer", "doc:1"),
    ];
    let expected = [
        ("user:alice", true, false, true),
        ("user:bob", true, true, false),
        ("user:carol", true, false, false),
        ("user:dave", false, false, false),
    ];
    for (user, either, both, only) in expected {
        assert_eq!(ask(&raw, &tuples, (user, "either", "doc:1")), Ok(either), "{user}");
        assert_eq!(ask(&raw, &tuples, (user, "both", "doc:1")), Ok(both), "{user}");
        assert_eq!(ask(&raw, &tuples, (user, "only", "doc:1")), Ok(only), "{user}");
    }
}

fn folders() -> Value {
    let from = json!({ "tupleToUserset": {
        "tupleset": { "object": "", "relation": "parent" },
        "computedUserset": { "object": "", "relation": "viewer" } } });
    let viewer = json!({ "union": { "child": [this(), from] } });
    model(&[
        kind("user", &[]),
        kind("folder", &[("parent", this(), json!([{ "type": "folder" }])), ("viewer", viewer.clone(), users())]),
        kind("doc", &[("parent", this(), json!([{ "type": "folder" }])), ("viewer", viewer, users())]),
    ])
}

#[test]
fn a_relation_is_inherited_from_parents() {
    let tuples = [
        ("folder:root", "parent", "folder:sub"),
        ("folder:sub", "parent", "doc:1"),
        ("user:alice", "viewer", "folder:root"),
    ];
    assert_eq!(ask(&folders(), &tuples, ("user:alice", "viewer", "doc:1")), Ok(true));
    assert_eq!(ask(&folders(), &tuples, ("user:bob", "viewer", "doc:1")), Ok(false));
    assert_eq!(ask(&folders(), &tuples, ("user:alice", "viewer", "doc:2")), Ok(false));
}

#[test]
fn a_cycle_of_parents_or_groups_ends_in_no() {
    let tuples = [("folder:a", "parent", "folder:b"), ("folder:b", "parent", "folder:a")];
    assert_eq!(ask(&folders(), &tuples, ("user:alice", "viewer", "folder:a")), Ok(false));
    let nested = json!([{ "type": "user" }, { "type": "group", "relation": "member" }]);
    let raw = model(&[kind("user", &[]), kind("group", &[("member", this(), nested)])]);
    let tuples = [("group:a#member", "member", "group:b"), ("group:b#member", "member", "group:a")];
    assert_eq!(ask(&raw, &tuples, ("user:alice", "member", "group:a")), Ok(false));
}

#[test]
fn a_cycle_under_an_exclusion_does_not_turn_into_a_yes() {
    let but = json!({ "difference": { "base": this(), "subtract": computed("blocked") } });
    let blocked = json!([{ "type": "user" }, { "type": "doc", "relation": "blocked" }]);
    let raw = model(&[kind("user", &[]), kind("doc", &[("viewer", but, users()), ("blocked", this(), blocked)])]);
    let alice = ("user:alice", "viewer", "doc:1");
    assert_eq!(ask(&raw, &[alice], alice), Ok(true));
    let cycle = [alice, ("doc:2#blocked", "blocked", "doc:1"), ("doc:1#blocked", "blocked", "doc:2")];
    assert_eq!(ask(&raw, &cycle, alice), Ok(false));
}

#[test]
fn a_chain_within_the_depth_is_walked_and_a_longer_one_is_an_error() {
    let chain = |length: usize| {
        let mut tuples: Vec<Tuple> =
            (0..length).map(|n| Tuple::new(&format!("folder:{}", n + 1), "parent", &format!("folder:{n}"))).collect();
        tuples.push(Tuple::new("user:alice", "viewer", &format!("folder:{length}")));
        let model = parse::model("id".to_owned(), &folders()).expect("the model is read");
        check(&model, &tuples.iter().collect::<Vec<_>>(), &Tuple::new("user:alice", "viewer", "folder:0"))
    };
    assert_eq!(chain(25), Ok(true));
    assert_eq!(chain(26), Err(TooComplex));
}
