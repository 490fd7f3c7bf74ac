//! Policies in front of the queues.

use serde_json::json;

use super::*;
use crate::iam::tests::{policy, signed};
use crate::iam::{Credentials, Iam, Role};

async fn call_as(sqs: &Sqs, who: &Credentials, operation: &str, queue: &str) -> wire::Answer {
    let target = format!("AmazonSQS.{operation}");
    let signature = signed(who);
    let mut headers = vec![("content-type", "application/x-amz-json-1.0"), ("x-amz-target", target.as_str())];
    headers.extend(signature.iter().map(|(name, value)| (*name, value.as_str())));
    let body = json!({ "QueueUrl": sqs.queue_url(queue), "MessageBody": "x" }).to_string();
    wire::send("POST", &format!("{}/", sqs.double.url()), &headers, &body).await
}

#[tokio::test]
async fn a_caller_may_do_with_a_queue_what_its_policies_allow() {
    let sqs = service().await;
    let iam = Iam::new();
    let statement = json!({ "Effect": "Allow", "Action": "sqs:SendMessage", "Resource": super::super::arn("work") });
    iam.add_role(&Role::new("asker").allowing(policy(&statement))).unwrap();
    let asker = iam.function_credentials("asker", "f").unwrap();
    sqs.enforce(&iam);
    assert_eq!(call_as(&sqs, &asker, "SendMessage", "work").await.status, 200);
    for (operation, queue) in [("SendMessage", "dead"), ("ReceiveMessage", "work"), ("GetQueueUrl", "work")] {
        let answer = call_as(&sqs, &asker, operation, queue).await;
        assert_eq!(
            (answer.status, answer.header("x-amzn-query-error")),
            (403, "AccessDenied;Sender"),
            "{operation} {queue}"
        );
        assert_eq!(answer.json()["__type"], "com.amazon.coral.service#AccessDeniedException");
    }
    let sentence = call_as(&sqs, &asker, "SendMessage", "dead").await.json()["Message"].as_str().unwrap().to_owned();
    let expected = "User: arn:aws:sts::123456789012:assumed-role/asker/f is not authorized to perform: sqs:sendmessage on resource: \
                    arn:aws:sqs:us-east-1:123456789012:dead because no identity-based policy allows the sqs:sendmessage action";
    assert_eq!(sentence, expected);
    assert_eq!((sqs.sent("work").len(), sqs.sent("dead").len()), (1, 0));
}

#[tokio::test]
async fn a_caller_that_is_not_known_is_told_so() {
    let sqs = service().await;
    let iam = Iam::new();
    sqs.enforce(&iam);
    let url = sqs.queue_url("work");
    let unsigned = call(&sqs, "SendMessage", &json!({ "QueueUrl": url, "MessageBody": "x" })).await;
    assert_eq!(refusal(&unsigned).1, "MissingAuthenticationToken;Sender");
    iam.add_role(&Role::new("asker")).unwrap();
    let asker = iam.function_credentials("asker", "f").unwrap();
    let guessed = Credentials { session_token: String::new(), ..asker };
    assert_eq!(refusal(&call_as(&sqs, &guessed, "SendMessage", "work").await).1, "InvalidClientTokenId;Sender");
    assert_eq!(sqs.sent("work").len(), 0);
}
