//! The whole system on one machine: the doubles, and the function binaries behind them, set up for each other.

mod environment;
mod files;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use auth::id::Agent;
use auth::jwt::KeySet;
use auth::secret::Secret;
use auth::ticket::Minter;
use auth::time::Clock;
use devstack::lambda::Function;
use devstack::openfga::Tuple;
use devstack::sample::PEOPLE;
use devstack::stack::{AGENT, Ports, SESSION_TABLE, STORE, Stack, StackError};
use serde_json::json;
use tokio::time::Instant;
use upstream_aws::{Aws, AwsSettings, Identity, Seal, SessionStore};
use upstream_http::auth0;
use upstream_http::jwks::Keys;
use upstream_http::transport::Transport;
use url::Url;

use crate::trouble::Trouble;
use crate::{person, random};

/// The functions that the agent's tools need, by name, each with the binary of the same name.
pub const FUNCTIONS: [&str; 2] = ["fga-authorizer", "okta-groups"];

const PATIENCE: Duration = Duration::from_secs(10);

/// What to start.
pub struct Plan {
    /// Ports of the doubles.
    pub ports: Ports,
    /// The folder with the function binaries.
    pub binaries: PathBuf,
    /// A folder of this start's own, for key files.
    pub folder: PathBuf,
    /// Settings that replace or add to those of a function, by function name.
    pub overrides: BTreeMap<String, BTreeMap<String, String>>,
}

/// A running system.
pub struct Laptop {
    /// The doubles.
    pub stack: Stack,
    /// Signs tickets in the name of the web application.
    pub minter: Minter,
    /// The session rows, as the web application reaches them.
    pub store: SessionStore,
    /// Auth0, as the web application reaches it.
    pub auth0: auth0::Settings,
    /// The keys of Auth0's ID tokens.
    pub keys: Keys,
    /// The one HTTP client.
    pub transport: Transport,
    /// The time.
    pub clock: Clock,
    ticket_keys: String,
    folder: PathBuf,
    ticket_seed: [u8; 32],
}

impl Laptop {
    /// Starts the doubles and tells them of the functions, whose processes start at their first call or by
    /// [`Laptop::warm`].
    ///
    /// # Errors
    /// A taken port, a missing binary, or a machine without random bytes.
    pub async fn start(plan: Plan, clock: Clock) -> Result<Self, Trouble> {
        let stack = Stack::start(plan.ports, model()?).await.map_err(start_trouble)?;
        let issuer = stack.auth0.issuer().to_owned();
        for person in PEOPLE {
            for tuple in person::tuples(&person, &issuer).map_err(|refusal| Trouble::new(refusal.cause()))? {
                stack.openfga.allow(STORE.0, &tuple);
            }
        }
        let ticket_seed = random::bytes::<32>()?;
        let minter = Minter::from_seed("web", "web-1", &ticket_seed)
            .ok_or_else(|| Trouble::new("the ticket key could not be made"))?;
        let ticket_keys = json!({"minters": [{
            "name": "web", "doors": ["function-details", "open-api"], "jwks": {"keys": [minter.public_jwk()]},
        }]})
        .to_string();
        let seal_key = files::seal_key(&plan.folder, random::bytes::<32>()?)?;
        let transport = Transport::new(None).map_err(|error| Trouble::because("the HTTP client", error))?;
        let store = store(&stack, &seal_key).await?;
        let auth0 = auth0_settings(&stack, &issuer)?;
        let keys_url =
            auth0.client.base.join(".well-known/jwks.json").map_err(|error| Trouble::because("the key set", error))?;
        let keys = Keys::new(transport.clone(), keys_url, clock.clone());
        let laptop =
            Self { stack, minter, store, auth0, keys, transport, clock, ticket_keys, folder: plan.folder, ticket_seed };
        for name in FUNCTIONS {
            laptop.host(name, &plan.binaries, plan.overrides.get(name))?;
        }
        Ok(laptop)
    }

    /// Starts every function's process and waits until each has asked for its first event.
    ///
    /// # Errors
    /// What a function said when it did not start.
    pub async fn warm(&self) -> Result<(), Trouble> {
        for name in FUNCTIONS {
            self.stack.lambda.warm(name).await.map_err(|error| Trouble::because(name, error))?;
        }
        Ok(())
    }

