//! What the web application is told.

mod agent_kind;

use std::net::SocketAddr;

use auth::id::Organization;
use auth::secret::{Secret, SecretSource};
use auth::ticket::Minter;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use function::read_settings;
use function::settings::Reader;
use tool::house::{IdentityProvider, Profile, extra_authority, seal_keys_in};
use upstream_aws::SealKeys;
use url::Url;

pub use self::agent_kind::{AgentKind, Gateway};
use crate::rim::Proxies;

/// All of it, checked.
pub struct Settings {
    /// Where people reach the application: an origin, https, or http on this machine.
    pub origin: Url,
    /// Where a plain server listens.
    pub listen: SocketAddr,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub proxies: Proxies,
    /// The table of session rows, which also holds what belongs to browsers.
    pub session_table: String,
    /// The table of approvals and of each person's audit records.
    pub approval_table: String,
    /// The keys that seal rows.
    pub seal: SealKeys,
    /// The identity provider.
    pub auth0: Auth0,
    /// Who calls tools for the people who sign in here.
    pub agent_kind: AgentKind,
    /// Signs tickets.
    pub signing: Signing,
    /// The region, and addresses in place of AWS's own.
    pub endpoints: Endpoints,
    /// PEM certificates to trust besides the bundled web roots.
    pub extra_authority: Option<String>,
}

/// The tenant, our client there, and what people sign in to.
pub struct Auth0 {
    /// Where it is; another provider than Auth0 if the settings say so.
    pub identity: IdentityProvider,
    /// The client's id.
    pub client_id: String,
    /// The client's secret.
    pub client_secret: SecretSource,
    /// The connection whose account the vault holds.
    pub connection: String,
    /// The organization that people sign in to; any, or none, if absent.
    pub organization: Option<Organization>,
    /// The connection that sign-in goes to without asking.
    pub sign_in_connection: Option<String>,
}

/// Where AWS is.
pub struct Endpoints {
    /// The region.
    pub region: String,
    /// DynamoDB.
    pub dynamodb: Option<Url>,
    /// KMS.
    pub kms: Option<Url>,
    /// The agent runtime.
    pub bedrock: Option<Url>,
    /// Secrets Manager.
    pub secrets_manager: Option<Url>,
}

/// What tickets are signed with.
pub struct Signing {
    /// The minter's name.
    pub name: String,
    /// The id of its key.
    pub kid: String,
    /// The private seed: 32 bytes in base64url without padding.
    pub seed: SecretSource,
}

impl Signing {
    /// Nothing if the text is no seed.
    pub(crate) fn minter(&self, seed: &Secret) -> Option<Minter> {
        let seed = URL_SAFE_NO_PAD.decode(seed.expose().trim()).ok()?;
        Minter::from_seed(&self.name, &self.kid, &seed)
    }
}

impl Settings {
    /// Reads them all.
    pub fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let profile = Profile::read(reader);
        // A profile that cannot be read stops the start by itself.
        let allowed = profile.unwrap_or(Profile::Laptop);
        let settings = read_settings!(reader => Settings {
            origin: with(origin),
            listen: with(listen),
            proxies: with(proxies),
            session_table: text_or("SESSION_TABLE_NAME", "bedrock-sessions"),
            approval_table: text_or("APPROVAL_TABLE_NAME", "agent-approvals"),
            seal: with(|reader| seal_keys_in(reader, allowed)),
            auth0: with(auth0),
            agent_kind: with(AgentKind::read),
            signing: with(signing),
            endpoints: with(endpoints),
            extra_authority: with(|reader| extra_authority(reader, allowed)),
        });
        profile.and(settings)
    }
}

fn origin(reader: &mut Reader<'_>) -> Option<Url> {
    const NAME: &str = "WEB_URL";
    let url = reader.url(NAME)?;
    if url.path() == "/" && url.query().is_none() {
        return Some(url);
    }
    reader.refuse(NAME, "has more than an origin", "the application's own origin, as in https://chat.example.com");
    None
}

fn listen(reader: &mut Reader<'_>) -> Option<SocketAddr> {
    const NAME: &str = "LISTEN";
    let parsed = reader.text_or(NAME, "127.0.0.1:8080")?.parse().ok();
    if parsed.is_none() {
        reader.refuse(NAME, "is no address with a port", "as in 127.0.0.1:8080");
    }
    parsed
}

fn proxies(reader: &mut Reader<'_>) -> Option<Proxies> {
    const NAME: &str = "TRUSTED_PROXIES";
    let Some(list) = reader.optional_text(NAME)? else { return Some(Proxies::default()) };
    let proxies = Proxies::parse(list.split(','));
    if proxies.is_none() {
        reader.refuse(NAME, "is no list of addresses and networks", "as in 10.0.0.7,10.1.0.0/16, separated by commas");
    }
    proxies
}

fn auth0(reader: &mut Reader<'_>) -> Option<Auth0> {
    let organization = reader.optional_text("AUTH0_ORGANIZATION");
    let mut auth0 = read_settings!(reader => Auth0 {
        identity: with(IdentityProvider::read),
        client_id: text("AUTH0_CLIENT_ID"),
        client_secret: secret_source("AUTH0_CLIENT_SECRET", "AUTH0_CLIENT_SECRET_ARN"),
        connection: text("AUTH0_CONNECTION"),
        organization: with(|_| Some(None)),
        sign_in_connection: optional_text("AUTH0_SIGN_IN_CONNECTION"),
    })?;
    auth0.organization = organization?.map(Organization);
    Some(auth0)
}

fn signing(reader: &mut Reader<'_>) -> Option<Signing> {
    const NAME: &str = "TICKET_KEY";
    let signing = read_settings!(reader => Signing {
        name: text_or("TICKET_MINTER", "web"),
        kid: text_or("TICKET_KEY_ID", "web-1"),
        seed: secret_source(NAME, "TICKET_KEY_ARN"),
    })?;
    if let SecretSource::Given(seed) = &signing.seed
        && signing.minter(seed).is_none()
    {
        reader.refuse(NAME, "is no private key", "32 random bytes in base64url without padding");
        return None;
    }
    Some(signing)
}

fn endpoints(reader: &mut Reader<'_>) -> Option<Endpoints> {
    read_settings!(reader => Endpoints {
        region: text("AWS_REGION"),
        dynamodb: optional_url("AWS_ENDPOINT_URL_DYNAMODB"),
        kms: optional_url("AWS_ENDPOINT_URL_KMS"),
        bedrock: optional_url("AWS_ENDPOINT_URL_BEDROCK_AGENT_RUNTIME"),
        secrets_manager: optional_url("AWS_ENDPOINT_URL_SECRETS_MANAGER"),
    })
}
