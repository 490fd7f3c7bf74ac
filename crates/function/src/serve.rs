//! The loop: an event comes, an answer goes, whatever happens in between.

mod budget;
mod client_context;
mod invocation;
mod net;
mod runtime_api;
mod streaming;

#[cfg(test)]
mod tests;

use std::cell::Cell;
use std::convert::Infallible;
use std::time::Duration;

use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;
use http::{StatusCode, Uri};
use serde_json::Value;
use serde_json::value::RawValue;
use tokio::time::Instant;

pub use budget::budget;
pub use client_context::ClientContext;
pub use invocation::Invocation;
pub use net::Trouble;
pub use streaming::{Broken, Streamed};

use crate::settings::Reader;
use crate::start::Stopped;
use crate::telemetry::Log;
use runtime_api::{Delivery, RuntimeApi};

/// More events than this are not taken side by side, whatever the platform offers: they share one thread.
const MOST_AT_ONCE: u64 = 64;

/// What the loop itself is told.
pub struct LoopSettings {
    /// Where the Runtime API is (`AWS_LAMBDA_RUNTIME_API`, host and port without a scheme on Lambda).
    pub(crate) runtime_api: Uri,
    /// The function's time-out as configured (`FUNCTION_TIMEOUT_SECONDS`, 1 to 900, 30 unless told), for an event whose
    /// deadline cannot be true.
    pub(crate) timeout: Duration,
    /// How many events are answered side by side: `AWS_LAMBDA_MAX_CONCURRENCY`, which Lambda Managed Instances set, but
    /// 64 at most; one where it is absent, 0 or 1.
    pub(crate) at_once: usize,
}

impl LoopSettings {
    /// Reads the three settings of the loop.
    pub fn read(reader: &mut Reader<'_>) -> Option<Self> {
        const RUNTIME_API: &str = "AWS_LAMBDA_RUNTIME_API";
        let text = reader.text(RUNTIME_API);
        let timeout = reader.number("FUNCTION_TIMEOUT_SECONDS", 1..=900, 30).map(Duration::from_secs);
        let at_once = reader.number("AWS_LAMBDA_MAX_CONCURRENCY", 0..=10_000, 1);
        let at_once = at_once.and_then(|number| usize::try_from(number.clamp(1, MOST_AT_ONCE)).ok());
        let runtime_api = text?.parse::<Uri>().ok().filter(|uri| uri.authority().is_some());
        if runtime_api.is_none() {
            reader.refuse(RUNTIME_API, "is not an address", "the host and port that Lambda sets");
        }
        Some(Self { runtime_api: runtime_api?, timeout: timeout?, at_once: at_once? })
    }
}

/// Answers every event until the Runtime API is gone: one after the other, or as many side by side as the settings say.
/// Side by side they share the thread and whatever the handler has, and nothing else: each has an [`Invocation`], a time
/// and a net of its own.
///
/// `handler` takes the event as it was sent (so that what a parser would drop, such as a duplicate key, can be seen; an
/// event that is not JSON is given as `null`) and always has an answer. `fallback` makes the answer of the same door when
/// the handler panicked or ran out of time; it is quick, and reads no more of the event than it needs to name the door.
///
/// # Errors
/// The Runtime API could not be reached, or did not speak as documented; the process is to end, and Lambda starts a new
/// one. What was being answered beside it ends with the process.
pub async fn run<H, B>(settings: &LoopSettings, log: &Log, handler: H, fallback: B) -> Result<(), Stopped>
where
    H: AsyncFn(&RawValue, Invocation) -> Value,
    B: Fn(&RawValue, Trouble, &Invocation) -> Value,
{
    run_any(settings, log, handler, fallback).await
}

/// As [`run`], for a function behind a function URL whose answers are sent while they are made. The head of an answer is there
/// within the time of the invocation, and its body ends with it. What Lambda does when a browser leaves is for the handler to
/// bear: it goes on sending, or the body is dropped (AWS says the former; it is not verified here).
///
/// # Errors
/// As [`run`].
pub async fn run_streaming<H, B>(settings: &LoopSettings, log: &Log, handler: H, fallback: B) -> Result<(), Stopped>
where
    H: AsyncFn(&RawValue, Invocation) -> Streamed,
    B: Fn(&RawValue, Trouble, &Invocation) -> Streamed,
{
    run_any(settings, log, handler, fallback).await
}

