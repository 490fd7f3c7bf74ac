//! Requests of every kind, good and bad, one by one: the same status, error code and decision from both, or a listed difference.

use serde_json::{Value, json};

use super::known::differences;
use super::{Pair, infra_model, question, tuple};

const ABSENT: &str = "01ARZ3NDEKTSV4RRFFQ69G5FAX";

/// Name, path after the store, body. They are sent in this order.
fn cases() -> Vec<(String, &'static str, Value)> {
    let dora = || tuple("user:dora", "read_okta", "okta:groups");
    let via = || tuple("agent:every", "via", "okta:groups");
    let many = |count: usize| -> Vec<Value> {
        (0..count).map(|n| tuple(&format!("agent:a{n}"), "via", "okta:groups")).collect()
    };
    let with = |name: &str, value: Value| {
        let mut body = question(&dora(), &[via()]);
        body[name] = value;
        body
    };
    let mut cases = Vec::new();
    let mut case = |name: &str, path: &'static str, body: Value| cases.push((name.to_owned(), path, body));

    case("write: one tuple", "/write", json!({"writes": {"tuple_keys": [dora()]}}));
    case("write: a tuple that is there", "/write", json!({"writes": {"tuple_keys": [dora()]}}));
    let ignoring = json!({"writes": {"tuple_keys": [dora()], "on_duplicate": "ignore"}});
    case("write: a tuple that is there, ignored", "/write", ignoring);
    case(
        "write: on_duplicate of another word",
        "/write",
        json!({"writes": {"tuple_keys": [dora()], "on_duplicate": "x"}}),
    );
    case("write: nothing", "/write", json!({}));
    case("write: the same tuple twice", "/write", json!({"writes": {"tuple_keys": [via(), via()]}}));
    case(
        "write: written and deleted at once",
        "/write",
        json!({"writes": {"tuple_keys": [via()]}, "deletes": {"tuple_keys": [via()]}}),
    );
    case("write: 101 tuples", "/write", json!({"writes": {"tuple_keys": many(101)}}));
    case("write: 100 tuples", "/write", json!({"writes": {"tuple_keys": many(100)}}));
    case("write: an empty list", "/write", json!({"writes": {"tuple_keys": []}}));
    case(
        "write: unknown model",
        "/write",
        json!({"writes": {"tuple_keys": [via()]}, "authorization_model_id": ABSENT}),
    );
    case(
        "write: ill-formed model id",
        "/write",
        json!({"writes": {"tuple_keys": [via()]}, "authorization_model_id": "x"}),
    );
    case("delete: a tuple that is not there", "/write", json!({"deletes": {"tuple_keys": [via()]}}));
    case("delete: the same, ignored", "/write", json!({"deletes": {"tuple_keys": [via()], "on_missing": "ignore"}}));
    case(
        "delete: of a relation that the model lacks",
        "/write",
        json!({"deletes": {"tuple_keys": [tuple("user:dora", "no_such", "okta:groups")]}}),
    );
    let without = |key: Value| json!({"deletes": {"tuple_keys": [key]}});
    case("delete: no user", "/write", without(tuple("", "read_okta", "okta:groups")));
    case("delete: a user without type", "/write", without(tuple("dora", "read_okta", "okta:groups")));
    case("delete: an object without type", "/write", without(tuple("user:dora", "read_okta", "groups")));
    case("delete: an empty list", "/write", json!({"deletes": {"tuple_keys": []}}));
    case("delete: 100 tuples", "/write", json!({"deletes": {"tuple_keys": many(100)}}));

    case("check: yes", "/check", question(&dora(), &[via()]));
    case("check: no", "/check", question(&tuple("user:emil", "read_okta", "okta:groups"), &[via()]));
    case("check: unpinned", "/check", with("authorization_model_id", json!("")));
    case("check: unknown model", "/check", with("authorization_model_id", json!(ABSENT)));
    case("check: ill-formed model id", "/check", with("authorization_model_id", json!("x")));
    case("check: no tuple key", "/check", with("tuple_key", Value::Null));
    case("check: an empty body", "/check", json!({}));
    case("check: minimize latency", "/check", with("consistency", json!("MINIMIZE_LATENCY")));
    case("check: unspecified consistency", "/check", with("consistency", json!("UNSPECIFIED")));
    case("check: consistency of another word", "/check", with("consistency", json!("x")));
    case("check: an unknown member", "/check", with("another", json!(1)));
    case("check: a context that nothing asks for", "/check", with("context", json!({"ip": "10.0.0.1"})));
    case("check: 100 contextual tuples", "/check", question(&dora(), &many(100)));
    case("check: 101 contextual tuples", "/check", question(&dora(), &many(101)));
    case("check: a contextual tuple twice", "/check", question(&dora(), &[via(), via()]));
    let itself = || tuple("group:a#member", "member", "group:a");
    case("check: a contextual tuple that holds by itself", "/check", question(&dora(), &[itself()]));
    case("check: a contextual tuple that is stored", "/check", question(&dora(), &[dora()]));
    case(
        "batch: a contextual tuple that the model refuses",
        "/batch-check",
        json!({"checks": [
        {"tuple_key": dora(), "correlation_id": "a", "contextual_tuples": {"tuple_keys": [tuple("user:x", "via", "okta:groups")]}},
    ], "authorization_model_id": "MODEL"}),
    );

    for (name, key) in odd() {
        case(&format!("check of {name}"), "/check", question(&key, &[]));
        case(&format!("contextual {name}"), "/check", question(&dora(), std::slice::from_ref(&key)));
        case(&format!("write of {name}"), "/write", json!({"writes": {"tuple_keys": [key]}}));
    }

    let one = |id: &str, key: Value| json!({"tuple_key": key, "correlation_id": id});
    let batch = |checks: Vec<Value>| json!({"checks": checks, "authorization_model_id": "MODEL"});
    let mixed = vec![
        one("a", dora()),
        one("b", tuple("user:emil", "read_okta", "okta:groups")),
        one("c", tuple("user:x", "no_such", "okta:groups")),
        one("d", tuple("user:x", "read_okta", "planet:x")),
    ];
    case("batch: yes, no and errors", "/batch-check", batch(mixed));
    case("batch: none", "/batch-check", batch(vec![]));
    case("batch: 50", "/batch-check", batch((0..50).map(|n| one(&format!("c{n}"), dora())).collect()));
    case("batch: 51", "/batch-check", batch((0..51).map(|n| one(&format!("c{n}"), dora())).collect()));
    case("batch: one id twice", "/batch-check", batch(vec![one("a", dora()), one("a", via())]));
    case("batch: no id", "/batch-check", batch(vec![one("", dora())]));
    case("batch: an id of other characters", "/batch-check", batch(vec![one("a b", dora())]));
    case("batch: an id of 37 characters", "/batch-check", batch(vec![one(&"a".repeat(37), dora())]));
    case(
        "batch: a key that is no key",
        "/batch-check",
        batch(vec![one("a", dora()), one("b", tuple("x", "", "okta:o"))]),
    );
    case("batch: an ill-formed id before a missing key", "/batch-check", batch(vec![one("a b", dora()), json!({})]));
    case("batch: no tuple key", "/batch-check", batch(vec![json!({"correlation_id": "a"})]));
    case(
        "batch: unknown model",
        "/batch-check",
        json!({"checks": [one("a", dora())], "authorization_model_id": ABSENT}),
    );
    cases
}

