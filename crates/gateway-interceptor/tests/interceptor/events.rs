//! Events of any shape, about good and bad tokens.

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value, json};

use crate::scene::{Scene, call, event, message, token, told};

/// Places in an event, and what may stand there instead.
const PLACES: [&str; 14] = [
    "/interceptorInputVersion",
    "/mcp",
    "/mcp/rawGatewayRequest",
    "/mcp/rawGatewayRequest/body",
    "/mcp/gatewayRequest",
    "/mcp/gatewayRequest/headers",
    "/mcp/gatewayRequest/headers/Authorization",
    "/mcp/gatewayRequest/headers/x-session-id",
    "/mcp/gatewayRequest/body",
    "/mcp/gatewayRequest/body/id",
    "/mcp/gatewayRequest/body/method",
    "/mcp/gatewayRequest/body/params",
    "/mcp/gatewayRequest/body/params/name",
    "/mcp/gatewayRequest/body/params/arguments",
];

fn value() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
        "[a-z_/]{0,20}".prop_map(Value::from),
        Just(json!([])),
        Just(json!({})),
        Just(json!({"mandate_ticket": "x"})),
        Just(json!({"user": "bob@example.com"})),
        Just(json!("okta-changes___reset_password")),
        Just(json!("tools/call")),
        Just(json!("resources/read")),
    ]
}

#[derive(Clone, Debug)]
struct Bent {
    body: usize,
    good: bool,
    raw_too: bool,
    answer: Option<(u16, Value)>,
    at: Vec<(usize, Value)>,
    cut: Option<usize>,
}

fn bent() -> impl Strategy<Value = Bent> {
    let at = prop::collection::vec((0..PLACES.len(), value()), 0..3);
    let answer = prop::option::of((prop_oneof![Just(200_u16), Just(403), Just(500)], value()));
    let cut = prop_oneof![9 => Just(None), 1 => (0..400_usize).prop_map(Some)];
    (0..5_usize, any::<bool>(), any::<bool>(), answer, at, cut)
        .prop_map(|(body, good, raw_too, answer, at, cut)| Bent { body, good, raw_too, answer, at, cut })
}

fn text_of(bent: &Bent, good: &str) -> String {
    let bodies = [
        call("okta-groups___list_groups", &json!({"user": "bob@example.com"})),
        call("okta-changes___reset_password", &json!({"user": "bob@example.com"})),
        call("x_amz_bedrock_agentcore_search", &json!({"query": "q"})),
        message("tools/list", &json!({})),
        message("initialize", &json!({})),
    ];
    let token = if bent.good { good } else { "a.b.c" };
    let mut event = event(token, &bodies[bent.body]);
    for (place, value) in &bent.at {
        if let Some(member) = event.pointer_mut(PLACES[*place]) {
            *member = value.clone();
        }
    }
    if bent.raw_too
        && let Some(body) = event.pointer("/mcp/gatewayRequest/body").cloned()
        && let Some(raw) = event.pointer_mut("/mcp/rawGatewayRequest/body")
    {
        *raw = json!(body.to_string());
    }
    if let (Some((status, body)), Some(mcp)) = (&bent.answer, event.get_mut("mcp").and_then(Value::as_object_mut)) {
        mcp.insert("gatewayResponse".to_owned(), json!({"statusCode": status, "headers": {}, "body": body}));
    }
    let text = event.to_string();
    bent.cut.map_or_else(|| text.clone(), |cut| text.chars().take(cut).collect())
}

/// Nothing goes on unless the token is good, a call only to the one tool that its scope opens, and every output has its
/// version.
fn hold(cases: u32) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let (scene, good) = (runtime.block_on(Scene::start()), token("api/read"));
    let mut runner = TestRunner::new(Config { cases, failure_persistence: None, ..Config::default() });
    let outcome = runner.run(&bent(), |bent| {
        let text = text_of(&bent, &good);
        let output = runtime.block_on(scene.answer(&text));
        if let Ok(transformed) = told(&output)
            && output["mcp"].get("transformedGatewayRequest").is_some()
        {
            prop_assert!(text.contains(&good), "no token");
            let body = &transformed["body"];
            let method = body["method"].as_str().unwrap();
            let known =
                ["initialize", "server/discover", "ping", "notifications/initialized", "tools/list", "tools/call"];
            prop_assert!(known.contains(&method));
            if method == "tools/call" {
                let name = body["params"]["name"].as_str().unwrap();
                prop_assert!(["okta-groups___list_groups", "x_amz_bedrock_agentcore_search"].contains(&name), "{name}");
                prop_assert!(!output.to_string().contains(&good), "the caller's token");
            }
        }
        Ok(())
    });
    outcome.unwrap();
    assert!(scene.fetches() <= 1);
}

// M06, M09, M12
#[test]
fn no_event_passes_undecided_or_without_a_version() {
    hold(2_000);
}

// M06, M09, M12
#[test]
#[ignore = "ten seconds; run by `make rounds`"]
fn a_hundred_thousand_events_neither() {
    hold(100_000);
}
