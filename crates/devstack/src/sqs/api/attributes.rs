//! `GetQueueAttributes`.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Deserialize;
use serde_json::{Value, json};

use super::queue_in;
use crate::sqs::problem::Problem;
use crate::sqs::queue::Stored;
use crate::sqs::world::Shared;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Parameters {
    queue_url: Option<String>,
    #[serde(default)]
    attribute_names: Vec<String>,
}

pub(super) fn get(shared: &Shared, parameters: Parameters) -> Result<Value, Problem> {
    let mut world = shared.lock();
    world.redrive_all();
    let (queue, now) = world.queue(queue_in(parameters.queue_url.as_deref())?)?;
    let asked = parameters.attribute_names;
    let mut all = all(queue, now);
    if let Some(unknown) =
        asked.iter().find(|name| *name != "All" && *name != "RedrivePolicy" && !all.contains_key(name.as_str()))
    {
        return Err(Problem::no_attribute(unknown));
    }
    all.retain(|name, _| asked.iter().any(|wish| wish == "All" || wish == name));
    Ok(if all.is_empty() { json!({}) } else { json!({ "Attributes": all }) })
}

/// All values are text.
fn all(queue: &Stored, now: Duration) -> BTreeMap<&'static str, String> {
    let (settings, counts) = (&queue.settings, queue.counts(now));
    let created = (queue.created_ms / 1000).to_string();
    let mut all = BTreeMap::from([
        ("ApproximateNumberOfMessages", counts.visible.to_string()),
        ("ApproximateNumberOfMessagesDelayed", counts.delayed.to_string()),
        ("ApproximateNumberOfMessagesNotVisible", counts.in_flight.to_string()),
        ("CreatedTimestamp", created.clone()),
        ("DelaySeconds", settings.delay.to_string()),
        ("LastModifiedTimestamp", created),
        ("MaximumMessageSize", "1048576".to_owned()),
        ("MessageRetentionPeriod", settings.retention.to_string()),
        ("QueueArn", crate::sqs::arn(&settings.name)),
        ("ReceiveMessageWaitTimeSeconds", "0".to_owned()),
        ("VisibilityTimeout", settings.visibility_timeout.to_string()),
    ]);
    if let Some(redrive) = &settings.redrive {
        let target = crate::sqs::arn(&redrive.dead_letter_queue);
        let policy = json!({ "deadLetterTargetArn": target, "maxReceiveCount": redrive.max_receive_count });
        all.insert("RedrivePolicy", policy.to_string());
    }
    all
}
