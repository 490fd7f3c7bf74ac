//! What a caller says beside the event costs no call its answer and no function its process, whatever its shape.

use std::time::Duration;

use acceptance::{World, error_of};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use devstack::lambda::Function;
use serde_json::{Value, json};
use tokio::time::Instant;
use upstream_http::transport::Reply;
use url::Url;

/// Stands wherever a caller's header might.
const CANARY: &str = "Bearer eyJjYW5hcnkiOjF9";

async fn send(world: &World, function: &str, event: &Value, context: Option<&str>) -> Reply {
    let url = format!("{}/2015-03-31/functions/{function}/invocations", world.laptop.stack.lambda.double.url());
    let call = world.laptop.transport.post(Url::parse(&url).unwrap()).json(event).at_most(Duration::from_secs(40));
    let call = match context {
        Some(context) => call.header("x-amz-client-context".parse().unwrap(), context),
        None => call,
    };
    call.send(Instant::now() + Duration::from_secs(40)).await.unwrap()
}

fn contexts() -> Vec<Value> {
    let tool = ("bedrockAgentCoreToolName", json!("okta___list_groups"));
    let custom = |name: &str, value: Value| json!({"custom": {tool.0: tool.1, name: value}});
    let headers = "bedrockAgentCorePropagatedHeaders";
    vec![
        custom(headers, json!({})),
        custom(headers, json!({"Authorization": CANARY, "x-session-id": CANARY})),
        custom(headers, json!({"x-large": format!("{CANARY}{}", "x".repeat(2_400))})),
        custom("nested", json!({"deep": [{"deeper": null}, CANARY]})),
        custom("number", json!(1.5)),
        custom("nothing", Value::Null),
        custom("traceparent", json!({"not": "text"})),
        json!({"client": {"installation_id": CANARY, "app_version_code": 7}, "custom": {}}),
        json!({"client": null, "env": null, "custom": null}),
        json!({"env": {"locale": CANARY, "number": 1}}),
        json!({"custom": [CANARY]}),
        json!({"services": {"mobile": {}}}),
        json!({}),
    ]
}

/// Whether a gateway's own member is there: it chooses the door, and an agent's event is none of that door's.
fn by_gateway(context: &Value) -> bool {
    context["custom"].as_object().is_some_and(|custom| custom.keys().any(|name| name.starts_with("bedrockAgentCore")))
}

#[tokio::test]
async fn a_real_function_answers_with_every_shape_of_context_in_the_same_process_and_logs_none_of_it() {
    let world = World::start().await;
    let alice = world.chatting("alice").await;
    let lambda = &world.laptop.stack.lambda;
    let event = world.call(&alice).0;
    let without = send(&world, "okta-groups", &event, None).await;
    let without: Value = without.json().unwrap();
    assert_eq!(error_of(&without), None);
    let processes = ["okta-groups", "fga-authorizer"].map(|name| lambda.processes(name));
    for context in contexts() {
        let encoded = STANDARD.encode(context.to_string());
        for (function, event) in [("okta-groups", &event), ("fga-authorizer", &json!({}))] {
            let reply = send(&world, function, event, Some(&encoded)).await;
            assert_eq!((reply.status(), reply.header("x-amz-function-error")), (200, None), "{function} {context}");
            if function == "okta-groups" {
                let answer: Value = reply.json().unwrap();
                if by_gateway(&context) {
                    assert_eq!(
                        answer["error"]["code"], "invalid_input",
                        "an agent's event at the gateway's door: {context}"
                    );
                } else {
                    assert_eq!(answer, without, "{context}");
                }
            }
        }
    }
    for refused in ["%%%", &STANDARD.encode("[]"), &STANDARD.encode("{not json"), &"A".repeat(3_600)] {
        let reply = send(&world, "okta-groups", &event, Some(refused)).await;
        assert_eq!(reply.status(), 400, "Lambda takes no such context, and the function never sees it");
    }
    let calls = u64::try_from(contexts().len()).unwrap();
    assert_eq!(lambda.calls("okta-groups"), calls + 1);
    assert_eq!(["okta-groups", "fga-authorizer"].map(|name| lambda.processes(name)), processes);
    assert_eq!(processes.map(|running| running.len()), [1, 1], "none was started beside it");
    let logs = world.logs().join("\n");
    for word in [CANARY, "Propagated", "x-large", "installation_id"] {
        assert!(!logs.contains(word), "{word}");
    }
}

/// A call of the authorizer that is refused before anybody is asked, against one of a program that speaks the Runtime API by
/// a plain socket: what differs is our loop, the parser and the log line.
#[tokio::test]
#[ignore = "it measures, and decides nothing"]
async fn what_the_loop_costs_is_measured() {
    const CALLS: usize = 2_000;
    let world = World::start().await;
    let lambda = &world.laptop.stack.lambda;
    let echo = std::env::current_exe().unwrap();
    let echo = echo.ancestors().nth(2).unwrap().join("devstack-echo");
    lambda.add(Function::new("echo", echo)).unwrap();
    for function in ["echo", "fga-authorizer", "echo", "fga-authorizer"] {
        let mut times = Vec::with_capacity(CALLS);
        for _ in 0..CALLS {
            let begun = Instant::now();
            let reply = send(&world, function, &json!({}), None).await;
            times.push(begun.elapsed());
            assert_eq!(reply.status(), 200);
        }
        times.sort();
        println!("{function}: median {:?}, 99th of 100 {:?}", times[CALLS / 2], times[CALLS * 99 / 100]);
    }
}
