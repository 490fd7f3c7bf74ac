//! All doubles together, each on its port, wired to each other.

use std::io;

use serde_json::Value;
use tokio::net::TcpListener;

use crate::auth0::{self, Auth0, GrantType};
use crate::bedrock::{self, ActionGroup, Agent, Bedrock, Parameter, Shape, Tool};
use crate::double::Double;
use crate::dynamodb::{self, DynamoDb};
use crate::lambda::{self, LambdaHost};
use crate::okta::{self, Okta};
use crate::openfga::{self, OpenFga, Seed};
use crate::{random, sample};

/// The session table's name.
pub const SESSION_TABLE: &str = "bedrock-sessions";
/// The agent and its alias.
pub const AGENT: (&str, &str) = ("AGENT12345", "ALIAS67890");
/// The store and the authorization model at OpenFGA.
pub const STORE: (&str, &str) = ("01HVMMBCMGZNT3SED4Z17ECXCA", "01HVMMBD123456789ABCDEFGHJ");
/// The audience of tokens for the OpenFGA API.
pub const FGA_AUDIENCE: &str = "https://api.us1.fga.dev/";
/// What the connection asks Okta for.
pub const CONNECTION_SCOPES: &str = "openid profile email groups offline_access okta.users.read okta.users.read.self";

/// Which ports the doubles take.
#[derive(Clone, Copy, Debug)]
pub enum Ports {
    /// Consecutive ones from here on, in the order of [`NAMES`].
    From(u16),
    /// Any free ones.
    Any,
}

/// The doubles in the order of their ports.
pub const NAMES: [&str; 6] = ["auth0", "okta", "openfga", "lambda", "bedrock", "dynamodb"];

/// A port that another program has.
#[derive(Debug)]
pub struct PortTaken {
    /// The port.
    pub port: u16,
    /// The double that wanted it.
    pub double: &'static str,
}

/// Why the doubles did not start.
#[derive(Debug)]
pub enum StackError {
    /// A port is taken.
    Port(PortTaken),
    /// Something else on this machine.
    Io(io::Error),
}

impl From<io::Error> for StackError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// A client's id and secret, made anew for every start.
#[derive(Clone)]
pub struct Client {
    /// Its id.
    pub id: String,
    /// Its secret.
    pub secret: String,
}

impl Client {
    fn named(id: &str) -> Self {
        Self { id: id.to_owned(), secret: random::token("") }
    }
}

/// The running doubles.
pub struct Stack {
    /// The tenant.
    pub auth0: Auth0,
    /// The org.
    pub okta: Okta,
    /// The authorizer's engine.
    pub openfga: OpenFga,
    /// The function host. It starts without functions.
    pub lambda: LambdaHost,
    /// The agent.
    pub bedrock: Bedrock,
    /// The tables.
    pub dynamodb: DynamoDb,
    /// The web application's client at Auth0.
    pub web: Client,
    /// The authorizer's client at OpenFGA.
    pub checker: Client,
    /// Where Auth0 sends the browser after a sign-in or a connection.
    pub redirect_uri: String,
}

impl Stack {
    /// Starts every double with the sample people, `model` as authorization model and no tuples.
    ///
    /// # Errors
    /// [`StackError`]; nothing is left running.
    pub async fn start(ports: Ports, model: Value) -> Result<Self, StackError> {
        Self::start_calling(ports, model, None).await
    }

