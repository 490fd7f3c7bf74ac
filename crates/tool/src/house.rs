//! What every tool of a function shares: stores, the authorizer, the vault, the clock.

mod settings;

pub use settings::{Auth0, Endpoints, HouseSettings, ticket_keys};

use auth::scope::Scopes;
use auth::time::Clock;
use tokio::time::Instant;
use upstream_aws::{Authorizer, Aws, AwsSettings, ConnectError, Identity, Seal, SealKeyError, SessionStore};
use upstream_http::auth0::{self, vault::Vault};
use upstream_http::okta::Okta;
use upstream_http::transport::{Transport, TransportProblem};

/// Built once, while the sandbox starts.
pub struct House {
    /// The rows of signed-in people.
    pub store: SessionStore,
    /// The function that asks OpenFGA.
    pub authorizer: Authorizer,
    /// The person's tokens at the provider.
    pub vault: Vault,
    /// The time.
    pub clock: Clock,
}

/// What tools, and what else a function needs, are made with.
pub struct Clients {
    /// The one HTTP client.
    pub transport: Transport,
    /// AWS's services.
    pub aws: Aws,
    /// Okta, called as the person.
    pub okta: Okta,
    /// Our client at Auth0.
    pub auth0: auth0::Client,
    /// What rows are sealed with.
    pub seal: Seal,
}

/// Why a function cannot start although every setting has the right form.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// The HTTP client.
    #[error("EXTRA_CA_FILE: {0}")]
    Transport(#[from] TransportProblem),
    /// The AWS clients.
    #[error("AWS: {0}")]
    Aws(#[from] ConnectError),
    /// The sealing key.
    #[error("SEAL_KEY_FILE: {0}")]
    Seal(#[from] SealKeyError),
}

impl House {
    /// Builds the clients. Opens no connection. The vault's tokens are good for `scopes` at least; `identity` is that of
    /// the environment on Lambda.
    ///
    /// # Errors
    /// [`BuildError`] names the setting.
    pub async fn build(
        settings: HouseSettings,
        scopes: Scopes,
        identity: Identity,
        clock: Clock,
    ) -> Result<(Self, Clients), BuildError> {
        let authority = settings.extra_authority.map(String::into_bytes);
        let transport = Transport::new(authority.as_deref())?;
        let aws = Aws::connect(AwsSettings {
            dynamodb_url: settings.endpoints.dynamodb.map(String::from),
            lambda_url: settings.endpoints.lambda.map(String::from),
            sqs_url: settings.endpoints.sqs.map(String::from),
            sts_url: None,
            extra_ca_pem: authority,
            region: Some(settings.endpoints.region),
            credentials: identity.credentials,
        })
        .await?;
        let seal = Seal::local(&settings.seal_key)?;
        let okta = Okta::new(transport.clone(), settings.okta, clock.clone());
        let auth0 = auth0::Client {
            base: settings.auth0.issuer,
            id: settings.auth0.client_id,
            secret: settings.auth0.client_secret,
        };
        let house = Self {
            store: SessionStore::new(&aws, settings.session_table, seal.clone()),
            authorizer: Authorizer::new(&aws, settings.authorizer),
            vault: Vault::new(transport.clone(), auth0.clone(), settings.auth0.connection, scopes),
            clock,
        };
        Ok((house, Clients { transport, aws, okta, auth0, seal }))
    }

    /// Opens the connections that a warm call needs, but those to Okta. What is down now may be up by the first call.
    pub async fn open(&self, until: Instant) {
        let Self { store, authorizer, vault, .. } = self;
        tokio::join!(store.open(until), authorizer.open(until), vault.open(until));
    }
}
