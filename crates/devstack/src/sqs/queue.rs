//! One queue.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::config::Queue;
use super::message::{Delivery, Message, Sent, State};
use super::problem::Problem;
use super::receipt::{self, Receipt};

/// How many messages a queue holds, by what a receiver could do with them. Duplicates are not counted.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub struct Counts {
    /// `ApproximateNumberOfMessages`.
    pub visible: usize,
    /// `ApproximateNumberOfMessagesDelayed`.
    pub delayed: usize,
    /// `ApproximateNumberOfMessagesNotVisible`.
    pub in_flight: usize,
}

impl Counts {
    /// All of them.
    #[must_use]
    pub fn total(&self) -> usize {
        self.visible + self.delayed + self.in_flight
    }
}

#[derive(Debug)]
pub(super) struct Stored {
    pub(super) settings: Queue,
    /// Milliseconds since 1970.
    pub(super) created_ms: u64,
    pub(super) messages: Vec<Message>,
    /// Deliveries that will be made once more, whatever became of their message.
    pub(super) duplicates: Vec<Delivery>,
    pub(super) sent: Vec<Sent>,
}

/// How messages are handed out.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Manner {
    /// How many more times each delivery is made.
    pub(super) duplicates: usize,
    pub(super) newest_first: bool,
}

impl Stored {
    pub(super) fn new(settings: Queue, created_ms: u64) -> Self {
        Self { settings, created_ms, messages: Vec::new(), duplicates: Vec::new(), sent: Vec::new() }
    }

    /// Up to `most` messages, hidden from now on for `hidden`; no message twice. Duplicates come with later receives.
    pub(super) fn receive(&mut self, now: Duration, most: usize, hidden: Duration, manner: Manner) -> Vec<Delivery> {
        self.messages.sort_by_key(|message| (message.visible_at, message.sequence));
        if manner.newest_first {
            self.messages.sort_by_key(|message| std::cmp::Reverse(message.sequence));
        }
        let name = &self.settings.name;
        let visible = self.messages.iter_mut().filter(|message| message.visible_at <= now);
        let mut deliveries: Vec<Delivery> =
            visible.take(most).map(|message| deliver(name, message, now, hidden)).collect();
        let again = deliveries.iter().flat_map(|delivery| std::iter::repeat_n(delivery, manner.duplicates));
        let again: Vec<Delivery> = again.cloned().collect();
        let mut kept = Vec::new();
        for duplicate in self.duplicates.drain(..) {
            let there = deliveries.iter().any(|delivery| delivery.message.id == duplicate.message.id);
            if there || deliveries.len() >= most { kept.push(duplicate) } else { deliveries.push(duplicate) }
        }
        kept.extend(again);
        self.duplicates = kept;
        deliveries
    }

    /// Deletes a message by the handle of its last delivery. With an older one, nothing happens, and the caller is not
    /// told: the service says that the message "might not be deleted".
    pub(super) fn delete(&mut self, handle: &str) -> Result<(), Problem> {
        let receipt = receipt::read(&self.settings.name, handle)?;
        self.messages.retain(|message| !is_last(message, &receipt));
        Ok(())
    }

    /// Hides a message that is in flight for another while.
    pub(super) fn hide(&mut self, handle: &str, now: Duration, hidden: Duration) -> Result<(), Problem> {
        let receipt = receipt::read(&self.settings.name, handle)?;
        let message = self.messages.iter_mut().find(|message| is_last(message, &receipt));
        let message = message.filter(|message| message.state(now) == State::InFlight);
        let message = message.ok_or_else(|| Problem::not_in_flight(handle))?;
        message.visible_at = now.saturating_add(hidden);
        message.in_flight = !hidden.is_zero();
        Ok(())
    }

    /// Drops what is too old, and takes out what was received too often.
    pub(super) fn expire(&mut self, now: Duration) -> Vec<Message> {
        let kept_for = Duration::from_secs(self.settings.retention);
        self.messages.retain(|message| message.sent.saturating_add(kept_for) > now);
        let Some(most) = self.settings.redrive.as_ref().map(|redrive| redrive.max_receive_count) else {
            return Vec::new();
        };
        let dead = |message: &mut Message| message.visible_at <= now && message.receives >= most;
        self.messages.extract_if(.., dead).collect()
    }

    pub(super) fn counts(&self, now: Duration) -> Counts {
        let count = |state| self.messages.iter().filter(|message| message.state(now) == state).count();
        Counts { visible: count(State::Visible), delayed: count(State::Delayed), in_flight: count(State::InFlight) }
    }

    /// When a hidden or delayed message can be received next.
    pub(super) fn next_due(&self, now: Duration) -> Option<Duration> {
        self.messages.iter().map(|message| message.visible_at).filter(|due| *due > now).min()
    }
}

fn deliver(queue: &str, message: &mut Message, now: Duration, hidden: Duration) -> Delivery {
    message.receives += 1;
    message.first_received.get_or_insert(now);
    message.visible_at = now.saturating_add(hidden);
    message.in_flight = true;
    let handle = receipt::write(queue, &message.id, message.receives);
    Delivery { message: message.clone(), handle }
}

fn is_last(message: &Message, receipt: &Receipt) -> bool {
    message.id == receipt.message && message.receives == receipt.receives
}
