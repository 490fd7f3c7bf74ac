//! What answers an event: a function's handler in this process, or its binary.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use approval_worker::ApprovalWorker;
use ciba_initiator::CibaInitiator;
use function::settings::{Environment, Reader};
use function::telemetry::{Log, Outcome};
use okta_groups::OktaGroups;
use serde_json::Value;
use serde_json::value::RawValue;
use tokio::time::Instant;
use upstream_http::openfga::OpenFga;
use url::Url;

use super::Run;
use crate::{World, invocation};

const PATIENCE: Duration = Duration::from_secs(40);
/// As on a laptop.
const FUNCTION_TIME: Duration = Duration::from_secs(30);

/// Ready for one event.
pub(super) enum Handler {
    OktaGroups(Box<OktaGroups>),
    FgaAuthorizer(Box<OpenFga>),
    CibaInitiator(Box<CibaInitiator>),
    ApprovalWorker(Box<ApprovalWorker>),
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
        environment.extend(settings);
        if let Run::Program(program) = how {
            world.put_in_place(function, program, environment);
            let warmed = world.laptop.stack.lambda.warm(function).await;
            warmed.map_err(|error| format!("{function}: {error}"))?;
            return Ok(Self::Binary(function.to_owned()));
        }
        let environment = Environment::from_pairs(environment);
        let (identity, clock) = (world.identity(function), world.laptop.clock.clone());
        match (how, function) {
            (Run::Binary | Run::Program(_), _) => {
                let warmed = world.laptop.stack.lambda.warm(function).await;
                warmed.map_err(|error| format!("{function}: {error}"))?;
                Ok(Self::Binary(function.to_owned()))
            }
            (Run::InProcess, "okta-groups") => {
                let settings = read(&environment, okta_groups::settings::Settings::read)?;
                let built = OktaGroups::build(settings, identity, clock).await.map_err(|error| error.to_string())?;
                built.open(until).await;
                Ok(Self::OktaGroups(Box::new(built)))
            }
            (Run::InProcess, "fga-authorizer") => {
                let settings = read(&environment, fga_authorizer::settings::Settings::read)?;
                let built = fga_authorizer::build(settings, identity, clock).await?;
                built.open(until).await;
                Ok(Self::FgaAuthorizer(Box::new(built)))
            }
            (Run::InProcess, "ciba-initiator") => {
                let settings = read(&environment, ciba_initiator::settings::Settings::read)?;
                let built = CibaInitiator::build(settings, identity, clock).await.map_err(|error| error.to_string())?;
                built.open(until).await;
                Ok(Self::CibaInitiator(Box::new(built)))
            }
            (Run::InProcess, "approval-worker") => {
                let settings = read(&environment, approval_worker::settings::Settings::read)?;
                let built =
                    ApprovalWorker::build(settings, identity, clock).await.map_err(|error| error.to_string())?;
                built.open(until).await;
                Ok(Self::ApprovalWorker(Box::new(built)))
            }
            (Run::InProcess, other) => Err(format!("nobody has said how `{other}` is called in process")),
        }
    }

    /// The answer, and the lines that the function wrote for it.
    pub(super) async fn answer(&self, world: &World, event: &RawValue) -> Result<(Value, Vec<String>), String> {
        let (invocation, lines) = (invocation(FUNCTION_TIME), Arc::new(Mutex::new(Vec::new())));
        let kept = Arc::clone(&lines);
        let write = move |line: &str| kept.lock().unwrap_or_else(PoisonError::into_inner).push(line.to_owned());
        let log = Log::to("in-process", world.laptop.clock.clone(), write);
        let logged = |(answer, outcome): (Value, Outcome)| {
            log.outcome(&outcome);
            answer
        };
        let answer = match self {
            Self::OktaGroups(built) => logged(built.handle(event.get(), &invocation).await),
            Self::FgaAuthorizer(built) => fga_authorizer::handle(built, event.get(), &invocation).await.body,
            Self::CibaInitiator(built) => logged(built.handle(event.get(), &invocation).await),
            Self::ApprovalWorker(built) => {
                let (answer, outcomes) = Box::pin(built.handle(event.get(), &invocation)).await;
                outcomes.iter().for_each(|outcome| log.outcome(outcome));
                answer
            }
            Self::Binary(function) => {
                let before = world.laptop.stack.lambda.logs(function).len();
                let answer = invoke(world, function, event).await?;
                return Ok((answer, world.laptop.stack.lambda.logs(function).split_off(before)));
            }
        };
        let lines = lines.lock().unwrap_or_else(PoisonError::into_inner).clone();
        Ok((answer, lines))
    }
}

fn read<S>(environment: &Environment, read: impl FnOnce(&mut Reader<'_>) -> Option<S>) -> Result<S, String> {
    let mut reader = Reader::new(environment);
    let settings = read(&mut reader);
    reader.finish(settings).map_err(|problem| problem.to_string())
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
