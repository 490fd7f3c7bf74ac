//! The event-source mapping: receives messages, calls a function with them, and deletes those that it dealt with.

mod event;
pub(super) mod verdict;

use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use serde::{Deserialize, Serialize};
use tokio::task::{JoinHandle, JoinSet};

use super::message::Delivery;
use super::world::Shared;
use crate::lambda::caller::{Caller, NotRun};

/// Which function is called with what a queue holds. The names are those of
/// [CreateEventSourceMapping](https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html).
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Mapping {
    /// Name of the queue.
    pub queue: String,
    /// Name of the function.
    pub function: String,
    /// Where Lambda's Invoke API is.
    pub lambda_url: String,
    /// How many messages a call has at most, 1 to 10.
    pub batch_size: usize,
    /// Whether the function's answer says which messages failed. Without it, an answer means that none did.
    pub report_batch_item_failures: bool,
    /// How many calls run at once, 1 to 1,000. (Lambda takes no less than 2.)
    pub max_concurrency: usize,
}

impl Mapping {
    /// 10 messages a call, the failed ones reported, 2 calls at once.
    #[must_use]
    pub fn new(queue: impl Into<String>, function: impl Into<String>, lambda_url: impl Into<String>) -> Self {
        Self {
            queue: queue.into(),
            function: function.into(),
            lambda_url: lambda_url.into(),
            batch_size: 10,
            report_batch_item_failures: true,
            max_concurrency: 2,
        }
    }

    /// The same with at most so many messages a call.
    #[must_use]
    pub fn in_batches_of(mut self, batch_size: usize) -> Self {
        self.batch_size = batch_size;
        self
    }

    /// The same with so many calls at once.
    #[must_use]
    pub fn at_once(mut self, max_concurrency: usize) -> Self {
        self.max_concurrency = max_concurrency;
        self
    }
}

/// One call and what came of it.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Batch {
    /// Ids of the messages in the call.
    pub messages: Vec<String>,
    /// Ids of those that were not deleted and come again.
    pub failed: Vec<String>,
    /// Why the whole batch failed, if it did. Never what the function wrote.
    pub reason: Option<String>,
}

/// A running mapping. Dropping it ends it: the messages of a call that still runs come again after their time-out.
#[derive(Debug)]
pub struct EventSource {
    shared: Shared,
    queue: String,
    batches: Arc<Mutex<Vec<Batch>>>,
    task: JoinHandle<()>,
}

impl EventSource {
    /// The calls that have ended, in the order of their ends.
    #[must_use]
    pub fn batches(&self) -> Vec<Batch> {
        self.batches.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Waits until at least so many calls have ended since the start, and gives all that have.
    pub async fn until(&self, batches: usize) -> Vec<Batch> {
        let seen = || Some(self.batches()).filter(|ended| ended.len() >= batches);
        self.shared.wait_for(&self.queue, None, |_| seen()).await
    }
}

impl Drop for EventSource {
    fn drop(&mut self) {
        self.task.abort();
    }
}

pub(super) fn start(shared: Shared, mapping: Mapping) -> io::Result<EventSource> {
    let Mapping { queue, batch_size, max_concurrency, .. } = &mapping;
    if !(1..=10).contains(batch_size) || !(1..=1000).contains(max_concurrency) {
        return Err(io::Error::other("a mapping has 1 to 10 messages a call and 1 to 1000 calls at once"));
    }
    let queue = queue.clone();
    shared
        .lock()
        .queue(&queue)
        .map_err(|_| io::Error::other(format!("there is no queue `{queue}`: create it first")))?;
    let batches = Arc::<Mutex<Vec<Batch>>>::default();
    let worker = Worker {
        shared: shared.clone(),
        lambda: Caller::at(&mapping.lambda_url),
        mapping,
        batches: Arc::clone(&batches),
    };
    let task = tokio::spawn(poll(Arc::new(worker)));
    Ok(EventSource { shared, queue, batches, task })
}

struct Worker {
    shared: Shared,
    lambda: Caller,
    mapping: Mapping,
    batches: Arc<Mutex<Vec<Batch>>>,
}

/// The calls end with this task, as they are its own.
async fn poll(worker: Arc<Worker>) {
    let Mapping { queue, batch_size, max_concurrency, .. } = &worker.mapping;
    let mut calls = JoinSet::new();
    loop {
        while calls.len() >= *max_concurrency {
            calls.join_next().await;
        }
        let received = worker.shared.wait_for(queue, None, |world| {
            Some(world.receive(queue, *batch_size, None).unwrap_or_default()).filter(|batch| !batch.is_empty())
        });
        let deliveries = received.await;
        while calls.try_join_next().is_some() {}
        let worker = Arc::clone(&worker);
        calls.spawn(async move { worker.run(deliveries).await });
    }
}

impl Worker {
    async fn run(&self, deliveries: Vec<Delivery>) {
        let event = event::of(&self.shared.lock(), &self.mapping.queue, &deliveries);
        let messages: Vec<String> = deliveries.iter().map(|delivery| delivery.message.id.clone()).collect();
        let answer = self.lambda.invoke(&self.mapping.function, &event).await;
        let not_run = |not_run| match not_run {
            NotRun::Lambda(why) => why,
            NotRun::Function => "the function failed".to_owned(),
        };
        let failed = answer.map_err(not_run).and_then(|ran| match self.mapping.report_batch_item_failures {
            true => verdict::failed(&ran.answer, &messages).map_err(str::to_owned),
            false => Ok(Vec::new()),
        });
        let (failed, reason) = match failed {
            Ok(failed) => (failed, None),
            Err(reason) => (messages.clone(), Some(reason)),
        };
        self.shared.change(|world| {
            let Ok((queue, _)) = world.queue(&self.mapping.queue) else { return };
            for delivery in deliveries.iter().filter(|delivery| !failed.contains(&delivery.message.id)) {
                // A handle of ours is well-formed: there is no error to tell.
                let _deleted = queue.delete(&delivery.handle);
            }
            self.batches.lock().unwrap_or_else(PoisonError::into_inner).push(Batch { messages, failed, reason });
        });
    }
}
