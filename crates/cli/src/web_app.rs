//! What the web application holds and reaches: Auth0, the session rows, the key that tickets are signed with.

use std::time::Duration;

use auth::id::Agent;
use auth::jwt::KeySet;
use auth::secret::Secret;
use auth::ticket::Minter;
use auth::time::Clock;
use aws_credential_types::Credentials;
use devstack::stack::{APPROVAL_TABLE, SESSION_TABLE};
use serde_json::{Value, json};
use tokio::time::Instant;
use tool::stopping::Stopping;
use upstream_aws::{ApprovalStore, Aws, AwsSettings, Seal, SealKeys, SessionStore};
use upstream_http::auth0;
use upstream_http::jwks::Keys;
use upstream_http::transport::Transport;
use url::Url;

use crate::laptop::gateway::TICKET_KEY_ID;
use crate::trouble::Trouble;

/// The name in which tickets are signed here, and the id of the key.
const MINTER: (&str, &str) = ("web", "web-1");
/// The name in which the gateway's interceptor signs.
const GATEWAY_MINTER: &str = "gateway";
const AGENTS_DOORS: [&str; 2] = ["function-details", "open-api"];
const GATEWAYS_DOOR: [&str; 1] = ["gateway-target"];
const PATIENCE: Duration = Duration::from_secs(10);

/// Where everything is, and the secrets that open it.
pub struct Access {
    /// Auth0's issuer, with the trailing slash.
    pub issuer: String,
    /// The application's id at Auth0.
    pub client_id: String,
    /// Its secret.
    pub client_secret: Secret,
    /// Where Auth0 sends the browser back to.
    pub redirect_uri: String,
    /// The tables.
    pub dynamodb_url: String,
    /// The functions.
    pub lambda_url: String,
    /// KMS, where the key is there; AWS's own address if this is nothing.
    pub kms_url: Option<String>,
    /// What the tokens in session rows are sealed with.
    pub seal: SealKeys,
    /// As whom AWS is called.
    pub credentials: Credentials,
    /// The private key of tickets.
    pub ticket_seed: [u8; 32],
    /// The agent that people chat with.
    pub agent: Agent,
}

/// The web application's side of the system.
pub struct WebApp {
    /// Signs tickets.
    pub minter: Minter,
    /// The session rows.
    pub store: SessionStore,
    /// Auth0.
    pub auth0: auth0::Settings,
    /// The keys of Auth0's ID tokens.
    pub keys: Keys,
    /// The one HTTP client.
    pub transport: Transport,
    /// The time.
    pub clock: Clock,
    /// Ends what is open when somebody signs out.
    pub stopping: Stopping,
    agent: Agent,
}

impl WebApp {
    /// Builds the clients. Opens no connection.
    ///
    /// # Errors
    /// When an address or a key has the wrong form.
    pub async fn new(access: Access, clock: Clock) -> Result<Self, Trouble> {
        let minter = minter(MINTER.0, MINTER.1, &access.ticket_seed)?;
        let transport = Transport::new(None).map_err(|error| Trouble::because("the HTTP client", error))?;
        let settings = AwsSettings {
            region: Some("us-east-1".to_owned()),
            credentials: Some(access.credentials),
            dynamodb_url: Some(access.dynamodb_url),
            kms_url: access.kms_url,
            lambda_url: Some(access.lambda_url),
            sqs_url: None,
            sts_url: None,
            extra_ca_pem: None,
        };
        let aws = Aws::connect(settings).await.map_err(|error| Trouble::because("AWS", error))?;
        let seal =
            Seal::of(access.seal, &aws, clock.clone()).map_err(|error| Trouble::because("the sealing key", error))?;
        let store = SessionStore::new(&aws, SESSION_TABLE.to_owned(), seal.clone());
        let client = auth0::Client {
            base: url(&access.issuer)?,
            id: access.client_id,
            secret: access.client_secret.into(),
            provider: auth0::Provider::default(),
        };
        let keys_url = client.keys();
        let redirect_uri = url(&access.redirect_uri)?;
        let auth0 = auth0::Settings { issuer: access.issuer, client, redirect_uri, expects_iss: true };
        let keys = Keys::new(transport.clone(), keys_url, clock.clone());
        let stopping = Stopping {
            sessions: SessionStore::new(&aws, SESSION_TABLE.to_owned(), seal.clone()),
            approvals: ApprovalStore::new(&aws, APPROVAL_TABLE.to_owned(), seal),
            transport: transport.clone(),
            auth0: auth0.client.clone(),
            clock: clock.clone(),
        };
        Ok(Self { minter, store, auth0, keys, transport, clock, stopping, agent: access.agent })
    }

    /// The agent that people chat with.
    #[must_use]
    pub fn agent(&self) -> Agent {
        self.agent.clone()
    }

    /// Auth0's keys for a token with this `kid`.
    ///
    /// # Errors
    /// When the key set cannot be fetched.
    pub async fn id_token_keys(&self, kid: Option<&str>) -> Result<std::sync::Arc<KeySet>, Trouble> {
        self.keys.of(kid, Instant::now() + PATIENCE).await.map_err(|error| Trouble::because("auth0", error))
    }
}

/// The setting `TICKET_KEYS` for tools that take this minter's tickets at both doors of Bedrock agents and, if there is a
/// gateway, those of its interceptor at the gateway's door. Neither serves the other's.
pub(crate) fn ticket_keys(seed: &[u8; 32], gateway: Option<&[u8; 32]>) -> Result<String, Trouble> {
    let mut minters = vec![trusted(MINTER.0, MINTER.1, seed, &AGENTS_DOORS)?];
    if let Some(seed) = gateway {
        minters.push(trusted(GATEWAY_MINTER, TICKET_KEY_ID, seed, &GATEWAYS_DOOR)?);
    }
    Ok(json!({ "minters": minters }).to_string())
}

/// The same for one minter and a key of these names: the interceptor's, which has a name of its own, at the gateway's door, any
/// other at both doors of Bedrock agents.
pub(crate) fn ticket_keys_of(name: &str, kid: &str, seed: &[u8; 32]) -> Result<String, Trouble> {
    let doors: &[&str] = if name == GATEWAY_MINTER { &GATEWAYS_DOOR } else { &AGENTS_DOORS };
    Ok(json!({ "minters": [trusted(name, kid, seed, doors)?] }).to_string())
}

fn trusted(name: &str, kid: &str, seed: &[u8; 32], doors: &[&str]) -> Result<Value, Trouble> {
    let jwk = minter(name, kid, seed)?.public_jwk();
    Ok(json!({ "name": name, "doors": doors, "jwks": { "keys": [jwk] } }))
}

fn minter(name: &str, kid: &str, seed: &[u8; 32]) -> Result<Minter, Trouble> {
    Minter::from_seed(name, kid, seed).ok_or_else(|| Trouble::new("the ticket key could not be made"))
}

fn url(text: &str) -> Result<Url, Trouble> {
    Url::parse(text).map_err(|error| Trouble::because("an address of the running system", error))
}
