//! What goes in and comes out of a call.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use devstack::lambda;
use serde_json::{Value, json};

use super::{call, echo, epoch_ms, hosting, send};

#[tokio::test]
async fn an_event_reaches_the_function_and_its_answer_comes_back_as_it_was_written() {
    let host = hosting(echo()).await;
    let seen = send(&host, "echo", &[], r#"{ "b": 1,  "a": "ü" }"#).await;
    assert_eq!(seen.status, 200);
    assert_eq!(seen.body, r#"{ "b": 1,  "a": "ü" }"#);
    assert_eq!(seen.header("x-amz-executed-version"), Some("$LATEST"));
    assert_eq!(seen.header("x-amzn-requestid").unwrap().len(), 36);
    assert_eq!(seen.header("x-amz-function-error"), None);
    assert_eq!(host.double.requests(), 1);
}

#[tokio::test]
async fn a_call_by_arn_or_with_a_qualifier_reaches_the_same_process() {
    let host = hosting(echo()).await;
    let first = call(&host, json!({"do": "process"})).await.json();
    for reference in [
        "echo:live",
        "arn:aws:lambda:us-east-1:123456789012:function:echo",
        "arn%3Aaws%3Alambda%3Aus-east-1%3A123456789012%3Afunction%3Aecho%3Alive",
    ] {
        let seen = send(&host, reference, &[], json!({"do": "process"}).to_string()).await;
        assert_eq!((seen.status, seen.json()), (200, first.clone()), "{reference}");
    }
    assert_eq!(host.calls("echo"), 4);
}

#[tokio::test]
async fn the_context_of_a_call_is_what_lambda_tells() {
    let host = hosting(echo()).await;
    let context = json!({"custom": {"headers": {"x": "1"}}});
    let encoded = STANDARD.encode(context.to_string());
    let before = epoch_ms();
    let seen = send(&host, "echo", &[("x-amz-client-context", &encoded)], r#"{"do":"headers"}"#).await;
    let told = seen.json();
    assert_eq!(told["lambda-runtime-aws-request-id"], seen.header("x-amzn-requestid").unwrap());
    assert_eq!(told["lambda-runtime-invoked-function-arn"], lambda::arn("echo"));
    let deadline: u64 = told["lambda-runtime-deadline-ms"].as_str().unwrap().parse().unwrap();
    assert!((before + 20_000..=epoch_ms() + 20_000).contains(&deadline), "{deadline}");
    assert!(told["lambda-runtime-trace-id"].as_str().unwrap().starts_with("Root=1-"));
    let passed: Value = serde_json::from_str(told["lambda-runtime-client-context"].as_str().unwrap()).unwrap();
    assert_eq!(passed, context);
    let without = call(&host, json!({"do": "headers"})).await.json();
    assert_eq!(without.get("lambda-runtime-client-context"), None);
}

#[tokio::test]
async fn an_error_is_a_200_that_says_unhandled_and_the_process_goes_on() {
    let host = hosting(echo()).await;
    let process = call(&host, json!({"do": "process"})).await.json();
    let seen = call(&host, json!({"do": "error", "text": "as asked"})).await;
    assert_eq!(seen.status, 200);
    assert_eq!(seen.header("x-amz-function-error"), Some("Unhandled"));
    assert_eq!(seen.json(), json!({"errorType": "Echo.Asked", "errorMessage": "as asked"}));
    assert_eq!(call(&host, json!({"do": "process"})).await.json(), process);
}

#[tokio::test]
async fn what_is_not_a_proper_call_reaches_no_process() {
    let host = hosting(echo()).await;
    let long = STANDARD.encode(format!("{{\"a\":\"{}\"}}", "a".repeat(2700)));
    let too_large = format!("\"{}\"", "a".repeat(6 * 1024 * 1024));
    let array = STANDARD.encode("[]");
    type Case<'a> = (&'a str, &'a [(&'a str, &'a str)], &'a str, u16, &'a str);
    let cases: [Case<'_>; 8] = [
        ("nobody", &[], "{}", 404, "ResourceNotFoundException"),
        ("a:b:c:d", &[], "{}", 400, "InvalidParameterValueException"),
        ("echo", &[("x-amz-invocation-type", "Later")], "{}", 400, "InvalidParameterValueException"),
        ("echo", &[], "{not json", 400, "InvalidRequestContentException"),
        ("echo", &[("x-amz-client-context", "%%%")], "{}", 400, "InvalidRequestContentException"),
        ("echo", &[("x-amz-client-context", &array)], "{}", 400, "InvalidRequestContentException"),
        ("echo", &[("x-amz-client-context", &long)], "{}", 400, "InvalidRequestContentException"),
        ("echo", &[], &too_large, 413, "RequestTooLargeException"),
    ];
    for (function, headers, body, status, kind) in cases {
        let seen = send(&host, function, headers, body.to_owned()).await;
        assert_eq!(seen.status, status, "{kind}");
        assert_eq!(seen.header("x-amzn-errortype"), Some(kind));
        assert_eq!(seen.json()["Type"], "User");
    }
    assert_eq!(host.logs("echo"), Vec::<String>::new());
    assert_eq!(host.calls("echo"), 0);
}

#[tokio::test]
async fn an_answer_beyond_the_limit_is_a_function_error() {
    let host = hosting(echo()).await;
    let seen = call(&host, json!({"do": "flood"})).await;
    assert_eq!(seen.json()["errorType"], "Function.ResponseSizeTooLarge");
    assert_eq!(call(&host, json!([])).await.json(), json!([]));
}

#[tokio::test]
async fn the_log_of_a_call_comes_with_its_answer_when_asked_for() {
    let host = hosting(echo()).await;
    host.warm("echo").await.unwrap();
    let event = json!({"do": "print", "text": "a line"}).to_string();
    let seen = send(&host, "echo", &[("x-amz-log-type", "Tail")], event).await;
    let log = String::from_utf8(STANDARD.decode(seen.header("x-amz-log-result").unwrap()).unwrap()).unwrap();
    assert_eq!(log, "a line\na line on the other stream\n");
    assert_eq!(call(&host, json!({})).await.header("x-amz-log-result"), None);
}
