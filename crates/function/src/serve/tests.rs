//! The real loop against a Runtime API that is written here byte by byte.

mod lanes;
mod platform;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use auth::id::Reference;
use auth::subject::Subject;
use serde_json::value::RawValue;
use serde_json::{Value, json};

use self::platform::{Event, Platform, Posted};
use super::{Invocation, LoopSettings, Trouble, run};
use crate::clock;
use crate::settings::{Environment, Reader};
use crate::telemetry::Log;
use crate::trace::Trace;

const TRACEPARENT: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

/// Runs the loop over these events; what was posted, and what was logged.
async fn served(
    events: Vec<Event>,
    handler: impl AsyncFn(&RawValue, Invocation) -> Value,
) -> (Vec<Posted>, Vec<Value>) {
    served_or(events, handler, |event, trouble, invocation| {
        json!({ "door": event.get(), "code": trouble.code().name(), "reference": invocation.reference })
    })
    .await
}

fn captured() -> (Log, Arc<Mutex<Vec<Value>>>) {
    let lines = Arc::new(Mutex::new(Vec::new()));
    let kept = Arc::clone(&lines);
    let write = move |line: &str| {
        let record: Value = serde_json::from_str(line).unwrap();
        // An audit record stands beside each outcome; the tests of telemetry look at it.
        if record["event"] != "audit" {
            kept.lock().unwrap().push(record);
        }
    };
    (Log::to("test", clock::system(), write), lines)
}

fn settings(address: &str, more: &[(&str, &str)]) -> LoopSettings {
    let pairs = [("AWS_LAMBDA_RUNTIME_API", address)].into_iter().chain(more.iter().copied());
    let environment = Environment::from_pairs(pairs);
    let mut reader = Reader::new(&environment);
    let settings = LoopSettings::read(&mut reader);
    reader.finish(settings).unwrap()
}

async fn served_or(
    events: Vec<Event>,
    handler: impl AsyncFn(&RawValue, Invocation) -> Value,
    fallback: impl Fn(&RawValue, Trouble, &Invocation) -> Value,
) -> (Vec<Posted>, Vec<Value>) {
    let (log, lines) = captured();
    let platform = Platform::start(events).await;
    let settings = settings(&platform.address(), &[]);
    let posted = tokio::select! {
        ended = run(&settings, &log, handler, fallback) => panic!("the loop ended: {ended:?}"),
        posted = platform.all_posted() => posted,
    };
    let lines = lines.lock().unwrap().clone();
    (posted, lines)
}

async fn echo(event: &RawValue, invocation: Invocation) -> Value {
    json!({ "event": event.get(), "cold": invocation.cold, "trace": invocation.trace.to_string() })
}

#[tokio::test]
async fn each_event_is_answered_under_its_own_id() {
    let (posted, lines) = served(vec![Event::new("r-1", "{\"a\":1}"), Event::new("r-2", "[]")], echo).await;
    let paths: Vec<&str> = posted.iter().map(|posted| posted.path.as_str()).collect();
    assert_eq!(paths, ["/2018-06-01/runtime/invocation/r-1/response", "/2018-06-01/runtime/invocation/r-2/response"]);
    assert_eq!(posted[0].body["event"], "{\"a\":1}");
    assert_eq!(posted[0].body["cold"], true);
    assert_eq!(posted[1].body["cold"], false);
    assert_eq!(posted[0].body["trace"], Trace::of_request("r-1").to_string());
    assert!(lines.is_empty(), "{lines:?}");
}

