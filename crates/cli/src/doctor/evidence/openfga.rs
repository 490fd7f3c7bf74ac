//! What OpenFGA tells the client that checks, and where it may not read, the one that writes.

use auth::secret::{Secret, SecretSource};
use auth::time::Clock;
use function::settings::Reader;
use serde_json::Value;
use tokio::time::Instant;
use upstream_http::openfga::administration::Administration;
use upstream_http::openfga::{CheckError, Credentials, Settings};
use upstream_http::transport::Transport;

use super::super::finding::Finding;
use super::super::given::Given;

/// What it told.
pub(crate) struct Fga {
    /// Whether the checking client's credentials are taken.
    pub(crate) client: Result<(), Finding>,
    pub(crate) store: Result<bool, Finding>,
    pub(crate) model: Result<Option<Value>, Finding>,
    /// Whether the checking client may write.
    pub(crate) may_write: Result<bool, Finding>,
    /// Whether it may write models.
    pub(crate) may_write_models: Result<bool, Finding>,
}

impl Fga {
    pub(super) async fn ask(given: &Given, transport: &Transport, clock: &Clock, until: Instant) -> Self {
        let client = match client(given, transport, clock) {
            Ok(client) => client,
            Err(finding) => return Self::nothing(&finding),
        };
        if let Err(error) = client.enter(until).await {
            let told = Self::nothing(&Finding::unasked("the client that checks gets no token", "mend fga.client"));
            return Self { client: Err(refused(&error)), ..told };
        }
        let reader = admin(given, transport, clock).unwrap_or_else(|| self::client(given, transport, clock));
        let reader = match reader {
            Ok(reader) => reader,
            Err(finding) => return Self { client: Ok(()), ..Self::nothing(&finding) },
        };
        let pinned = given.or("FGA_AUTHORIZATION_MODEL_ID", "");
        let unasked = |error: CheckError| {
            let mend = "give FGA_ADMIN_CLIENT_ID and FGA_ADMIN_CLIENT_SECRET of a client that may read the store";
            Finding::unasked(error.to_string(), mend)
        };
        Self {
            client: Ok(()),
            store: reader.store(until).await.map_err(unasked),
            model: reader.model(&pinned, until).await.map_err(unasked),
            may_write: client.may_write(until).await.map_err(unasked),
            may_write_models: client.may_write_models(until).await.map_err(unasked),
        }
    }

    fn nothing(finding: &Finding) -> Self {
        let again = || finding.clone();
        Self {
            client: Err(again()),
            store: Err(again()),
            model: Err(again()),
            may_write: Err(again()),
            may_write_models: Err(again()),
        }
    }
}

fn refused(error: &CheckError) -> Finding {
    match error {
        CheckError::Misconfigured(why) => Finding::wrong(
            *why,
            "compare FGA_CLIENT_ID, FGA_CLIENT_SECRET, FGA_TOKEN_URL and FGA_API_AUDIENCE, its last slash too",
        ),
        CheckError::Busy { .. } | CheckError::Unavailable(_) => {
            Finding::unasked(error.to_string(), "look at FGA_TOKEN_URL, and whether this machine reaches it")
        }
    }
}

/// As the function fga-authorizer has it.
fn client(given: &Given, transport: &Transport, clock: &Clock) -> Result<Administration, Finding> {
    built(settings(given)?, transport, clock)
}

/// The client that writes, if there is one.
fn admin(given: &Given, transport: &Transport, clock: &Clock) -> Option<Result<Administration, Finding>> {
    let (id, secret) = (given.get("FGA_ADMIN_CLIENT_ID")?, given.get("FGA_ADMIN_CLIENT_SECRET")?);
    let settings = settings(given).map(|settings| {
        let credentials = settings.credentials.map(|credentials| Credentials {
            client_id: id,
            client_secret: Secret::new(secret).into(),
            ..credentials
        });
        Settings { credentials, ..settings }
    });
    Some(settings.and_then(|settings| built(settings, transport, clock)))
}

fn settings(given: &Given) -> Result<Settings, Finding> {
    let mut reader = Reader::new(&given.0);
    let settings = fga_authorizer::settings::Settings::read(&mut reader);
    let settings = reader.finish(settings).map_err(|problems| {
        Finding::unasked("the settings of fga-authorizer are wrong", format!("mend {}", problems.names().join(", ")))
    });
    let settings = settings?;
    let credentials = match settings.credentials {
        None => None,
        Some(of) => {
            let SecretSource::Given(client_secret) = of.client_secret else {
                let remedy = "give its value as FGA_CLIENT_SECRET to this command, in place of FGA_CLIENT_SECRET_ARN";
                return Err(Finding::unasked("the client's secret is at Secrets Manager", remedy));
            };
            let client_secret = client_secret.into();
            Some(Credentials { token_url: of.token_url, client_id: of.client_id, client_secret, audience: of.audience })
        }
    };
    Ok(Settings { api: settings.api, store_id: settings.store_id, model_id: settings.model_id, credentials })
}

fn built(settings: Settings, transport: &Transport, clock: &Clock) -> Result<Administration, Finding> {
    Administration::new(transport.clone(), settings, clock.clone())
        .map_err(|why| Finding::unasked(why, "look at FGA_API_URL"))
}
