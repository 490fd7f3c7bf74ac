//! What a handler knows about the call beside its event.

use std::time::Duration;

use auth::id::Reference;
use tokio::time::Instant;

use super::budget::budget;
use super::client_context::ClientContext;
use super::runtime_api::Delivery;
use crate::clock;
use crate::telemetry::{Outcome, Steps};
use crate::trace::Trace;

/// What a handler knows about the call beside its event.
#[derive(Clone)]
pub struct Invocation {
    /// The reference that an answer and its log line share.
    pub reference: Reference,
    /// The platform's id of this delivery. A second delivery of the same event may have the same or another one.
    pub request_id: String,
    /// When the handler is stopped: half a second before Lambda would end the process.
    pub until: Instant,
    /// How much time there was when the call began.
    pub remaining: Duration,
    /// This call's span: of the caller's trace if it named one (`traceparent` in the client context, else the X-Ray
    /// header), of a new one otherwise.
    pub trace: Trace,
    /// What the caller said beside the event.
    pub client_context: ClientContext,
    /// The stopwatch of this call, which also keeps what the log line is to name.
    pub steps: Steps,
    /// Whether this is the first call of the process.
    pub cold: bool,
}

impl Invocation {
    pub(super) fn of(delivery: &Delivery, configured: Duration, cold: bool) -> Self {
        let remaining = budget(delivery.deadline_ms, clock::milliseconds(), configured);
        let caller = delivery.client_context.custom("traceparent").and_then(Trace::parse);
        let caller = caller.or_else(|| Trace::of_xray(delivery.xray.as_deref()?));
        let request_id = delivery.request_id.clone();
        Self {
            reference: Reference::of_request(&request_id),
            until: Instant::now() + remaining,
            remaining,
            trace: caller.map_or_else(|| Trace::of_request(&request_id), |caller| caller.child(&request_id)),
            client_context: delivery.client_context.clone(),
            steps: Steps::new(),
            cold,
            request_id,
        }
    }

    /// The same call as a span of the trace that the event names, if it names one; its log line, however the call ends,
    /// is of that trace.
    #[must_use]
    pub fn traced_by(&self, traceparent: Option<&str>) -> Self {
        let named = traceparent.and_then(Trace::parse).map(|caller| caller.child(&self.request_id));
        if let Some(named) = &named {
            self.steps.facts().learn(|learned| learned.trace = Some(named.clone()));
        }
        Self { trace: named.unwrap_or_else(|| self.trace.clone()), ..self.clone() }
    }

    /// One of several things that the event holds, as a call of its own: with its own reference, span and stopwatch.
    #[must_use]
    pub fn part(&self, id: &str) -> Self {
        let request_id = format!("{}#{id}", self.request_id);
        let (reference, trace) = (Reference::of_request(&request_id), self.trace.child(&request_id));
        Self { reference, trace, steps: Steps::new(), request_id, ..self.clone() }
    }

    /// The outcome of this call, to be filled in and written to the log. `tool` is logged if no tool was named so far.
    #[must_use]
    pub fn outcome(&self, tool: &'static str) -> Outcome {
        Outcome::new(tool, self.reference.clone(), self.trace.clone(), self.steps.clone(), self.cold)
    }
}