/// Tuples that some part of the API may refuse.
fn odd() -> Vec<(&'static str, Value)> {
    let long = |count: usize| "x".repeat(count);
    vec![
        ("a userset", tuple("group:a#member", "read_okta", "okta:odd")),
        ("a userset with a star", tuple("group:a*#member", "read_okta", "okta:odd")),
        ("a tuple that holds by itself", tuple("group:a#member", "member", "group:a")),
        ("an unknown type of user", tuple("planet:x", "read_okta", "okta:odd")),
        ("an unknown type of object", tuple("user:x", "read_okta", "planet:x")),
        ("an unknown relation", tuple("user:x", "no_such", "okta:odd")),
        ("an unknown relation of a userset", tuple("group:a#no_such", "read_okta", "okta:odd")),
        ("a user of a type that is not allowed", tuple("agent:x", "read_okta", "okta:odd")),
        ("a wildcard that is not allowed", tuple("user:*", "read_okta", "okta:odd")),
        ("a wildcard that is allowed", tuple("user:*", "stopped", "agent:odd")),
        ("a wildcard as object", tuple("user:x", "read_okta", "okta:*")),
        ("a tupleset with a userset", tuple("group:a#member", "via", "okta:odd")),
        ("a user without type", tuple("x", "read_okta", "okta:odd")),
        ("a user of one letter and no type", tuple("xy", "read_okta", "okta:odd")),
        ("an object without type", tuple("user:x", "read_okta", "odd")),
        ("an object without id", tuple("user:x", "read_okta", "okta:")),
        ("a user without id", tuple("user:", "read_okta", "okta:odd")),
        ("no user", tuple("", "read_okta", "okta:odd")),
        ("no relation", tuple("user:x", "", "okta:odd")),
        ("no object", tuple("user:x", "read_okta", "")),
        ("a user with a space", tuple("user:x y", "read_okta", "okta:odd")),
        ("an object with a space", tuple("user:x", "read_okta", "okta:o d")),
        ("a user with two colons", tuple("user:x:y", "read_okta", "okta:odd")),
        ("a user with a wide space", tuple("user:x\u{2003}y", "read_okta", "okta:odd")),
        ("an object with a tab", tuple("user:x", "read_okta", "okta:o\td")),
        ("an object with two colons", tuple("user:x", "read_okta", "okta:o:d")),
        ("an object with a hash", tuple("user:x", "read_okta", "okta:o#d")),
        ("a user with two hashes", tuple("group:a#member#b", "read_okta", "okta:odd")),
        ("a relation with a colon", tuple("user:x", "read:okta", "okta:odd")),
        ("a user with a bar and percent", tuple("user:oidc|o%20o|00u1", "read_okta", "okta:odd")),
        ("a user with an at sign", tuple("user:x@example.com", "read_okta", "okta:odd")),
        ("a user outside ASCII", tuple("user:zoë", "read_okta", "okta:odd")),
        ("a user with a control character", tuple("user:x\u{7}", "read_okta", "okta:odd")),
        ("a user of 512 bytes", tuple(&format!("user:{}", long(507)), "read_okta", "okta:odd")),
        ("a user of 513 bytes", tuple(&format!("user:{}", long(508)), "read_okta", "okta:odd")),
        ("an object of 256 bytes", tuple("user:x", "read_okta", &format!("okta:{}", long(251)))),
        ("an object of 256 letters outside ASCII", tuple("user:x", "read_okta", &format!("okta:{}", "ë".repeat(251)))),
        ("a user of 512 letters outside ASCII", tuple(&format!("user:{}", "ë".repeat(507)), "read_okta", "okta:odd")),
        ("an object of 257 bytes", tuple("user:x", "read_okta", &format!("okta:{}", long(252)))),
        ("a relation of 50 bytes", tuple("user:x", &long(50), "okta:odd")),
        ("a relation of 51 bytes", tuple("user:x", &long(51), "okta:odd")),
    ]
}

