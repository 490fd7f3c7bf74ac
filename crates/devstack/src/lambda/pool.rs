//! The sandboxes of one function.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::Semaphore;

use super::call::{Call, Outcome};
use super::function::Function;
use super::log::Log;
use super::sandbox::{Left, Sandbox};

pub(super) struct Pool {
    places: Semaphore,
    log: Log,
    log_start: u64,
    calls: AtomicU64,
    state: Mutex<State>,
}

struct State {
    function: Function,
    /// Sandboxes of an older generation are not used again.
    generation: u64,
    idle: Vec<Sandbox>,
    closed: bool,
}

impl Pool {
    pub(super) fn new(function: Function, log_folder: Option<&Path>) -> io::Result<Self> {
        let log = Log::open(log_folder, &function.name)?;
        let places = Semaphore::new(function.concurrency.max(1));
        let log_start = log.length();
        let state = Mutex::new(State { function, generation: 0, idle: Vec::new(), closed: false });
        Ok(Self { places, log, log_start, calls: AtomicU64::new(0), state })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs a call in a sandbox, once there is a place. With it comes what the function wrote meanwhile, its end only.
    pub(super) async fn run(&self, call: &Call) -> (Outcome, Vec<u8>) {
        let Ok(_place) = self.places.acquire().await else {
            return (Outcome::Removed, Vec::new());
        };
        let start = self.log.length();
        let outcome = self.run_in_place(call).await;
        (outcome, self.log.since(start, 4096))
    }

    async fn run_in_place(&self, call: &Call) -> Outcome {
        loop {
            let warm = self.take();
            let was_warm = warm.is_some();
            let mut sandbox = match warm {
                Some(sandbox) => sandbox,
                None => match self.boot(&call.id).await {
                    Ok(sandbox) => sandbox,
                    Err(outcome) => return outcome,
                },
            };
            match sandbox.run(call).await {
                Left::Alive(outcome) => {
                    self.give_back(sandbox);
                    return outcome;
                }
                Left::Dead(outcome) => return outcome,
                // It ended while it was idle, which no caller is to notice.
                Left::Undelivered if was_warm => {}
                Left::Undelivered => {
                    return Outcome::failed("Runtime.ExitError", &call.id, "Runtime exited before it took the call");
                }
            }
        }
    }

    /// Starts a sandbox now, unless one is idle.
    pub(super) async fn warm(&self) -> Result<(), Outcome> {
        let Ok(_place) = self.places.acquire().await else {
            return Err(Outcome::Removed);
        };
        let sandbox = match self.take() {
            Some(sandbox) => sandbox,
            None => self.boot(&super::stamp::uuid()).await?,
        };
        self.give_back(sandbox);
        Ok(())
    }

    async fn boot(&self, id: &str) -> Result<Sandbox, Outcome> {
        let (function, generation) = {
            let state = self.state();
            (state.function.clone(), state.generation)
        };
        Sandbox::start(&function, generation, &self.log, id).await
    }

    fn take(&self) -> Option<Sandbox> {
        let mut state = self.state();
        while let Some(mut sandbox) = state.idle.pop() {
            if sandbox.lives() {
                return Some(sandbox);
            }
        }
        None
    }

    fn give_back(&self, sandbox: Sandbox) {
        let mut state = self.state();
        if !state.closed && sandbox.generation == state.generation {
            state.idle.push(sandbox);
        }
    }

    /// Idle sandboxes end now, busy ones after their call.
    pub(super) fn set_environment(&self, environment: BTreeMap<String, String>) {
        let mut state = self.state();
        state.function.environment = environment;
        state.generation += 1;
        state.idle.clear();
    }

    /// Ends the idle sandboxes and refuses further calls.
    pub(super) fn close(&self) {
        self.places.close();
        let mut state = self.state();
        state.closed = true;
        state.idle.clear();
    }

    /// Counted before it waits, so that a call that nobody waits for is seen at once.
    pub(super) fn count(&self) {
        self.calls.fetch_add(1, Ordering::SeqCst);
    }

    pub(super) fn calls(&self) -> u64 {
        self.calls.load(Ordering::SeqCst)
    }

    pub(super) fn log_lines(&self) -> Vec<String> {
        self.log.lines(self.log_start)
    }

    /// Process ids of the idle sandboxes.
    pub(super) fn processes(&self) -> Vec<u32> {
        self.state().idle.iter().filter_map(Sandbox::process).collect()
    }
}
