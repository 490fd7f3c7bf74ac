//! Headers that the REQUEST interceptor puts in, and those of the client that go on.

use devstack::gateway::{Config, PolicyEngine, Verdict};
use serde_json::{Value, json};

use crate::house::{House, LIST_GROUPS, authorizer, interceptor};
use crate::issuer::Issuer;

fn injecting(headers: &Value) -> Value {
    json!({ "interceptorOutputVersion": "1.0", "mcp": { "transformedGatewayRequest": { "headers": headers } } })
}

async fn house(change: impl FnOnce(&mut Config)) -> House {
    House::sessionless(|config| {
        config.request_interceptor = interceptor("before");
        config.targets[0].allowed_request_headers = vec!["X-Tenant-Id".to_owned(), "x-other".to_owned()];
        change(config);
    })
    .await
}

async fn propagated(house: &House, client: &[(&str, &str)], injected: Value) -> Value {
    house.functions.answers("before", injecting(&injected));
    let body = json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": { "name": LIST_GROUPS } });
    house.send("POST", "/mcp", client, &body.to_string()).await.result();
    house.gateway.invocations().pop().unwrap().context["custom"]["bedrockAgentCorePropagatedHeaders"].clone()
}

#[tokio::test]
async fn only_allowed_headers_and_the_injected_authorization_reach_the_target() {
    let house = house(|_| {}).await;
    let client = [("x-tenant-id", "of-client"), ("authorization", "Bearer of-client"), ("x-else", "1")];
    assert_eq!(propagated(&house, &client, json!({})).await, json!({ "X-Tenant-Id": "of-client" }));
    let injected = json!({ "authorization": "Bearer a", "x-else": "2", "X-OTHER": "3" });
    let expected = json!({ "Authorization": "Bearer a", "X-Tenant-Id": "of-client", "x-other": "3" });
    assert_eq!(propagated(&house, &client, injected).await, expected);
}

#[tokio::test]
async fn the_interceptors_value_wins_over_the_clients() {
    let house = house(|_| {}).await;
    let seen = propagated(&house, &[("x-tenant-id", "of-client")], json!({ "x-tenant-id": "of-interceptor" })).await;
    assert_eq!(seen, json!({ "X-Tenant-Id": "of-interceptor" }));
}

#[tokio::test]
async fn a_value_that_breaks_the_rules_is_left_out() {
    let house = house(|_| {}).await;
    for value in ["grün".to_owned(), "a\nb".to_owned(), "a".repeat(4097)] {
        assert_eq!(propagated(&house, &[], json!({ "x-tenant-id": value })).await, json!({}));
    }
}

#[tokio::test]
async fn an_injected_authorization_that_is_no_jwt_breaks_the_policy_step_and_the_list() {
    let issuer = Issuer::start().await;
    let engine = PolicyEngine::new(|_| Verdict::Allow);
    let mut house = house(|config| {
        config.authorizer = authorizer(&issuer);
        config.policy_engine = Some(engine);
    })
    .await;
    house.token = Some(issuer.token(json!({})));
    for value in ["Bearer opaque", "opaque", "Bearer a.b.c", "Basic eyJ9.eyJ9.x"] {
        house.functions.answers("before", injecting(&json!({ "Authorization": value })));
        for seen in [house.call(LIST_GROUPS, json!({})).await, house.ask("tools/list", json!({})).await] {
            assert!(seen.error().1.ends_with("Policy Evaluation Internal Failure"), "{value}");
        }
    }
    assert!(house.gateway.authorizations().is_empty());
    assert_eq!(house.functions.calls("okta-groups"), 0);
    let jwt = format!("Bearer {}", issuer.token(json!({ "iss": "https://elsewhere.example/" })));
    house.functions.answers("before", injecting(&json!({ "Authorization": jwt })));
    assert_eq!(house.call(LIST_GROUPS, json!({})).await.result()["isError"], false);
}
