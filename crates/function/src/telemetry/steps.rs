//! How long each step of a call took, and what was learned on the way.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::facts::Facts;

/// A stopwatch for the steps of one call, and what they learned about the call. Clones share both, so steps that run
/// side by side can be timed, and what is known by then is known even when the call ends in a panic.
#[derive(Clone)]
pub struct Steps {
    began: Instant,
    steps: Arc<Mutex<Vec<Step>>>,
    facts: Facts,
}

struct Step {
    name: &'static str,
    began: Instant,
    took: Option<Duration>,
}

impl Steps {
    /// A stopwatch that starts now.
    #[must_use]
    pub fn new() -> Self {
        Self { began: Instant::now(), steps: Arc::default(), facts: Facts::default() }
    }

    /// Waits for `step` and notes how long that took. The name becomes the metric `NAME_ms` (`total` is the
    /// whole call's); a step that is taken twice adds up.
    pub async fn time<T>(&self, name: &'static str, step: impl Future<Output = T>) -> T {
        let began = Instant::now();
        let index = self.with(|steps| {
            steps.push(Step { name, began, took: None });
            steps.len() - 1
        });
        let value = step.await;
        self.with(|steps| {
            if let Some(step) = steps.get_mut(index) {
                step.took = Some(began.elapsed());
            }
        });
        value
    }

    /// The names of the steps that have begun and not ended: where a call was when it ended early.
    #[must_use]
    pub fn unfinished(&self) -> Vec<&'static str> {
        self.with(|steps| steps.iter().filter(|step| step.took.is_none()).map(|step| step.name).collect())
    }

    /// Each step's name and how long it took, in the order in which they first began; an unfinished step counts up to
    /// now.
    #[must_use]
    pub fn taken(&self) -> Vec<(&'static str, Duration)> {
        self.with(|steps| {
            let mut taken: Vec<(&'static str, Duration)> = Vec::new();
            for step in steps.iter() {
                let took = step.took.unwrap_or_else(|| step.began.elapsed());
                match taken.iter_mut().find(|(name, _)| *name == step.name) {
                    Some((_, sum)) => *sum += took,
                    None => taken.push((step.name, took)),
                }
            }
            taken
        })
    }

    /// How long ago the stopwatch was started.
    #[must_use]
    pub fn total(&self) -> Duration {
        self.began.elapsed()
    }

    pub(crate) fn facts(&self) -> &Facts {
        &self.facts
    }

    fn with<T>(&self, act: impl FnOnce(&mut Vec<Step>) -> T) -> T {
        act(&mut self.steps.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Default for Steps {
    fn default() -> Self {
        Self::new()
    }
}
