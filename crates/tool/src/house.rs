//! What every tool of a function shares: the vault, the clock, and the way into the rooms of each call.

mod keycards;
mod rooms;
mod settings;

pub use keycards::{Resources, Unnameable};
pub use rooms::{Needs, Rooms, Whose};
pub use settings::{
    Auth0, Endpoints, HouseSettings, IdentityProvider, Profile, extra_authority, seal_keys, seal_keys_in, ticket_keys,
};

use auth::refusal::Refusal;
use auth::scope::Scopes;
use auth::secret::SecretSource;
use auth::time::Clock;
use tokio::time::Instant;
use upstream_aws::{
    AuditStore, Authorizer, Aws, AwsSettings, ConnectError, Identity, KmsKeys, Seal, SealKeyError, SealKeys, Secrets,
    SessionStore,
};
use upstream_http::auth0::{self, vault::Vault};
use upstream_http::client_secret::ClientSecret;
use upstream_http::okta::Okta;
use upstream_http::transport::{Transport, TransportProblem};

use keycards::Keycards;

/// Built once, while the sandbox starts.
pub struct House {
    /// The person's tokens at the provider.
    pub vault: Vault,
    /// The time.
    pub clock: Clock,
    aws: Aws,
    seal: Seal,
    session_table: String,
    approval_table: String,
    audit_days: u64,
    authorizer: String,
    keycards: Option<Keycards>,
}

/// What tools, and what else a function needs, are made with.
pub struct Clients {
    /// The one HTTP client.
    pub transport: Transport,
    /// Okta, called as the person.
    pub okta: Okta,
    /// Our client at Auth0.
    pub auth0: auth0::Client,
    /// The issuer, byte for byte as in its tokens.
    pub issuer: String,
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
    /// The region of the keycards' resources.
    #[error("AWS_REGION: is not a region, as us-east-1 is one")]
    Region,
    /// Resources that a keycard could not be for.
    #[error(transparent)]
    Resource(#[from] Unnameable),
}

impl House {
    /// Builds the clients. Opens no connection. The vault's tokens are good for `scopes` at least; `queue` is the URL of the
    /// worker's queue, where the function has it; `identity` is that of the environment on Lambda.
    ///
    /// # Errors
    /// [`BuildError`] names the setting.
    pub async fn build(
        settings: HouseSettings,
        scopes: Scopes,
        queue: Option<&str>,
        identity: Identity,
        clock: Clock,
    ) -> Result<(Self, Clients), BuildError> {
        let authority = settings.extra_authority.map(String::into_bytes);
        let transport = Transport::new(authority.as_deref())?;
        let region = settings.endpoints.region;
        let aws = Aws::connect(AwsSettings {
            dynamodb_url: settings.endpoints.dynamodb.map(String::from),
            kms_url: settings.endpoints.kms.map(String::from),
            lambda_url: settings.endpoints.lambda.map(String::from),
            sqs_url: settings.endpoints.sqs.map(String::from),
            sts_url: settings.endpoints.sts.map(String::from),
            extra_ca_pem: authority,
            region: Some(region.clone()),
            credentials: identity.credentials,
        })
        .await?;
        let keycards = match settings.keycards {
            None => None,
            Some(role) => {
                let account = role.account(&region).ok_or(BuildError::Region)?;
                let tables = (settings.session_table.as_str(), settings.approval_table.as_str());
                let keys = kms_keys(&settings.seal);
                let resources = Resources::of(&account, tables, &settings.authorizer, queue, keys)?;
                Some(Keycards::new(&aws, role, resources))
            }
        };
        let seal = Seal::of(settings.seal, &aws, clock.clone())?;
        let okta = Okta::new(transport.clone(), settings.okta, clock.clone());
        let secrets = Secrets::new(aws.common(), settings.endpoints.secrets_manager.map(String::from));
        let auth0 = auth0::Client {
            base: settings.auth0.identity.base,
            id: settings.auth0.client_id,
            secret: client_secret(settings.auth0.client_secret, &secrets, &clock),
            provider: settings.auth0.identity.provider,
        };
        let house = Self {
            vault: Vault::new(transport.clone(), auth0.clone(), settings.auth0.connection, scopes),
            clock,
            aws,
            seal,
            session_table: settings.session_table,
            approval_table: settings.approval_table,
            audit_days: settings.audit_days,
            authorizer: settings.authorizer,
            keycards,
        };
        Ok((house, Clients { transport, okta, auth0, issuer: settings.auth0.identity.issuer }))
    }

    /// Opens the connections that a warm call needs, but those to Okta. What is down now may be up by the first call.
    pub async fn open(&self, until: Instant) {
        let Rooms { store, authorizer, .. } = self.rooms_of(&self.aws);
        tokio::join!(store.open(until), authorizer.open(until), self.vault.open(until));
    }

    /// The rooms of one call: with a keycard for exactly this, or with the function's own rights where keycards are off.
    ///
    /// # Errors
    /// Why there is no keycard. Nothing is opened then: the function's own rights are never used in its place.
    pub async fn rooms(&self, whose: Whose<'_>, needs: Needs, until: Instant) -> Result<Rooms, Refusal> {
        let Some(keycards) = &self.keycards else { return Ok(self.rooms_of(&self.aws)) };
        let keycard = keycards.get(whose, needs, self.clock.now(), until).await?;
        let rooms = self.rooms_of(&keycard.open(&self.aws));
        Ok(Rooms { keycard: Some(keycard), ..rooms })
    }

    fn rooms_of(&self, aws: &Aws) -> Rooms {
        let seal = self.seal.by(aws);
        Rooms {
            store: SessionStore::new(aws, self.session_table.clone(), seal.clone()),
            authorizer: Authorizer::new(aws, self.authorizer.clone()),
            keycard: None,
            records: AuditStore::new(aws, self.approval_table.clone(), self.audit_days),
            aws: aws.clone(),
            seal,
        }
    }
}

/// The secret of a client, wherever the setting says that it is.
#[must_use]
pub fn client_secret(source: SecretSource, secrets: &Secrets, clock: &Clock) -> ClientSecret {
    match source {
        SecretSource::Given(secret) => secret.into(),
        SecretSource::Stored(arn) => ClientSecret::stored(secrets.reader(arn), clock.clone()),
    }
}

/// The keys at KMS that keycards are for; none where the key is this process's own.
fn kms_keys(keys: &SealKeys) -> Option<KmsKeys> {
    match keys {
        SealKeys::Local(_) => None,
        SealKeys::Kms(keys) => Some(keys.clone()),
    }
}
