//! The whole system on one machine: the doubles, and the function binaries behind them, set up for each other.

pub mod account;
mod environment;
mod files;
pub mod gateway;
#[cfg(test)]
pub(crate) mod planned;
#[cfg(test)]
mod tests;
mod website;

use std::collections::BTreeMap;
use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::time::Duration;

use auth::id::Agent;
use auth::secret::Secret;
use auth::time::Clock;
use devstack::gateway::Gateway;
use devstack::lambda::Function;
use devstack::openfga::Tuple;
use devstack::sample::PEOPLE;
use devstack::sqs::{EventSource, Mapping};
use devstack::stack::{AGENT, APPROVAL_QUEUE, Ports, STORE, Stack, StackError};
use upstream_aws::{Identity, KmsKeys, SealKeys};

use self::account::WEB_APP_ROLE;
use self::gateway::{Front, Guards};
pub use self::website::Website;
use crate::running::logs_of;
use crate::trouble::Trouble;
use crate::web_app::{self, Access, WebApp};
use crate::{person, random};

/// The functions that the agent's tools need, by name, each with the binary of the same name.
pub const FUNCTIONS: [&str; 4] = ["fga-authorizer", "okta-groups", "ciba-initiator", "approval-worker"];

/// How many messages the worker is given at once, and how many calls of it run at once.
const WORKER_BATCH: usize = 10;
const WORKERS_AT_ONCE: usize = 4;

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
    /// Whether the queue of approvals calls the worker as soon as the functions are hosted. Without it nobody looks
    /// after an approval until a test does, or [`Laptop::attach_worker`].
    pub worker: bool,
    /// Whether what the functions write is kept in files in the folder, for [`logs_of`](crate::running::logs_of).
    pub keep_logs: bool,
    /// Whether the account's policies are enforced, calls open their rooms by keycards, and rows are sealed by the key at
    /// KMS, as in a deployment. Without it the functions' own credentials open everything, and the key is in a file.
    pub keycards: bool,
    /// Whether an AgentCore Gateway stands before the tools, on the port behind the doubles'. It needs the binary of
    /// [`INTERCEPTOR`](gateway::INTERCEPTOR), and the tools take its interceptor's tickets.
    pub gateway: bool,
}

/// A running system. It derefs to the web application's side of it.
pub struct Laptop {
    /// Calls the worker with what the queue of approvals holds, until it is dropped. Goes before the doubles do.
    pub worker: Option<EventSource>,
    front: Option<Front>,
    /// The doubles.
    pub stack: Stack,
    web: WebApp,
    functions_at: String,
    ticket_keys: String,
    folder: PathBuf,
    ticket_seed: [u8; 32],
    keycards: bool,
}

impl Deref for Laptop {
    type Target = WebApp;

    fn deref(&self) -> &WebApp {
        &self.web
    }
}

impl Laptop {
    /// Starts the doubles and tells them of the functions, whose processes start at their first call or by
    /// [`Laptop::warm`]. Then the queue of approvals may call the worker, if the plan says so.
    ///
    /// # Errors
    /// A taken port, a missing binary, or a machine without random bytes.
    pub async fn start(plan: Plan, clock: Clock) -> Result<Self, Trouble> {
        let (binaries, overrides, worker) = (plan.binaries.clone(), plan.overrides.clone(), plan.worker);
        let mut laptop = Self::start_without_functions(plan, None, clock).await?;
        for name in laptop.functions() {
            laptop.host(name, &binaries, overrides.get(name))?;
        }
        if worker {
            laptop.attach_worker()?;
        }
        Ok(laptop)
    }

    /// Has the queue of approvals call `approval-worker` from now on, wherever the functions are.
    ///
    /// # Errors
    /// Never while the queue is there.
    pub fn attach_worker(&mut self) -> Result<(), Trouble> {
        let mapping = Mapping::new(APPROVAL_QUEUE, "approval-worker", &self.functions_at)
            .in_batches_of(WORKER_BATCH)
            .at_once(WORKERS_AT_ONCE);
        let source = self.stack.sqs.map(mapping).map_err(|error| Trouble::because("the queue of approvals", error))?;
        self.worker = Some(source);
        Ok(())
    }

