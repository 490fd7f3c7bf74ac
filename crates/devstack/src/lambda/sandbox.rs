//! One sandbox: a process, its Runtime API, and as many calls at a time as the function says.

use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::process::Child;
use tokio::sync::{Notify, mpsc, oneshot, watch};
use tokio::task::JoinSet;
use tokio::time::Instant;

use super::call::{Call, Outcome};
use super::function::Function;
use super::log::Log;
use super::process;
use super::runtime_api::{self, Delivery, Desk, Report, Started};
use crate::clock;

/// How long a process may take until it asks for its first call, beside the function's own timeout: Lambda gives this
/// long, and then starts once more on the time of the call.
const START: Duration = Duration::from_secs(10);

/// Dropping it kills the process.
pub(super) struct Sandbox {
    process: Option<u32>,
    deliveries: mpsc::Sender<Delivery>,
    timeout: Duration,
    /// How the process ended, once it has.
    end: watch::Receiver<Option<String>>,
    kill: Arc<Notify>,
    _serving: oneshot::Sender<()>,
    _attending: JoinSet<()>,
}

/// How a call left its sandbox.
pub(super) enum Left {
    /// The process goes on.
    Alive(Outcome),
    /// The process is gone.
    Dead(Outcome),
    /// The process had gone before it was given the call.
    Undelivered,
}

impl Sandbox {
    /// Starts a process and waits until it asks for its first call.
    ///
    /// # Errors
    /// What the call `id` is answered, if it does not come so far.
    pub(super) async fn start(function: &Function, log: &Log, id: &str) -> Result<Self, Outcome> {
        let unusable = |error: std::io::Error| {
            let sentence = format!("Couldn't find valid bootstrap(s): {}: {error}", function.binary.display());
            Outcome::failed("Runtime.InvalidEntrypoint", id, &sentence)
        };
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.map_err(unusable)?;
        let address = listener.local_addr().map_err(unusable)?;
        let (deliveries, delivered) = mpsc::channel(function.events_at_once.max(1));
        let (starting, mut started) = mpsc::unbounded_channel();
        let (serving, stop) = oneshot::channel();
        tokio::spawn(runtime_api::serve(listener, Arc::new(Desk::new(delivered, starting)), stop));
        let child = process::start(function, address, log).map_err(unusable)?;
        let (process, kill, (ended, end)) = (child.id(), Arc::new(Notify::new()), watch::channel(None));
        let mut attending = JoinSet::new();
        attending.spawn(attend(child, Arc::clone(&kill), ended));
        let timeout = function.timeout;
        let sandbox = Self { process, deliveries, timeout, end, kill, _serving: serving, _attending: attending };
        sandbox.until_ready(&mut started, id).await?;
        Ok(sandbox)
    }

    async fn until_ready(&self, started: &mut mpsc::UnboundedReceiver<Started>, id: &str) -> Result<(), Outcome> {
        let limit = START + self.timeout;
        tokio::select! {
            biased;
            started = started.recv() => match started {
                Some(Started::Ready) => Ok(()),
                Some(Started::Failed(body)) => Err(Outcome::Failed(body)),
                None => Err(Outcome::failed("Runtime.Unknown", id, "the runtime API has gone")),
            },
            how = self.ended() => Err(Outcome::failed("Runtime.ExitError", id, &how)),
            () = tokio::time::sleep(limit) => Err(Outcome::timed_out(id, limit)),
        }
    }

    /// Whether the process still runs.
    pub(super) fn lives(&self) -> bool {
        self.end.borrow().is_none()
    }

    pub(super) fn process(&self) -> Option<u32> {
        self.process.filter(|_| self.lives())
    }

    /// Hands the call to the process and waits for what comes of it. A call that is beyond its time takes the process, and
    /// whatever else that was doing, with it.
    pub(super) async fn run(&self, call: &Call) -> Left {
        let end = Instant::now() + self.timeout;
        let deadline_ms = clock::now_ms() + u64::try_from(self.timeout.as_millis()).unwrap_or(u64::MAX / 2);
        let (reporting, mut reports) = mpsc::unbounded_channel();
        if self.deliveries.send(Delivery { call: call.clone(), deadline_ms, reports: reporting }).await.is_err() {
            return Left::Undelivered;
        }
        let mut delivered = false;
        loop {
            tokio::select! {
                biased;
                report = reports.recv(), if !reports.is_closed() || !reports.is_empty() => match report {
                    Some(Report::Delivered) => delivered = true,
                    Some(Report::Answered(body)) => return Left::Alive(Outcome::Answered(body)),
                    Some(Report::Failed(body)) => return Left::Alive(Outcome::Failed(body)),
                    Some(Report::TooLarge) => {
                        let sentence = "Response payload size exceeded maximum allowed payload size (6291556 bytes).";
                        return Left::Alive(Outcome::failed("Function.ResponseSizeTooLarge", &call.id, sentence));
                    }
                    None => {}
                },
                how = self.ended() => {
                    if delivered {
                        return Left::Dead(Outcome::failed("Runtime.ExitError", &call.id, &how));
                    }
                    return Left::Undelivered;
                }
                () = tokio::time::sleep_until(end) => {
                    self.kill.notify_one();
                    // A killed call writes nothing any more once it is answered.
                    self.ended().await;
                    return Left::Dead(Outcome::timed_out(&call.id, self.timeout));
                }
            }
        }
    }

    async fn ended(&self) -> String {
        let gone = || "Runtime exited".to_owned();
        self.end.clone().wait_for(Option::is_some).await.map_or_else(|_| gone(), |how| how.clone().unwrap_or_else(gone))
    }
}

/// Waits for the end of the process, which comes at once when it is to be killed, and says how it ended.
async fn attend(mut child: Child, kill: Arc<Notify>, ended: watch::Sender<Option<String>>) {
    let status = tokio::select! {
        status = child.wait() => status,
        () = kill.notified() => {
            // What cannot be killed has ended.
            let _killed = child.start_kill();
            child.wait().await
        }
    };
    ended.send_replace(Some(match status {
        Ok(status) if status.success() => "Runtime exited without providing a reason".to_owned(),
        Ok(status) => format!("Runtime exited with error: {status}"),
        Err(_) => "Runtime exited".to_owned(),
    }));
}
