//! What becomes of the processes behind the calls.

use std::collections::BTreeMap;
use std::time::Duration;

use devstack::lambda::{Function, LambdaHost};
use serde_json::json;

use super::{call, echo, hosting, runs, send};

#[tokio::test]
async fn the_environment_is_the_functions_own_and_lambdas_and_nothing_else() {
    let host = hosting(echo().with("GREETING", "hello").with("AWS_ACCESS_KEY_ID", "given")).await;
    let seen: BTreeMap<String, String> =
        serde_json::from_value(call(&host, json!({"do": "environment"})).await.json()).unwrap();
    assert_eq!(seen["GREETING"], "hello");
    assert_eq!(seen["AWS_ACCESS_KEY_ID"], "given");
    assert_eq!(seen["AWS_LAMBDA_FUNCTION_NAME"], "echo");
    assert_eq!(seen["AWS_LAMBDA_FUNCTION_VERSION"], "$LATEST");
    assert_eq!(seen["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"], "128");
    assert_eq!(seen["AWS_REGION"], "us-east-1");
    let foreign: Vec<_> = seen
        .keys()
        .filter(|name| !name.starts_with("AWS_"))
        .filter(|name| {
            !["GREETING", "PATH", "HOME", "LANG", "TZ", "_HANDLER", "LAMBDA_TASK_ROOT"].contains(&name.as_str())
        })
        .collect();
    assert_eq!(foreign, Vec::<&String>::new());
}

#[tokio::test]
async fn a_process_that_panics_or_exits_is_an_exit_error_and_the_next_call_has_a_new_one() {
    let host = hosting(echo()).await;
    let mut process = call(&host, json!({"do": "process"})).await.json();
    for (event, status) in [(json!({"do": "exit"}), "7"), (json!({"do": "panic", "text": "gone"}), "101")] {
        let seen = call(&host, event).await;
        assert_eq!(seen.status, 200);
        assert_eq!(seen.header("x-amz-function-error"), Some("Unhandled"));
        assert_eq!(seen.json()["errorType"], "Runtime.ExitError");
        let id = seen.header("x-amzn-requestid").unwrap();
        let told = format!("RequestId: {id} Error: Runtime exited with error: exit status: {status}");
        assert_eq!(seen.json()["errorMessage"], told);
        let next = call(&host, json!({"do": "process"})).await;
        assert_eq!(next.header("x-amz-function-error"), None);
        assert_ne!(next.json(), process);
        process = next.json();
    }
}

#[tokio::test]
async fn a_process_that_ends_between_two_calls_is_replaced_without_an_error() {
    let host = hosting(echo()).await;
    for _ in 0..5 {
        let seen = call(&host, json!({"do": "answer and exit"})).await;
        assert_eq!((seen.status, seen.header("x-amz-function-error")), (200, None));
    }
    assert_eq!(host.logs("echo"), ["started"; 5]);
}

#[tokio::test]
async fn a_call_beyond_its_time_is_told_so_and_its_process_is_killed() {
    let host = hosting(echo().within(Duration::from_millis(1500))).await;
    let process = call(&host, json!({"do": "process"})).await.json();
    let seen = call(&host, json!({"do": "hang"})).await;
    assert_eq!(seen.status, 200);
    assert_eq!(seen.header("x-amz-function-error"), Some("Unhandled"));
    let message = seen.json()["errorMessage"].as_str().unwrap().to_owned();
    let id = seen.header("x-amzn-requestid").unwrap();
    assert!(message.ends_with(&format!("Z {id} Task timed out after 1.50 seconds")), "{message}");
    assert_eq!(seen.json().get("errorType"), None);
    assert!(!runs(process.as_u64().unwrap()));
    assert_ne!(call(&host, json!({"do": "process"})).await.json(), process);
}

