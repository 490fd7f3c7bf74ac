//! One sandbox: a process, its Runtime API, and one call at a time.

use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::process::Child;
use tokio::sync::{mpsc, oneshot};
use tokio::time::Instant;

use super::call::{Call, Outcome};
use super::function::Function;
use super::log::Log;
use super::process;
use super::runtime_api::{self, Delivery, Desk, Report};
use crate::clock;

/// How long a process may take until it asks for its first call, beside the function's own timeout: Lambda gives this
/// long, and then starts once more on the time of the call.
const START: Duration = Duration::from_secs(10);

/// Dropping it kills the process.
pub(super) struct Sandbox {
    child: Child,
    deliveries: mpsc::Sender<Delivery>,
    reports: mpsc::UnboundedReceiver<Report>,
    timeout: Duration,
    pub(super) generation: u64,
    _serving: oneshot::Sender<()>,
}

/// How a call left its sandbox.
pub(super) enum Left {
    /// The process goes on.
    Alive(Outcome),
    /// The process is gone, or must go.
    Dead(Outcome),
    /// The process had gone before it was given the call.
    Undelivered,
}

impl Sandbox {
    /// Starts a process and waits until it asks for its first call.
    ///
    /// # Errors
    /// What the call `id` is answered, if it does not come so far.
    pub(super) async fn start(function: &Function, generation: u64, log: &Log, id: &str) -> Result<Self, Outcome> {
        let unusable = |error: std::io::Error| {
            let sentence = format!("Couldn't find valid bootstrap(s): {}: {error}", function.binary.display());
            Outcome::failed("Runtime.InvalidEntrypoint", id, &sentence)
        };
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.map_err(unusable)?;
        let address = listener.local_addr().map_err(unusable)?;
        let (deliveries, delivered) = mpsc::channel(1);
        let (reporter, reports) = mpsc::unbounded_channel();
        let (serving, stop) = oneshot::channel();
        tokio::spawn(runtime_api::serve(listener, Arc::new(Desk::new(delivered, reporter)), stop));
        let child = process::start(function, address, log).map_err(unusable)?;
        let mut sandbox = Self { child, deliveries, reports, timeout: function.timeout, generation, _serving: serving };
        sandbox.until_ready(id).await?;
        Ok(sandbox)
    }

    async fn until_ready(&mut self, id: &str) -> Result<(), Outcome> {
        let limit = START + self.timeout;
        let end = Instant::now() + limit;
        loop {
            tokio::select! {
                biased;
                report = self.reports.recv() => match report {
                    Some(Report::Ready) => return Ok(()),
                    Some(Report::NotStarted(body)) => return Err(Outcome::Failed(body)),
                    Some(_) => {}
                    None => return Err(Outcome::failed("Runtime.Unknown", id, "the runtime API has gone")),
                },
                _ = self.child.wait() => return Err(self.exited(id).await),
                () = tokio::time::sleep_until(end) => return Err(Outcome::timed_out(id, limit)),
            }
        }
    }

    /// Whether the process still runs.
    pub(super) fn lives(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    pub(super) fn process(&self) -> Option<u32> {
        self.child.id()
    }

    /// Hands the call to the process and waits for what comes of it.
    pub(super) async fn run(&mut self, call: &Call) -> Left {
        let end = Instant::now() + self.timeout;
        let deadline_ms = clock::now_ms() + u64::try_from(self.timeout.as_millis()).unwrap_or(u64::MAX / 2);
        if self.deliveries.send(Delivery { call: call.clone(), deadline_ms }).await.is_err() {
            return Left::Undelivered;
        }
        let mut delivered = false;
        loop {
            tokio::select! {
                biased;
                report = self.reports.recv() => match report {
                    Some(Report::Delivered(id)) if id == call.id => delivered = true,
                    Some(Report::Answered(id, body)) if id == call.id => return Left::Alive(Outcome::Answered(body)),
                    Some(Report::Failed(id, body)) if id == call.id => return Left::Alive(Outcome::Failed(body)),
                    Some(Report::TooLarge(id)) if id == call.id => {
                        let sentence = "Response payload size exceeded maximum allowed payload size (6291556 bytes).";
                        return Left::Alive(Outcome::failed("Function.ResponseSizeTooLarge", &id, sentence));
                    }
                    Some(_) => {}
                    None => return Left::Undelivered,
                },
                _ = self.child.wait() => {
                    if delivered {
                        return Left::Dead(self.exited(&call.id).await);
                    }
                    return Left::Undelivered;
                }
                () = tokio::time::sleep_until(end) => {
                    // Waits for the end of the process: a killed call writes nothing any more once it is answered.
                    let _killed = self.child.kill().await;
                    return Left::Dead(Outcome::timed_out(&call.id, self.timeout));
                }
            }
        }
    }

    async fn exited(&mut self, id: &str) -> Outcome {
        let how = match self.child.wait().await {
            Ok(status) if status.success() => "Runtime exited without providing a reason".to_owned(),
            Ok(status) => format!("Runtime exited with error: {status}"),
            Err(_) => "Runtime exited".to_owned(),
        };
        Outcome::failed("Runtime.ExitError", id, &how)
    }
}
