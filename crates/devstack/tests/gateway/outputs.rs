//! What the outputs of interceptors do.

use devstack::gateway::{Config, Point};
use serde_json::{Value, json};

use crate::house::{House, LIST_GROUPS, interceptor};

async fn before(change: impl FnOnce(&mut Config)) -> House {
    House::build(|config| {
        config.session_seconds = None;
        config.request_interceptor = interceptor("before");
        change(config);
    })
    .await
}

fn both(config: &mut Config) {
    config.response_interceptor = interceptor("after");
}

fn denial() -> Value {
    json!({
        "statusCode": 403,
        "headers": { "WWW-Authenticate": "Bearer error=\"insufficient_scope\"" },
        "body": { "jsonrpc": "2.0", "id": 7, "error": { "code": -32003, "message": "not allowed" } },
    })
}

fn versioned(mcp: Value) -> Value {
    json!({ "interceptorOutputVersion": "1.0", "mcp": mcp })
}

fn call_of(tool: &str, arguments: Value) -> Value {
    json!({ "jsonrpc": "2.0", "id": 7, "method": "tools/call", "params": { "name": tool, "arguments": arguments } })
}

#[tokio::test]
async fn a_transformed_request_is_what_the_target_gets() {
    let house = before(|_| {}).await;
    let body = call_of("people___reset_password", json!({ "ticket": "t" }));
    house.functions.answers("before", versioned(json!({ "transformedGatewayRequest": { "body": body } })));
    assert_eq!(house.call(LIST_GROUPS, json!({ "limit": 1 })).await.result()["content"][0]["text"], "\"done\"");
    let invocations = house.gateway.invocations();
    assert_eq!(invocations.len(), 1);
    assert_eq!(
        (invocations[0].tool.as_str(), &invocations[0].event),
        ("people___reset_password", &json!({ "ticket": "t" }))
    );
    assert_eq!(house.gateway.calls()[0].tool.as_deref(), Some(LIST_GROUPS));
}

#[tokio::test]
async fn a_transformed_response_is_the_answer_and_the_target_is_not_called() {
    let house = before(|_| {}).await;
    let both = json!({
        "transformedGatewayRequest": { "body": call_of(LIST_GROUPS, json!({})) },
        "transformedGatewayResponse": denial(),
    });
    house.functions.answers("before", versioned(both));
    let seen = house.call(LIST_GROUPS, json!({})).await;
    assert_eq!((seen.status, seen.error()), (403, (-32003, "not allowed".to_owned())));
    assert_eq!(seen.header("www-authenticate"), Some("Bearer error=\"insufficient_scope\""));
    assert_eq!(seen.header("content-type"), Some("application/json"));
    assert_eq!(house.functions.calls("okta-groups"), 0);
}

#[tokio::test]
async fn after_a_short_circuit_the_response_interceptor_is_called_with_a_null_body() {
    let house = before(both).await;
    house.functions.answers("before", versioned(json!({ "transformedGatewayResponse": denial() })));
    house.functions.answers("after", versioned(json!({})));
    let seen = house.call(LIST_GROUPS, json!({})).await;
    assert_eq!((seen.status, seen.error().0), (403, -32003));
    let last = house.gateway.interceptions().pop().unwrap();
    assert_eq!(last.point, Point::Response);
    assert_eq!(last.event["mcp"]["gatewayResponse"]["body"], Value::Null);
    assert_eq!(last.event["mcp"]["gatewayResponse"]["statusCode"], 403);
    assert!(last.event["mcp"]["gatewayResponse"].as_object().unwrap().contains_key("body"));
}

#[tokio::test]
async fn the_body_after_a_short_circuit_can_be_there() {
    let house = before(|config| {
        both(config);
        config.null_body_after_short_circuit = false;
    })
    .await;
    house.functions.answers("before", versioned(json!({ "transformedGatewayResponse": denial() })));
    house.functions.answers("after", versioned(json!({})));
    house.call(LIST_GROUPS, json!({})).await;
    let last = house.gateway.interceptions().pop().unwrap();
    assert_eq!(last.event["mcp"]["gatewayResponse"]["body"], denial()["body"]);
}

#[tokio::test]
async fn a_response_interceptor_can_turn_a_denial_into_a_success() {
    let house = before(both).await;
    house.functions.answers("before", versioned(json!({ "transformedGatewayResponse": denial() })));
    let success = json!({ "statusCode": 200, "body": { "jsonrpc": "2.0", "id": 7, "result": {} } });
    house.functions.answers("after", versioned(json!({ "transformedGatewayResponse": success })));
    assert_eq!(house.call(LIST_GROUPS, json!({})).await.result(), json!({}));
}

#[tokio::test]
async fn a_response_interceptor_replaces_what_it_names_and_nothing_else() {
    let house = House::sessionless(both).await;
    house.functions.on("after", |event| {
        let mut body = event["mcp"]["gatewayResponse"]["body"].clone();
        body["result"]["tools"].as_array_mut().unwrap().retain(|tool| tool["name"] == LIST_GROUPS);
        Some(versioned(json!({ "transformedGatewayResponse": { "headers": { "X-Seen": "yes" }, "body": body } })))
    });
    let seen = house.ask("tools/list", json!({})).await;
    assert_eq!(
        (seen.status, seen.header("x-seen"), seen.tool_names()),
        (200, Some("yes"), vec![LIST_GROUPS.to_owned()])
    );
}

#[tokio::test]
async fn an_output_without_its_version_is_ignored_and_traffic_passes() {
    let house = before(both).await;
    for output in [
        json!({ "mcp": { "transformedGatewayResponse": denial() } }),
        json!({ "interceptorOutputVersion": "2.0", "mcp": { "transformedGatewayResponse": denial() } }),
        json!({ "interceptorOutputVersion": 1.0, "mcp": { "transformedGatewayResponse": denial() } }),
        json!({}),
        json!(null),
        json!("denied"),
    ] {
        house.functions.answers("before", output.clone());
        house.functions.answers("after", output.clone());
        assert_eq!(house.call(LIST_GROUPS, json!({})).await.result()["isError"], false, "{output}");
    }
    assert_eq!((house.functions.calls("before"), house.functions.calls("okta-groups")), (6, 6));
}

#[tokio::test]
async fn an_output_that_has_its_version_but_no_sense_ends_the_request() {
    let house = before(|_| {}).await;
    for mcp in [
        json!({ "transformedGatewayResponse": "no" }),
        json!({ "transformedGatewayResponse": { "statusCode": "403" } }),
        json!({ "transformedGatewayResponse": { "statusCode": 99 } }),
        json!({ "transformedGatewayRequest": { "headers": { "x": 1 } } }),
        json!({ "transformedGatewayRequest": { "body": "text" } }),
    ] {
        house.functions.answers("before", versioned(mcp.clone()));
        assert_eq!(house.call(LIST_GROUPS, json!({})).await.status, 500, "{mcp}");
    }
    assert_eq!((house.functions.calls("before"), house.functions.calls("okta-groups")), (5, 0));
}

#[tokio::test]
async fn one_function_can_serve_both_points() {
    let house = before(|config| config.response_interceptor = interceptor("before")).await;
    house.functions.on("before", |event| {
        let is_response = event["mcp"].get("gatewayResponse").is_some();
        let change = json!({ "transformedGatewayResponse": { "headers": { "x-after": "yes" } } });
        Some(versioned(if is_response { change } else { json!({}) }))
    });
    let seen = house.call(LIST_GROUPS, json!({})).await;
    assert_eq!((seen.header("x-after"), house.functions.calls("before")), (Some("yes"), 2));
}
