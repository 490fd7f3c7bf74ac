//! The loop: an event comes, an answer goes, whatever happens in between.

mod budget;
mod client_context;
mod invocation;
mod net;
mod runtime_api;

#[cfg(test)]
mod tests;

use std::time::Duration;

use http::Uri;
use serde_json::Value;
use serde_json::value::RawValue;

pub use budget::budget;
pub use client_context::ClientContext;
pub use invocation::Invocation;
pub use net::Trouble;

use crate::settings::Reader;
use crate::start::Stopped;
use crate::telemetry::Log;
use runtime_api::RuntimeApi;

/// What the loop itself is told.
pub struct LoopSettings {
    /// Where the Runtime API is (`AWS_LAMBDA_RUNTIME_API`, host and port without a scheme on Lambda).
    pub(crate) runtime_api: Uri,
    /// The function's time-out as configured (`FUNCTION_TIMEOUT_SECONDS`, 1 to 900, 30 unless told), for an event whose
    /// deadline cannot be true.
    pub(crate) timeout: Duration,
}

impl LoopSettings {
    /// Reads the two settings of the loop.
    pub fn read(reader: &mut Reader<'_>) -> Option<Self> {
        const RUNTIME_API: &str = "AWS_LAMBDA_RUNTIME_API";
        let text = reader.text(RUNTIME_API);
        let timeout = reader.number("FUNCTION_TIMEOUT_SECONDS", 1..=900, 30).map(Duration::from_secs);
        let runtime_api = text?.parse::<Uri>().ok().filter(|uri| uri.authority().is_some());
        if runtime_api.is_none() {
            reader.refuse(RUNTIME_API, "is not an address", "the host and port that Lambda sets");
        }
        Some(Self { runtime_api: runtime_api?, timeout: timeout? })
    }
}

/// Answers every event until the Runtime API is gone.
///
/// `handler` takes the event as it was sent (so that what a parser would drop, such as a duplicate key, can be seen; an
/// event that is not JSON is given as `null`) and always has an answer. `fallback` makes the answer of the same door when
/// the handler panicked or ran out of time; it is quick, and reads no more of the event than it needs to name the door.
///
/// # Errors
/// The Runtime API could not be reached, or did not speak as documented; the process is to end, and Lambda starts a new
/// one.
pub async fn run<H, B>(settings: &LoopSettings, log: &Log, handler: H, fallback: B) -> Result<(), Stopped>
where
    H: AsyncFn(&RawValue, Invocation) -> Value,
    B: Fn(&RawValue, Trouble, &Invocation) -> Value,
{
    let runtime_api = RuntimeApi::at(settings.runtime_api.clone());
    let mut cold = true;
    loop {
        let delivery = runtime_api.next().await?;
        let invocation = Invocation::of(&delivery, settings.timeout, cold);
        let (event, reference) = (delivery.event(), invocation.reference.clone());
        let status = match answer(&event, invocation, log, &handler, &fallback).await {
            Some(answer) => runtime_api.answer(&delivery, &answer).await?,
            None => runtime_api.fail(&delivery).await?,
        };
        if !status.is_success() {
            log.answer_refused(reference.as_str(), status.as_u16());
        }
        cold = false;
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
    let caught = net::answered(event, invocation, handler, fallback).await;
    if let Some((trouble, invocation)) = &caught.trouble {
        let refusal = trouble.refusal(&invocation.steps.unfinished());
        log.outcome(&invocation.outcome("unknown").refused(&refusal));
    }
    caught.answer
}
