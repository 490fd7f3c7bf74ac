//! The queue of approvals, without its event source: the test moves the queue's clock together with that of the functions,
//! and takes to the worker what is due.

use std::time::Duration;

use approval_worker::ApprovalWorker;
use devstack::stack::APPROVAL_QUEUE;
use serde_json::{Value, json};
use tokio::time::Instant;
use url::Url;

use super::{Approvals, PATIENCE};
use crate::invocation_named;

impl Approvals {
    /// Moves both clocks on until the queue has a message to hand out; false if it holds none.
    pub fn next_message(&self) -> bool {
        let due = self.world.laptop.stack.sqs.messages(APPROVAL_QUEUE).iter().map(|held| held.visible_in).min();
        due.inspect(|seconds| self.later(*seconds)).is_some()
    }

    /// Moves both clocks on.
    pub fn later(&self, seconds: u64) {
        self.hands.ahead(self.hands.by() + seconds);
        self.world.laptop.stack.sqs.advance(seconds);
    }

    /// Takes one message that is due to the worker, and deletes it unless the worker wants it again.
    pub async fn take(&self, worker: &ApprovalWorker, time: Duration) {
        let queue = self.world.laptop.stack.sqs.queue_url(APPROVAL_QUEUE);
        let wish = json!({"QueueUrl": queue, "AttributeNames": ["ApproximateReceiveCount"]});
        let received = self.of_queue("ReceiveMessage", &wish).await;
        let message = received.pointer("/Messages/0").expect("a message is due");
        let record = json!({
            "messageId": message["MessageId"], "receiptHandle": message["ReceiptHandle"], "body": message["Body"],
            "attributes": message["Attributes"], "eventSource": "aws:sqs",
        });
        let invocation = invocation_named(self.request_id(), time);
        if !self.work(worker, &json!({ "Records": [record] }).to_string(), &invocation).await {
            let receipt = json!({"QueueUrl": queue, "ReceiptHandle": message["ReceiptHandle"]});
            self.of_queue("DeleteMessage", &receipt).await;
        }
    }

    async fn of_queue(&self, operation: &str, body: &Value) -> Value {
        let laptop = &self.world.laptop;
        let call = laptop.transport.post(Url::parse(&laptop.stack.sqs.double.url()).expect("an address")).json(body);
        let call = call.header("x-amz-target".parse().expect("a name"), &format!("AmazonSQS.{operation}"));
        let reply = call.send(Instant::now() + PATIENCE).await.expect("the queue answers");
        assert_eq!(reply.status(), 200, "{operation}");
        serde_json::from_slice(reply.body()).expect("the answer is JSON")
    }
}
