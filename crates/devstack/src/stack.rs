//! All doubles together, each on its port, wired to each other.

mod agent;
mod ports;
mod security;
mod setup;
#[cfg(test)]
mod tests;

use std::path::Path;

use serde_json::Value;

pub use self::ports::{NAMES, PortTaken, Ports, StackError, bind};
pub use self::security::{SEAL_KEY_ALIAS, Security};
use crate::auth0::{self, Auth0};
use crate::bedrock::{self, Bedrock};
use crate::double::Double;
use crate::dynamodb::{self, DynamoDb};
use crate::lambda::{self, LambdaHost};
use crate::okta::{self, Okta};
use crate::openfga::{self, OpenFga};
use crate::random;
use crate::sqs::{self, Sqs};

/// The session table's name.
pub const SESSION_TABLE: &str = "bedrock-sessions";
/// The name of the table of approvals.
pub const APPROVAL_TABLE: &str = "agent-approvals";
/// The queue of approvals that the worker looks after.
pub const APPROVAL_QUEUE: &str = "agent-approvals";
/// Where messages go that the worker gave up.
pub const APPROVAL_DEAD_LETTERS: &str = "agent-approvals-dead";
/// Seconds that a message stays hidden that the worker was given.
pub const APPROVAL_VISIBILITY_SECONDS: u64 = 60;
/// How often the worker is given a message before it is given up.
pub const APPROVAL_RECEIVES: u32 = 10;
/// The agent and its alias.
pub const AGENT: (&str, &str) = ("AGENT12345", "ALIAS67890");
/// The store and the authorization model at OpenFGA.
pub const STORE: (&str, &str) = ("01HVMMBCMGZNT3SED4Z17ECXCA", "01HVMMBD123456789ABCDEFGHJ");
/// The audience of tokens for the OpenFGA API.
pub const FGA_AUDIENCE: &str = "https://api.us1.fga.dev/";
/// What the connection asks Okta for.
pub const CONNECTION_SCOPES: &str = "openid profile email groups offline_access okta.users.read okta.users.read.self \
                                     okta.users.manage okta.groups.read okta.groups.manage";

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
    /// The queues. Nothing calls a function with what they hold until an event source is made.
    pub sqs: Sqs,
    /// The account. Its policies are not enforced until [`Stack::enforce`].
    pub security: Security,
    /// The web application's client at Auth0.
    pub web: Client,
    /// The client at Auth0 of whoever calls tools through a gateway.
    pub mcp: Client,
    /// The authorizer's client at OpenFGA.
    pub checker: Client,
    /// The client at OpenFGA that may write.
    pub administrator: Client,
    /// The client at Auth0 that may read how the tenant is set up.
    pub auditor: Client,
    /// Where Auth0 sends the browser after a sign-in or a connection.
    pub redirect_uri: String,
}

impl Stack {
    /// Starts every double with the sample people, `model` as authorization model and no tuples.
    ///
    /// # Errors
    /// [`StackError`]; nothing is left running.
    pub async fn start(ports: Ports, model: Value) -> Result<Self, StackError> {
        Self::start_calling(ports, model, None, None).await
    }

    /// The same with an agent that calls functions at `functions_at`, an address of Lambda's Invoke API without a
    /// trailing slash. The double of Lambda is started all the same; what functions write is kept in files in the folder `logs`, if
    /// one is given.
    ///
    /// # Errors
    /// As [`Stack::start`].
    pub async fn start_calling(
        ports: Ports,
        model: Value,
        functions_at: Option<String>,
        logs: Option<&Path>,
    ) -> Result<Self, StackError> {
        let listeners = ports::bind_all(ports).await?;
        let [auth0_url, okta_url, _, lambda_url, ..]: [String; 9] = ports::urls(&listeners)?;
        let [at_auth0, at_okta, at_fga, at_lambda, at_bedrock, at_tables, at_queues, at_sts, at_kms] = listeners;
        let (web, checker, upstream) =
            (Client::named("mandate-web"), Client::named("mandate-check"), Client::named("auth0"));
        let (mcp, administrator) = (Client::named("mandate-mcp"), Client::named("mandate-admin"));
        let auditor = Client::named("mandate-auditor");
        let redirect_uri = "http://127.0.0.1/callback".to_owned();

        let okta = okta::start(at_okta, setup::okta(&upstream, &auth0_url)).await?;
        let auth0 =
            auth0::start(at_auth0, setup::auth0([&web, &mcp, &auditor], &upstream, okta_url, &redirect_uri)).await?;
        let openfga = openfga::start(at_fga, setup::openfga(&checker, &administrator, model)).await?;
        let lambda = match logs {
            Some(folder) => lambda::start_with_logs(at_lambda, Vec::new(), folder).await?,
            None => lambda::start(at_lambda, Vec::new()).await?,
        };
        let bedrock = bedrock::start(at_bedrock, agent::agent(functions_at.unwrap_or(lambda_url))).await?;
        let dynamodb = dynamodb::start(at_tables).await?;
        dynamodb.create_table(SESSION_TABLE, "session_id", None).await?;
        dynamodb.create_table(APPROVAL_TABLE, "person", Some("sort")).await?;
        let sqs = sqs::start(at_queues, setup::sqs()).await?;
        let security = Security::start(at_sts, at_kms).await?;
        Ok(Self {
            auth0,
            okta,
            openfga,
            lambda,
            bedrock,
            dynamodb,
            sqs,
            security,
            web,
            mcp,
            checker,
            administrator,
            auditor,
            redirect_uri,
        })
    }

    /// The doubles in the order of [`NAMES`].
    #[must_use]
    pub fn doubles(&self) -> [&Double; 9] {
        [
            &self.auth0.double,
            &self.okta.double,
            &self.openfga.double,
            &self.lambda.double,
            &self.bedrock.double,
            &self.dynamodb.double,
            &self.sqs.double,
            &self.security.sts.double,
            &self.security.kms.double,
        ]
    }
}
