//! What happened to one call: the parts of its log line.

use std::time::Duration;

use auth::id::{Agent, Reference, SessionHash};
use tokio::time::Instant;

/// One call, from the door to the answer.
#[derive(Debug)]
pub struct Story {
    /// The reference that the person is told.
    pub reference: Reference,
    /// The tool's name, once it is known.
    pub tool: Option<&'static str>,
    /// `ok`, or the refusal's public code.
    pub code: &'static str,
    /// The refusal's private cause.
    pub cause: Option<String>,
    /// The agent, once the door has read it.
    pub agent: Option<Agent>,
    /// The session, once the ticket or the event has named it.
    pub session: Option<SessionHash>,
    /// Base64url SHA-256 of the person, once the ticket has named them.
    pub subject: Option<String>,
    /// The authorization model that decided, once it has.
    pub model_id: Option<String>,
    /// Steps in the order in which they ended, and how long each took.
    pub steps: Vec<(&'static str, Duration)>,
}

impl Story {
    pub(crate) fn new(reference: Reference) -> Self {
        Self {
            reference,
            tool: None,
            code: "ok",
            cause: None,
            agent: None,
            session: None,
            subject: None,
            model_id: None,
            steps: Vec::new(),
        }
    }

    /// Waits for `step` and notes how long it took under `name`.
    pub(crate) async fn time<T>(&mut self, name: &'static str, step: impl Future<Output = T>) -> T {
        let start = Instant::now();
        let value = step.await;
        self.steps.push((name, start.elapsed()));
        value
    }
}
