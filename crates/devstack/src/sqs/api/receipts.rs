//! What is done with a receipt handle: `DeleteMessage` and `ChangeMessageVisibility`.

use std::time::Duration;

use serde::Deserialize;
use serde_json::{Value, json};

use super::{queue_in, seconds};
use crate::sqs::config::LONGEST_VISIBILITY;
use crate::sqs::problem::Problem;
use crate::sqs::world::Shared;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Parameters {
    queue_url: Option<String>,
    receipt_handle: Option<String>,
    visibility_timeout: Option<i64>,
}

impl Parameters {
    fn handle(&self) -> Result<&str, Problem> {
        self.receipt_handle.as_deref().ok_or_else(|| Problem::missing("ReceiptHandle"))
    }
}

pub(super) fn delete(shared: &Shared, parameters: Parameters) -> Result<Value, Problem> {
    let (queue, handle) = (queue_in(parameters.queue_url.as_deref())?, parameters.handle()?);
    shared.change(|world| world.queue(queue)?.0.delete(handle))?;
    Ok(json!({}))
}

pub(super) fn change_visibility(shared: &Shared, parameters: Parameters) -> Result<Value, Problem> {
    let (queue, handle) = (queue_in(parameters.queue_url.as_deref())?, parameters.handle()?);
    let reason = "Must be between 0 and 43200";
    let hidden = seconds("VisibilityTimeout", parameters.visibility_timeout, LONGEST_VISIBILITY, reason)?;
    let hidden = Duration::from_secs(hidden.ok_or_else(|| Problem::missing("VisibilityTimeout"))?);
    shared.change(|world| {
        let (queue, now) = world.queue(queue)?;
        queue.hide(handle, now, hidden)
    })?;
    Ok(json!({}))
}