    /// The same with an agent that calls functions at `functions_at`, an address of Lambda's Invoke API without a
    /// trailing slash. The double of Lambda is started all the same.
    ///
    /// # Errors
    /// As [`Stack::start`].
    pub async fn start_calling(ports: Ports, model: Value, functions_at: Option<String>) -> Result<Self, StackError> {
        let mut listeners = Vec::new();
        for (offset, name) in (0_u16..).zip(NAMES) {
            listeners.push(bind(ports, offset, name).await?);
        }
        let urls = listeners.iter().map(url).collect::<io::Result<Vec<_>>>()?;
        let ([at_auth0, at_okta, at_fga, at_lambda, at_bedrock, at_tables], [auth0_url, okta_url, _, lambda_url, _, _]) =
            (array(listeners)?, array(urls)?);
        let (web, checker, upstream) =
            (Client::named("mandate-web"), Client::named("mandate-check"), Client::named("auth0"));
        let redirect_uri = "http://127.0.0.1/callback".to_owned();

        let okta = okta::start(at_okta, okta_config(&upstream, &auth0_url)).await?;
        for person in sample::PEOPLE {
            okta.set_group_names(&person.okta_id(), person.groups);
        }
        let auth0 = auth0::start(at_auth0, auth0_config(&web, &upstream, okta_url, &redirect_uri)).await?;
        let (store_id, model_id) = (STORE.0.to_owned(), STORE.1.to_owned());
        let seed = Seed { store_id, model_id, model, tuples: Vec::new() };
        let auth = openfga::Auth {
            client_id: checker.id.clone(),
            client_secret: checker.secret.clone(),
            audience: FGA_AUDIENCE.to_owned(),
            token_lifetime: 86_400,
            preshared: None,
        };
        let openfga = openfga::start(at_fga, openfga::Config { seeds: vec![seed], auth: Some(auth) }).await?;
        let lambda = lambda::start(at_lambda, Vec::new()).await?;
        let bedrock = bedrock::start(at_bedrock, agent(functions_at.unwrap_or(lambda_url))).await?;
        let dynamodb = dynamodb::start(at_tables).await?;
        dynamodb.create_table(SESSION_TABLE, "session_id", None).await?;
        Ok(Self { auth0, okta, openfga, lambda, bedrock, dynamodb, web, checker, redirect_uri })
    }

    /// The doubles in the order of [`NAMES`].
    #[must_use]
    pub fn doubles(&self) -> [&Double; 6] {
        [
            &self.auth0.double,
            &self.okta.double,
            &self.openfga.double,
            &self.lambda.double,
            &self.bedrock.double,
            &self.dynamodb.double,
        ]
    }
}

async fn bind(ports: Ports, offset: u16, double: &'static str) -> Result<TcpListener, StackError> {
    let port = match ports {
        Ports::Any => 0,
        Ports::From(base) => base.saturating_add(offset),
    };
    TcpListener::bind(("127.0.0.1", port)).await.map_err(|error| {
        if error.kind() == io::ErrorKind::AddrInUse {
            StackError::Port(PortTaken { port, double })
        } else {
            StackError::Io(error)
        }
    })
}

fn url(listener: &TcpListener) -> io::Result<String> {
    Ok(format!("http://{}", listener.local_addr()?))
}

fn array<T, const N: usize>(values: Vec<T>) -> io::Result<[T; N]> {
    values.try_into().map_err(|_| io::Error::other("a double has no listener"))
}

fn okta_config(upstream: &Client, auth0_url: &str) -> okta::Config {
    okta::Config {
        users: sample::okta_users(),
        clients: vec![okta::Client {
            id: upstream.id.clone(),
            secret: upstream.secret.clone(),
            redirect_uris: vec![format!("{auth0_url}/login/callback")],
            granted_scopes: None,
        }],
        ..okta::Config::default()
    }
}

fn auth0_config(web: &Client, upstream: &Client, okta_url: String, redirect_uri: &str) -> auth0::Config {
    auth0::Config {
        users: sample::auth0_users(),
        clients: vec![auth0::Client {
            client_id: web.id.clone(),
            client_secret: web.secret.clone(),
            redirect_uris: vec![redirect_uri.to_owned()],
            grants: vec![GrantType::AuthorizationCode, GrantType::RefreshToken, GrantType::TokenVault],
        }],
        apis: Vec::new(),
        upstream: auth0::Upstream {
            connection: sample::CONNECTION.to_owned(),
            okta: okta_url,
            client_id: upstream.id.clone(),
            client_secret: upstream.secret.clone(),
            scopes: CONNECTION_SCOPES.split(' ').map(str::to_owned).collect(),
        },
        lifetimes: auth0::Lifetimes::default(),
        enrolment: auth0::Enrolment::Required,
        mfa_policy: auth0::MfaPolicy::Never,
    }
}

fn agent(lambda_url: String) -> Agent {
    let list_groups = Tool {
        name: "list_groups".to_owned(),
        shape: Shape::FunctionDetails,
        parameters: vec![Parameter::text("user")],
    };
    Agent {
        id: AGENT.0.to_owned(),
        alias_id: AGENT.1.to_owned(),
        name: "okta-helper".to_owned(),
        version: "1".to_owned(),
        lambda_url,
        action_groups: vec![ActionGroup {
            name: "okta-groups".to_owned(),
            lambda: "okta-groups".to_owned(),
            tools: vec![list_groups],
        }],
        rules: bedrock::intent::usual_rules(),
    }
}
