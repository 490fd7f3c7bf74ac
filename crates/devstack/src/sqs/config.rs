//! What the service starts with.

use std::io;

use serde::{Deserialize, Serialize};

/// The longest delay of a message, in seconds.
pub(super) const LONGEST_DELAY: u64 = 900;
/// The longest visibility time-out, in seconds.
pub(super) const LONGEST_VISIBILITY: u64 = 43_200;

/// The service at its start.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Queues that are there from the start, in any order.
    pub queues: Vec<Queue>,
    /// How many seconds the queues' clock goes forward in one second. With 100, a delay of 1 s takes 10 ms. With 0 the
    /// clock stands still and only [`super::Sqs::advance`] moves it. The functions' clock is not touched.
    pub time_scale: u32,
}

impl Default for Config {
    fn default() -> Self {
        Self { queues: Vec::new(), time_scale: 1 }
    }
}

/// One queue. The bounds and defaults are those of
/// [CreateQueue](https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html).
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Queue {
    /// 1 to 80 letters, digits, `-` and `_`.
    pub name: String,
    /// Seconds that a received message stays hidden, 0 to 43,200.
    #[serde(default = "half_a_minute")]
    pub visibility_timeout: u64,
    /// Seconds that a message is delayed that does not say so itself, 0 to 900.
    #[serde(default)]
    pub delay: u64,
    /// Seconds after which a message is dropped, 60 to 1,209,600.
    #[serde(default = "four_days")]
    pub retention: u64,
    /// Where messages go that are received too often.
    #[serde(default)]
    pub redrive: Option<Redrive>,
}

/// A redrive policy.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Redrive {
    /// Name of the dead-letter queue.
    pub dead_letter_queue: String,
    /// How often a message is received before it is moved, 1 to 1,000.
    pub max_receive_count: u32,
}

fn half_a_minute() -> u64 {
    30
}

fn four_days() -> u64 {
    345_600
}

impl Queue {
    /// A queue with the service's defaults: hidden for 30 s, no delay, kept for 4 days, no redrive.
    #[must_use]
    pub fn new(name: impl Into<String>) -> Self {
        let (visibility_timeout, retention) = (half_a_minute(), four_days());
        Self { name: name.into(), visibility_timeout, delay: 0, retention, redrive: None }
    }

    /// The same with another visibility time-out, in seconds.
    #[must_use]
    pub fn hidden_for(mut self, seconds: u64) -> Self {
        self.visibility_timeout = seconds;
        self
    }

    /// The same with a dead-letter queue for messages that were received `max_receive_count` times.
    #[must_use]
    pub fn redriven_to(mut self, dead_letter_queue: impl Into<String>, max_receive_count: u32) -> Self {
        self.redrive = Some(Redrive { dead_letter_queue: dead_letter_queue.into(), max_receive_count });
        self
    }

    pub(super) fn check(&self) -> io::Result<()> {
        let named = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        let wrong = if self.name.is_empty() || self.name.len() > 80 || !self.name.chars().all(named) {
            "a name has 1 to 80 letters, digits, `-` and `_`"
        } else if self.visibility_timeout > LONGEST_VISIBILITY {
            "a visibility time-out has at most 43200 seconds"
        } else if self.delay > LONGEST_DELAY {
            "a delay has at most 900 seconds"
        } else if !(60..=1_209_600).contains(&self.retention) {
            "messages are kept for 60 to 1209600 seconds"
        } else if self.redrive.as_ref().is_some_and(|redrive| !(1..=1000).contains(&redrive.max_receive_count)) {
            "a message is redriven after 1 to 1000 receives"
        } else {
            return Ok(());
        };
        Err(io::Error::other(format!("queue `{}` cannot be: {wrong}", self.name)))
    }
}
