use serde_json::{Value, json};

use super::{ALICE, BOB, MODEL, STORE, Tuple, call, code, guide, question, server, wire};

#[tokio::test]
async fn a_check_answers_with_a_boolean_and_is_recorded() {
    let fga = server(None).await;
    let mut body = question(ALICE);
    body["authorization_model_id"] = json!(MODEL);
    body["consistency"] = json!("HIGHER_CONSISTENCY");
    body["contextual_tuples"] = Value::Null;
    let answer = call(&fga, "check", body).await;
    assert_eq!((answer.status, answer.json()["allowed"].as_bool()), (200, Some(true)));
    assert_eq!(answer.header("openfga-authorization-model-id"), MODEL);
    assert_eq!(fga.last_model().as_deref(), Some(MODEL));
    assert_eq!(fga.last_consistency().as_deref(), Some("HIGHER_CONSISTENCY"));
    let denied = call(&fga, "check", question(BOB)).await;
    assert_eq!((denied.status, denied.json()["allowed"].as_bool()), (200, Some(false)));
    assert_eq!((fga.last_model(), fga.questions().len()), (None, 2));
}

#[tokio::test]
async fn bad_questions_are_input_errors() {
    let fga = server(None).await;
    let key = |user: &str, relation: &str, object: &str| json!({ "tuple_key": { "user": user, "relation": relation, "object": object } });
    for body in [
        key("user:a:b", "read_okta", "okta:groups"),
        key("user:a#b#c", "read_okta", "okta:groups"),
        key("alice", "read_okta", "okta:groups"),
        key("robot:1", "read_okta", "okta:groups"),
        key(ALICE, "nope", "okta:groups"),
        key(ALICE, "read_okta", "nope:groups"),
        key(ALICE, "read_okta", "okta:*"),
        key(ALICE, "", "okta:groups"),
    ] {
        assert_eq!(code(&call(&fga, "check", body.clone()).await), (400, "validation_error".to_owned()), "{body}");
    }
    assert_eq!(code(&call(&fga, "check", json!({})).await), (400, "tuple_key_value_not_specified".to_owned()));
    let relation = call(&fga, "check", key(ALICE, "nope", "okta:groups")).await.json();
    assert_eq!(relation["message"], "relation 'okta#nope' not found");
    let mut body = question(ALICE);
    body["authorization_model_id"] = json!("01HVMMBCMGZNT3SED4Z17ECXZZ");
    assert_eq!(code(&call(&fga, "check", body.clone()).await), (400, "authorization_model_not_found".to_owned()));
    body["authorization_model_id"] = json!("x");
    assert_eq!(code(&call(&fga, "check", body).await), (400, "validation_error".to_owned()));
    let url = format!("{}/stores/01HVMMBCMGZNT3SED4Z17ECXZZ", fga.double.url());
    let unasked = (400, "latest_authorization_model_not_found".to_owned());
    assert_eq!(code(&wire::post_json(&format!("{url}/check"), None, &question(ALICE)).await), unasked);
    assert_eq!(code(&wire::get(&url, "").await), (404, "store_id_not_found".to_owned()));
    let url = format!("{}/stores/{STORE}/expand", fga.double.url());
    assert_eq!(code(&wire::post_json(&url, None, &json!({})).await), (404, "undefined_endpoint".to_owned()));
}

#[tokio::test]
async fn contextual_tuples_count_for_one_check_and_are_held_to_the_model() {
    let fga = server(None).await;
    let with = |user: &str, object: &str| {
        let mut body = question(BOB);
        body["contextual_tuples"] = json!({ "tuple_keys": [{ "user": user, "relation": "member", "object": object }] });
        body
    };
    assert_eq!(call(&fga, "check", with(BOB, "group:helpdesk")).await.json()["allowed"], true);
    assert_eq!(call(&fga, "check", question(BOB)).await.json()["allowed"], false);
    let wrong = call(&fga, "check", with("group:a#member", "group:helpdesk")).await;
    assert_eq!(code(&wrong), (400, "invalid_tuple".to_owned()));
    let mut many = question(BOB);
    let key = json!({ "user": BOB, "relation": "member", "object": "group:other" });
    many["contextual_tuples"] = json!({ "tuple_keys": vec![key; 101] });
    assert_eq!(code(&call(&fga, "check", many).await), (400, "validation_error".to_owned()));
}

#[tokio::test]
async fn a_batch_answers_each_check_by_its_correlation_id() {
    let fga = server(None).await;
    let item = |id: &str, user: &str, relation: &str| json!({ "correlation_id": id, "tuple_key": { "user": user, "relation": relation, "object": "okta:groups" } });
    let checks =
        json!({ "checks": [item("a", ALICE, "read_okta"), item("b", BOB, "read_okta"), item("c", BOB, "nope")] });
    let result = call(&fga, "batch-check", checks).await.json();
    assert_eq!(result["result"]["a"], json!({ "allowed": true }));
    assert_eq!(result["result"]["b"], json!({ "allowed": false }));
    assert_eq!(result["result"]["c"]["error"]["input_error"], "validation_error");
    assert_eq!(result["result"]["c"].get("allowed"), None);
    let many: Vec<Value> = (0..51).map(|n| item(&format!("c{n}"), ALICE, "read_okta")).collect();
    for checks in [json!([]), json!(many), json!([item("a", ALICE, "read_okta"), item("a", BOB, "read_okta")])] {
        let answer = call(&fga, "batch-check", json!({ "checks": checks })).await;
        assert_eq!(code(&answer), (400, "validation_error".to_owned()));
    }
}

#[tokio::test]
async fn a_store_and_a_model_that_are_written_are_read_back_and_the_latest_model_counts() {
    let fga = server(None).await;
    let url = format!("{}/stores", fga.double.url());
    let made = wire::post_json(&url, None, &json!({ "name": "fresh" })).await;
    let id = made.json()["id"].as_str().expect("an id").to_owned();
    assert_eq!((made.status, id.len()), (201, 26));
    let store = format!("{url}/{id}");
    assert_eq!(wire::get(&store, "").await.json()["name"], "fresh");
    let none = wire::post_json(&format!("{store}/check"), None, &question(ALICE)).await;
    assert_eq!(code(&none), (400, "latest_authorization_model_not_found".to_owned()));
    let models = format!("{store}/authorization-models");
    let mut written = Vec::new();
    for _ in 0..2 {
        let answer = wire::post_json(&models, None, &guide()).await;
        assert_eq!(answer.status, 201);
        written.insert(0, answer.json()["authorization_model_id"].as_str().expect("an id").to_owned());
    }
    let listed = wire::get(&models, "").await.json();
    let listed: Vec<&str> = listed["authorization_models"]
        .as_array()
        .expect("models")
        .iter()
        .map(|model| model["id"].as_str().expect("an id"))
        .collect();
    assert_eq!(listed, written);
    let one = wire::get(&format!("{models}/{}", written[1]), "").await.json();
    assert_eq!(one["authorization_model"]["type_definitions"][2]["type"], "okta");
    assert_eq!(wire::post_json(&format!("{store}/check"), None, &question(ALICE)).await.json()["allowed"], false);
}

#[tokio::test]
async fn list_objects_names_what_a_user_reaches() {
    let fga = server(None).await;
    fga.allow(STORE, &Tuple::new(BOB, "read_okta", "okta:apps"));
    for (user, objects) in [(ALICE, json!(["okta:groups"])), (BOB, json!(["okta:apps"]))] {
        let body = json!({ "user": user, "relation": "read_okta", "type": "okta" });
        assert_eq!(call(&fga, "list-objects", body).await.json()["objects"], objects);
    }
}
