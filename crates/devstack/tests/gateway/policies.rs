//! The policy engine in ENFORCE.

use devstack::gateway::{Config, PolicyEngine, SEARCH, Verdict};
use serde_json::json;

use crate::house::{House, LIST_GROUPS, authorizer, interceptor};
use crate::issuer::{ALICE, Issuer};

const DENIED: &str = "Tool Execution Denied: Tool call not allowed due to policy enforcement \
                      [No policy applies to the request (denied by default).]";

async fn house(engine: PolicyEngine, change: impl FnOnce(&mut Config)) -> (House, Issuer) {
    let issuer = Issuer::start().await;
    let mut house = House::sessionless(|config| {
        config.authorizer = authorizer(&issuer);
        config.policy_engine = Some(engine);
        change(config);
    })
    .await;
    house.token = Some(issuer.token(json!({})));
    (house, issuer)
}

fn only_groups() -> PolicyEngine {
    PolicyEngine::new(|asked| if asked.action == LIST_GROUPS { Verdict::Allow } else { Verdict::Deny(vec![]) })
}

#[tokio::test]
async fn the_engine_is_asked_about_person_tool_gateway_and_arguments() {
    let (house, issuer) = house(only_groups(), |_| {}).await;
    assert_eq!(house.call(LIST_GROUPS, json!({ "limit": 3 })).await.result()["isError"], false);
    let asked = house.gateway.authorizations();
    assert_eq!(asked.len(), 1);
    assert_eq!((asked[0].principal.as_str(), asked[0].action.as_str()), (ALICE, LIST_GROUPS));
    assert_eq!(asked[0].resource, house.gateway.arn());
    assert_eq!(asked[0].input.clone().map(Into::into), Some(json!({ "limit": 3 })));
    assert_eq!(asked[0].tags["scope"], "openid api/read");
    assert_eq!(asked[0].tags["groups"], "[\"one\",\"two\"]");
    assert_eq!(asked[0].tags["iss"], issuer.name());
}

#[tokio::test]
async fn a_denial_is_an_error_in_a_200_and_the_target_is_not_called() {
    let (house, _issuer) = house(only_groups(), |_| {}).await;
    let seen = house.call("people___reset_password", json!({})).await;
    assert_eq!((seen.status, seen.error()), (200, (-32002, DENIED.to_owned())));
    assert_eq!(seen.json()["id"], 7);
    assert_eq!(house.functions.double.requests(), 0);
}

#[tokio::test]
async fn a_policy_that_forbids_is_named() {
    let engine = PolicyEngine::new(|_| Verdict::Deny(vec!["only_admins".to_owned()]));
    let (house, _issuer) = house(engine, |_| {}).await;
    let (code, message) = house.call(LIST_GROUPS, json!({})).await.error();
    assert_eq!(code, -32002);
    assert!(message.ends_with("[Policy evaluation denied due to only_admins]"), "{message}");
}

#[tokio::test]
async fn only_permitted_tools_are_listed_and_pages_are_made_of_those() {
    let (house, _issuer) = house(only_groups(), |config| config.page_size = 1).await;
    let first = house.ask("tools/list", json!({})).await;
    assert_eq!(first.tool_names(), [SEARCH]);
    let second = house.ask("tools/list", json!({ "cursor": first.result()["nextCursor"] })).await;
    assert_eq!((second.tool_names(), second.result().get("nextCursor")), (vec![LIST_GROUPS.to_owned()], None));
    assert!(house.gateway.authorizations().iter().all(|asked| asked.input.is_none()));
}

#[tokio::test]
async fn a_search_finds_what_the_engine_would_deny() {
    let (house, _issuer) = house(only_groups(), |_| {}).await;
    let found = house.call(SEARCH, json!({ "query": "password" })).await.result();
    assert_eq!(found["structuredContent"]["tools"][0]["name"], "people___reset_password");
    assert!(house.gateway.authorizations().is_empty());
}

#[tokio::test]
async fn an_evaluation_that_fails_denies_calls_and_lists() {
    let (house, _issuer) = house(PolicyEngine::new(|_| Verdict::Failure), |_| {}).await;
    for seen in [house.call(LIST_GROUPS, json!({})).await, house.ask("tools/list", json!({})).await] {
        let expected = (-32006, "Tool Execution Denied: Policy Evaluation Internal Failure".to_owned());
        assert_eq!((seen.status, seen.error()), (200, expected));
    }
    assert_eq!(house.functions.double.requests(), 0);
}

#[tokio::test]
async fn without_a_person_there_is_nobody_to_evaluate() {
    let house = House::sessionless(|config| config.policy_engine = Some(only_groups())).await;
    assert_eq!(house.call(LIST_GROUPS, json!({})).await.error().0, -32006);
    let (mut house, issuer) = self::house(only_groups(), |_| {}).await;
    house.token = Some(issuer.token(json!({ "sub": null })));
    assert_eq!(house.call(LIST_GROUPS, json!({})).await.error().0, -32006);
    assert!(house.gateway.authorizations().is_empty());
}

#[tokio::test]
async fn the_engine_sees_arguments_as_the_interceptor_left_them_and_the_inbound_claims() {
    let (house, issuer) = house(only_groups(), |config| config.request_interceptor = interceptor("before")).await;
    let other = issuer.token(json!({ "sub": "auth0|bob", "scope": "api/admin" }));
    house.functions.on("before", move |event| {
        let mut body = event["mcp"]["gatewayRequest"]["body"].clone();
        body["params"]["arguments"]["ticket"] = json!("t");
        let headers = json!({ "Authorization": format!("Bearer {other}") });
        let request = json!({ "headers": headers, "body": body });
        Some(json!({ "interceptorOutputVersion": "1.0", "mcp": { "transformedGatewayRequest": request } }))
    });
    assert_eq!(house.call(LIST_GROUPS, json!({ "limit": 3 })).await.result()["isError"], false);
    let asked = house.gateway.authorizations();
    assert_eq!(asked[0].input.clone().map(Into::into), Some(json!({ "limit": 3, "ticket": "t" })));
    assert_eq!((asked[0].principal.as_str(), asked[0].tags["scope"].as_str()), (ALICE, "openid api/read"));
}

#[tokio::test]
async fn what_is_denied_still_passes_the_response_interceptor() {
    let (house, _issuer) = house(only_groups(), |config| config.response_interceptor = interceptor("after")).await;
    house.functions.answers("after", json!({ "interceptorOutputVersion": "1.0", "mcp": {} }));
    assert_eq!(house.call("people___reset_password", json!({})).await.error().0, -32002);
    let event = house.gateway.interceptions()[0].event.clone();
    assert_eq!(event["mcp"]["gatewayResponse"]["body"]["error"]["code"], -32002);
}