#[tokio::test]
async fn a_process_that_cannot_start_answers_the_call_with_the_reason() {
    let host = hosting(echo().with("ECHO_START", "exit")).await;
    let seen = call(&host, json!({})).await;
    assert_eq!((seen.status, seen.header("x-amz-function-error")), (200, Some("Unhandled")));
    assert_eq!(seen.json()["errorType"], "Runtime.ExitError");
    assert_eq!(host.logs("echo"), ["no start"]);

    assert!(host.set_environment("echo", BTreeMap::from([("ECHO_START".to_owned(), "error".to_owned())])));
    assert_eq!(call(&host, json!({})).await.json(), json!({"errorType": "Echo.Start", "errorMessage": "no start"}));
    assert_eq!(host.warm("echo").await.unwrap_err(), r#"{"errorMessage":"no start","errorType":"Echo.Start"}"#);

    host.add(Function::new("absent", "/nonexistent/bootstrap")).unwrap();
    let absent = send(&host, "absent", &[], "{}").await;
    assert_eq!(absent.json()["errorType"], "Runtime.InvalidEntrypoint");
}

#[tokio::test]
async fn an_event_call_is_accepted_and_runs_while_a_dry_run_does_not() {
    let host = hosting(echo()).await;
    let dry = send(&host, "echo", &[("x-amz-invocation-type", "DryRun")], "{}").await;
    assert_eq!((dry.status, dry.body.len()), (204, 0));
    assert_eq!(host.logs("echo"), Vec::<String>::new());
    let event = json!({"do": "print", "text": "in the background"}).to_string();
    let accepted = send(&host, "echo", &[("x-amz-invocation-type", "Event")], event).await;
    assert_eq!((accepted.status, accepted.body.len()), (202, 0));
    // One sandbox: this call waits until the one before it has ended.
    call(&host, json!({})).await;
    assert_eq!(host.logs("echo"), ["started", "in the background", "in the background on the other stream"]);
}

#[tokio::test]
async fn a_new_environment_takes_a_new_process_and_a_removed_function_is_not_found() {
    let host = hosting(echo().with("COLOUR", "blue")).await;
    let first = call(&host, json!({"do": "environment"})).await.json();
    host.set_environment("echo", BTreeMap::from([("COLOUR".to_owned(), "red".to_owned())]));
    let second = call(&host, json!({"do": "environment"})).await.json();
    assert_eq!((&first["COLOUR"], &second["COLOUR"]), (&json!("blue"), &json!("red")));
    let processes = host.processes("echo");
    assert_eq!(processes.len(), 1);
    assert!(host.remove("echo"));
    assert_eq!(call(&host, json!({})).await.status, 404);
    assert!(!host.set_environment("echo", BTreeMap::new()));
}

#[tokio::test]
async fn calls_queue_for_one_sandbox_and_spread_over_two() {
    let host = hosting(echo()).await;
    let hold = || call(&host, json!({"do": "process"}));
    let (a, b, c) = tokio::join!(hold(), hold(), hold());
    assert_eq!([a.json(), b.json()], [c.json(), c.json()]);
    assert_eq!(host.logs("echo"), ["started"]);

    let wide = hosting(Function { concurrency: 2, ..echo() }).await;
    let stuck = hang(&wide).await;
    let free = call(&wide, json!({"do": "process"})).await.json();
    assert_ne!(free, json!(stuck));
}

#[tokio::test]
async fn every_process_dies_with_the_host() {
    let host = hosting(Function { concurrency: 2, ..echo() }).await;
    let busy = hang(&host).await;
    let idle = call(&host, json!({"do": "process"})).await.json().as_u64().unwrap();
    assert!(runs(busy) && runs(idle) && busy != idle);
    drop(host);
    while runs(busy) || runs(idle) {
        tokio::task::yield_now().await;
    }
}

/// Lets a call hang, and tells its process.
pub(super) async fn hang(host: &LambdaHost) -> u64 {
    let hanging = || -> Vec<u64> {
        let lines = host.logs("echo");
        lines.iter().filter_map(|line| line.strip_prefix("hanging: ")).map(|line| line.parse().unwrap()).collect()
    };
    let before = hanging().len();
    send(host, "echo", &[("x-amz-invocation-type", "Event")], r#"{"do":"hang"}"#).await;
    loop {
        if let Some(process) = hanging().get(before) {
            return *process;
        }
        tokio::task::yield_now().await;
    }
}
