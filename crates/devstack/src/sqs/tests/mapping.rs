//! The mapping, with a stand-in for the Invoke API that notes each event and answers what it is told.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use serde_json::json;
use tokio::sync::Barrier;

use super::*;
use crate::double::Double;
use crate::sqs::{Batch, Mapping};

#[derive(Clone, Default)]
struct Worker {
    events: Arc<Mutex<Vec<Value>>>,
    /// Bodies of messages that fail, each time.
    poison: Vec<&'static str>,
    /// Fails whole.
    broken: bool,
    /// Each call waits here for another.
    meeting: Option<Arc<Barrier>>,
}

impl Worker {
    async fn serve(&self) -> Double {
        let path = "/2015-03-31/functions/{name}/invocations";
        Double::serve("worker", wire::listener().await, Router::new().route(path, post(work)).with_state(self.clone()))
            .unwrap()
    }

    fn events(&self) -> Vec<Value> {
        self.events.lock().unwrap().clone()
    }

    /// The bodies of each call.
    fn bodies(&self) -> Vec<Vec<String>> {
        let body = |record: &Value| record["body"].as_str().unwrap().to_owned();
        self.events().iter().map(|event| event["Records"].as_array().unwrap().iter().map(body).collect()).collect()
    }
}

async fn work(State(worker): State<Worker>, Path(name): Path<String>, event: Bytes) -> Response {
    assert_eq!(name, "worker");
    let event: Value = serde_json::from_slice(&event).unwrap();
    let records = event["Records"].as_array().unwrap();
    let failed = records.iter().filter(|record| worker.poison.contains(&record["body"].as_str().unwrap()));
    let failed: Vec<_> = failed.map(|record| json!({ "itemIdentifier": record["messageId"] })).collect();
    worker.events.lock().unwrap().push(event);
    if let Some(meeting) = &worker.meeting {
        meeting.wait().await;
    }
    if worker.broken {
        return ([("x-amz-function-error", "Unhandled")], r#"{"errorMessage":"no"}"#).into_response();
    }
    json!({ "batchItemFailures": failed }).to_string().into_response()
}

#[tokio::test]
async fn the_function_gets_the_event_that_lambda_gives_and_the_messages_are_deleted() {
    let (sqs, worker) = (service().await, Worker::default());
    let lambda = worker.serve().await;
    let attributes = json!({ "kind": { "DataType": "String", "StringValue": "poll" } });
    let sent = done(&sqs, "SendMessage", json!({ "MessageBody": "hello", "MessageAttributes": attributes })).await;
    let source = sqs.map(Mapping::new("work", "worker", lambda.url())).unwrap();
    let id = sent["MessageId"].as_str().unwrap().to_owned();
    assert_eq!(source.until(1).await, [Batch { messages: vec![id], failed: vec![], reason: None }]);
    assert_eq!(sqs.counts("work").total(), 0);
    let mut record = worker.events()[0]["Records"][0].clone();
    let mut take = |pointer: &str| record.pointer_mut(pointer).unwrap().take();
    assert!(take("/receiptHandle").is_string());
    let times = [take("/attributes/SentTimestamp"), take("/attributes/ApproximateFirstReceiveTimestamp")];
    assert_eq!(times.map(|time| time.as_str().unwrap().len()), [13, 13]);
    let expected = json!({
        "messageId": sent["MessageId"], "receiptHandle": null, "body": "hello",
        "attributes": { "ApproximateReceiveCount": "1", "SenderId": "123456789012", "SentTimestamp": null,
                        "ApproximateFirstReceiveTimestamp": null },
        "messageAttributes": { "kind": { "stringValue": "poll", "stringListValues": [], "binaryListValues": [],
                                         "dataType": "String" } },
        "md5OfBody": "5d41402abc4b2a76b9719d911017c592", "eventSource": "aws:sqs",
        "eventSourceARN": "arn:aws:sqs:us-east-1:123456789012:work", "awsRegion": "us-east-1",
    });
    assert_eq!(record, expected);
    assert_eq!(lambda.requests(), 1);
}

#[tokio::test]
async fn only_what_failed_comes_again_and_in_the_end_it_is_a_dead_letter() {
    let (sqs, worker) = (service().await, Worker { poison: vec!["bad"], ..Worker::default() });
    let lambda = worker.serve().await;
    for body in ["good", "bad"] {
        send(&sqs, body).await;
    }
    let source = sqs.map(Mapping::new("work", "worker", lambda.url())).unwrap();
    source.until(1).await;
    assert_eq!(sqs.messages("work").iter().map(|held| held.body.as_str()).collect::<Vec<_>>(), ["bad"]);
    sqs.advance(30);
    source.until(2).await;
    assert_eq!(worker.bodies(), [vec!["good", "bad"], vec!["bad"]]);
    assert_eq!(worker.events()[1]["Records"][0]["attributes"]["ApproximateReceiveCount"], "2");
    sqs.advance(30);
    sqs.until("dead", |counts| counts.visible == 1).await;
    assert_eq!(sqs.dead_letters("work")[0].body, "bad");
    assert_eq!((sqs.counts("work").total(), source.batches().len()), (0, 2));
}

#[tokio::test]
async fn a_function_that_fails_or_is_not_there_fails_the_whole_batch() {
    let (sqs, worker) = (service().await, Worker { broken: true, ..Worker::default() });
    let lambda = worker.serve().await;
    send(&sqs, "one").await;
    let source = sqs.map(Mapping::new("work", "worker", lambda.url())).unwrap();
    let ended = source.until(1).await;
    assert_eq!((&ended[0].failed, ended[0].reason.as_deref()), (&ended[0].messages, Some("the function failed")));
    drop((source, lambda));
    let nowhere = sqs.map(Mapping::new("work", "worker", "http://127.0.0.1:1")).unwrap();
    sqs.advance(30);
    assert_eq!(nowhere.until(1).await[0].reason.as_deref(), Some("Lambda could not be reached"));
    assert_eq!(sqs.counts("work").in_flight, 1);
}

#[tokio::test]
async fn a_duplicate_runs_beside_the_delivery_that_it_repeats() {
    let meeting = Some(Arc::new(Barrier::new(2)));
    let (sqs, worker) = (service().await, Worker { meeting, ..Worker::default() });
    let lambda = worker.serve().await;
    sqs.duplicate(1);
    let id = send(&sqs, "one").await;
    let source = sqs.map(Mapping::new("work", "worker", lambda.url())).unwrap();
    let ended = source.until(2).await;
    assert_eq!([&ended[0].messages[..], &ended[1].messages[..]], [[id.as_str()], [id.as_str()]]);
    assert_eq!((sqs.counts("work").total(), lambda.requests()), (0, 2));
}

#[tokio::test]
async fn no_more_calls_run_at_once_than_allowed_and_none_after_the_end() {
    let meeting = Some(Arc::new(Barrier::new(2)));
    let (sqs, worker) = (service().await, Worker { meeting: meeting.clone(), ..Worker::default() });
    let lambda = worker.serve().await;
    for body in ["a", "b", "c"] {
        send(&sqs, body).await;
    }
    let source = sqs.map(Mapping::new("work", "worker", lambda.url()).in_batches_of(1).at_once(1)).unwrap();
    for call in 1..=2 {
        while worker.events().len() < call {
            tokio::task::yield_now().await;
        }
        assert_eq!((sqs.counts("work").in_flight, source.batches().len()), (1, call - 1));
        if call == 1 {
            meeting.as_ref().unwrap().wait().await;
            source.until(1).await;
        }
    }
    drop(source);
    sqs.advance(30);
    assert_eq!((sqs.counts("work").visible, worker.bodies()), (2, vec![vec!["a".to_owned()], vec!["b".to_owned()]]));
}

#[tokio::test]
async fn without_reports_an_answer_of_any_kind_is_a_success() {
    let (sqs, worker) = (service().await, Worker { poison: vec!["bad"], ..Worker::default() });
    let lambda = worker.serve().await;
    send(&sqs, "bad").await;
    let mapping = Mapping { report_batch_item_failures: false, ..Mapping::new("work", "worker", lambda.url()) };
    let source = sqs.map(mapping).unwrap();
    assert_eq!(source.until(1).await[0].failed, Vec::<String>::new());
    assert_eq!(sqs.counts("work").total(), 0);
}
