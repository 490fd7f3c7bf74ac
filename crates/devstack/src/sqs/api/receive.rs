//! `ReceiveMessage`.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{queue_in, seconds};
use crate::sqs::attribute::{Attribute, is_asked};
use crate::sqs::config::LONGEST_VISIBILITY;
use crate::sqs::digest;
use crate::sqs::message::{Delivery, Message};
use crate::sqs::problem::Problem;
use crate::sqs::world::{Shared, World};

/// The longest wait, in seconds.
const LONGEST_WAIT: u64 = 20;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Parameters {
    queue_url: Option<String>,
    max_number_of_messages: Option<i64>,
    visibility_timeout: Option<i64>,
    wait_time_seconds: Option<i64>,
    /// The older name of the next one.
    #[serde(default)]
    attribute_names: Vec<String>,
    #[serde(default)]
    message_system_attribute_names: Vec<String>,
    #[serde(default)]
    message_attribute_names: Vec<String>,
}

/// A wait is scaled like all other queue time; it ends with the first messages.
pub(super) async fn receive(shared: &Shared, mut parameters: Parameters) -> Result<Value, Problem> {
    let queue = queue_in(parameters.queue_url.as_deref())?.to_owned();
    let most = parameters.max_number_of_messages.unwrap_or(1);
    let most = usize::try_from(most)
        .ok()
        .filter(|most| (1..=10).contains(most))
        .ok_or_else(|| Problem::out_of_bounds("MaxNumberOfMessages", most, "Must be between 1 and 10, if provided"))?;
    let reason = "Must be >= 0 and <= 43200, if provided";
    let hidden = seconds("VisibilityTimeout", parameters.visibility_timeout, LONGEST_VISIBILITY, reason)?;
    let reason = "Must be >= 0 and <= 20, if provided";
    let wait = seconds("WaitTimeSeconds", parameters.wait_time_seconds, LONGEST_WAIT, reason)?.unwrap_or_default();
    parameters.message_system_attribute_names.append(&mut parameters.attribute_names);

    let end = shared.lock().clock.now().saturating_add(Duration::from_secs(wait));
    let over = |world: &World| world.clock.now() >= end;
    let taken = shared.wait_for(&queue, Some(end), |world| match world.receive(&queue, most, hidden) {
        Ok(none) if none.is_empty() && !over(world) => None,
        taken => Some(taken),
    });
    let deliveries = taken.await?;
    if deliveries.is_empty() {
        return Ok(json!({}));
    }
    let world = shared.lock();
    let messages: Vec<Value> = deliveries.iter().map(|delivery| message(&world, delivery, &parameters)).collect();
    Ok(json!({ "Messages": messages }))
}

fn message(world: &World, delivery: &Delivery, parameters: &Parameters) -> Value {
    let Delivery { message, handle } = delivery;
    let mut written = Map::new();
    let mut put = |name: &str, value: Value| drop(written.insert(name.to_owned(), value));
    put("MessageId", json!(message.id));
    put("ReceiptHandle", json!(handle));
    put("MD5OfBody", json!(digest::of_body(&message.body)));
    put("Body", json!(message.body));
    let mut system = system_attributes(world, message);
    system.retain(|name, _| is_asked(&parameters.message_system_attribute_names, name));
    if !system.is_empty() {
        put("Attributes", json!(system));
    }
    let mut attributes: BTreeMap<String, Attribute> = message.attributes.clone();
    attributes.retain(|name, _| is_asked(&parameters.message_attribute_names, name));
    if let Some(digest) = digest::of_attributes(&attributes) {
        put("MD5OfMessageAttributes", json!(digest));
        put("MessageAttributes", json!(attributes));
    }
    Value::Object(written)
}

/// `ApproximateReceiveCount`, `SentTimestamp` and the others, all as text.
pub(in crate::sqs) fn system_attributes(world: &World, message: &Message) -> BTreeMap<&'static str, String> {
    let at = |time| world.clock.epoch_ms(time).to_string();
    let mut attributes = BTreeMap::from([
        ("ApproximateReceiveCount", message.receives.to_string()),
        ("SenderId", crate::lambda::ACCOUNT.to_owned()),
        ("SentTimestamp", at(message.sent)),
    ]);
    attributes.extend(message.first_received.map(|time| ("ApproximateFirstReceiveTimestamp", at(time))));
    attributes.extend(message.source.as_deref().map(|queue| ("DeadLetterQueueSourceArn", crate::sqs::arn(queue))));
    attributes
}
