//! Several events side by side in one process.

use std::collections::BTreeMap;

use tokio::sync::Barrier;

use super::*;

/// As `served`, by as many lanes as `AWS_LAMBDA_MAX_CONCURRENCY` says.
async fn served_by_many(
    at_once: &str,
    events: Vec<Event>,
    handler: impl AsyncFn(&RawValue, Invocation) -> Value,
) -> (Vec<Posted>, Vec<Value>) {
    let (log, lines) = captured();
    let platform = Platform::start(events).await;
    let settings = settings(&platform.address(), &[("AWS_LAMBDA_MAX_CONCURRENCY", at_once)]);
    let fallback = |event: &RawValue, trouble: Trouble, invocation: &Invocation| json!({ "door": event.get(), "code": trouble.code().name(), "reference": invocation.reference });
    let posted = tokio::select! {
        ended = run(&settings, &log, handler, fallback) => panic!("the loop ended: {ended:?}"),
        posted = platform.all_posted_by_many() => posted,
    };
    let lines = lines.lock().unwrap().clone();
    (posted, lines)
}

fn events(count: usize) -> Vec<Event> {
    (0..count).map(|number| Event::new(&format!("r-{number}"), &number.to_string())).collect()
}

#[tokio::test]
async fn as_many_events_as_the_platform_says_are_answered_side_by_side_each_under_its_own_id() {
    let all_there = Barrier::new(8);
    let handler = async |event: &RawValue, invocation: Invocation| {
        all_there.wait().await;
        json!({ "event": event.get(), "of": invocation.request_id, "cold": invocation.cold })
    };
    let (posted, lines) = served_by_many("8", events(24), handler).await;
    assert!(lines.is_empty(), "{lines:?}");
    for posted in &posted {
        let number = posted.body["event"].as_str().unwrap();
        assert_eq!(posted.body["of"], format!("r-{number}"));
        assert_eq!(posted.path, format!("/2018-06-01/runtime/invocation/r-{number}/response"));
    }
    let numbers: BTreeMap<&str, usize> = posted.iter().map(|posted| (posted.path.as_str(), 1)).collect();
    assert_eq!(numbers.len(), 24, "each once");
    assert_eq!(posted.iter().filter(|posted| posted.body["cold"] == true).count(), 1, "one event is the first");
}

#[tokio::test]
async fn a_panic_and_a_time_out_are_nets_of_their_own_and_the_others_are_answered() {
    let all_there = Barrier::new(3);
    let handler = async |event: &RawValue, invocation: Invocation| {
        let outcome = invocation.outcome("not known");
        match event.get() {
            "0" => outcome.name_tool("panics"),
            "1" => outcome.name_tool("hangs"),
            _ => outcome.name_tool("answers"),
        }
        all_there.wait().await;
        match event.get() {
            "0" => invocation.steps.time("act", async { panic!("secret text") }).await,
            "1" => invocation.steps.time("token", std::future::pending()).await,
            _ => json!("done"),
        }
    };
    let deadline = (clock::milliseconds() + 1500).to_string();
    let mut events = events(3);
    events[1] = Event::new("r-1", "1").with("lambda-runtime-deadline-ms", &deadline);
    let (mut posted, mut lines) = served_by_many("3", events, handler).await;
    posted.sort_by(|one, other| one.path.cmp(&other.path));
    let seen: Vec<&Value> = posted.iter().map(|posted| posted.body.get("code").unwrap_or(&posted.body)).collect();
    assert_eq!(seen, ["internal", "unavailable", "done"]);
    assert_eq!(posted[0].body["reference"], Reference::of_request("r-0").as_str());
    assert_eq!(posted[1].body["reference"], Reference::of_request("r-1").as_str());
    lines.sort_by_key(|line| line["code"].to_string());
    let told: Vec<(&Value, &Value)> = lines.iter().map(|line| (&line["tool"], &line["cause"])).collect();
    let expected = [
        (json!("panics"), json!("handler: panicked in [act]")),
        (json!("hangs"), json!("handler: out of time in [token]")),
    ];
    assert_eq!(told, expected.iter().map(|(tool, cause)| (tool, cause)).collect::<Vec<_>>());
}

#[tokio::test]
async fn one_lane_that_cannot_go_on_ends_the_process_whatever_the_others_do() {
    let event = Event::new("not a path", "{}");
    let (log, _) = captured();
    let platform = Platform::start(vec![event]).await;
    let settings = settings(&platform.address(), &[("AWS_LAMBDA_MAX_CONCURRENCY", "4")]);
    let ended = tokio::select! {
        ended = run(&settings, &log, echo, |_, _, _| Value::Null) => ended,
        _ = platform.all_posted_by_many() => panic!("there is no answer to it"),
    };
    assert_eq!(ended.unwrap_err().to_string(), "answer: the request id does not fit in a URL");
}

#[test]
fn the_number_of_lanes_is_the_platforms_and_64_at_most() {
    for (said, lanes) in [("", 1), ("0", 1), ("1", 1), ("2", 2), ("64", 64), ("65", 64), ("1600", 64)] {
        assert_eq!(settings("127.0.0.1:1", &[("AWS_LAMBDA_MAX_CONCURRENCY", said)]).at_once, lanes, "{said}");
    }
    assert_eq!(settings("127.0.0.1:1", &[]).at_once, 1);
    for said in ["-1", "eight", "8.0", "10001"] {
        let pairs = [("AWS_LAMBDA_RUNTIME_API", "127.0.0.1:1"), ("AWS_LAMBDA_MAX_CONCURRENCY", said)];
        let environment = Environment::from_pairs(pairs);
        let mut reader = Reader::new(&environment);
        let settings = LoopSettings::read(&mut reader);
        let problems = reader.finish(settings.map(|_| ())).unwrap_err();
        assert_eq!(problems.names(), ["AWS_LAMBDA_MAX_CONCURRENCY"], "{said}");
    }
}
