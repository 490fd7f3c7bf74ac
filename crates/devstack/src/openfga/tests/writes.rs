use serde_json::{Value, json};

use super::{ALICE, BOB, STORE, Tuple, call, code, computed, guide, kind, model, question, server, this, wire};

fn key(user: &str, relation: &str, object: &str) -> Value {
    json!({ "user": user, "relation": relation, "object": object })
}

#[tokio::test]
async fn a_write_that_fails_in_one_place_changes_nothing() {
    let fga = server(None).await;
    let before = fga.tuples(STORE);
    let good = key(BOB, "read_okta", "okta:groups");
    let there = key(ALICE, "member", "group:helpdesk");
    for (keys, wanted) in [
        (json!([good, there]), "write_failed_due_to_invalid_input"),
        (json!([good, good]), "cannot_allow_duplicate_tuples_in_one_request"),
        (json!([good, key("okta:a", "member", "group:b")]), "validation_error"),
        (json!([good, key("group:b#member", "member", "group:b")]), "validation_error"),
        (json!([good, key("user:a:b", "member", "group:b")]), "validation_error"),
        (json!([]), "validation_error"),
    ] {
        let answer = call(&fga, "write", json!({ "writes": { "tuple_keys": keys } })).await;
        assert_eq!(code(&answer), (400, wanted.to_owned()));
        assert_eq!(fga.tuples(STORE), before);
    }
    assert_eq!(code(&call(&fga, "write", json!({})).await), (400, "invalid_write_input".to_owned()));
    let many: Vec<Value> = (0..101).map(|n| key(&format!("user:u{n}"), "member", "group:b")).collect();
    let answer = call(&fga, "write", json!({ "writes": { "tuple_keys": many } })).await;
    assert_eq!(code(&answer), (400, "exceeded_entity_limit".to_owned()));
}

#[tokio::test]
async fn duplicates_and_missing_tuples_are_ignored_when_asked() {
    let fga = server(None).await;
    let there = json!([key(ALICE, "member", "group:helpdesk")]);
    let absent = json!([key(BOB, "member", "group:helpdesk")]);
    let body = json!({ "deletes": { "tuple_keys": absent } });
    assert_eq!(code(&call(&fga, "write", body).await), (400, "write_failed_due_to_invalid_input".to_owned()));
    let body = json!({
        "writes": { "tuple_keys": there, "on_duplicate": "ignore" },
        "deletes": { "tuple_keys": absent, "on_missing": "ignore" },
    });
    assert_eq!(call(&fga, "write", body).await.status, 200);
    assert_eq!(fga.tuples(STORE).len(), 2);
}

#[tokio::test]
async fn a_deleted_tuple_allows_no_more() {
    let fga = server(None).await;
    let body = json!({ "deletes": { "tuple_keys": [key(ALICE, "member", "group:helpdesk")] } });
    assert_eq!(call(&fga, "write", body).await.json(), json!({}));
    assert_eq!(call(&fga, "check", question(ALICE)).await.json()["allowed"], false);
}

#[tokio::test]
async fn a_stale_server_forgets_a_revocation_only_when_higher_consistency_is_asked_for() {
    let fga = server(None).await;
    assert!(fga.set_stale(STORE, true));
    assert!(fga.revoke(STORE, &Tuple::new(ALICE, "member", "group:helpdesk")));
    let mut fresh = question(ALICE);
    fresh["consistency"] = json!("HIGHER_CONSISTENCY");
    assert_eq!(call(&fga, "check", question(ALICE)).await.json()["allowed"], true);
    assert_eq!(call(&fga, "check", fresh).await.json()["allowed"], false);
}

