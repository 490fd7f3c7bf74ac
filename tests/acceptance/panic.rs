//! A tool that panics, or does not end, still ends in a valid answer of the door that its call came through.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use acceptance::{World, body_of, invocation};
use auth::decision::Check;
use auth::mandate::Asks;
use auth::refusal::{Code, Refusal};
use auth::session::Session;
use devstack::stack::AGENT;
use function::serve::{Invocation, Trouble, answer};
use function::telemetry::Log;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};
use tool::answer::Answer;
use tool::declaration::{Declared, Effect};
use tool::guard;
use tool::tool::{Acting, Tool};

const SECRET: &str = "what-the-panic-says";
const TRACE_ID: &str = "0af7651916cd43dd8448eb211c80319c";

/// A tool that has a bug.
struct Broken;

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Args {
    /// Where it breaks: `question`, `act` or `never ends`.
    place: String,
}

impl Asks<Args> for Broken {
    fn question(&self, session: &Session, args: &Args) -> Result<Check, Refusal> {
        assert!(args.place != "question", "{SECRET}");
        let user = session.subject().encoded();
        Check::new(&user, "read_okta", "okta:groups").map_err(|problem| Refusal::new(Code::Internal, problem))
    }
}

impl Declared for Broken {
    type Args = Args;

    const NAME: &'static str = "list_groups";
    const DESCRIPTION: &'static str = "Breaks.";
    const EFFECT: Effect = Effect::Reads;
    const SCOPES: &'static str = "okta.users.read";
    const GATEWAY_SCOPES: &'static str = "api/read";
}

impl Tool for Broken {
    async fn act(&self, mut acting: Acting<'_, Args>) -> Result<Answer, Refusal> {
        acting.token().await?;
        if acting.mandate.args().place == "act" {
            panic!("{SECRET}");
        }
        std::future::pending().await
    }
}

/// The answer to a call that breaks at `place`, and what was logged.
async fn broken(world: &World, place: &str, openapi: bool, time: Duration) -> (Value, String) {
    let alice = world.chatting("alice").await;
    let traceparent = format!("00-{TRACE_ID}-b7ad6b7169203331-01");
    let event = world.call(&alice).with("place", place);
    let event = event.bent("/sessionAttributes/traceparent", json!(traceparent));
    let event = if openapi { event.by_openapi() } else { event };
    let (house, tools, _) = world.house(Broken::SCOPES).await;
    let tools = tools.with(Broken).unwrap();
    let lines = Arc::new(Mutex::new(String::new()));
    let kept = Arc::clone(&lines);
    let log = Log::to("okta-groups", world.laptop.clock.clone(), move |line| {
        let mut lines = kept.lock().unwrap();
        lines.push_str(line);
        lines.push('\n');
    });
    let handler = async |event: &RawValue, invocation: Invocation| {
        guard::answer(&house, &tools, event.get(), &invocation).await.0
    };
    let fallback =
        |event: &RawValue, trouble: Trouble, invocation: &Invocation| guard::give_up(event.get(), trouble, invocation);
    let event = RawValue::from_string(event.0.to_string()).unwrap();
    let answer = answer(&event, invocation(time), &log, &handler, &fallback).await;
    let lines = lines.lock().unwrap().clone();
    (answer.expect("there is an answer"), lines)
}

#[tokio::test]
async fn a_panic_in_a_tool_ends_in_a_valid_answer_of_its_door() {
    let world = World::start().await;
    for place in ["question", "act"] {
        for openapi in [false, true] {
            let (answer, logged) = broken(&world, place, openapi, Duration::from_secs(10)).await;
            is_a_refusal(&answer, openapi, "internal", 500);
            assert!(!answer.to_string().contains(SECRET) && !logged.contains(SECRET), "{logged}");
            assert_eq!(logged.matches("\"code\":\"internal\"").count(), 1, "{logged}");
            names_its_call(&logged);
            assert!(place != "act" || logged.contains("panicked in [act]"), "{logged}");
        }
    }
    assert_eq!(world.counts().okta, 0);
}

#[tokio::test]
async fn a_tool_that_does_not_end_is_stopped_and_answered_for() {
    let world = World::start().await;
    for openapi in [false, true] {
        let (answer, logged) = broken(&world, "never ends", openapi, Duration::from_secs(2)).await;
        is_a_refusal(&answer, openapi, "unavailable", 503);
        assert!(logged.contains("out of time in [act]"), "{logged}");
        names_its_call(&logged);
    }
}

/// The one outcome in the log says whose call it was, of which tool, and in which trace.
fn names_its_call(logged: &str) {
    let records: Vec<Value> = logged.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let outcomes: Vec<&Value> = records.iter().filter(|record| record["event"] == "outcome").collect();
    assert_eq!(outcomes.len(), 1, "{logged}");
    let audits: Vec<&Value> = records.iter().filter(|record| record["event"] == "audit").collect();
    assert_eq!(audits.len(), 1, "{logged}");
    assert_eq!(audits[0]["record"]["status_code"], outcomes[0]["code"]);
    assert_eq!(audits[0]["record"]["status_detail"], outcomes[0]["cause"]);
    assert_eq!(audits[0]["record"]["actor"]["user"]["uid"], outcomes[0]["subject"]);
    let outcome = outcomes[0];
    assert_eq!(outcome["tool"], "list_groups");
    assert_eq!(outcome["trace_id"], TRACE_ID);
    assert_eq!(outcome["agent"], json!({"id": AGENT.0, "alias": AGENT.1}));
    for hash in ["subject", "session"] {
        assert_eq!(outcome[hash].as_str().map(str::len), Some(43), "{hash}: {logged}");
    }
}

fn is_a_refusal(answer: &Value, openapi: bool, code: &str, status: u64) {
    let response = &answer["response"];
    assert_eq!(answer["messageVersion"], "1.0");
    assert_eq!(response["actionGroup"], "okta-groups");
    if openapi {
        assert_eq!(response["apiPath"], "/list_groups");
        assert_eq!(response["httpMethod"], "GET");
        assert_eq!(response["httpStatusCode"], status);
    } else {
        assert_eq!(response["function"], "list_groups");
        assert!(response["functionResponse"].get("responseState").is_none(), "the agent relays it");
    }
    let body = body_of(answer);
    assert_eq!(body["error"], code);
    assert!(body["message"].is_string() && body["reference"].is_string(), "{body}");
}
