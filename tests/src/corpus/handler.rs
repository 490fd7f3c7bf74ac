//! What answers an event: a function's handler in this process, or its binary.

use std::collections::BTreeMap;
use std::time::Duration;

use function::settings::{Environment, Reader};
use okta_groups::OktaGroups;
use serde_json::Value;
use serde_json::value::RawValue;
use tokio::time::Instant;
use upstream_http::openfga::OpenFga;
use url::Url;

use super::Run;
use crate::{World, invocation};

const PATIENCE: Duration = Duration::from_secs(40);
const FUNCTION_TIME: Duration = Duration::from_secs(10);

/// Ready for one event.
pub(super) enum Handler {
    OktaGroups(Box<OktaGroups>),
    FgaAuthorizer(Box<OpenFga>),
    /// The binary of this function.
    Binary(String),
}

impl Handler {
    /// Starts it as a sandbox does: its connections are open before the first event. The authorizer's process is left to
    /// the first question, because half of the cases never ask one.
    pub(super) async fn start(
        world: &World,
        function: &str,
        how: Run,
        settings: BTreeMap<String, String>,
    ) -> Result<Self, String> {
        let until = Instant::now() + PATIENCE;
        let mut environment = world.laptop.environment(function);
        environment.insert("AWS_REGION".to_owned(), "us-east-1".to_owned());
        environment.extend(settings);
        let environment = Environment::from_pairs(environment);
        let mut reader = Reader::new(&environment);
        match (how, function) {
            (Run::Binary, _) => {
                let warmed = world.laptop.stack.lambda.warm(function).await;
                warmed.map_err(|error| format!("{function}: {error}"))?;
                Ok(Self::Binary(function.to_owned()))
            }
            (Run::InProcess, "okta-groups") => {
                let read = okta_groups::settings::Settings::read(&mut reader);
                let settings = reader.finish(read).map_err(|problem| problem.to_string())?;
                let (identity, clock) = (world.laptop.aws_identity(), world.laptop.clock.clone());
                let built =
                    OktaGroups::build(settings, identity, clock).await.map_err(|problem| problem.to_string())?;
                built.open(until).await;
                Ok(Self::OktaGroups(Box::new(built)))
            }
            (Run::InProcess, "fga-authorizer") => {
                let read = fga_authorizer::settings::Settings::read(&mut reader);
                let settings = reader.finish(read).map_err(|problem| problem.to_string())?;
                let built = fga_authorizer::build(settings, world.laptop.clock.clone())?;
                built.open(until).await;
                Ok(Self::FgaAuthorizer(Box::new(built)))
            }
            (Run::InProcess, other) => Err(format!("nobody has said how `{other}` is called in process")),
        }
    }

    pub(super) async fn answer(&self, world: &World, event: &RawValue) -> Result<Value, String> {
        match self {
            Self::OktaGroups(built) => Ok(built.handle(event.get(), &invocation(FUNCTION_TIME)).await.0),
            Self::FgaAuthorizer(built) => {
                Ok(fga_authorizer::handle(built, event.get(), &invocation(FUNCTION_TIME)).await.body)
            }
            Self::Binary(function) => invoke(world, function, event).await,
        }
    }
}

async fn invoke(world: &World, function: &str, event: &RawValue) -> Result<Value, String> {
    let url = format!("{}/2015-03-31/functions/{function}/invocations", world.laptop.stack.lambda.double.url());
    let url = Url::parse(&url).map_err(|error| error.to_string())?;
    let call = world.laptop.transport.post(url).json(&event).at_most(PATIENCE).cap(6 * 1024 * 1024);
    let reply = call.send(Instant::now() + PATIENCE).await.map_err(|error| format!("the function host: {error}"))?;
    match (reply.status(), reply.header("x-amz-function-error")) {
        (200, None) => serde_json::from_slice(reply.body()).map_err(|error| format!("the answer is no JSON: {error}")),
        (status, error) => {
            Err(format!("status {status}, function error {error:?}: {}", String::from_utf8_lossy(reply.body())))
        }
    }
}
