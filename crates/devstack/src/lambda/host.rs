//! The host: all functions and the calls that run.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinSet;

use super::call::{Call, Outcome};
use super::function::Function;
use super::invoke;
use super::pool::Pool;
use super::url::FunctionUrl;
use crate::double::Double;
use crate::iam::{Gate, Iam};

/// A running host. Dropping it ends every call and kills every process that it started.
pub struct LambdaHost {
    /// The Invoke API: counters, faults and address.
    pub double: Double,
    functions: Arc<Functions>,
    gate: Gate,
}

/// Hosts `functions` behind the Invoke API on `listener`. Their output is kept while the host runs.
///
/// # Errors
/// When the listener has no local address, or a file for a function's output cannot be made.
pub async fn start(listener: TcpListener, functions: Vec<Function>) -> io::Result<LambdaHost> {
    open(listener, functions, None)
}

/// Like [`start`], but the functions' output is appended to `NAME.log` in `folder`, which is made if it is not there.
///
/// # Errors
/// When the listener has no local address, or a log file cannot be opened.
pub async fn start_with_logs(listener: TcpListener, functions: Vec<Function>, folder: &Path) -> io::Result<LambdaHost> {
    open(listener, functions, Some(folder.to_owned()))
}

fn open(listener: TcpListener, functions: Vec<Function>, log_folder: Option<PathBuf>) -> io::Result<LambdaHost> {
    let hosted = Arc::new(Functions { pools: Mutex::default(), running: Mutex::default(), log_folder });
    for function in functions {
        hosted.add(function)?;
    }
    let gate = Gate::default();
    let double = Double::serve("lambda", listener, invoke::routes(Arc::clone(&hosted), gate.clone()))?;
    Ok(LambdaHost { double, functions: hosted, gate })
}

impl LambdaHost {
    /// From now on, every call is evaluated by this account's policies first. The agent and the event sources of this
    /// process call in the name of their services and pass.
    pub fn enforce(&self, iam: &Iam) {
        self.gate.close(iam.clone());
    }

    /// Gives a function an address of its own, which streams responses. It asks nobody for leave, as with `AuthType: NONE`.
    ///
    /// # Errors
    /// When the listener has no local address.
    pub fn address(&self, name: &str, listener: TcpListener) -> io::Result<FunctionUrl> {
        FunctionUrl::serve(name, listener, Arc::clone(&self.functions))
    }

    /// Adds a function, or replaces the one of that name; calls that wait for the replaced one are refused.
    ///
    /// # Errors
    /// When the file for its output cannot be made.
    pub fn add(&self, function: Function) -> io::Result<()> {
        self.functions.add(function)
    }

    /// Removes a function and its idle processes. False if there was none of that name.
    pub fn remove(&self, name: &str) -> bool {
        let removed = self.functions.pools().remove(name);
        if let Some(pool) = &removed {
            pool.close();
        }
        removed.is_some()
    }

    /// Replaces a function's environment: its next call meets a new process. False if there is none of that name.
    pub fn set_environment(&self, name: &str, environment: BTreeMap<String, String>) -> bool {
        self.functions.pool(name).inspect(|pool| pool.set_environment(environment)).is_some()
    }

    /// Starts a process for the function now, so that its first call need not wait for it.
    ///
    /// # Errors
    /// The body that a call would have been answered, as text, or that there is no such function.
    pub async fn warm(&self, name: &str) -> Result<(), String> {
        let pool = self.functions.pool(name).ok_or_else(|| format!("no function `{name}` is hosted"))?;
        match pool.warm().await {
            Ok(()) => Ok(()),
            Err(Outcome::Failed(body)) => Err(String::from_utf8_lossy(&body).into_owned()),
            Err(_) => Err(format!("function `{name}` was removed")),
        }
    }

    /// Calls of the function that were run or wait to be, whatever name or ARN they used. Zero for one not hosted.
    #[must_use]
    pub fn calls(&self, name: &str) -> u64 {
        self.functions.pool(name).map_or(0, |pool| pool.calls())
    }

    /// What the function's processes wrote since the host started: standard output and error, by line, oldest first.
    /// Of more than 128 MB the end. Whatever was written before a call's answer arrived is in it.
    #[must_use]
    pub fn logs(&self, name: &str) -> Vec<String> {
        self.functions.pool(name).map(|pool| pool.log_lines()).unwrap_or_default()
    }

    /// Process ids of the function's idle sandboxes.
    #[must_use]
    pub fn processes(&self, name: &str) -> Vec<u32> {
        self.functions.pool(name).map(|pool| pool.processes()).unwrap_or_default()
    }
}

impl Drop for LambdaHost {
    fn drop(&mut self) {
        self.functions.running().abort_all();
        for pool in std::mem::take(&mut *self.functions.pools()).values() {
            pool.close();
        }
    }
}

/// The hosted functions by name, and the calls that run.
pub(super) struct Functions {
    pools: Mutex<BTreeMap<String, Arc<Pool>>>,
    running: Mutex<JoinSet<()>>,
    log_folder: Option<PathBuf>,
}

impl Functions {
    fn pools(&self) -> MutexGuard<'_, BTreeMap<String, Arc<Pool>>> {
        self.pools.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn running(&self) -> MutexGuard<'_, JoinSet<()>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn add(&self, function: Function) -> io::Result<()> {
        let name = function.name.clone();
        let pool = Pool::new(function, self.log_folder.as_deref())?;
        let replaced = self.pools().insert(name, Arc::new(pool));
        if let Some(replaced) = replaced {
            replaced.close();
        }
        Ok(())
    }

    pub(super) fn pool(&self, name: &str) -> Option<Arc<Pool>> {
        self.pools().get(name).map(Arc::clone)
    }

    /// Runs a call to its end, whether or not somebody still waits for it.
    pub(super) fn run(&self, pool: Arc<Pool>, call: Call) -> oneshot::Receiver<(Outcome, Vec<u8>)> {
        let (done, outcome) = oneshot::channel();
        pool.count();
        let mut running = self.running();
        while running.try_join_next().is_some() {}
        running.spawn(async move {
            // The caller may have left.
            let _heard = done.send(pool.run(&call).await);
        });
        outcome
    }
}
