//! The state file: how another process finds a running system, and works with it.

mod file;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::path::PathBuf;

use auth::id::{Agent, Organization, SessionReference};
use auth::keycard::KeyArn;
use auth::secret::Secret;
use auth::time::Clock;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use devstack::sample::{ORGANIZATION, Person};
use function::settings::Environment;
use serde::{Deserialize, Serialize};
use tokio::net::TcpStream;
use upstream_aws::{KmsKeys, SealKeys};
use url::Url;

pub use self::file::{StateFile, folder_of, logs_of, read, rewrite};
use crate::laptop::{Laptop, account};
use crate::person;
use crate::sign_in::Signed;
use crate::trouble::Trouble;
use crate::web_app::{Access, WebApp};

/// What is known of a running system. It holds secrets: it is written where only this user reads it.
#[derive(Clone, Deserialize, PartialEq, Serialize)]
pub struct Running {
    /// The process that runs it.
    pub process: u32,
    /// The doubles' addresses by name. That of `lambda` is where functions are called.
    pub urls: BTreeMap<String, String>,
    /// The functions' settings by function name.
    pub functions: BTreeMap<String, BTreeMap<String, String>>,
    /// The settings that only an operator has, who may write at OpenFGA and end what is open.
    pub administrator: BTreeMap<String, String>,
    /// What `mandate doctor` is told beside the functions' settings.
    #[serde(default)]
    pub auditor: BTreeMap<String, String>,
    /// As whom the web application calls AWS.
    pub web_credentials: BTreeMap<String, String>,
    /// As whom a function is sent an event by hand.
    pub developer: BTreeMap<String, String>,
    /// The gateway before the tools, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gateway: Option<GatewayAccess>,
    /// Where Auth0 sends the browser back to.
    pub redirect_uri: String,
    /// The private key of tickets, 32 bytes in base64url.
    pub ticket_seed: String,
    /// The agent's id.
    pub agent_id: String,
    /// The agent's alias.
    pub agent_alias: String,
    /// Session ids of the sample people who are signed in, by name.
    pub sessions: BTreeMap<String, String>,
}

/// What an application has that calls tools through the gateway.
#[derive(Clone, Deserialize, PartialEq, Serialize)]
pub struct GatewayAccess {
    /// Where the gateway speaks MCP.
    pub mcp_url: String,
    /// The application's id at Auth0.
    pub client_id: String,
    /// Its secret.
    pub client_secret: String,
}

impl Running {
    /// What is known of `laptop`. Nobody is signed in yet.
    #[must_use]
    pub fn of(laptop: &Laptop) -> Self {
        let doubles = laptop.stack.doubles();
        let mut urls: BTreeMap<String, String> =
            doubles.iter().map(|double| (double.name().to_owned(), double.url())).collect();
        urls.insert("lambda".to_owned(), laptop.functions_at().to_owned());
        let agent = laptop.agent();
        Self {
            process: std::process::id(),
            urls,
            functions: laptop.functions().iter().map(|name| ((*name).to_owned(), laptop.environment(name))).collect(),
            administrator: laptop.administrator(),
            auditor: laptop.auditor(),
            web_credentials: laptop.web_credentials(),
            developer: laptop.developer(),
            gateway: laptop.gateway().map(|gateway| GatewayAccess {
                mcp_url: gateway.mcp_url(),
                client_id: laptop.stack.mcp.id.clone(),
                client_secret: laptop.stack.mcp.secret.clone(),
            }),
            redirect_uri: laptop.stack.redirect_uri.clone(),
            ticket_seed: URL_SAFE_NO_PAD.encode(laptop.ticket_seed()),
            agent_id: agent.id,
            agent_alias: agent.alias,
            sessions: BTreeMap::new(),
        }
    }

    /// Whether the doubles still take connections.
    pub async fn answers(&self) -> bool {
        for name in ["auth0", "dynamodb"] {
            let address = self.urls.get(name).and_then(|url| url.strip_prefix("http://"));
            let Some(address) = address else { return false };
            if TcpStream::connect(address).await.is_err() {
                return false;
            }
        }
        true
    }

