//! The Lambda with the tools `list_groups` and `whoami`, for Bedrock agents' action groups and AgentCore Gateways.
//!
//! It holds no right of its own in Okta: it reads as the person who is chatting, with their federated token, after the
//! authorizer has said yes in this very invocation.

pub mod list_groups;
pub mod settings;
mod whoami;

use auth::scope::Scopes;
use auth::time::Clock;
use function::serve::{Invocation, Trouble};
use function::telemetry::Outcome;
use list_groups::ListGroups;
use serde_json::Value;
use settings::Settings;
use tokio::time::Instant;
use tool::arguments::Undeclarable;
use tool::catalog::{Catalog, Entry};
use tool::guard;
use tool::house::{BuildError, House};
use tool::registry::Registry;
use upstream_aws::Identity;
use upstream_http::okta::Okta;
use whoami::Whoami;

/// The action group that calls name, and the function's target at a gateway, unless a setting says otherwise.
pub const ACTION_GROUP: &str = "okta-groups";

/// Its tools, for whatever is made from declarations.
///
/// # Errors
/// [`Undeclarable`], which then also ends the function's start.
pub fn catalog() -> Result<Catalog, Undeclarable> {
    Catalog::of(ACTION_GROUP).with::<ListGroups>()?.with_identity::<Whoami>()
}

/// The function, built once while the sandbox starts.
pub struct OktaGroups {
    house: House,
    tools: Registry,
    okta: Okta,
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

impl OktaGroups {
    /// Builds the clients. Opens no connection. `identity` is that of the environment on Lambda.
    ///
    /// # Errors
    /// [`StartError`] names the setting.
    pub async fn build(settings: Settings, identity: Identity, clock: Clock) -> Result<Self, StartError> {
        let scopes = scopes_of(settings.source);
        let (house, clients) = House::build(settings.house, scopes, None, identity, clock).await?;
        let list_groups = ListGroups {
            okta: clients.okta.clone(),
            source: settings.source,
            subjects: settings.subjects,
            own: settings.own,
            others: settings.others,
        };
        let tools =
            Registry::of(settings.action_group, settings.ticket_keys).with(list_groups)?.with_identity(Whoami)?;
        Ok(Self { house, tools, okta: clients.okta })
    }

    /// The tools that it has registered.
    #[must_use]
    pub fn entries(&self) -> Vec<Entry> {
        self.tools.entries()
    }

    /// Opens the connections to everything that a warm call needs. What is down now may be up by the first call.
    pub async fn open(&self, until: Instant) {
        tokio::join!(self.house.open(until), self.okta.open(until));
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

/// The scopes of Okta that reading groups from this source needs.
#[must_use]
pub fn scopes_of(source: list_groups::Source) -> Scopes {
    match source {
        list_groups::Source::Api => Scopes::parse("okta.users.read"),
        list_groups::Source::Claim => Scopes::parse("openid groups"),
    }
}
