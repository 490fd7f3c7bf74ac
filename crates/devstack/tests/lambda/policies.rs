//! Policies in front of the functions.

use devstack::iam::{Credentials, Iam, Role};
use devstack::lambda::arn;
use devstack::sqs::{self, Mapping, Queue};
use serde_json::json;

use crate::*;

/// A host that lets `caller` call what one resource says.
async fn guarded(resource: &str) -> (LambdaHost, Iam, Credentials) {
    let host = hosting(echo()).await;
    let iam = Iam::new();
    let statement = json!({ "Effect": "Allow", "Action": "lambda:InvokeFunction", "Resource": resource });
    let policy = json!({ "Version": "2012-10-17", "Statement": statement });
    iam.add_role(&Role::new("caller").allowing(policy)).unwrap();
    let credentials = iam.function_credentials("caller", "f").unwrap();
    host.enforce(&iam);
    (host, iam, credentials)
}

async fn call_as(host: &LambdaHost, who: &Credentials, function: &str) -> Seen {
    let signature = format!(
        "AWS4-HMAC-SHA256 Credential={}/20260101/us-east-1/lambda/aws4_request, Signature=00",
        who.access_key_id
    );
    let headers = [("authorization", signature.as_str()), ("x-amz-security-token", who.session_token.as_str())];
    send(host, function, &headers, "{}").await
}

#[tokio::test]
async fn a_caller_may_call_the_function_that_its_policies_name() {
    let (host, _, who) = guarded(&arn("echo")).await;
    assert_eq!(call_as(&host, &who, "echo").await.status, 200);
    for function in ["echo:live", "echo2", &format!("{}:1", arn("echo"))] {
        let seen = call_as(&host, &who, function).await;
        assert_eq!((seen.status, seen.header("x-amzn-errortype")), (403, Some("AccessDeniedException")), "{function}");
    }
    let resource = format!("{}:live", arn("echo"));
    let expected = format!(
        "User: arn:aws:sts::123456789012:assumed-role/caller/f is not authorized to perform: lambda:InvokeFunction on \
         resource: {resource} because no identity-based policy allows the lambda:InvokeFunction action"
    );
    assert_eq!(call_as(&host, &who, "echo:live").await.json(), json!({ "Message": expected }));
    assert_eq!(host.calls("echo"), 1);
}

#[tokio::test]
async fn a_qualifier_is_part_of_the_resource_wherever_it_is_said() {
    let (host, iam, who) = guarded(&format!("{}:live", arn("echo"))).await;
    assert_eq!(call_as(&host, &who, "echo:live").await.status, 200);
    assert_eq!(call_as(&host, &who, &format!("{}:live", arn("echo"))).await.status, 200);
    assert_eq!(call_as(&host, &who, "echo").await.status, 403);
    let signature = format!("AWS4-HMAC-SHA256 Credential={}/20260101/us-east-1/lambda/aws4_request", who.access_key_id);
    let url = format!("{}/2015-03-31/functions/echo/invocations?Qualifier=live", host.double.url());
    let request = Request::post(url)
        .header("authorization", signature)
        .header("x-amz-security-token", &who.session_token)
        .body(Body::from("{}"))
        .unwrap();
    let client = Client::builder(TokioExecutor::new()).build_http::<Body>();
    assert_eq!(client.request(request).await.unwrap().status().as_u16(), 200);
    assert_eq!(iam.decisions().iter().filter(|decision| decision.allowed).count(), 3);
}

#[tokio::test]
async fn a_caller_that_is_not_known_is_told_so_and_calls_nothing() {
    let (host, _, who) = guarded("*").await;
    let unsigned = send(&host, "echo", &[], "{}").await;
    assert_eq!(
        (unsigned.status, unsigned.header("x-amzn-errortype")),
        (403, Some("MissingAuthenticationTokenException"))
    );
    let pretending = send(&host, "echo", &[("x-devstack-service", "service-")], "{}").await;
    assert_eq!(pretending.status, 403);
    let guessed = Credentials { session_token: "guessed".into(), ..who };
    let seen = call_as(&host, &guessed, "echo").await;
    assert_eq!((seen.status, seen.header("x-amzn-errortype")), (403, Some("UnrecognizedClientException")));
    assert_eq!(host.calls("echo"), 0);
}

#[tokio::test]
async fn an_event_source_calls_in_the_name_of_its_service() {
    let (host, iam, _) = guarded("*").await;
    let config = sqs::Config { queues: vec![Queue::new("work")], ..sqs::Config::default() };
    let sqs = sqs::start(TcpListener::bind("127.0.0.1:0").await.unwrap(), config).await.unwrap();
    let source = sqs.map(Mapping::new("work", "echo", host.double.url())).unwrap();
    let body = json!({ "QueueUrl": sqs.queue_url("work"), "MessageBody": "x" }).to_string();
    let request = Request::post(format!("{}/", sqs.double.url()))
        .header("content-type", "application/x-amz-json-1.0")
        .header("x-amz-target", "AmazonSQS.SendMessage")
        .body(Body::from(body))
        .unwrap();
    Client::builder(TokioExecutor::new()).build_http::<Body>().request(request).await.unwrap();
    source.until(1).await;
    assert_eq!((host.calls("echo"), iam.decisions().len()), (1, 0));
}

#[tokio::test]
async fn a_function_is_started_with_the_credentials_of_its_role() {
    let (_, _, who) = guarded("*").await;
    let host = hosting(echo().signing(&who)).await;
    let seen = call(&host, json!({ "do": "environment" })).await.json();
    let expected = (json!(who.access_key_id), json!(who.secret_access_key), json!(who.session_token));
    let found = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"].map(|name| seen[name].clone());
    assert_eq!(found, [expected.0, expected.1, expected.2]);
}
