//! All queues, the clock, and who waits for them.

use std::collections::BTreeMap;
use std::future::pending;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;

use super::attribute::Attribute;
use super::clock::Clock;
use super::config::{Config, Queue};
use super::message::{Delivery, Message, Sent};
use super::problem::Problem;
use super::queue::{Counts, Manner, Stored};
use crate::lambda::stamp;

#[derive(Debug)]
pub(super) struct World {
    pub(super) clock: Clock,
    pub(super) queues: BTreeMap<String, Stored>,
    pub(super) manner: Manner,
    sequence: u64,
}

impl World {
    /// Adds a queue, or changes the settings of the one of that name.
    fn put(&mut self, settings: Queue) -> io::Result<()> {
        settings.check()?;
        let created = self.clock.epoch_ms(self.clock.now());
        match self.queues.get_mut(&settings.name) {
            Some(queue) => queue.settings = settings,
            None => drop(self.queues.insert(settings.name.clone(), Stored::new(settings, created))),
        }
        Ok(())
    }

    fn check_redrive(&self, queue: &Queue) -> io::Result<()> {
        let target = queue.redrive.as_ref().map(|redrive| &redrive.dead_letter_queue);
        let Some(absent) = target.filter(|target| !self.queues.contains_key(*target)) else { return Ok(()) };
        let name = &queue.name;
        Err(io::Error::other(format!(
            "queue `{name}` redrives to `{absent}`, which is not there: create that one first"
        )))
    }

    /// The queue of this name as it is now, and what time it is there.
    pub(super) fn queue(&mut self, name: &str) -> Result<(&mut Stored, Duration), Problem> {
        let now = self.clock.now();
        self.redrive(name, now);
        self.queues.get_mut(name).map(|queue| (queue, now)).ok_or_else(Problem::no_queue)
    }

    fn redrive(&mut self, name: &str, now: Duration) {
        let Some(queue) = self.queues.get_mut(name) else { return };
        let dead = queue.expire(now);
        let target = queue.settings.redrive.as_ref().map(|redrive| redrive.dead_letter_queue.clone());
        if let Some(target) = target.and_then(|target| self.queues.get_mut(&target)) {
            let source = Some(name.to_owned());
            let moved = dead.into_iter().map(|message| Message {
                in_flight: false,
                visible_at: now,
                source: source.clone(),
                ..message
            });
            target.messages.extend(moved);
        }
    }

    /// Redrives out of every queue, so that a look at a dead-letter queue finds all that belongs there.
    pub(super) fn redrive_all(&mut self) {
        let now = self.clock.now();
        let names: Vec<String> = self.queues.keys().cloned().collect();
        names.iter().for_each(|name| self.redrive(name, now));
    }

    /// Nothing for an unknown queue.
    pub(super) fn counts(&mut self, queue: &str) -> Counts {
        self.redrive_all();
        self.queue(queue).map(|(queue, now)| queue.counts(now)).unwrap_or_default()
    }

    /// Stores a message, and gives its id.
    pub(super) fn send(
        &mut self,
        queue: &str,
        body: String,
        attributes: BTreeMap<String, Attribute>,
        delay: Option<u64>,
    ) -> Result<String, Problem> {
        self.sequence += 1;
        let (id, sequence) = (stamp::uuid(), self.sequence);
        let (queue, now) = self.queue(queue)?;
        let delay = delay.unwrap_or(queue.settings.delay);
        let visible_at = now.saturating_add(Duration::from_secs(delay));
        queue.sent.push(Sent { id: id.clone(), body: body.clone(), attributes: attributes.clone(), delay });
        queue.messages.push(Message {
            id: id.clone(),
            body,
            attributes,
            sequence,
            sent: now,
            visible_at,
            in_flight: false,
            receives: 0,
            first_received: None,
            source: None,
        });
        Ok(id)
    }

    /// Up to `most` messages. `hidden` is the visibility time-out in seconds if it is not the queue's.
    pub(super) fn receive(&mut self, queue: &str, most: usize, hidden: Option<u64>) -> Result<Vec<Delivery>, Problem> {
        let manner = self.manner;
        let (queue, now) = self.queue(queue)?;
        let hidden = Duration::from_secs(hidden.unwrap_or(queue.settings.visibility_timeout));
        Ok(queue.receive(now, most, hidden, manner))
    }
}

#[derive(Clone, Debug)]
pub(super) struct Shared {
    world: Arc<Mutex<World>>,
    changed: Arc<Notify>,
    /// The service's address, without a trailing slash.
    url: Arc<str>,
}

impl Shared {
    pub(super) fn new(url: String, config: Config) -> io::Result<Self> {
        let (clock, manner) = (Clock::new(config.time_scale), Manner::default());
        let mut world = World { clock, queues: BTreeMap::new(), manner, sequence: 0 };
        for queue in config.queues {
            world.put(queue)?;
        }
        world.queues.values().try_for_each(|queue| world.check_redrive(&queue.settings))?;
        Ok(Self { world: Arc::new(Mutex::new(world)), changed: Arc::default(), url: url.into() })
    }

    pub(super) fn create(&self, settings: Queue) -> io::Result<String> {
        let url = self.queue_url(&settings.name);
        self.change(|world| world.check_redrive(&settings).and_then(|()| world.put(settings)))?;
        Ok(url)
    }

    pub(super) fn queue_url(&self, name: &str) -> String {
        format!("{}/{}/{name}", self.url, crate::lambda::ACCOUNT)
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Does something to the queues and wakes everybody who waits for them.
    pub(super) fn change<T>(&self, act: impl FnOnce(&mut World) -> T) -> T {
        let result = act(&mut self.lock());
        self.changed.notify_waiters();
        result
    }

    /// Looks again after each change, and whenever a message of this queue becomes visible, until there is something
    /// to see; and at `end`, if there is one, in queue time.
    pub(super) async fn wait_for<T>(
        &self,
        queue: &str,
        end: Option<Duration>,
        mut look: impl FnMut(&mut World) -> Option<T>,
    ) -> T {
        loop {
            let mut changed = std::pin::pin!(self.changed.notified());
            changed.as_mut().enable();
            let (seen, next) = {
                let mut world = self.lock();
                let seen = look(&mut world);
                let now = world.clock.now();
                let due = world.queues.get(queue).and_then(|queue| queue.next_due(now)).into_iter().chain(end).min();
                (seen, due.and_then(|due| world.clock.until(due)))
            };
            if let Some(seen) = seen {
                self.changed.notify_waiters();
                return seen;
            }
            tokio::select! {
                () = changed => {}
                () = sleep(next) => {}
            }
        }
    }
}

/// Waits this long, or for ever.
pub(super) async fn sleep(time: Option<Duration>) {
    match time {
        Some(time) => tokio::time::sleep(time).await,
        None => pending().await,
    }
}
