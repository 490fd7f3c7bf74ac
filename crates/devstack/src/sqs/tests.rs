mod mapping;
mod policies;
mod protocol;
mod queues;
mod rules;

use serde_json::{Value, json};

use super::{Config, Queue, Sqs, start};
use crate::okta::wire;

/// A service whose clock stands still until a test moves it: `work` is given up to `dead` after two receives.
async fn service() -> Sqs {
    let queues = vec![Queue::new("work").redriven_to("dead", 2), Queue::new("dead")];
    start(wire::listener().await, Config { queues, time_scale: 0 }).await.unwrap()
}

async fn call(sqs: &Sqs, operation: &str, body: &Value) -> wire::Answer {
    let target = format!("AmazonSQS.{operation}");
    let headers = [("content-type", "application/x-amz-json-1.0"), ("x-amz-target", target.as_str())];
    wire::send("POST", &format!("{}/", sqs.double.url()), &headers, &body.to_string()).await
}

/// Calls with the address of `work` beside the other parameters, and wants a 200.
async fn done(sqs: &Sqs, operation: &str, mut parameters: Value) -> Value {
    parameters["QueueUrl"] = json!(sqs.queue_url("work"));
    let answer = call(sqs, operation, &parameters).await;
    assert_eq!(answer.status, 200, "{operation}: {}", answer.text);
    answer.json()
}

async fn send(sqs: &Sqs, body: &str) -> String {
    done(sqs, "SendMessage", json!({ "MessageBody": body })).await["MessageId"].as_str().unwrap().to_owned()
}

/// Up to ten messages as body and handle.
async fn receive(sqs: &Sqs) -> Vec<(String, String)> {
    let answer = done(sqs, "ReceiveMessage", json!({ "MaxNumberOfMessages": 10 })).await;
    let messages = answer["Messages"].as_array().cloned().unwrap_or_default();
    let text = |message: &Value, member: &str| message[member].as_str().unwrap().to_owned();
    messages.iter().map(|message| (text(message, "Body"), text(message, "ReceiptHandle"))).collect()
}

async fn bodies(sqs: &Sqs) -> Vec<String> {
    receive(sqs).await.into_iter().map(|(body, _)| body).collect()
}

/// What a refusal says: status, the code that an SDK shows, and the type.
fn refusal(answer: &wire::Answer) -> (u16, String, String) {
    let kind = answer.json()["__type"].as_str().unwrap().to_owned();
    (answer.status, answer.header("x-amzn-query-error").to_owned(), kind)
}
