use auth::decision::{Check, Decision};
use auth::refusal::{Code, Refusal};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use tokio::time::Instant;

use super::Authorizer;
use crate::testing::wire::{Answer, Wire};
use crate::testing::{ample, aws_at, brief};

const TRACE: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

fn check() -> Check {
    Check::new("alice", "read_okta", "okta:groups").unwrap()
}

fn yes() -> String {
    json!({"statusCode": 200, "isAuthorized": true, "reason": "allowed", "modelId": "01H", "check": check()})
        .to_string()
}

async fn ask(wire: &Wire, trace: Option<&str>, until: Instant) -> Result<Decision, Refusal> {
    Authorizer::new(&aws_at(&wire.url).await, "fga-authorizer".to_owned()).ask(&check(), trace, until).await
}

#[tokio::test]
async fn a_question_is_three_texts_and_its_answer_a_decision() {
    let wire = Wire::always(200, "", &yes()).await;
    let decision = ask(&wire, Some(TRACE), ample()).await.unwrap();
    assert_eq!(*decision.check(), check());
    assert_eq!(decision.model_id(), "01H");

    let seen = wire.seen();
    assert_eq!(seen.len(), 1);
    let sent: Value = serde_json::from_str(&seen[0].body).unwrap();
    assert_eq!(sent, json!({"user": "alice", "relation": "read_okta", "object": "okta:groups"}));
    assert!(seen[0].head.starts_with("post /2015-03-31/functions/fga-authorizer/invocations "), "{}", seen[0].head);
    assert!(seen[0].head.contains("x-amz-invocation-type: requestresponse"));
    let context = STANDARD.encode(json!({"custom": {"traceparent": TRACE}}).to_string());
    assert!(seen[0].head.contains(&format!("x-amz-client-context: {}", context.to_lowercase())));
}

#[tokio::test]
async fn a_trace_of_another_form_is_left_out() {
    let wire = Wire::always(200, "", &yes()).await;
    let quoted = TRACE.replace("-01", "\"01");
    for trace in [None, Some(""), Some(quoted.as_str()), Some("00-AB")] {
        assert!(ask(&wire, trace, ample()).await.is_ok());
    }
    assert!(wire.seen().iter().all(|request| !request.head.contains("client-context")));
}

#[tokio::test]
async fn what_is_no_decision_is_refused_by_its_kind_and_asked_once() {
    let missing = r#"{"Type":"User","Message":"Function not found: x"}"#;
    let long = format!("{}{}", " ".repeat(64 * 1024), yes());
    for (status, headers, body, code) in [
        (200, "x-amz-function-error: Unhandled\r\n", yes().as_str(), Code::Unavailable),
        (200, "x-amz-function-error: Handled\r\n", r#"{"errorMessage":"x"}"#, Code::Unavailable),
        (202, "", yes().as_str(), Code::Unavailable),
        (204, "", "", Code::Unavailable),
        (200, "", "", Code::Unavailable),
        (200, "", "<html>", Code::Unavailable),
        (200, "", "true", Code::Unavailable),
        (200, "", long.as_str(), Code::Unavailable),
        (404, "x-amzn-errortype: ResourceNotFoundException\r\n", missing, Code::Internal),
        (403, "x-amzn-errortype: AccessDeniedException\r\n", missing, Code::Internal),
        (403, "x-amzn-errortype: InvalidSignatureException\r\n", missing, Code::Unavailable),
        (429, "x-amzn-errortype: TooManyRequestsException\r\n", missing, Code::Busy),
        (429, "", "", Code::Busy),
        (409, "x-amzn-errortype: ResourceConflictException\r\n", missing, Code::Unavailable),
        (500, "x-amzn-errortype: ServiceException\r\n", missing, Code::Unavailable),
        (502, "x-amzn-errortype: EC2ThrottledException\r\n", missing, Code::Busy),
        (503, "", "<html>", Code::Unavailable),
    ] {
        let wire = Wire::always(status, headers, body).await;
        let refusal = ask(&wire, None, ample()).await.unwrap_err();
        assert_eq!(refusal.code(), code, "{status} {headers}{}", refusal.cause());
        assert!(!refusal.cause().contains("Function not found") && !refusal.cause().contains("html"));
        assert_eq!(refusal.retry_after_seconds().is_some(), code == Code::Busy);
        assert_eq!(wire.seen().len(), 1, "{status} {headers}");
    }
}

#[tokio::test]
async fn a_broken_connection_is_tried_once_more() {
    let wire =
        Wire::start(
            |before, _| {
                if before == 0 { Answer::Close } else { Answer::Reply { status: 200, headers: "", body: yes() } }
            },
        )
        .await;
    assert!(ask(&wire, None, ample()).await.is_ok());
    assert_eq!(wire.seen().len(), 2);

    let wire = Wire::start(|_, _| Answer::Close).await;
    assert_eq!(ask(&wire, None, ample()).await.unwrap_err().code(), Code::Unavailable);
    assert_eq!(wire.seen().len(), 2);
}

#[tokio::test]
async fn a_silent_authorizer_is_left_when_the_time_is_up() {
    let wire = Wire::start(|_, _| Answer::Hang).await;
    assert_eq!(ask(&wire, None, brief()).await.unwrap_err().code(), Code::Unavailable);
    assert!(wire.seen().len() <= 1, "asked again");
}

#[tokio::test]
async fn nobody_listening_is_unavailable() {
    let aws = aws_at("http://127.0.0.1:1").await;
    let authorizer = Authorizer::new(&aws, "fga-authorizer".to_owned());
    assert_eq!(authorizer.ask(&check(), None, ample()).await.unwrap_err().code(), Code::Unavailable);
}

#[tokio::test]
async fn opening_invokes_nothing() {
    let wire = Wire::always(204, "", "").await;
    Authorizer::new(&aws_at(&wire.url).await, "fga-authorizer".to_owned()).open(ample()).await;
    let seen = wire.seen();
    assert_eq!(seen.len(), 1);
    assert!(seen[0].head.contains("x-amz-invocation-type: dryrun"));
}
