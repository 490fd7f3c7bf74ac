//! The rules of partial batch responses, and the settings that are refused.

use serde_json::json;

use super::*;
use crate::sqs::Mapping;
use crate::sqs::mapping::verdict::failed;

fn batch() -> Vec<String> {
    vec!["one".to_owned(), "two".to_owned()]
}

#[test]
fn an_empty_or_null_answer_or_list_means_that_none_failed() {
    for answer in ["", "null", "{}", r#"{"batchItemFailures":[]}"#, r#"{"batchItemFailures":null}"#] {
        assert_eq!(failed(answer.as_bytes(), &batch()), Ok(Vec::new()), "{answer}");
    }
}

#[test]
fn the_listed_ones_failed() {
    let answer = json!({ "batchItemFailures": [{ "itemIdentifier": "two" }] }).to_string();
    assert_eq!(failed(answer.as_bytes(), &batch()), Ok(vec!["two".to_owned()]));
}

#[test]
fn whatever_is_misshapen_fails_the_whole_batch() {
    for answer in [
        "{",
        "true",
        r#"{"batchItemFailures":"two"}"#,
        r#"{"batchItemFailures":["two"]}"#,
        r#"{"batchItemFailures":[{"itemIdentifier":""}]}"#,
        r#"{"batchItemFailures":[{"itemIdentifier":null}]}"#,
        r#"{"batchItemFailures":[{"messageId":"two"}]}"#,
        r#"{"batchItemFailures":[{"itemIdentifier":"two"},{"itemIdentifier":"three"}]}"#,
    ] {
        assert!(failed(answer.as_bytes(), &batch()).is_err(), "{answer}");
    }
}

#[tokio::test]
async fn settings_out_of_bounds_are_refused_and_name_their_queue() {
    let sqs = service().await;
    let long = Queue::new("long").hidden_for(43_201);
    assert!(sqs.create_queue(long).unwrap_err().to_string().contains("`long`"));
    let lost = sqs.create_queue(Queue::new("lost").redriven_to("absent", 3)).unwrap_err().to_string();
    assert_eq!(lost, "queue `lost` redrives to `absent`, which is not there: create that one first");
    let config = Config { queues: vec![Queue::new("lost").redriven_to("absent", 3)], time_scale: 1 };
    assert_eq!(start(wire::listener().await, config).await.unwrap_err().to_string(), lost);
    assert!(sqs.map(Mapping::new("absent", "worker", "http://127.0.0.1")).is_err());
    assert!(sqs.map(Mapping::new("work", "worker", "http://127.0.0.1").in_batches_of(11)).is_err());
}
