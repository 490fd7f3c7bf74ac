//! What a test in the same process may do to the queues while they run.

use std::io;
use std::ops::Deref;

use super::config::Queue;
use super::mapping::{self, EventSource, Mapping};
use super::message::{Held, Sent};
use super::queue::Counts;
use super::world::Shared;
use crate::iam::{Gate, Iam};
use crate::operations::Operations;

/// A running SQS. Dropping it closes its listener; its event sources run on until they are dropped themselves.
///
/// Each control has an admin endpoint under `/_sqs/` too. An unknown queue holds nothing. Event sources make no calls that are
/// counted here, and meet no fault.
#[derive(Debug)]
pub struct Sqs {
    pub(super) operations: Operations,
    pub(super) shared: Shared,
    pub(super) gate: Gate,
}

impl Deref for Sqs {
    type Target = Operations;

    fn deref(&self) -> &Operations {
        &self.operations
    }
}

impl Sqs {
    /// From now on, every call is evaluated by this account's policies first.
    pub fn enforce(&self, iam: &Iam) {
        self.gate.close(iam.clone());
    }

    /// Makes a queue, or changes the settings of the one of that name, and gives its address.
    ///
    /// # Errors
    /// When a setting is out of its bounds, or the dead-letter queue is not there.
    pub fn create_queue(&self, queue: Queue) -> io::Result<String> {
        self.shared.create(queue)
    }

    /// The address of a queue of this name.
    #[must_use]
    pub fn queue_url(&self, name: &str) -> String {
        self.shared.queue_url(name)
    }

    /// Calls a function with what a queue holds, until the event source is dropped.
    ///
    /// # Errors
    /// When there is no such queue, or a number is out of its bounds.
    pub fn map(&self, mapping: Mapping) -> io::Result<EventSource> {
        mapping::start(self.shared.clone(), mapping)
    }

    /// The messages that the queue holds, oldest first; duplicates are not among them.
    #[must_use]
    pub fn messages(&self, queue: &str) -> Vec<Held> {
        self.shared.messages(queue)
    }

    /// The messages that were redriven from this queue and are still in its dead-letter queue, oldest first.
    #[must_use]
    pub fn dead_letters(&self, queue: &str) -> Vec<Held> {
        self.shared.dead_letters(queue)
    }

    /// Every message that was ever sent to the queue, oldest first.
    #[must_use]
    pub fn sent(&self, queue: &str) -> Vec<Sent> {
        self.shared.sent(queue)
    }

    /// How many messages the queue holds.
    #[must_use]
    pub fn counts(&self, queue: &str) -> Counts {
        self.shared.lock().counts(queue)
    }

    /// Waits until the queue's counts are as wanted.
    pub async fn until(&self, queue: &str, wanted: impl Fn(Counts) -> bool) {
        self.shared.wait_for(queue, None, |world| wanted(world.counts(queue)).then_some(())).await;
    }

    /// Moves the queues' clock forward at once, by seconds of queue time.
    pub fn advance(&self, seconds: u64) {
        self.shared.change(|world| world.clock.advance(seconds));
    }

    /// From now on, each delivery is made this many more times, even if its message was deleted meanwhile. A duplicate
    /// comes with a later receive, has the message's id and receive count, and its handle deletes the message.
    pub fn duplicate(&self, times: usize) {
        self.shared.change(|world| world.manner.duplicates = times);
    }

    /// From now on, the newest message is handed out first; with false, the one that has been visible the longest.
    pub fn newest_first(&self, on: bool) {
        self.shared.change(|world| world.manner.newest_first = on);
    }
}

/// What both the methods above and the admin endpoints show.
impl Shared {
    pub(super) fn messages(&self, queue: &str) -> Vec<Held> {
        let mut world = self.lock();
        world.redrive_all();
        let Ok((queue, now)) = world.queue(queue) else { return Vec::new() };
        let mut messages: Vec<_> = queue.messages.iter().collect();
        messages.sort_by_key(|message| message.sequence);
        messages.into_iter().map(|message| message.held(now)).collect()
    }

    pub(super) fn dead_letters(&self, queue: &str) -> Vec<Held> {
        let redrive = self.lock().queue(queue).ok().and_then(|(queue, _)| queue.settings.redrive.clone());
        let dead = redrive.map(|redrive| self.messages(&redrive.dead_letter_queue)).unwrap_or_default();
        dead.into_iter().filter(|held| held.source.as_deref() == Some(queue)).collect()
    }

    pub(super) fn sent(&self, queue: &str) -> Vec<Sent> {
        self.lock().queue(queue).map(|(queue, _)| queue.sent.clone()).unwrap_or_default()
    }
}
