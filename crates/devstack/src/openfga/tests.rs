mod access;
mod api;
mod evaluator;
mod writes;

use serde_json::{Value, json};

use super::{Auth, Config, OpenFga, Seed, Tuple, start};
use crate::okta::wire;

const STORE: &str = "01HVMMBCMGZNT3SED4Z17ECXCA";
const MODEL: &str = "01HVMMBCMGZNT3SED4Z17ECXCB";
const ALICE: &str = "user:alice@example.com";
const BOB: &str = "user:bob@example.com";

/// One type definition with restrictions: `relations` is a list of name, rewrite, restrictions.
fn kind(name: &str, relations: &[(&str, Value, Value)]) -> Value {
    let rewrites: serde_json::Map<String, Value> =
        relations.iter().map(|(name, rewrite, _)| ((*name).to_owned(), rewrite.clone())).collect();
    let metadata: serde_json::Map<String, Value> = relations
        .iter()
        .map(|(name, _, direct)| ((*name).to_owned(), json!({ "directly_related_user_types": direct })))
        .collect();
    json!({ "type": name, "relations": rewrites, "metadata": { "relations": metadata } })
}

fn model(definitions: &[Value]) -> Value {
    json!({ "schema_version": "1.1", "type_definitions": definitions })
}

fn this() -> Value {
    json!({ "this": {} })
}

fn computed(relation: &str) -> Value {
    json!({ "computedUserset": { "object": "", "relation": relation } })
}

/// The model of the reference guide, as its JSON.
fn guide() -> Value {
    json!({"schema_version":"1.1","type_definitions":[
        {"type":"user","relations":{},"metadata":null},
        {"type":"group","relations":{"member":{"this":{}}},
         "metadata":{"relations":{"member":{"directly_related_user_types":[{"type":"user"}]}}}},
        {"type":"okta","relations":{"read_okta":{"this":{}}},
         "metadata":{"relations":{"read_okta":{"directly_related_user_types":[
            {"type":"user"},{"type":"group","relation":"member"}]}}}}]})
}

fn seed() -> Seed {
    let tuples = vec![
        Tuple::new(ALICE, "member", "group:helpdesk"),
        Tuple::new("group:helpdesk#member", "read_okta", "okta:groups"),
    ];
    Seed { store_id: STORE.into(), model_id: MODEL.into(), model: guide(), tuples }
}

async fn server(auth: Option<Auth>) -> OpenFga {
    start(wire::listener().await, Config { seeds: vec![seed()], auth }).await.expect("the server starts")
}

async fn call(fga: &OpenFga, path: &str, body: Value) -> wire::Answer {
    wire::post_json(&format!("{}/stores/{STORE}/{path}", fga.double.url()), None, &body).await
}

fn question(user: &str) -> Value {
    json!({ "tuple_key": { "user": user, "relation": "read_okta", "object": "okta:groups" } })
}

fn code(answer: &wire::Answer) -> (u16, String) {
    (answer.status, answer.json()["code"].as_str().unwrap_or_default().to_owned())
}
