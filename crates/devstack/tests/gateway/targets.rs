//! What a target's function is called with, and what becomes of its answer.

use std::time::Duration;

use devstack::gateway::Propagated;
use devstack::lambda::{self, Function};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::house::{House, LIST_GROUPS};

const INTERNAL: &str = "An internal error occurred. Please retry later.";

#[tokio::test]
async fn the_event_is_the_bare_arguments_and_the_answer_is_text() {
    let house = House::build(|_| {}).await;
    let result = house.call(LIST_GROUPS, json!({ "limit": 20, "more": { "a": [null] } })).await.result();
    let event = json!({ "limit": 20, "more": { "a": [null] } });
    assert_eq!(house.gateway.invocations()[0].event, event);
    let text: Value = serde_json::from_str(result["content"][0]["text"].as_str().unwrap()).unwrap();
    assert_eq!(text, json!({ "given": event }));
    assert_eq!((&result["content"][0]["type"], &result["isError"]), (&json!("text"), &json!(false)));
    assert_eq!(house.functions.calls("okta-groups"), 1);
}

#[tokio::test]
async fn the_client_context_holds_the_ids_and_an_empty_object_of_headers() {
    let house = House::build(|_| {}).await;
    let seen = house.call(LIST_GROUPS, json!({})).await;
    let expected = json!({
        "custom": {
            "bedrockAgentCoreMessageVersion": "1.0",
            "bedrockAgentCoreAwsRequestId": seen.header("x-amzn-requestid").unwrap(),
            "bedrockAgentCoreMcpMessageId": "7",
            "bedrockAgentCoreGatewayId": "tools-abc1234567",
            "bedrockAgentCoreTargetId": "OKTA000000",
            "bedrockAgentCoreToolName": LIST_GROUPS,
            "bedrockAgentCorePropagatedHeaders": {},
        },
    });
    assert_eq!(house.gateway.invocations()[0].context, expected);
}

#[tokio::test]
async fn a_hosted_function_reads_the_client_context_from_its_runtime_api() {
    let echo = Function::new("okta-groups", env!("CARGO_BIN_EXE_devstack-echo")).within(Duration::from_secs(20));
    let host = lambda::start(TcpListener::bind("127.0.0.1:0").await.unwrap(), vec![echo]).await.unwrap();
    let house = House::sessionless(|config| config.lambda_url = host.double.url()).await;
    let result = house.call(LIST_GROUPS, json!({ "do": "headers" })).await.result();
    let headers: Value = serde_json::from_str(result["content"][0]["text"].as_str().unwrap()).unwrap();
    let context: Value = serde_json::from_str(headers["lambda-runtime-client-context"].as_str().unwrap()).unwrap();
    assert_eq!(context, house.gateway.invocations()[0].context);
    let failed = house.call(LIST_GROUPS, json!({ "do": "error", "text": "words" })).await;
    assert_eq!(failed.result()["content"][0]["text"], INTERNAL);
    assert_eq!(host.calls("okta-groups"), 2);
}

#[tokio::test]
async fn a_message_id_that_is_text_is_told_as_it_is() {
    let house = House::sessionless(|_| {}).await;
    let body = json!({ "jsonrpc": "2.0", "id": "call-1", "method": "tools/call", "params": { "name": LIST_GROUPS } });
    assert_eq!(house.post(&body.to_string()).await.json()["id"], "call-1");
    let invocation = house.gateway.invocations().pop().unwrap();
    assert_eq!(invocation.context["custom"]["bedrockAgentCoreMcpMessageId"], "call-1");
    assert_eq!(invocation.event, json!({}));
}

#[tokio::test]
async fn the_client_context_can_hold_what_clients_of_it_stumble_over_and_no_empty_object() {
    let house = House::sessionless(|config| {
        config.context.propagated = Propagated::Filled;
        config.context.custom =
            json!({ "number": 1.5, "nothing": null, "nested": { "a": {} } }).as_object().unwrap().clone();
        config.context.beside = json!({ "client": null, "env": { "locale": "de" } }).as_object().unwrap().clone();
    })
    .await;
    house.call(LIST_GROUPS, json!({})).await.result();
    let context = house.gateway.invocations()[0].context.clone();
    assert_eq!(context["custom"].get("bedrockAgentCorePropagatedHeaders"), None);
    assert_eq!((&context["custom"]["number"], &context["custom"]["nested"]), (&json!(1.5), &json!({ "a": {} })));
    assert!(context["custom"].as_object().unwrap().contains_key("nothing"));
    assert!(context.as_object().unwrap().contains_key("client"));
    assert_eq!(context["env"]["locale"], "de");
}

#[tokio::test]
async fn allowed_query_parameters_reach_the_target() {
    let house = House::sessionless(|config| {
        config.targets[0].allowed_query_parameters = vec!["version".to_owned()];
    })
    .await;
    let body = json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": { "name": LIST_GROUPS } });
    house.send("POST", "/mcp?version=2%20b&other=1", &[], &body.to_string()).await.result();
    let context = house.gateway.invocations()[0].context.clone();
    assert_eq!(context["custom"]["bedrockAgentCorePropagatedQueryParameters"], json!({ "version": "2 b" }));
}

#[tokio::test]
async fn a_client_context_that_lambda_would_not_take_is_not_sent() {
    let house = House::sessionless(|config| {
        config.targets[0].allowed_request_headers = vec!["x-long".to_owned()];
    })
    .await;
    let body = json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": { "name": LIST_GROUPS } });
    let mut results = Vec::new();
    for length in [1000, 3000] {
        let seen = house.send("POST", "/mcp", &[("x-long", &"a".repeat(length))], &body.to_string()).await;
        results.push(seen.result()["isError"].clone());
    }
    assert_eq!(results, [json!(false), json!(true)]);
    assert_eq!((house.functions.calls("okta-groups"), house.gateway.invocations().len()), (1, 2));
}

#[tokio::test]
async fn a_function_that_fails_or_is_not_there_is_told_in_one_general_sentence() {
    let house = House::sessionless(|config| config.targets[1].function = "nowhere".to_owned()).await;
    house.functions.on("okta-groups", |_| None);
    for tool in [LIST_GROUPS, "people___reset_password"] {
        let seen = house.call(tool, json!({})).await;
        let expected = json!({ "content": [{ "type": "text", "text": INTERNAL }], "isError": true });
        assert_eq!(seen.result(), expected);
        assert!(!seen.text.contains("own words"));
    }
    assert_eq!((house.functions.calls("okta-groups"), house.functions.calls("nowhere")), (1, 1));
}

#[tokio::test]
async fn an_error_object_of_the_function_is_an_answer_like_any_other() {
    let house = House::sessionless(|_| {}).await;
    house.functions.answers("okta-groups", json!({ "error": { "code": "access_denied" } }));
    let result = house.call(LIST_GROUPS, json!({})).await.result();
    assert_eq!(result["isError"], false);
    assert_eq!(result["content"][0]["text"], "{\"error\":{\"code\":\"access_denied\"}}");
}
