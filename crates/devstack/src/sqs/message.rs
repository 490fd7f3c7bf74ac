//! Messages: as the queue keeps them, and as a test sees them.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::attribute::Attribute;

/// A message in a queue. Times are queue time since the start.
#[derive(Clone, Debug)]
pub(super) struct Message {
    pub(super) id: String,
    pub(super) body: String,
    pub(super) attributes: BTreeMap<String, Attribute>,
    /// Its place among all messages that were sent.
    pub(super) sequence: u64,
    pub(super) sent: Duration,
    pub(super) visible_at: Duration,
    /// Received, and neither deleted nor made visible since.
    pub(super) in_flight: bool,
    pub(super) receives: u32,
    pub(super) first_received: Option<Duration>,
    /// The queue that it was redriven from.
    pub(super) source: Option<String>,
}

/// One delivery of a message.
#[derive(Clone, Debug)]
pub(super) struct Delivery {
    pub(super) message: Message,
    pub(super) handle: String,
}

/// What a receiver could do with a message now.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// It can be received.
    Visible,
    /// It was sent with a delay that is not over.
    Delayed,
    /// It was received, and its visibility time-out is not over.
    InFlight,
}

/// A message that a queue holds.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Held {
    /// `MessageId`.
    pub id: String,
    /// `MessageBody`.
    pub body: String,
    /// `MessageAttributes`.
    pub attributes: BTreeMap<String, Attribute>,
    /// `ApproximateReceiveCount`; duplicates are not counted.
    pub receives: u32,
    /// What a receiver could do with it.
    pub state: State,
    /// Seconds of queue time until it can be received, rounded up. 0: now.
    pub visible_in: u64,
    /// The queue that it was redriven from, if it was.
    pub source: Option<String>,
}

/// A message as it was sent, whatever became of it.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Sent {
    /// `MessageId`.
    pub id: String,
    /// `MessageBody`.
    pub body: String,
    /// `MessageAttributes`.
    pub attributes: BTreeMap<String, Attribute>,
    /// Seconds that it was delayed, by itself or by its queue.
    pub delay: u64,
}

impl Message {
    pub(super) fn state(&self, now: Duration) -> State {
        match (self.visible_at > now, self.in_flight) {
            (false, _) => State::Visible,
            (true, false) => State::Delayed,
            (true, true) => State::InFlight,
        }
    }

    pub(super) fn held(&self, now: Duration) -> Held {
        let left = self.visible_at.saturating_sub(now);
        Held {
            id: self.id.clone(),
            body: self.body.clone(),
            attributes: self.attributes.clone(),
            receives: self.receives,
            state: self.state(now),
            visible_in: left.as_secs() + u64::from(left.subsec_nanos() > 0),
            source: self.source.clone(),
        }
    }
}