    /// The agent that the sample people chat with.
    #[must_use]
    pub fn agent(&self) -> Agent {
        Agent { id: AGENT.0.to_owned(), alias: AGENT.1.to_owned() }
    }

    /// The seed of the ticket key, so that another process can sign tickets for this start.
    #[must_use]
    pub fn ticket_seed(&self) -> [u8; 32] {
        self.ticket_seed
    }

    /// Auth0's keys for a token with this `kid`.
    ///
    /// # Errors
    /// When the key set cannot be fetched.
    pub async fn id_token_keys(&self, kid: Option<&str>) -> Result<std::sync::Arc<KeySet>, Trouble> {
        self.keys.of(kid, Instant::now() + PATIENCE).await.map_err(|error| Trouble::because("auth0", error))
    }

    /// The settings of a function, as its process gets them.
    #[must_use]
    pub fn environment(&self, function: &str) -> BTreeMap<String, String> {
        match function {
            "fga-authorizer" => environment::fga_authorizer(self),
            _ => environment::okta_groups(self),
        }
    }

    /// As whom the functions call AWS here: credentials that open nothing, because the doubles look at their form only.
    #[must_use]
    pub fn aws_identity(&self) -> Identity {
        Identity { region: Some("us-east-1".to_owned()), credentials: Some(environment::credentials()) }
    }

    /// The tuples that the sample grants a person.
    ///
    /// # Errors
    /// Never for a sample person.
    pub fn tuples(&self, person: &devstack::sample::Person) -> Result<Vec<Tuple>, Trouble> {
        person::tuples(person, self.stack.auth0.issuer()).map_err(|refusal| Trouble::new(refusal.cause()))
    }

    fn host(&self, name: &str, binaries: &Path, overrides: Option<&BTreeMap<String, String>>) -> Result<(), Trouble> {
        let binary = binaries.join(name);
        if !binary.is_file() {
            return Err(Trouble::new(format!("there is no binary of `{name}`; run: cargo build -p {name}")));
        }
        let mut environment = self.environment(name);
        environment.extend(overrides.into_iter().flatten().map(|(key, value)| (key.clone(), value.clone())));
        let timeout = Duration::from_secs(if name == "fga-authorizer" { 10 } else { 30 });
        let function =
            Function { environment, memory_mb: 256, concurrency: 4, ..Function::new(name, binary).within(timeout) };
        self.stack.lambda.add(function).map_err(|error| Trouble::because(name, error))
    }
}

fn model() -> Result<serde_json::Value, Trouble> {
    serde_json::from_str(include_str!("../../../infra/fga/model.json"))
        .map_err(|error| Trouble::because("infra/fga/model.json", error))
}

fn start_trouble(error: StackError) -> Trouble {
    match error {
        StackError::Port(taken) => Trouble::new(format!(
            "port {} for {} is taken by another program; stop it, or move all ports with PORT_BASE=5700",
            taken.port, taken.double
        )),
        StackError::Io(error) => Trouble::because("a double did not start", error),
    }
}

async fn store(stack: &Stack, seal_key: &Secret) -> Result<SessionStore, Trouble> {
    let settings = AwsSettings {
        region: Some("us-east-1".to_owned()),
        credentials: Some(environment::credentials()),
        dynamodb_url: Some(stack.dynamodb.double.url()),
        lambda_url: Some(stack.lambda.double.url()),
        sqs_url: None,
        extra_ca_pem: None,
    };
    let aws = Aws::connect(settings).await.map_err(|error| Trouble::because("AWS", error))?;
    let seal = Seal::local(seal_key).map_err(|error| Trouble::because("the sealing key", error))?;
    Ok(SessionStore::new(&aws, SESSION_TABLE.to_owned(), seal))
}

fn auth0_settings(stack: &Stack, issuer: &str) -> Result<auth0::Settings, Trouble> {
    let parse =
        |text: &str| Url::parse(text).map_err(|error| Trouble::because("an address of the Auth0 double", error));
    Ok(auth0::Settings {
        issuer: issuer.to_owned(),
        client: auth0::Client {
            base: parse(issuer)?,
            id: stack.web.id.clone(),
            secret: Secret::new(stack.web.secret.clone()),
        },
        redirect_uri: parse(&stack.redirect_uri)?,
        expects_iss: true,
    })
}