    /// Starts the doubles only; the queue of approvals calls nobody. The agent, and the functions among themselves, call
    /// functions at `functions_at`, which is an address of Lambda's Invoke API without a trailing slash; by default
    /// that of the double.
    ///
    /// # Errors
    /// A taken port, or a machine without random bytes.
    pub async fn start_without_functions(
        plan: Plan,
        functions_at: Option<String>,
        clock: Clock,
    ) -> Result<Self, Trouble> {
        let logs = plan.keep_logs.then(|| logs_of(&plan.folder));
        let started = Stack::start_calling(plan.ports, model()?, functions_at.clone(), logs.as_deref()).await;
        let stack = started.map_err(start_trouble)?;
        let issuer = stack.auth0.issuer().to_owned();
        for person in PEOPLE {
            for tuple in person::tuples(&person, &issuer).map_err(|refusal| Trouble::new(refusal.cause()))? {
                stack.openfga.allow(STORE.0, &tuple);
            }
        }
        let functions_at = functions_at.unwrap_or_else(|| stack.lambda.double.url());
        let front = match plan.gateway {
            true => Some(Front::open(plan.ports, &stack, &functions_at, &plan.folder).await?),
            false => None,
        };
        let ticket_seed = random::bytes::<32>()?;
        let ticket_keys = web_app::ticket_keys(&ticket_seed, front.as_ref().map(|front| &front.seed))?;
        account::install(&stack.security)?;
        let seal = if plan.keycards {
            SealKeys::Kms(KmsKeys { current: account::sealing_key(&stack.security)?, old: Vec::new() })
        } else {
            SealKeys::Local(files::seal_key(&plan.folder, random::bytes::<32>()?)?)
        };
        let access = Access {
            issuer,
            client_id: stack.web.id.clone(),
            client_secret: Secret::new(stack.web.secret.clone()),
            redirect_uri: stack.redirect_uri.clone(),
            dynamodb_url: stack.dynamodb.double.url(),
            lambda_url: functions_at.clone(),
            kms_url: Some(stack.security.kms.double.url()),
            seal,
            credentials: account::credentials(&stack.security, WEB_APP_ROLE)?,
            ticket_seed,
            agent: Agent { id: AGENT.0.to_owned(), alias: AGENT.1.to_owned() },
        };
        let web = WebApp::new(access, clock).await?;
        stack.auth0.allow_callback(environment::ACCOUNTS_CALLBACK);
        if plan.keycards {
            stack.enforce();
        }
        let (folder, keycards) = (plan.folder, plan.keycards);
        Ok(Self { worker: None, front, stack, web, functions_at, ticket_keys, folder, ticket_seed, keycards })
    }

    /// Starts every function's process and waits until each has asked for its first event.
    ///
    /// # Errors
    /// What a function said when it did not start.
    pub async fn warm(&self) -> Result<(), Trouble> {
        for name in self.functions() {
            self.stack.lambda.warm(name).await.map_err(|error| Trouble::because(name, error))?;
        }
        Ok(())
    }

