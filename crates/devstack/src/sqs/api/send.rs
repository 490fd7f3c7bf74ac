//! `SendMessage`.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};

use super::{queue_in, seconds};
use crate::sqs::attribute::{self, Attribute};
use crate::sqs::config::LONGEST_DELAY;
use crate::sqs::digest;
use crate::sqs::problem::Problem;
use crate::sqs::world::Shared;

/// The largest message, attributes included, in bytes.
const LARGEST: usize = 1024 * 1024;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Parameters {
    queue_url: Option<String>,
    message_body: Option<String>,
    delay_seconds: Option<i64>,
    #[serde(default)]
    message_attributes: BTreeMap<String, Attribute>,
}

pub(super) fn send(shared: &Shared, parameters: Parameters) -> Result<Value, Problem> {
    let Parameters { queue_url, message_body, delay_seconds, message_attributes } = parameters;
    let queue = queue_in(queue_url.as_deref())?;
    let body = message_body.filter(|body| !body.is_empty()).ok_or_else(|| Problem::missing("MessageBody"))?;
    let reason = "DelaySeconds must be >= 0 and <= 900";
    let delay = seconds("DelaySeconds", delay_seconds, LONGEST_DELAY, reason)?;
    attribute::check(&message_attributes)?;
    let attributes = message_attributes.iter();
    let beside: usize =
        attributes.map(|(name, given)| name.len() + given.data_type.len() + given.value().1.len()).sum();
    if body.len() + beside > LARGEST {
        let message =
            format!("One or more parameters are invalid. Reason: Message must be shorter than {LARGEST} bytes.");
        return Err(Problem::invalid_value(message));
    }
    let (of_body, of_attributes) = (digest::of_body(&body), digest::of_attributes(&message_attributes));
    let id = shared.change(|world| world.send(queue, body, message_attributes, delay))?;
    let mut answer = json!({ "MessageId": id, "MD5OfMessageBody": of_body });
    if let (Some(digest), Some(members)) = (of_attributes, answer.as_object_mut()) {
        members.insert("MD5OfMessageAttributes".to_owned(), json!(digest));
    }
    Ok(answer)
}
