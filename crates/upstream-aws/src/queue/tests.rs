mod contract;

use serde_json::{Value, json};
use tokio::time::Instant;

use super::{ApprovalKey, Queue, QueueError};
use crate::testing::wire::{Answer, Wire};
use crate::testing::{ample, aws_at, brief};

const SENT: &str = r#"{"MessageId":"5fea7756-0ea4-451a-a703-a558b933e274","MD5OfMessageBody":"00"}"#;

fn body() -> Value {
    json!({"person": "A".repeat(43), "tool": "add_to_group", "reference": "ABCDEFGH01234567"})
}

fn key() -> ApprovalKey {
    ApprovalKey::parse(&body().to_string()).unwrap()
}

async fn send(wire: &Wire, delay: u64, until: Instant) -> Result<(), QueueError> {
    let url = "https://sqs.us-east-1.amazonaws.com/000000000000/approvals";
    Queue::new(&aws_at(&wire.url).await, url.to_owned()).send(&key(), delay, until).await
}

#[tokio::test]
async fn a_message_holds_the_approvals_key_and_nothing_else() {
    let wire = Wire::always(200, "", SENT).await;
    assert_eq!(send(&wire, 7, ample()).await, Ok(()));
    let seen = wire.seen();
    assert_eq!(seen.len(), 1);
    assert!(seen[0].head.contains("x-amz-target: amazonsqs.sendmessage"), "{}", seen[0].head);
    let sent: Value = serde_json::from_str(&seen[0].body).unwrap();
    assert_eq!(sent["QueueUrl"], "https://sqs.us-east-1.amazonaws.com/000000000000/approvals");
    assert_eq!(sent["DelaySeconds"], 7);
    assert_eq!(serde_json::from_str::<Value>(sent["MessageBody"].as_str().unwrap()).unwrap(), body());
    assert_eq!(sent.as_object().unwrap().len(), 3);
    assert_eq!(ApprovalKey::parse(sent["MessageBody"].as_str().unwrap()), Some(key()));
}

#[tokio::test]
async fn a_delay_is_at_most_what_the_service_takes() {
    let wire = Wire::always(200, "", SENT).await;
    for (asked, sent) in [(0, 0), (900, 900), (901, 900), (u64::MAX, 900)] {
        assert_eq!(send(&wire, asked, ample()).await, Ok(()));
        let body: Value = serde_json::from_str(&wire.seen().last().unwrap().body).unwrap();
        assert_eq!(body["DelaySeconds"], sent);
    }
}

#[tokio::test]
async fn each_refusal_of_the_service_has_its_kind_and_is_asked_once() {
    for (status, code, expected) in [
        (400, "com.amazonaws.sqs#QueueDoesNotExist", QueueError::Misconfigured),
        (403, "com.amazon.coral.service#AccessDeniedException", QueueError::Misconfigured),
        (400, "com.amazonaws.sqs#InvalidMessageContents", QueueError::Misconfigured),
        (403, "com.amazonaws.sqs#RequestThrottled", QueueError::Busy),
        (400, "com.amazon.coral.availability#ThrottlingException", QueueError::Busy),
        (429, "", QueueError::Busy),
        (500, "com.amazon.coral.service#InternalFailure", QueueError::Unavailable),
        (503, "", QueueError::Unavailable),
    ] {
        let wire = Wire::always(status, "", &format!(r#"{{"__type":"{code}","message":"text of the service"}}"#)).await;
        assert_eq!(send(&wire, 0, ample()).await, Err(expected), "{status} {code}");
        assert_eq!(wire.seen().len(), 1, "{status} {code}");
    }
}

#[tokio::test]
async fn an_answer_that_is_not_the_services_is_no_success() {
    for text in ["", "{}", "<html>", "[]", r#"{"MessageId":1}"#] {
        let wire = Wire::always(200, "", text).await;
        assert_eq!(send(&wire, 0, ample()).await, Err(QueueError::Unavailable), "{text}");
    }
}

#[tokio::test]
async fn a_broken_connection_is_tried_once_more() {
    let wire = Wire::start(|before, _| {
        if before == 0 { Answer::Close } else { Answer::Reply { status: 200, headers: "", body: SENT.to_owned() } }
    })
    .await;
    assert_eq!(send(&wire, 0, ample()).await, Ok(()));
    assert_eq!(wire.seen().len(), 2);

    let wire = Wire::start(|_, _| Answer::Close).await;
    assert_eq!(send(&wire, 0, ample()).await, Err(QueueError::Unavailable));
    assert_eq!(wire.seen().len(), 2);
}

#[tokio::test]
async fn a_silent_queue_is_left_when_the_time_is_up() {
    let wire = Wire::start(|_, _| Answer::Hang).await;
    assert_eq!(send(&wire, 0, brief()).await, Err(QueueError::Unavailable));
    assert!(wire.seen().len() <= 1, "asked again");
}

#[test]
fn only_the_three_names_of_an_approval_are_a_key() {
    let with = |name: &str, value: Value| {
        let mut body = body();
        body[name] = value;
        body.to_string()
    };
    let mut without = body();
    without.as_object_mut().unwrap().remove("tool");
    for text in [
        String::new(),
        "[]".to_owned(),
        json!([body()["person"], "add_to_group", body()["reference"]]).to_string(),
        "null".to_owned(),
        without.to_string(),
        with("person", json!("A")),
        with("person", json!(1)),
        with("tool", json!("")),
        with("tool", json!("a#b")),
        with("tool", json!("a".repeat(65))),
        with("reference", json!("abcdefgh01234567")),
        with("reference", json!(null)),
        with("arguments", json!({})),
        format!("{}{{}}", body()),
    ] {
        assert_eq!(ApprovalKey::parse(&text), None, "{text}");
    }
}