#[tokio::test]
async fn reading_filters_and_pages() {
    let fga = server(None).await;
    for n in 0..5 {
        assert!(fga.allow(STORE, &Tuple::new(&format!("user:u{n}"), "member", "group:big")));
    }
    let mut users = Vec::new();
    let mut token = String::new();
    loop {
        let filter = json!({ "object": "group:big", "relation": "member" });
        let body = json!({ "tuple_key": filter, "page_size": 2, "continuation_token": token });
        let page = call(&fga, "read", body).await.json();
        for tuple in page["tuples"].as_array().expect("tuples") {
            users.push(tuple["key"]["user"].as_str().expect("a user").to_owned());
        }
        token = page["continuation_token"].as_str().expect("a token").to_owned();
        if token.is_empty() {
            break;
        }
    }
    assert_eq!(users, ["user:u0", "user:u1", "user:u2", "user:u3", "user:u4"]);
    let by_type = json!({ "tuple_key": { "object": "group:", "user": ALICE } });
    assert_eq!(call(&fga, "read", by_type).await.json()["tuples"].as_array().map(Vec::len), Some(1));
    let bad = json!({ "tuple_key": { "object": "group:" } });
    assert_eq!(code(&call(&fga, "read", bad).await), (400, "validation_error".to_owned()));
}

#[tokio::test]
async fn a_condition_is_refused_and_so_is_an_unsound_model() {
    let fga = server(None).await;
    let mut conditional = guide();
    conditional["conditions"] = json!({ "now": { "name": "now", "expression": "true" } });
    let answer = call(&fga, "authorization-models", conditional).await;
    assert_eq!(code(&answer), (400, "validation_error".to_owned()));
    let mut tuple = key(BOB, "member", "group:helpdesk");
    tuple["condition"] = json!({ "name": "now" });
    let answer = call(&fga, "write", json!({ "writes": { "tuple_keys": [tuple] } })).await;
    assert!(answer.json()["message"].as_str().is_some_and(|message| message.contains("condition")));
    let users = json!([{ "type": "user" }]);
    let undefined = kind("doc", &[("viewer", computed("nobody"), json!([]))]);
    let unassignable = kind("doc", &[("viewer", this(), json!([]))]);
    let wrong_type = kind("doc", &[("viewer", this(), json!([{ "type": "ghost" }]))]);
    let reserved = kind("doc", &[("self", this(), users)]);
    let closed = kind("doc", &[("viewer", this(), json!([{ "type": "doc", "relation": "viewer" }]))]);
    let round = json!({ "union": { "child": [this(), computed("viewer")] } });
    let looping = kind("doc", &[("viewer", round, json!([{ "type": "user" }]))]);
    let alone = kind("doc", &[("viewer", json!({ "union": { "child": [this()] } }), json!([{ "type": "user" }]))]);
    let from = json!({ "tupleToUserset": {
        "tupleset": { "relation": "parent" }, "computedUserset": { "relation": "viewer" } } });
    let viewer = json!({ "union": { "child": [this(), from] } });
    let everyone = json!([{ "type": "doc" }, { "type": "doc", "wildcard": {} }]);
    let open = kind("doc", &[("parent", this(), everyone), ("viewer", viewer, json!([{ "type": "user" }]))]);
    for bad in [closed, looping, undefined, unassignable, wrong_type, reserved, alone, open] {
        let answer = call(&fga, "authorization-models", model(&[kind("user", &[]), bad])).await;
        assert_eq!(code(&answer), (400, "invalid_authorization_model".to_owned()), "{}", answer.text);
    }
}

#[tokio::test]
async fn the_admin_endpoints_seed_and_revoke() {
    let fga = server(None).await;
    let admin = |path: &str| format!("{}/_openfga/{path}", fga.double.url());
    let other = "01HVMMBCMGZNT3SED4Z17ECXCD";
    let tuple = key(BOB, "read_okta", "okta:groups");
    let body = json!({ "store_id": other, "model": guide(), "tuples": [tuple] });
    let seeded = wire::post_json(&admin("seed"), None, &body).await.json();
    assert_eq!((seeded["store_id"].as_str(), seeded["model_id"].as_str().map(str::len)), (Some(other), Some(26)));
    let check = format!("{}/stores/{other}/check", fga.double.url());
    assert_eq!(wire::post_json(&check, None, &question(BOB)).await.json()["allowed"], true);
    let body = json!({ "store_id": other, "tuple": tuple });
    assert_eq!(wire::post_json(&admin("revoke"), None, &body).await.status, 204);
    assert_eq!(wire::post_json(&check, None, &question(BOB)).await.json()["allowed"], false);
    assert_eq!(wire::post_json(&admin("revoke"), None, &body).await.status, 404);
}
