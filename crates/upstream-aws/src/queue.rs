//! The queue that wakes the approval worker.

#[cfg(test)]
mod tests;

use auth::approval::{ApprovalReference, Binding, PersonKey};
use auth::refusal::{Code, Refusal};
use aws_sdk_sqs::Client;
use aws_sdk_sqs::operation::send_message::builders::SendMessageFluentBuilder;
use serde::{Deserialize, Serialize};
use tokio::time::Instant;

use crate::connection::Aws;
use upstream_secrets::failure::{Failure, answer};

/// The longest delay of a message, in seconds (SQS, `SendMessage`, `DelaySeconds`).
pub const LONGEST_DELAY: u64 = 900;

/// Which approval a message is about. It holds nothing else, so whoever reads or writes the queue can at most have a row
/// looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ApprovalKey {
    /// Whose approval.
    pub person: PersonKey,
    /// The tool.
    pub tool: String,
    /// The approval's name.
    pub reference: ApprovalReference,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Body {
    person: String,
    tool: String,
    reference: String,
}

impl ApprovalKey {
    /// The key of the approval with this binding.
    #[must_use]
    pub fn of(binding: &Binding) -> Self {
        let (tool, reference) = (binding.tool.clone(), binding.reference.clone());
        Self { person: PersonKey::of(&binding.subject), tool, reference }
    }

    /// From a message's body: a JSON object of `person`, `tool` and `reference`, and nothing for any other text.
    #[must_use]
    pub fn parse(body: &str) -> Option<Self> {
        // serde's derived structs take an array of their members' values as well.
        if !body.trim_ascii_start().starts_with('{') {
            return None;
        }
        let Body { person, tool, reference } = serde_json::from_str(body).ok()?;
        let letters = |byte: u8| byte.is_ascii_alphanumeric() || b"_-".contains(&byte);
        if !(1..=64).contains(&tool.len()) || !tool.bytes().all(letters) {
            return None;
        }
        Some(Self { person: PersonKey::parse(&person)?, tool, reference: ApprovalReference::parse(&reference)? })
    }
}

/// A queue of [`ApprovalKey`]s.
pub struct Queue {
    client: Client,
    url: String,
}

/// Why a message was not sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum QueueError {
    /// The queue's limit was reached.
    #[error("queue: throttled")]
    Busy,
    /// SQS did not answer well or in time; the message may be there all the same.
    #[error("queue: no answer")]
    Unavailable,
    /// The queue, the function's rights or the request are wrong.
    #[error("queue: queue or rights are set up wrongly")]
    Misconfigured,
}

impl From<QueueError> for Refusal {
    fn from(error: QueueError) -> Self {
        let cause = error.to_string();
        match error {
            QueueError::Busy => Self::busy(cause, 2),
            QueueError::Unavailable => Self::new(Code::Unavailable, cause),
            QueueError::Misconfigured => Self::new(Code::Internal, cause),
        }
    }
}

impl From<Failure> for QueueError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Throttled => Self::Busy,
            Failure::Setup => Self::Misconfigured,
            Failure::Condition | Failure::Connection | Failure::Unknown => Self::Unavailable,
        }
    }
}

impl Queue {
    /// The queue with this URL.
    #[must_use]
    pub fn new(aws: &Aws, url: String) -> Self {
        Self { client: aws.sqs.clone(), url }
    }

    /// Sends a message that becomes visible after `delay_seconds`, cut to [`LONGEST_DELAY`]. Only a failed connection is tried
    /// again, once: a message that arrives twice does no harm.
    ///
    /// # Errors
    /// All of [`QueueError`].
    pub async fn send(&self, key: &ApprovalKey, delay_seconds: u64, until: Instant) -> Result<(), QueueError> {
        let body = serde_json::to_string(key).map_err(|_| QueueError::Misconfigured)?;
        let delay = i32::try_from(delay_seconds.min(LONGEST_DELAY)).map_err(|_| QueueError::Misconfigured)?;
        let message = self.client.send_message().queue_url(&self.url).message_body(body).delay_seconds(delay);
        match sent(message.clone(), until).await {
            Err(Failure::Connection) => Ok(sent(message, until).await?),
            first => Ok(first?),
        }
    }
}

/// An answer without a message's id is not SQS's.
async fn sent(message: SendMessageFluentBuilder, until: Instant) -> Result<(), Failure> {
    let reply = answer(until, message.send()).await?;
    if reply.message_id().is_some() { Ok(()) } else { Err(Failure::Unknown) }
}
