//! The clients and rules that every request shares.

use std::sync::Arc;
use std::time::Duration;

use auth::id::{Organization, SessionHash};
use auth::secret::SecretSource;
use auth::ticket::Minter;
use auth::time::Clock;
use function::telemetry::Log;
use tokio::sync::{broadcast, watch};
use tokio::task::JoinHandle;
use tokio::time::Instant;
use tool::house::client_secret;
use tool::stopping::Stopping;
use upstream_aws::{
    ApprovalStore, AuditStore, Aws, AwsSettings, ConnectError, Identity, Seal, SealKeyError, SecretError, Secrets,
    SessionStore, WebStore,
};
use upstream_http::auth0::{self, connected_accounts::ConnectedAccounts};
use upstream_http::jwks::Keys;
use upstream_http::transport::{Transport, TransportProblem};
use url::Url;

use crate::chat::agent::AgentClient;
use crate::rim::{Limits, Proxies};
use crate::settings::{AgentKind, Settings};

/// How long a request may wait for others, all in all.
const PATIENCE: Duration = Duration::from_secs(15);
/// How long reading what tickets are signed with may take.
const STARTING: Duration = Duration::from_secs(3);
/// Sessions that end at once before a turn that is slow to listen looks for itself.
const SESSIONS_TOLD: usize = 64;
/// Records are added by the functions, which say how long they are kept.
const NEVER_ADDED: u64 = 90;

/// The application. Cloning shares it.
#[derive(Clone)]
pub struct App(Arc<Parts>);

