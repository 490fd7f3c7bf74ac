//! The event that the function gets.

use serde_json::{Map, Value, json};

use crate::lambda::REGION;
use crate::sqs::api::system_attributes;
use crate::sqs::attribute::Attribute;
use crate::sqs::digest;
use crate::sqs::message::Delivery;
use crate::sqs::world::World;

/// As in [the example of the guide](https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html#example-standard-queue-message-event).
pub(super) fn of(world: &World, queue: &str, deliveries: &[Delivery]) -> Value {
    let records: Vec<Value> = deliveries.iter().map(|delivery| record(world, queue, delivery)).collect();
    json!({ "Records": records })
}

fn record(world: &World, queue: &str, delivery: &Delivery) -> Value {
    let Delivery { message, handle } = delivery;
    let attributes: Map<String, Value> =
        message.attributes.iter().map(|(name, attribute)| (name.clone(), written(attribute))).collect();
    json!({
        "messageId": message.id,
        "receiptHandle": handle,
        "body": message.body,
        "attributes": system_attributes(world, message),
        "messageAttributes": attributes,
        "md5OfBody": digest::of_body(&message.body),
        "eventSource": "aws:sqs",
        "eventSourceARN": crate::sqs::arn(queue),
        "awsRegion": REGION,
    })
}

fn written(attribute: &Attribute) -> Value {
    let (binary, value) = attribute.value();
    let member = if binary { "binaryValue" } else { "stringValue" };
    json!({ member: value, "stringListValues": [], "binaryListValues": [], "dataType": attribute.data_type })
}