#[tokio::test]
#[ignore = "needs OpenFGA's server: make conformance"]
async fn every_request_good_or_bad_is_answered_alike_or_its_difference_is_listed() {
    let mut pair = Pair::start().await;
    let mut unlisted = Vec::new();
    let mut listed = differences();
    let early = [("check: no model in the store", "/check"), ("write: no model in the store", "/write")];
    for (name, path) in early {
        let body =
            json!({"tuple_key": tuple("user:x", "r", "o:x"), "writes": {"tuple_keys": [tuple("user:x", "r", "o:x")]}});
        compare(&mut pair, name, &format!("/stores/STORE{path}"), &body, &mut listed, &mut unlisted).await;
    }
    pair.written(&infra_model()).await;
    for (name, path, body) in cases() {
        compare(&mut pair, &name, &format!("/stores/STORE{path}"), &body, &mut listed, &mut unlisted).await;
    }
    for (name, store) in [("check: unknown store", ABSENT), ("check: ill-formed store id", "x")] {
        let body = question(&tuple("user:x", "read_okta", "okta:groups"), &[]);
        compare(&mut pair, name, &format!("/stores/{store}/check"), &body, &mut listed, &mut unlisted).await;
    }
    let (dora, latest) = (tuple("user:dora", "read_okta", "okta:groups"), "latest model of an unknown store");
    for (name, path, body) in [
        (latest, "check", json!({"tuple_key": dora})),
        ("write: unknown store", "write", json!({"writes": {"tuple_keys": [dora]}})),
        ("delete: unknown store", "write", json!({"deletes": {"tuple_keys": [dora]}})),
        ("read: unknown store", "read", json!({})),
        ("model: an unknown store takes one", "authorization-models", infra_model()),
    ] {
        compare(&mut pair, name, &format!("/stores/{ABSENT}/{path}"), &body, &mut listed, &mut unlisted).await;
    }
    println!("openfga, one by one: {} answers compared", pair.compared);
    assert!(unlisted.is_empty(), "differences that are not listed:\n{}", unlisted.join("\n"));
    let gone: Vec<_> =
        listed.keys().filter(|name| !(name.starts_with("model: ") || name.starts_with("random: "))).collect();
    assert!(gone.is_empty(), "listed, but not found any more: {gone:?}");
}

pub(super) async fn compare(
    pair: &mut Pair,
    name: &str,
    path: &str,
    body: &Value,
    listed: &mut std::collections::BTreeMap<String, super::known::Difference>,
    unlisted: &mut Vec<String>,
) {
    let (double, engine) = pair.ask(path, body).await;
    match listed.remove(name) {
        Some(known) if known.double == double && known.engine == engine => {}
        None if double == engine => {}
        _ => unlisted.push(format!("{name}: double {double}, engine {engine}")),
    }
}