async fn run_any<T, H, B>(settings: &LoopSettings, log: &Log, handler: H, fallback: B) -> Result<(), Stopped>
where
    T: Reply,
    H: AsyncFn(&RawValue, Invocation) -> T,
    B: Fn(&RawValue, Trouble, &Invocation) -> T,
{
    let (runtime_api, cold) = (RuntimeApi::at(settings.runtime_api.clone()), Cell::new(true));
    let ground = Ground { runtime_api: &runtime_api, timeout: settings.timeout, cold: &cold, log };
    let lanes = (0..settings.at_once).map(|_| ground.lane(&handler, &fallback));
    let mut lanes: FuturesUnordered<_> = lanes.collect();
    match lanes.next().await {
        Some(Err(stopped)) => Err(stopped),
        None => Ok(()),
    }
}

/// An answer of either kind.
trait Reply {
    /// Sends it, until this time at the latest if that takes any.
    async fn send(self, runtime_api: &RuntimeApi, delivery: &Delivery, until: Instant) -> Result<StatusCode, Stopped>;
}

impl Reply for Value {
    async fn send(self, runtime_api: &RuntimeApi, delivery: &Delivery, _: Instant) -> Result<StatusCode, Stopped> {
        runtime_api.answer(delivery, &self).await
    }
}

impl Reply for Streamed {
    async fn send(self, runtime_api: &RuntimeApi, delivery: &Delivery, until: Instant) -> Result<StatusCode, Stopped> {
        runtime_api.stream(delivery, self, until).await
    }
}

/// What all lanes stand on.
struct Ground<'a> {
    runtime_api: &'a RuntimeApi,
    timeout: Duration,
    cold: &'a Cell<bool>,
    log: &'a Log,
}

impl Ground<'_> {
    /// Answers one event after the other.
    async fn lane<T, H, B>(&self, handler: &H, fallback: &B) -> Result<Infallible, Stopped>
    where
        T: Reply,
        H: AsyncFn(&RawValue, Invocation) -> T,
        B: Fn(&RawValue, Trouble, &Invocation) -> T,
    {
        let Self { runtime_api, log, .. } = self;
        loop {
            let delivery = runtime_api.next().await?;
            let invocation = Invocation::of(&delivery, self.timeout, self.cold.replace(false));
            let (event, reference, until) = (delivery.event(), invocation.reference.clone(), invocation.until);
            let status = match caught(&event, invocation, log, handler, fallback).await {
                Some(answer) => answer.send(runtime_api, &delivery, until).await?,
                None => runtime_api.fail(&delivery).await?,
            };
            if !status.is_success() {
                log.answer_refused(reference.as_str(), status.as_u16());
            }
        }
    }
}

/// Answers one event as [`run`] does: within the time of the invocation, and also when the handler panics or does not
/// answer in time, which is logged then. Nothing if the fallback panics too.
pub async fn answer<H, B>(
    event: &RawValue,
    invocation: Invocation,
    log: &Log,
    handler: &H,
    fallback: &B,
) -> Option<Value>
where
    H: AsyncFn(&RawValue, Invocation) -> Value,
    B: Fn(&RawValue, Trouble, &Invocation) -> Value,
{
    caught(event, invocation, log, handler, fallback).await
}

async fn caught<T, H, B>(event: &RawValue, invocation: Invocation, log: &Log, handler: &H, fallback: &B) -> Option<T>
where
    H: AsyncFn(&RawValue, Invocation) -> T,
    B: Fn(&RawValue, Trouble, &Invocation) -> T,
{
    let caught = net::answered(event, invocation, handler, fallback).await;
    if let Some((trouble, invocation)) = &caught.trouble {
        let refusal = trouble.refusal(&invocation.steps.unfinished());
        log.outcome(&invocation.outcome("unknown").refused(&refusal));
    }
    caught.answer
}
