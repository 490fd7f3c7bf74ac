//! What is sent.

use auth::id::AgentId;
use serde_json::{Map, Value, json};
use tokio::time::Instant;

use super::{CHECKS, CheckError, MODEL, TOKENS, TRACE, allowed, check, counts, guarded_server, open_server, question};
use crate::testing::until;

#[tokio::test]
async fn a_question_has_exactly_this_body() {
    let (client, server) = open_server(|_| allowed()).await;
    assert_eq!(check(&client).await, Ok(true));
    let [request] = server.requests().try_into().ok().unwrap();
    assert_eq!((request.method.as_str(), request.target.as_str()), ("POST", CHECKS));
    assert_eq!(
        request.json(),
        json!({
            "tuple_key": {"user": "user:alice@example.com", "relation": "read_okta", "object": "okta:groups"},
            "contextual_tuples": {"tuple_keys": [
                {"user": "agent:every", "relation": "via", "object": "okta:groups"},
            ]},
            "authorization_model_id": MODEL,
            "consistency": "HIGHER_CONSISTENCY",
        })
    );
    assert_eq!(request.headers["content-type"], "application/json");
    assert_eq!(request.headers["traceparent"], TRACE);
    assert!(!request.headers.contains_key("authorization"), "there are no credentials");
}

#[tokio::test]
async fn an_agent_goes_along_as_one_more_way_to_the_object() {
    let (client, server) = open_server(|_| allowed()).await;
    let question = question().asked_by(AgentId::parse("AGENT12345").unwrap());
    assert_eq!(client.check(&question, None, TRACE, until()).await, Ok(true));
    let body = server.requests()[0].json();
    let users: Vec<&str> = body["contextual_tuples"]["tuple_keys"]
        .as_array()
        .unwrap()
        .iter()
        .map(|key| key["user"].as_str().unwrap())
        .collect();
    assert_eq!(users, ["agent:every", "agent:AGENT12345"]);
    assert_eq!(server.requests().len(), 1, "one question, one request");
}

#[tokio::test]
async fn a_context_goes_along_as_it_is() {
    let (client, server) = open_server(|_| allowed()).await;
    let context: Map<String, Value> = [("now".to_owned(), json!("2026-08-22T10:00:00Z"))].into_iter().collect();
    assert_eq!(client.check(&question(), Some(&context), TRACE, until()).await, Ok(true));
    assert_eq!(server.requests()[0].json()["context"], json!({"now": "2026-08-22T10:00:00Z"}));
}

#[tokio::test]
async fn a_token_is_bought_with_exactly_this_form_and_goes_with_the_question() {
    let (client, server, _) = guarded_server(|_| allowed()).await;
    assert_eq!(check(&client).await, Ok(true));
    let [purchase, question] = server.requests().try_into().ok().unwrap();
    assert_eq!((purchase.method.as_str(), purchase.target.as_str()), ("POST", TOKENS));
    let form = purchase.form();
    let fields: Vec<(&str, &str)> = form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!(
        fields,
        [
            ("audience", "https://api.us1.fga.dev/"),
            ("client_id", "checker"),
            ("client_secret", "s3cret+&="),
            ("grant_type", "client_credentials"),
        ]
    );
    assert_eq!(question.headers["authorization"], "Bearer token-0");
}

#[tokio::test]
async fn an_answer_is_never_remembered() {
    let (client, server) = open_server(|_| allowed()).await;
    for _ in 0..3 {
        assert_eq!(check(&client).await, Ok(true));
    }
    assert_eq!(counts(&server), (3, 0));
}

#[tokio::test]
async fn opening_buys_the_token_and_connects_so_that_a_question_is_one_request() {
    let (client, server, _) = guarded_server(|_| allowed()).await;
    client.open(until()).await;
    assert_eq!(counts(&server), (0, 1));
    assert_eq!(check(&client).await, Ok(true));
    assert_eq!(counts(&server), (1, 1));
}

#[tokio::test]
async fn without_time_nothing_is_asked() {
    let (client, server) = open_server(|_| allowed()).await;
    let answer = client.check(&question(), None, TRACE, Instant::now()).await;
    assert_eq!(answer, Err(CheckError::Unavailable("no time left to ask")));
    assert_eq!(server.connections(), 0);
}
