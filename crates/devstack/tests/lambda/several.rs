//! Several calls of one sandbox at once.

use std::time::Duration;

use devstack::lambda::Function;
use serde_json::json;

use super::processes::hang;
use super::{call, echo, hosting};

fn taking(events_at_once: usize) -> Function {
    Function { events_at_once, ..echo() }
}

#[tokio::test]
async fn a_sandbox_takes_as_many_calls_at_once_as_its_function_says_and_its_process_is_told() {
    let host = hosting(taking(3)).await;
    let (one, other) = (hang(&host).await, hang(&host).await);
    assert_eq!(one, other);
    assert_eq!(call(&host, json!({"do": "process"})).await.json(), json!(one), "beside the two that hang");
    let told = call(&host, json!({"do": "environment"})).await.json();
    assert_eq!(told["AWS_LAMBDA_MAX_CONCURRENCY"], "3");
    assert_eq!(host.logs("echo").iter().filter(|line| *line == "started").count(), 1);
    let told = call(&hosting(echo()).await, json!({"do": "environment"})).await.json();
    assert_eq!(told.get("AWS_LAMBDA_MAX_CONCURRENCY"), None);
}

#[tokio::test]
async fn calls_beyond_what_one_sandbox_takes_go_to_another() {
    let host = hosting(Function { concurrency: 2, ..taking(2) }).await;
    let processes = [hang(&host).await, hang(&host).await, hang(&host).await];
    assert_eq!(processes[0], processes[1]);
    assert_ne!(processes[1], processes[2]);
    assert_eq!(call(&host, json!({"do": "process"})).await.json(), json!(processes[2]));
}

#[tokio::test]
async fn calls_that_find_no_sandbox_start_no_more_than_they_need() {
    let host = hosting(Function { concurrency: 4, ..taking(4) }).await;
    let ask = || call(&host, json!({"do": "process"}));
    let (a, b, c, d) = tokio::join!(ask(), ask(), ask(), ask());
    assert_eq!([a.json(), b.json(), c.json()], [d.json(), d.json(), d.json()]);
    assert_eq!(host.logs("echo"), ["started"]);
}

#[tokio::test]
async fn a_process_that_ends_ends_every_call_that_it_had_and_each_is_told_under_its_own_id() {
    let host = hosting(taking(2)).await;
    let hanging = call(&host, json!({"do": "hang"}));
    let exiting = async {
        while !host.logs("echo").iter().any(|line| line.starts_with("hanging")) {
            tokio::task::yield_now().await;
        }
        call(&host, json!({"do": "exit"})).await
    };
    let (hung, exited) = tokio::join!(hanging, exiting);
    for seen in [&hung, &exited] {
        assert_eq!(seen.json()["errorType"], "Runtime.ExitError");
        let id = seen.header("x-amzn-requestid").unwrap();
        assert!(seen.json()["errorMessage"].as_str().unwrap().contains(id));
    }
    assert_ne!(hung.header("x-amzn-requestid"), exited.header("x-amzn-requestid"));
    assert_eq!(call(&host, json!({"do": "error", "text": "next"})).await.json()["errorMessage"], "next");
}

#[tokio::test]
async fn a_call_beyond_its_time_takes_its_process_with_it() {
    let host = hosting(taking(2).within(Duration::from_millis(1500))).await;
    let (one, other) = tokio::join!(call(&host, json!({"do": "hang"})), call(&host, json!({"do": "hang"})));
    let messages = [&one, &other].map(|seen| seen.json()["errorMessage"].as_str().unwrap().to_owned());
    assert!(messages.iter().any(|message| message.ends_with("Task timed out after 1.50 seconds")), "{messages:?}");
    assert_eq!(host.processes("echo"), Vec::<u32>::new());
}
