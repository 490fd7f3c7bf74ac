//! The Lambda behind the approvals' queue: it polls for a person's answer, and does what was approved, at most once.
//!
//! A message names an approval and nothing else. Whatever is delivered twice, late or out of order, the row of the table
//! says what is due; every step is a conditional write, so of two workers one goes on and the other leaves it.

mod batch;
mod left;
pub mod settings;
mod shift;
mod work;

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use auth::audit::{Source, Upstream};
use auth::time::Clock;
use function::serve::{Invocation, Trouble};
use function::telemetry::Outcome;
use futures_util::FutureExt as _;
use futures_util::future::join_all;
use okta_changes::OktaChanges;
use serde_json::Value;
use settings::Settings;
use tokio::time::{Instant, timeout_at};
use tool::approval::Deeds;
use tool::arguments::Undeclarable;
use tool::house::{BuildError, House};
use tool::trail::Trail;
use upstream_aws::Identity;
use upstream_http::auth0::ciba::Ciba;
use upstream_http::jwks::Keys;
use upstream_http::okta::Okta;
use upstream_http::transport::witnessed;

use batch::Message;
use left::Line;

/// What is left of the invocation when the last message must be done with.
const TO_LOG: Duration = Duration::from_millis(200);
/// A message is worked on for no longer than this: the keycard that opens its approval is good for a minute.
const LONGEST: Duration = Duration::from_secs(45);
/// The name that stands for the tool in the log until the message has named one.
const UNKNOWN: &str = "unknown";

/// The function, built once while the sandbox starts.
pub struct ApprovalWorker {
    house: House,
    table: String,
    queue: String,
    ciba: Ciba,
    okta: Okta,
    deeds: Deeds,
}

/// Why the function cannot start although every setting has the right form.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// A client.
    #[error(transparent)]
    House(#[from] BuildError),
    /// A tool.
    #[error("tools: {0}")]
    Tool(#[from] Undeclarable),
}

impl ApprovalWorker {
    /// Builds the clients. Opens no connection. `identity` is that of the environment on Lambda.
    ///
    /// # Errors
    /// [`StartError`] names the setting.
    pub async fn build(settings: Settings, identity: Identity, clock: Clock) -> Result<Self, StartError> {
        let scopes = okta_changes::scopes_of(&settings.changes);
        let queue = String::from(settings.queue);
        let table = settings.house.approval_table.clone();
        let (house, clients) = House::build(settings.house, scopes, Some(&queue), identity, clock.clone()).await?;
        let keys = Keys::new(clients.transport.to(Upstream::Auth0), clients.auth0.keys(), clock);
        let changes = OktaChanges::new(settings.changes, &settings.subjects, &clients.okta);
        let deeds = Deeds::default()
            .with(changes.reset_password)?
            .with(changes.add_to_group)?
            .with(changes.remove_from_group)?
            .with(changes.unlock_user)?;
        Ok(Self {
            house,
            table,
            queue,
            ciba: Ciba::new(clients.transport, clients.issuer, clients.auth0, Arc::new(keys)),
            okta: clients.okta,
            deeds,
        })
    }

    /// Opens the connections to all that a warm call needs but the queue. What is down now may be up by the first call.
    pub async fn open(&self, until: Instant) {
        tokio::join!(self.house.open(until), self.ciba.open(until), self.okta.open(until));
    }

    /// Works through the messages of one event, side by side, and names those that must come again. With what to log: one
    /// outcome for each message.
    pub async fn handle(&self, event: &str, invocation: &Invocation) -> (Value, Vec<Outcome>) {
        let Some(messages) = batch::messages(event) else {
            let refusal = auth::refusal::Refusal::invalid_input("worker: not an event of SQS");
            return (batch::all_failed(event), vec![invocation.outcome(UNKNOWN).refused(&refusal)]);
        };
        let worked = join_all(messages.iter().map(|message| self.one(message, invocation))).await;
        let failed =
            messages.iter().zip(&worked).filter(|(_, (again, _))| *again).map(|(message, _)| message.id.as_str());
        let answer = batch::failures(failed);
        (answer, worked.into_iter().map(|(_, outcome)| outcome).collect())
    }

    /// Whether the message must come again, and how it went. A panic over one message, or one that takes too long, is no
    /// matter of the others: they are answered for and logged.
    async fn one(&self, message: &Message, invocation: &Invocation) -> (bool, Outcome) {
        let until = invocation.until.min(Instant::now() + LONGEST);
        let invocation = Invocation { until, ..invocation.part(&message.id) };
        let (outcome, trail) = (invocation.outcome(UNKNOWN), Trail::default());
        outcome.name_source(Source::Queue);
        let told = outcome.clone();
        let work =
            witnessed(move |reached| told.name_reached(reached), self.work(message, &invocation, &outcome, &trail));
        let until = invocation.until.checked_sub(TO_LOG).unwrap_or(invocation.until);
        let (again, outcome) = match timeout_at(until, AssertUnwindSafe(Box::pin(work)).catch_unwind()).await {
            Ok(Ok(Ok(left))) => {
                let outcome = if left.decides() { outcome } else { outcome.deciding_nothing() };
                match left.line() {
                    Line::Well(what) => (false, outcome.noting(what)),
                    Line::Refused(refusal) => (false, outcome.refused(&refusal)),
                }
            }
            Ok(Ok(Err(refusal))) => (true, outcome.refused(&refusal)),
            Ok(Err(_)) => return (true, outcome.refused(&Trouble::Panicked.refusal(&invocation.steps.unfinished()))),
            Err(_) => return (true, outcome.refused(&Trouble::OutOfTime.refusal(&invocation.steps.unfinished()))),
        };
        (again, trail.keep(outcome, self.house.clock.moment(), &invocation).await)
    }
}

/// The answer to an event whose handling panicked or ran out of time: all its messages come again.
#[must_use]
pub fn give_up(event: &str) -> Value {
    batch::all_failed(event)
}