    /// The names of the functions that are hosted: [`FUNCTIONS`], and the interceptor where there is a gateway.
    #[must_use]
    pub fn functions(&self) -> Vec<&'static str> {
        FUNCTIONS.into_iter().chain(self.front.as_ref().map(|_| gateway::INTERCEPTOR)).collect()
    }

    /// The gateway, if the plan asked for one.
    #[must_use]
    pub fn gateway(&self) -> Option<&Gateway> {
        self.front.as_ref().map(|front| &front.gateway)
    }

    /// One more gateway with the same id, guarded otherwise, on a free port.
    ///
    /// # Errors
    /// When the machine has no port left.
    pub async fn another_gateway(&self, guards: Guards) -> Result<Gateway, Trouble> {
        gateway::another(&self.stack, &self.functions_at, guards).await
    }

    /// The seed of the ticket key, so that another process can sign tickets for this start.
    #[must_use]
    pub fn ticket_seed(&self) -> [u8; 32] {
        self.ticket_seed
    }

    /// Where functions are called: Lambda's Invoke API, without a trailing slash.
    #[must_use]
    pub fn functions_at(&self) -> &str {
        &self.functions_at
    }

    /// The folder of this start's files.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The settings of a function, as its process gets them.
    #[must_use]
    pub fn environment(&self, function: &str) -> BTreeMap<String, String> {
        match function {
            "fga-authorizer" => environment::fga_authorizer(self),
            "ciba-initiator" => environment::ciba_initiator(self),
            "approval-worker" => environment::approval_worker(self),
            gateway::INTERCEPTOR => environment::gateway_interceptor(self),
            _ => environment::okta_groups(self),
        }
    }

    /// The settings of an operator: the client that may write at OpenFGA, and a role of its own, which no function has.
    #[must_use]
    pub fn administrator(&self) -> BTreeMap<String, String> {
        environment::administrator(self)
    }

    /// What `mandate doctor` is told beside the functions' settings: as whom it reads at AWS and Auth0, and what it is to find.
    #[must_use]
    pub fn auditor(&self) -> BTreeMap<String, String> {
        environment::auditor(self)
    }

    /// The settings of the web application that is reached at `url`, as its process gets them.
    #[must_use]
    pub fn web_environment(&self, url: &str) -> BTreeMap<String, String> {
        environment::web(self, url)
    }

    /// As whom the web application calls AWS, as the environment of a process has it.
    #[must_use]
    pub fn web_credentials(&self) -> BTreeMap<String, String> {
        account::environment(&self.stack.security, WEB_APP_ROLE)
    }

    /// As whom a function is sent an event by hand, as the environment of a process has it.
    #[must_use]
    pub fn developer(&self) -> BTreeMap<String, String> {
        account::developer(&self.stack.security)
    }

    /// As whom a function calls AWS.
    ///
    /// # Errors
    /// Never for one of [`FUNCTIONS`].
    pub fn aws_identity(&self, function: &str) -> Result<Identity, Trouble> {
        let credentials = account::credentials(&self.stack.security, account::role_of(function))?;
        Ok(Identity { credentials: Some(credentials) })
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
            let remedy = if name == gateway::INTERCEPTOR { "make interceptor" } else { "make binaries" };
            return Err(Trouble::new(format!("there is no binary of `{name}`; run: {remedy}")));
        }
        self.declare(name, binary, overrides)
    }

    /// Tells the host of a function, of which no process is started yet.
    fn declare(
        &self,
        name: &str,
        binary: PathBuf,
        overrides: Option<&BTreeMap<String, String>>,
    ) -> Result<(), Trouble> {
        let mut environment = self.environment(name);
        environment.extend(overrides.into_iter().flatten().map(|(key, value)| (key.clone(), value.clone())));
        let short = ["fga-authorizer", gateway::INTERCEPTOR].contains(&name);
        let timeout = Duration::from_secs(if short { 10 } else { 30 });
        let function =
            Function { environment, memory_mb: 256, concurrency: 4, ..Function::new(name, binary).within(timeout) };
        let own = account::own(&self.stack.security, account::role_of(name))?;
        self.stack.lambda.add(function.signing(&own)).map_err(|error| Trouble::because(name, error))
    }
}

fn model() -> Result<serde_json::Value, Trouble> {
    serde_json::from_str(include_str!("../../../infra/fga/model.json"))
        .map_err(|error| Trouble::because("infra/fga/model.json", error))
}

fn start_trouble(error: StackError) -> Trouble {
    match error {
        StackError::Port(taken) => {
            let other = if taken.port < 60_000 { taken.port / 100 * 100 + 1000 } else { 4700 };
            Trouble::new(format!(
                "port {} for {} is taken by another program; stop it, or move all ports with PORT_BASE={other} \
                 (--port-base {other})",
                taken.port, taken.double
            ))
        }
        StackError::Io(error) => Trouble::because("a double did not start", error),
    }
}
