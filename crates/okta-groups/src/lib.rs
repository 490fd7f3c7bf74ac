//! The Lambda with the tool `list_groups`, for Bedrock agents' action groups.
//!
//! It holds no right of its own in Okta: it reads as the person who is chatting, with their federated token, after the
//! authorizer has said yes in this very invocation.

pub mod list_groups;
pub mod object;
pub mod settings;

use auth::scope::Scopes;
use auth::time::Clock;
use function::serve::{Invocation, Trouble};
use function::telemetry::Outcome;
use list_groups::ListGroups;
use serde_json::Value;
use settings::Settings;
use tokio::time::Instant;
use tool::arguments::Undeclarable;
use tool::guard;
use tool::house::House;
use tool::registry::Registry;
use tool::tool::Tool as _;
use upstream_aws::{Authorizer, Aws, AwsSettings, ConnectError, Identity, Seal, SealKeyError, SessionStore};
use upstream_http::auth0::{self, vault::Vault};
use upstream_http::okta::Okta;
use upstream_http::transport::{Transport, TransportProblem};

/// The function, built once while the sandbox starts.
pub struct OktaGroups {
    house: House,
    tools: Registry,
    okta: Okta,
}

/// Why the function cannot start although every setting has the right form.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The HTTP client.
    #[error("EXTRA_CA_FILE: {0}")]
    Transport(#[from] TransportProblem),
    /// The AWS clients.
    #[error("AWS: {0}")]
    Aws(#[from] ConnectError),
    /// The sealing key.
    #[error("SEAL_KEY_FILE: {0}")]
    Seal(#[from] SealKeyError),
    /// A tool.
    #[error("list_groups: {0}")]
    Tool(#[from] Undeclarable),
}

impl OktaGroups {
    /// Builds the clients. Opens no connection. `identity` is that of the environment on Lambda.
    ///
    /// # Errors
    /// [`StartError`] names the setting.
    pub async fn build(settings: Settings, identity: Identity, clock: Clock) -> Result<Self, StartError> {
        let authority = settings.extra_authority.map(String::into_bytes);
        let transport = Transport::new(authority.as_deref())?;
        let aws = Aws::connect(AwsSettings {
            dynamodb_url: settings.endpoints.dynamodb.map(String::from),
            lambda_url: settings.endpoints.lambda.map(String::from),
            sqs_url: None,
            extra_ca_pem: authority,
            region: Some(settings.endpoints.region),
            credentials: identity.credentials,
        })
        .await?;
        let okta = Okta::new(transport.clone(), settings.okta, clock.clone());
        let list_groups = ListGroups {
            okta: okta.clone(),
            source: settings.source,
            subjects: settings.subjects,
            own: settings.own,
            others: settings.others,
        };
        let client = auth0::Client {
            base: settings.auth0.issuer,
            id: settings.auth0.client_id,
            secret: settings.auth0.client_secret,
        };
        let house = House {
            keys: settings.ticket_keys,
            store: SessionStore::new(&aws, settings.session_table, Seal::local(&settings.seal_key)?),
            authorizer: Authorizer::new(&aws, settings.authorizer),
            vault: Vault::new(transport, client, settings.auth0.connection, list_groups.scopes()),
            clock,
        };
        let tools = Registry::of(settings.action_group).with(list_groups)?;
        Ok(Self { house, tools, okta })
    }

    /// Opens the connections to everything that a warm call needs. What is down now may be up by the first call.
    pub async fn open(&self, until: Instant) {
        let House { store, authorizer, vault, .. } = &self.house;
        tokio::join!(store.open(until), authorizer.open(until), vault.open(until), self.okta.open(until));
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
