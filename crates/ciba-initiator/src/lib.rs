//! The Lambda that asks for approvals, for Bedrock agents' action groups: the tools that change something in Okta end here
//! at the person's phone, and two more tell how it went.
//!
//! It changes nothing in Okta itself and waits for nobody. The worker does what was approved.

mod check_approval;
mod list_approvals;
pub mod settings;

use std::sync::Arc;

use auth::scope::Scopes;
use auth::time::Clock;
use check_approval::CheckApproval;
use function::serve::{Invocation, Trouble};
use function::telemetry::Outcome;
use list_approvals::ListApprovals;
use okta_changes::{AddToGroup, OktaChanges, RemoveFromGroup, ResetPassword, UnlockUser};
use serde_json::Value;
use settings::Settings;
use tokio::time::Instant;
use tool::approval::Desk;
use tool::arguments::Undeclarable;
use tool::catalog::{Catalog, Entry};
use tool::guard;
use tool::house::{BuildError, House};
use tool::registry::Registry;
use upstream_aws::Identity;
use upstream_http::auth0::ciba::Ciba;
use upstream_http::jwks::Keys;

/// The action group that calls name, and the function's target at a gateway, unless a setting says otherwise.
pub const ACTION_GROUP: &str = "okta-changes";

/// Its tools, for whatever is made from declarations.
///
/// # Errors
/// [`Undeclarable`], which then also ends the function's start.
pub fn catalog() -> Result<Catalog, Undeclarable> {
    Catalog::of(ACTION_GROUP)
        .with_approval::<ResetPassword>()?
        .with_approval::<AddToGroup>()?
        .with_approval::<RemoveFromGroup>()?
        .with_approval::<UnlockUser>()?
        .with_own::<CheckApproval>()?
        .with_own::<ListApprovals>()
}

/// The function, built once while the sandbox starts.
pub struct CibaInitiator {
    house: House,
    desk: Arc<Desk>,
    tools: Registry,
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

impl CibaInitiator {
    /// Builds the clients. Opens no connection. `identity` is that of the environment on Lambda.
    ///
    /// # Errors
    /// [`StartError`] names the setting.
    pub async fn build(settings: Settings, identity: Identity, clock: Clock) -> Result<Self, StartError> {
        // Nothing here reaches Okta, so no token of it is needed.
        let (queue, none) = (String::from(settings.queue), Scopes::parse(""));
        let table = settings.house.approval_table.clone();
        let (house, clients) = House::build(settings.house, none, Some(&queue), identity, clock.clone()).await?;
        let keys = Keys::new(clients.transport.clone(), clients.auth0.keys(), clock);
        let desk = Arc::new(Desk {
            table,
            queue,
            ciba: Ciba::new(clients.transport, clients.issuer, clients.auth0, Arc::new(keys)),
            seconds: settings.seconds,
        });
        let changes = OktaChanges::new(settings.changes, &settings.subjects, &clients.okta);
        let tools = Registry::of(settings.action_group, settings.ticket_keys)
            .with_approval(changes.reset_password, &desk)?
            .with_approval(changes.add_to_group, &desk)?
            .with_approval(changes.remove_from_group, &desk)?
            .with_approval(changes.unlock_user, &desk)?
            .with_own(CheckApproval { desk: Arc::clone(&desk) })?
            .with_own(ListApprovals { desk: Arc::clone(&desk) })?;
        Ok(Self { house, desk, tools })
    }

    /// The tools that it has registered.
    #[must_use]
    pub fn entries(&self) -> Vec<Entry> {
        self.tools.entries()
    }

    /// Opens the connections to all that a warm call needs but the queue. What is down now may be up by the first call.
    pub async fn open(&self, until: Instant) {
        tokio::join!(self.house.open(until), self.desk.ciba.open(until));
    }

    /// Answers one event: in the shape of the event's door, whatever happened, and with what to log.
    pub async fn handle(&self, event: &str, invocation: &Invocation) -> (Value, Outcome) {
        guard::answer(&self.house, &self.tools, event, invocation).await
    }
}

/// The answer to an event whose handling panicked or ran out of time.
#[must_use]
pub fn give_up(event: &str, trouble: Trouble, invocation: &Invocation) -> Value {
    guard::give_up(event, trouble, invocation)
}
