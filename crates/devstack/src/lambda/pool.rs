//! The sandboxes of one function.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Semaphore;

use super::call::{Call, Outcome};
use super::function::Function;
use super::log::Log;
use super::sandbox::{Left, Sandbox};

pub(super) struct Pool {
    places: Semaphore,
    /// Held while a sandbox starts that will take several calls, so that those who wait take a place in it.
    starting: tokio::sync::Mutex<()>,
    log: Log,
    log_start: u64,
    calls: AtomicU64,
    state: Mutex<State>,
}

struct State {
    function: Function,
    /// Sandboxes that were started for an older generation are not used again.
    generation: u64,
    up: Vec<Up>,
    closed: bool,
}

/// A sandbox that may be given calls, and how many it has.
struct Up {
    sandbox: Arc<Sandbox>,
    calls: usize,
}

impl Pool {
    pub(super) fn new(function: Function, log_folder: Option<&Path>) -> io::Result<Self> {
        let log = Log::open(log_folder, &function.name)?;
        let places = Semaphore::new(function.concurrency.max(1) * function.events_at_once.max(1));
        let log_start = log.length();
        let state = Mutex::new(State { function, generation: 0, up: Vec::new(), closed: false });
        Ok(Self { places, starting: tokio::sync::Mutex::default(), log, log_start, calls: AtomicU64::new(0), state })
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
            let (sandbox, was_warm) = match self.taken(&call.id).await {
                Ok(taken) => taken,
                Err(outcome) => return outcome,
            };
            let left = sandbox.run(call).await;
            self.give_back(&sandbox);
            match left {
                Left::Alive(outcome) | Left::Dead(outcome) => return outcome,
                // It ended while it was idle, which no caller is to notice.
                Left::Undelivered if was_warm => {}
                Left::Undelivered => {
                    return Outcome::failed("Runtime.ExitError", &call.id, "Runtime exited before it took the call");
                }
            }
        }
    }

    /// Starts a sandbox now, unless one has room.
    pub(super) async fn warm(&self) -> Result<(), Outcome> {
        let Ok(_place) = self.places.acquire().await else {
            return Err(Outcome::Removed);
        };
        let (sandbox, _) = self.taken(&super::stamp::uuid()).await?;
        self.give_back(&sandbox);
        Ok(())
    }

    /// A place in a sandbox, and whether that ran before.
    async fn taken(&self, id: &str) -> Result<(Arc<Sandbox>, bool), Outcome> {
        if let Some(sandbox) = self.take() {
            return Ok((sandbox, true));
        }
        let (function, generation) = {
            let state = self.state();
            (state.function.clone(), state.generation)
        };
        let _my_turn = if function.events_at_once > 1 { Some(self.starting.lock().await) } else { None };
        if let Some(sandbox) = self.take() {
            return Ok((sandbox, true));
        }
        let sandbox = Arc::new(Sandbox::start(&function, &self.log, id).await?);
        let mut state = self.state();
        if !state.closed && state.generation == generation {
            state.up.push(Up { sandbox: Arc::clone(&sandbox), calls: 1 });
        }
        Ok((sandbox, false))
    }

    /// A place in the sandbox that has the fewest calls.
    fn take(&self) -> Option<Arc<Sandbox>> {
        let mut state = self.state();
        state.up.retain(|up| up.sandbox.lives());
        let room = state.function.events_at_once.max(1);
        let free = state.up.iter_mut().rev().filter(|up| up.calls < room).min_by_key(|up| up.calls)?;
        free.calls += 1;
        Some(Arc::clone(&free.sandbox))
    }

    fn give_back(&self, sandbox: &Arc<Sandbox>) {
        let mut state = self.state();
        if let Some(up) = state.up.iter_mut().find(|up| Arc::ptr_eq(&up.sandbox, sandbox)) {
            up.calls = up.calls.saturating_sub(1);
        }
    }

    /// What is hosted, as it is set up now.
    pub(super) fn function(&self) -> Function {
        self.state().function.clone()
    }

    /// Idle sandboxes end now, busy ones after their calls.
    pub(super) fn set_environment(&self, environment: BTreeMap<String, String>) {
        let mut state = self.state();
        state.function.environment = environment;
        state.generation += 1;
        state.up.clear();
    }

    /// Ends the idle sandboxes and refuses further calls.
    pub(super) fn close(&self) {
        self.places.close();
        let mut state = self.state();
        state.closed = true;
        state.up.clear();
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
        let state = self.state();
        state.up.iter().filter(|up| up.calls == 0).filter_map(|up| up.sandbox.process()).collect()
    }
}