    /// The address of a double, or of functions for `lambda`.
    ///
    /// # Errors
    /// When the state file does not say it.
    pub fn url(&self, name: &str) -> Result<Url, Trouble> {
        let url = self.urls.get(name).and_then(|url| Url::parse(url).ok());
        url.ok_or_else(|| Trouble::new(format!("the state file has no address of `{name}`; start the system anew")))
    }

    /// The web application's side of the system.
    ///
    /// # Errors
    /// When the file lacks something.
    pub async fn web_app(&self, clock: Clock) -> Result<WebApp, Trouble> {
        let setting = |name: &str| {
            let value = self.functions.get("okta-groups").and_then(|settings| settings.get(name)).cloned();
            value.ok_or_else(|| Trouble::new(format!("the state file lacks `{name}`; start the system anew")))
        };
        let seal = match setting("SEAL_KEY_ARN") {
            Ok(arn) => {
                let key = KeyArn::parse(&arn).map_err(|takes| Trouble::because("the sealing key", takes))?;
                SealKeys::Kms(KmsKeys { current: key, old: Vec::new() })
            }
            Err(_) => std::fs::read_to_string(PathBuf::from(setting("SEAL_KEY_FILE")?))
                .map(|key| SealKeys::Local(Secret::new(key)))
                .map_err(|error| Trouble::because("the key file of the running system", error))?,
        };
        let seed = URL_SAFE_NO_PAD.decode(&self.ticket_seed).ok().and_then(|bytes| bytes.try_into().ok());
        let access = Access {
            issuer: setting("AUTH0_ISSUER")?,
            client_id: setting("AUTH0_CLIENT_ID")?,
            client_secret: Secret::new(setting("AUTH0_CLIENT_SECRET")?),
            redirect_uri: self.redirect_uri.clone(),
            dynamodb_url: setting("AWS_ENDPOINT_URL_DYNAMODB")?,
            lambda_url: setting("AWS_ENDPOINT_URL_LAMBDA")?,
            kms_url: Some(setting("AWS_ENDPOINT_URL_KMS")?),
            seal,
            credentials: account::credentials_in(&self.web_credentials)?,
            ticket_seed: seed.ok_or_else(|| Trouble::new("the state file's ticket seed is not 32 bytes"))?,
            agent: Agent { id: self.agent_id.clone(), alias: self.agent_alias.clone() },
        };
        WebApp::new(access, clock).await
    }

    /// The settings of an operator's programs: those of the functions, and the client that may write at OpenFGA.
    ///
    /// # Errors
    /// When the file lacks them.
    pub fn administration(&self) -> Result<Environment, Trouble> {
        let lacking = || Trouble::new("the state file is of an older program; start the system anew");
        let of = |name: &str| self.functions.get(name).ok_or_else(lacking);
        let (worker, authorizer) = (of("approval-worker")?, of("fga-authorizer")?);
        let pairs = authorizer.iter().chain(worker).chain(&self.administrator);
        Ok(Environment::from_pairs(pairs.map(|(name, value)| (name.clone(), value.clone()))))
    }

    /// The whole configuration, as `mandate doctor` looks at it: the functions' settings, and what the auditor has.
    ///
    /// # Errors
    /// When the file lacks them.
    pub fn configuration(&self) -> Result<Environment, Trouble> {
        let auditor = self.auditor.iter().map(|(name, value)| (name.clone(), value.clone()));
        Ok(self.administration()?.with(auditor))
    }

    /// The session of a sample person, if they are signed in.
    #[must_use]
    pub fn session(&self, person: &Person, issuer: &str) -> Option<Signed> {
        let session = SessionReference::parse(self.sessions.get(person.name)?).ok()?;
        let subject = person::subject(person, issuer).ok()?;
        Some(Signed { subject, organization: Some(Organization(ORGANIZATION.to_owned())), session })
    }

    /// Notes that somebody is signed in.
    pub fn note(&mut self, person: &Person, signed: &Signed) {
        self.sessions.insert(person.name.to_owned(), signed.session.expose().to_owned());
    }
}