impl std::ops::Deref for App {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

/// What the application is made of.
pub struct Parts {
    pub(crate) site: Site,
    pub(crate) clock: Clock,
    pub(crate) log: Log,
    pub(crate) limits: Limits,
    pub(crate) proxies: Proxies,
    pub(crate) auth0: auth0::Settings,
    pub(crate) keys: Keys,
    pub(crate) transport: Transport,
    pub(crate) sessions: SessionStore,
    pub(crate) items: WebStore,
    pub(crate) approvals: ApprovalStore,
    pub(crate) records: AuditStore,
    pub(crate) accounts: ConnectedAccounts,
    pub(crate) stopping: Stopping,
    pub(crate) minter: Minter,
    /// The agent that people chat with; nothing where they come through a gateway.
    pub(crate) agent: Option<AgentClient>,
    ending: watch::Sender<bool>,
    /// Each task holds a receiver.
    tasks: watch::Sender<()>,
    over: broadcast::Sender<SessionHash>,
}

/// What is said of the application itself.
pub(crate) struct Site {
    /// Where people reach it, with a trailing slash.
    pub(crate) url: Url,
    /// As a browser sends it in `Origin`.
    pub(crate) origin: String,
    /// The connection whose account the vault holds.
    pub(crate) connection: String,
    /// The organization that people sign in to.
    pub(crate) organization: Option<Organization>,
    /// The connection that sign-in goes to without asking.
    pub(crate) sign_in_connection: Option<String>,
    /// Who calls tools for people.
    pub(crate) agent_kind: AgentKind,
}

/// Why the application cannot start although every setting has the right form.
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
    /// What tickets are signed with could not be read.
    #[error("TICKET_KEY_ARN: {0}")]
    Secret(#[from] SecretError),
    /// What is stored there is no seed.
    #[error("TICKET_KEY_ARN: what it names is not 32 bytes in base64url")]
    Seed,
    /// An address of ours.
    #[error("WEB_URL: {0}")]
    Address(#[from] url::ParseError),
}

impl App {
    /// Builds the clients. Opens no connection. `identity` is that of the environment in a deployment.
    ///
    /// # Errors
    /// [`BuildError`] names the setting.
    pub async fn build(settings: Settings, identity: Identity, clock: Clock, log: Log) -> Result<Self, BuildError> {
        let authority = settings.extra_authority.map(String::into_bytes);
        let transport = Transport::new(authority.as_deref())?;
        let aws = Aws::connect(AwsSettings {
            region: Some(settings.endpoints.region),
            credentials: identity.credentials,
            dynamodb_url: settings.endpoints.dynamodb.map(String::from),
            kms_url: settings.endpoints.kms.map(String::from),
            extra_ca_pem: authority,
            ..AwsSettings::default()
        })
        .await?;
        let seal = Seal::of(settings.seal, &aws, clock.clone())?;
        let store = || SessionStore::new(&aws, settings.session_table.clone(), seal.clone());
        let secrets = Secrets::new(aws.common(), settings.endpoints.secrets_manager.map(String::from));
        let seed = match &settings.signing.seed {
            SecretSource::Given(seed) => seed.clone(),
            SecretSource::Stored(arn) => secrets.read(arn, Instant::now() + STARTING).await?,
        };
        let minter = settings.signing.minter(&seed).ok_or(BuildError::Seed)?;
        let client = auth0::Client {
            base: settings.auth0.identity.base,
            id: settings.auth0.client_id,
            secret: client_secret(settings.auth0.client_secret, &secrets, &clock),
            provider: settings.auth0.identity.provider,
        };
        let keys = client.keys();
        let auth0 = auth0::Settings {
            issuer: settings.auth0.identity.issuer,
            redirect_uri: settings.origin.join("callback")?,
            expects_iss: true,
            client: client.clone(),
        };
        let agent = match &settings.agent_kind {
            AgentKind::Classic(agent) => Some(AgentClient::new(&aws, settings.endpoints.bedrock, agent.clone())),
            AgentKind::AgentCore(_) => None,
        };
        let site = Site {
            origin: settings.origin.origin().ascii_serialization(),
            url: settings.origin,
            connection: settings.auth0.connection,
            organization: settings.auth0.organization,
            sign_in_connection: settings.auth0.sign_in_connection,
            agent_kind: settings.agent_kind,
        };
        let stopping = Stopping {
            sessions: store(),
            approvals: ApprovalStore::new(&aws, settings.approval_table.clone(), seal.clone()),
            transport: transport.clone(),
            auth0: client,
            clock: clock.clone(),
        };
        Ok(Self(Arc::new(Parts {
            keys: Keys::new(transport.clone(), keys, clock.clone()),
            accounts: ConnectedAccounts::new(transport.clone(), auth0.clone()),
            sessions: store(),
            items: WebStore::new(&aws, settings.session_table.clone(), seal.clone()),
            approvals: ApprovalStore::new(&aws, settings.approval_table.clone(), seal),
            records: AuditStore::new(&aws, settings.approval_table, NEVER_ADDED),
            agent,
            minter,
            limits: Limits::new(),
            proxies: settings.proxies,
            ending: watch::Sender::new(false),
            tasks: watch::Sender::new(()),
            over: broadcast::Sender::new(SESSIONS_TOLD),
            log: log.without_audit(),
            site,
            clock,
            auth0,
            transport,
            stopping,
        })))
    }

    /// Ends every stream that is open, and those that are opened later: the application is about to stop.
    pub fn end(&self) {
        self.ending.send_replace(true);
    }

    /// Whether the application is about to stop, now or later.
    pub(crate) fn ending(&self) -> watch::Receiver<bool> {
        self.ending.subscribe()
    }

    /// Does it in a task of its own, which goes on when whoever waits for it has left.
    pub(crate) fn apart<T: Send + 'static>(&self, work: impl Future<Output = T> + Send + 'static) -> JoinHandle<T> {
        let under_way = self.tasks.subscribe();
        tokio::spawn(async move {
            let done = work.await;
            drop(under_way);
            done
        })
    }

    /// Waits until nothing is done apart any more.
    pub(crate) async fn idle(&self) {
        self.tasks.closed().await;
    }

    /// Tells the turns of this process that a session is over.
    pub(crate) fn tell_over(&self, session: &SessionHash) {
        // Nobody listens if there are no turns.
        let _told = self.over.send(session.clone());
    }

    /// The sessions that end in this process from now on.
    pub(crate) fn over(&self) -> broadcast::Receiver<SessionHash> {
        self.over.subscribe()
    }

    /// By when what a request asks of others must be done.
    pub(crate) fn until() -> Instant {
        Instant::now() + PATIENCE
    }
}