#[tokio::test]
async fn the_event_reaches_the_handler_as_it_was_sent() {
    let (posted, _) = served(vec![Event::new("r-1", r#"{"a":1, "a" : 1.0}"#)], echo).await;
    assert_eq!(posted[0].body["event"], r#"{"a":1, "a" : 1.0}"#);
}

#[tokio::test]
async fn an_event_that_is_not_json_is_null_to_the_handler() {
    let (posted, _) = served(vec![Event::new("r-1", "{\"a\":"), Event::new("r-2", "")], echo).await;
    assert_eq!(posted[0].body["event"], "null");
    assert_eq!(posted[1].body["event"], "null");
}

#[tokio::test]
async fn the_invocation_id_comes_back_with_the_answer() {
    let events = vec![Event::new("r-1", "{}").with("lambda-runtime-invocation-id", "i-7"), Event::new("r-2", "{}")];
    let (posted, _) = served(events, echo).await;
    assert_eq!(posted[0].invocation_id.as_deref(), Some("i-7"));
    assert_eq!(posted[1].invocation_id, None);
}

#[tokio::test]
async fn the_caller_s_trace_goes_on() {
    let context = json!({ "custom": { "traceparent": TRACEPARENT } }).to_string();
    let xray = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1";
    let events = vec![
        Event::new("r-1", "{}").with("lambda-runtime-client-context", &context).with("lambda-runtime-trace-id", xray),
        Event::new("r-2", "{}").with("lambda-runtime-trace-id", xray),
    ];
    let (posted, _) = served(events, echo).await;
    assert_eq!(posted[0].body["trace"], Trace::parse(TRACEPARENT).unwrap().child("r-1").to_string());
    assert_eq!(posted[1].body["trace"], Trace::of_xray(xray).unwrap().child("r-2").to_string());
}

#[tokio::test]
async fn a_nested_client_context_does_not_cost_the_answer() {
    let nested =
        r#"{"client":null,"custom":{"bedrockAgentCoreToolName":"t___x","bedrockAgentCorePropagatedHeaders":{}}}"#;
    let tool = async |_: &RawValue, invocation: Invocation| {
        json!(invocation.client_context.custom("bedrockAgentCoreToolName"))
    };
    let events = vec![
        Event::new("r-1", "{}").with("lambda-runtime-client-context", nested),
        Event::new("r-2", "{}").with("lambda-runtime-client-context", "not json"),
    ];
    let (posted, _) = served(events, tool).await;
    assert_eq!(posted[0].body, "t___x");
    assert_eq!(posted[1].body, Value::Null);
}

#[tokio::test]
async fn a_panic_ends_in_the_fallback_s_answer_and_the_loop_goes_on() {
    let handler = async |event: &RawValue, invocation: Invocation| {
        let act = async { assert_ne!(event.get(), "\"boom\"", "secret text") };
        invocation.steps.time("act", act).await;
        json!("done")
    };
    let (posted, lines) = served(vec![Event::new("r-1", "\"boom\""), Event::new("r-2", "1")], handler).await;
    assert_eq!(posted[0].path, "/2018-06-01/runtime/invocation/r-1/response");
    assert_eq!(posted[0].body["door"], "\"boom\"");
    assert_eq!(posted[0].body["code"], "internal");
    assert_eq!(posted[0].body["reference"], Reference::of_request("r-1").as_str());
    assert_eq!(posted[1].body, "done");
    assert_eq!(lines.len(), 1);
    assert_eq!(lines[0]["code"], "internal");
    assert_eq!(lines[0]["cause"], "handler: panicked in [act]");
    assert_eq!(lines[0]["reference"], Reference::of_request("r-1").as_str());
}

#[tokio::test]
async fn what_a_call_had_learned_is_in_its_line_also_after_a_panic() {
    let handler = async |_: &RawValue, invocation: Invocation| -> Value {
        let invocation = invocation.traced_by(Some(TRACEPARENT));
        let outcome = invocation.outcome("not known");
        outcome.name_tool("list_groups");
        outcome.name_subject(&Subject::new("https://tenant.example/", "auth0|alice").unwrap());
        panic!("secret text")
    };
    let (_, lines) = served(vec![Event::new("r-1", "{}")], handler).await;
    assert_eq!(lines.len(), 1);
    assert_eq!(lines[0]["tool"], "list_groups");
    assert_eq!(lines[0]["trace_id"], "0af7651916cd43dd8448eb211c80319c");
    assert_eq!(lines[0]["subject"].as_str().unwrap().len(), 43);
    assert_eq!(lines[0]["agent"], Value::Null);
}

#[tokio::test]
async fn a_handler_that_is_out_of_time_ends_in_the_fallback_s_answer() {
    let handler = async |_: &RawValue, invocation: Invocation| {
        invocation.steps.time("token", std::future::pending::<()>()).await;
        json!("late")
    };
    // What the reserve of half a second leaves is a second.
    let deadline = (clock::milliseconds() + 1500).to_string();
    let event = Event::new("r-1", "{}").with("lambda-runtime-deadline-ms", &deadline);
    let (posted, lines) = served(vec![event], handler).await;
    assert_eq!(posted[0].body["code"], "unavailable");
    assert_eq!(lines[0]["cause"], "handler: out of time in [token]");
}

#[tokio::test]
async fn a_handler_knows_until_when_it_may_run() {
    let left = async |_: &RawValue, invocation: Invocation| json!(invocation.remaining.as_secs_f64());
    let deadline = clock::milliseconds() + 600_000;
    let events = vec![
        Event::new("r-1", "{}").with("lambda-runtime-deadline-ms", &deadline.to_string()),
        Event::new("r-2", "{}").with("lambda-runtime-deadline-ms", "soon"),
    ];
    let (posted, _) = served(events, left).await;
    let first = posted[0].body.as_f64().unwrap();
    assert!(first > 29.5 && first <= 599.5, "{first}");
    assert_eq!(posted[1].body, 29.5);
}

#[tokio::test]
async fn a_fallback_that_panics_too_is_an_error_without_words_of_ours() {
    let fallback = |_: &RawValue, _: Trouble, _: &Invocation| panic!("secret text");
    let handler = async |_: &RawValue, _: Invocation| -> Value { panic!("secret text") };
    let (posted, lines) = served_or(vec![Event::new("r-1", "{}")], handler, fallback).await;
    assert_eq!(posted[0].path, "/2018-06-01/runtime/invocation/r-1/error");
    assert_eq!(posted[0].body["errorType"], "NoAnswer");
    assert!(!posted[0].body.to_string().contains("secret"));
    assert!(!format!("{lines:?}").contains("secret"));
}

#[tokio::test]
async fn an_answer_that_is_not_taken_is_logged_and_the_loop_goes_on() {
    let (posted, lines) = served(vec![Event::new("r-1", "{}").refusing(413), Event::new("r-2", "{}")], echo).await;
    assert_eq!(posted.len(), 2);
    assert_eq!(lines.len(), 1);
    assert_eq!(lines[0]["event"], "answer_refused");
    assert_eq!(lines[0]["status"], 413);
}

#[tokio::test]
async fn a_runtime_api_that_is_gone_ends_the_loop() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    drop(listener);
    let settings = LoopSettings { runtime_api: address.parse().unwrap(), timeout: Duration::from_secs(1), at_once: 1 };
    let log = Log::to("test", clock::system(), |_| {});
    let stopped = run(&settings, &log, echo, |_, _, _| Value::Null).await.unwrap_err();
    assert_eq!(stopped.to_string(), "next event: the runtime API did not answer");
}

#[test]
fn the_loop_s_own_settings_are_checked_like_any_other() {
    let environment = Environment::from_pairs([("AWS_LAMBDA_RUNTIME_API", "/"), ("FUNCTION_TIMEOUT_SECONDS", "901")]);
    let mut reader = Reader::new(&environment);
    let settings = LoopSettings::read(&mut reader);
    let problems = reader.finish(settings.map(|_| ())).unwrap_err();
    let mut names = problems.names();
    names.sort_unstable();
    assert_eq!(names, ["AWS_LAMBDA_RUNTIME_API", "FUNCTION_TIMEOUT_SECONDS"]);
}
