//! When interceptors are called, and with what.

use devstack::gateway::{Config, Gateway, Interceptor, Point, RequestHeaders};
use serde_json::{Value, json};

use crate::house::{House, LIST_GROUPS, interceptor};

/// One function at both points, which says nothing.
async fn house(change: impl FnOnce(&mut Config)) -> House {
    House::build(|config| {
        config.request_interceptor = interceptor("interceptor");
        config.response_interceptor = interceptor("interceptor");
        change(config);
    })
    .await
}

fn points(gateway: &Gateway) -> Vec<Point> {
    gateway.interceptions().iter().map(|seen| seen.point).collect()
}

#[tokio::test]
async fn both_are_called_for_every_method() {
    let mut house = house(|_| {}).await;
    house.open().await;
    for method in ["ping", "tools/list", "tools/call", "resources/list"] {
        house.ask(method, json!({})).await;
    }
    house.post(r#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#).await;
    let seen = house.gateway.interceptions();
    let asked: Vec<(Point, &str)> = seen
        .iter()
        .map(|seen| (seen.point, seen.event["mcp"]["gatewayRequest"]["body"]["method"].as_str().unwrap()))
        .collect();
    let methods = ["initialize", "ping", "tools/list", "tools/call", "resources/list", "notifications/initialized"];
    let expected: Vec<_> =
        methods.iter().flat_map(|method| [(Point::Request, *method), (Point::Response, *method)]).collect();
    assert_eq!(asked, expected);
    assert_eq!(seen[11].event["mcp"]["gatewayResponse"]["body"], Value::Null);
    assert_eq!(seen[11].event["mcp"]["gatewayResponse"]["statusCode"], 202);
}

#[tokio::test]
async fn the_request_event_holds_the_message_twice_the_headers_and_a_null_context() {
    let house = house(|_| {}).await;
    let raw = r#"{"jsonrpc": "2.0","id":"x","method":"tools/call","params":{"name":"okta___list_groups","arguments":{"limit":2}}}"#;
    house.post(raw).await;
    let event = house.gateway.interceptions()[0].event.clone();
    let headers = event["mcp"]["gatewayRequest"]["headers"].clone();
    assert_eq!(headers["Accept"], "application/json, text/event-stream");
    assert_eq!(headers["Content-Type"], "application/json");
    assert_eq!(headers["Mcp-Session-Id"], house.session.clone().unwrap());
    let expected = json!({
        "interceptorInputVersion": "1.0",
        "mcp": {
            "rawGatewayRequest": { "body": raw },
            "gatewayRequest": {
                "path": "/mcp",
                "httpMethod": "POST",
                "headers": headers,
                "body": serde_json::from_str::<Value>(raw).unwrap(),
                "context": null,
            },
        },
    });
    assert_eq!(event, expected);
}

#[tokio::test]
async fn of_a_member_that_is_there_twice_the_parsed_body_has_the_last_and_the_raw_one_both() {
    let house = house(|_| {}).await;
    let raw = r#"{"jsonrpc":"2.0","id":7,"method":"ping","method":"tools/list"}"#;
    assert_eq!(house.post(raw).await.tool_names().len(), 4);
    let event = house.gateway.interceptions()[0].event.clone();
    assert_eq!(event["mcp"]["gatewayRequest"]["body"]["method"], "tools/list");
    assert_eq!(event["mcp"]["rawGatewayRequest"]["body"], raw);
}

#[tokio::test]
async fn the_response_event_holds_the_answer_too() {
    let house = house(|_| {}).await;
    let answer = house.call(LIST_GROUPS, json!({ "limit": 2 })).await.json();
    let seen = house.gateway.interceptions();
    let response = seen[1].event["mcp"]["gatewayResponse"].clone();
    assert_eq!(response, json!({ "statusCode": 200, "headers": {}, "body": answer }));
    assert_eq!(seen[1].event["mcp"]["gatewayRequest"], seen[0].event["mcp"]["gatewayRequest"]);
    assert_eq!(seen[1].event["mcp"]["rawGatewayRequest"], seen[0].event["mcp"]["rawGatewayRequest"]);
}

#[tokio::test]
async fn a_new_session_is_told_to_the_response_interceptor() {
    let mut house = house(|_| {}).await;
    house.open().await;
    let seen = house.gateway.interceptions();
    let told = &seen.last().unwrap().event["mcp"]["gatewayResponse"]["headers"]["Mcp-Session-Id"];
    assert_eq!(told, &json!(house.session.clone().unwrap()));
}

#[tokio::test]
async fn headers_can_be_in_lower_case_absent_or_empty() {
    for (how, expected) in [
        (RequestHeaders::LowerCase, Some(json!("application/json, text/event-stream"))),
        (RequestHeaders::Empty, Some(Value::Null)),
        (RequestHeaders::Absent, None),
    ] {
        let given = Interceptor { function: "interceptor".to_owned(), request_headers: how };
        let house = house(|config| config.request_interceptor = Some(given)).await;
        house.ask("ping", json!({})).await;
        let request = house.gateway.interceptions()[0].event["mcp"]["gatewayRequest"].clone();
        assert_eq!(request.get("headers").map(|headers| headers["accept"].clone()), expected, "{how:?}");
    }
}

#[tokio::test]
async fn they_see_nothing_of_what_is_refused_before_them() {
    let house = house(|_| {}).await;
    house.post("{").await;
    house.post(r#"[{"jsonrpc":"2.0","id":1,"method":"ping"}]"#).await;
    let mut stranger = house;
    stranger.session = None;
    stranger.ask("ping", json!({})).await;
    assert!(stranger.gateway.interceptions().is_empty());
}

#[tokio::test]
async fn one_that_fails_is_called_once_more_and_its_second_answer_counts() {
    let house = house(|_| {}).await;
    let first = std::sync::atomic::AtomicBool::new(true);
    house.functions.on("interceptor", move |_| {
        let fails = first.swap(false, std::sync::atomic::Ordering::SeqCst);
        (!fails).then(|| json!({ "interceptorOutputVersion": "1.0", "mcp": {} }))
    });
    assert_eq!(house.call(LIST_GROUPS, json!({})).await.result()["isError"], false);
    assert_eq!(points(&house.gateway), [Point::Request, Point::Request, Point::Response]);
    let seen = house.gateway.interceptions();
    assert_eq!((seen[0].output.is_none(), &seen[0].event), (true, &seen[1].event));
    assert_eq!(house.functions.calls("okta-groups"), 1);
}

#[tokio::test]
async fn one_that_fails_twice_before_the_target_ends_the_request() {
    let house = house(|_| {}).await;
    house.functions.on("interceptor", |_| None);
    let seen = house.call(LIST_GROUPS, json!({})).await;
    assert_eq!((seen.status, seen.error().0, &seen.json()["id"]), (500, -32603, &json!(7)));
    assert!(!seen.text.contains("own words"));
    assert_eq!(points(&house.gateway), [Point::Request, Point::Request]);
    assert_eq!(house.functions.calls("okta-groups"), 0);
}

#[tokio::test]
async fn one_that_fails_twice_behind_the_target_keeps_its_answer_back() {
    let house = House::sessionless(|config| config.response_interceptor = interceptor("broken")).await;
    house.functions.on("broken", |_| None);
    let seen = house.call(LIST_GROUPS, json!({})).await;
    assert_eq!((seen.status, seen.error().0), (500, -32603));
    assert_eq!((house.functions.calls("okta-groups"), house.functions.calls("broken")), (1, 2));
}

#[tokio::test]
async fn one_that_is_not_there_or_hangs_has_failed() {
    let house = House::sessionless(|config| config.request_interceptor = interceptor("nowhere")).await;
    assert_eq!(house.ask("ping", json!({})).await.status, 500);
    assert_eq!(house.functions.calls("nowhere"), 2);

    let house = House::sessionless(|config| {
        config.request_interceptor = interceptor("interceptor");
        config.call_limit = std::time::Duration::from_millis(20);
    })
    .await;
    let effect = devstack::fault::Effect::Hang;
    house.functions.double.fault(devstack::fault::Fault { on: String::new(), times: None, skip: 0, effect });
    assert_eq!(house.ask("ping", json!({})).await.status, 500);
    assert_eq!(points(&house.gateway), [Point::Request, Point::Request]);
}
