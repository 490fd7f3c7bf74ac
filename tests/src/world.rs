//! A running system.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use auth::time::Clock;
use cli::laptop::{Laptop, Plan, account};
use devstack::iam::Credentials;
use devstack::lambda::Function;
use devstack::stack::Ports;
use futures_util::FutureExt as _;
use http::HeaderName;
use http::header::AUTHORIZATION;
use serde_json::Value;
use tokio::time::Instant;
use upstream_aws::Identity;
use url::Url;

use crate::Counts;

static STARTED: AtomicU32 = AtomicU32::new(0);

/// Doubles on free ports and the real function binaries behind them. All of it ends when this is dropped.
pub struct World {
    /// The system.
    pub laptop: Laptop,
}

impl World {
    /// Starts it with the usual settings and waits until the functions that read are up. The queue of approvals calls nobody.
    pub async fn start() -> Self {
        Self::start_with(&[]).await
    }

    /// The same with settings of functions added or replaced: function, name, value.
    pub async fn start_with(settings: &[(&str, &str, &str)]) -> Self {
        let world = Self::start_cold(settings).await;
        for function in ["fga-authorizer", "okta-groups"] {
            world.laptop.stack.lambda.warm(function).await.expect("the function starts");
        }
        world.forget();
        world
    }

    /// The same, but no function is started before its first call.
    pub async fn start_cold(settings: &[(&str, &str, &str)]) -> Self {
        Self::start_by(function::clock::system(), settings).await
    }

    /// The same, with another clock for what is not a function: sign-in, tickets, keys and rows.
    pub async fn start_by(clock: Clock, settings: &[(&str, &str, &str)]) -> Self {
        Self::start_planned(clock, settings, false).await
    }

    /// The same with keycards and a sealing key at KMS, as in a deployment.
    pub async fn start_as_deployed() -> Self {
        Self::start_planned(function::clock::system(), &[], true).await
    }

    /// The same behind a gateway with its interceptor. It needs the interceptor's binary: `make interceptor`.
    pub async fn start_with_a_gateway() -> Self {
        Self::start_with_all(function::clock::system(), &[], false, true).await
    }

    /// The same; with keycards, as in a deployment, or with the functions' own rights and a key in a file.
    pub(crate) async fn start_planned(clock: Clock, settings: &[(&str, &str, &str)], keycards: bool) -> Self {
        Self::start_with_all(clock, settings, keycards, false).await
    }

    async fn start_with_all(clock: Clock, settings: &[(&str, &str, &str)], keycards: bool, gateway: bool) -> Self {
        let mut overrides: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
        for (function, name, value) in settings {
            overrides.entry((*function).to_owned()).or_default().insert((*name).to_owned(), (*value).to_owned());
        }
        let number = STARTED.fetch_add(1, Ordering::SeqCst);
        let folder = binaries().join("worlds").join(format!("{}-{number}", std::process::id()));
        let plan = Plan {
            ports: Ports::Any,
            binaries: binaries(),
            folder,
            overrides,
            worker: false,
            keep_logs: false,
            keycards,
            gateway,
        };
        Self { laptop: Laptop::start(plan, clock).boxed().await.expect("the system starts") }
    }

    /// Gives a function this time for a call, after which its process is killed, and starts a new process for it.
    pub async fn limit(&self, function: &str, time: Duration) {
        let environment = self.laptop.environment(function);
        let limited = Function::new(function, binaries().join(function)).within(time);
        let limited = Function { environment, memory_mb: 256, concurrency: 4, ..limited };
        self.laptop.stack.lambda.add(limited.signing(&self.own(function))).expect("the function is hosted");
        self.laptop.stack.lambda.warm(function).await.expect("the function starts");
        self.forget();
    }

    /// Hosts a function's program under another name or, under its own, in place of what is hosted: in one process that takes
    /// so many events at once, and is up when this returns.
    pub async fn host(&self, name: &str, program: &str, events_at_once: usize, more: &[(&str, &str)]) {
        let mut environment = self.laptop.environment(program);
        environment.extend(more.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        let function = Function::new(name, binaries().join(program)).within(Duration::from_secs(30));
        let function = Function { environment, memory_mb: 256, events_at_once, ..function };
        self.laptop.stack.lambda.add(function.signing(&self.own(program))).expect("the function is hosted");
        self.laptop.stack.lambda.warm(name).await.expect("the function starts");
    }

    /// Hosts this program in place of a function's.
    pub(crate) fn put_in_place(&self, function: &str, program: &Path, environment: BTreeMap<String, String>) {
        let hosted = Function::new(function, program).within(Duration::from_secs(30));
        let hosted = Function { environment, memory_mb: 256, ..hosted };
        self.laptop.stack.lambda.add(hosted.signing(&self.own(function))).expect("the function is hosted");
    }

    /// As whom a function calls AWS.
    fn own(&self, function: &str) -> Credentials {
        account::own(&self.laptop.stack.security, account::role_of(function)).expect("the account has its role")
    }

    /// Waits until the doubles were asked this, which must happen within ten seconds.
    pub async fn until(&self, happened: impl Fn(&Counts) -> bool) {
        for _ in 0..2_000 {
            if happened(&self.counts()) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        panic!("it does not happen: {:?}", self.counts());
    }

    /// One event into one function's process, as the Lambda service delivers it.
    pub async fn invoke(&self, function: &str, event: &Value) -> Value {
        self.invoke_by(function, event, None).await
    }

    pub(crate) async fn invoke_by(&self, function: &str, event: &Value, context: Option<String>) -> Value {
        let url = format!("{}/2015-03-31/functions/{function}/invocations", self.laptop.stack.lambda.double.url());
        // The double looks up the key's id and the session's token, where rights are enforced, and not at a signature.
        let developer = self.laptop.developer();
        let own = |name: &str| developer.get(name).expect("the account has a developer");
        let scope = format!("{}/20260101/us-east-1/lambda/aws4_request", own("AWS_ACCESS_KEY_ID"));
        let who = format!("AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0");
        let token = HeaderName::from_static("x-amz-security-token");
        let call = self.laptop.transport.post(Url::parse(&url).unwrap()).json(event);
        let call = call.header(AUTHORIZATION, &who).header(token, own("AWS_SESSION_TOKEN"));
        let call = match &context {
            Some(context) => call.header(HeaderName::from_static("x-amz-client-context"), context),
            None => call,
        };
        let call = call.at_most(Duration::from_secs(40)).cap(6 * 1024 * 1024);
        let reply = call.send(Instant::now() + Duration::from_secs(40)).await.expect("the function host answers");
        assert_eq!(reply.status(), 200, "the function host takes the event");
        assert_eq!(reply.header("x-amz-function-error"), None, "the function never fails: it answers");
        serde_json::from_slice(reply.body()).expect("the answer is JSON")
    }

    /// As whom a function calls AWS.
    pub fn identity(&self, function: &str) -> Identity {
        self.laptop.aws_identity(function).expect("the account has its role")
    }

    /// What every double was asked since the start or the last [`World::forget`].
    pub fn counts(&self) -> Counts {
        Counts::of(&self.laptop.stack)
    }

    /// Removes every fault.
    pub fn mend(&self) {
        for double in self.laptop.stack.doubles() {
            double.mend();
        }
        self.laptop.stack.dynamodb.mend();
        self.laptop.stack.sqs.mend();
        self.laptop.stack.security.sts.mend();
        self.laptop.stack.security.kms.mend();
    }

    /// Forgets what the doubles were asked.
    pub fn forget(&self) {
        for double in self.laptop.stack.doubles() {
            double.forget();
        }
        self.laptop.stack.dynamodb.forget();
        self.laptop.stack.sqs.forget();
    }

    /// Everything that the functions wrote, line by line.
    pub fn logs(&self) -> Vec<String> {
        cli::laptop::FUNCTIONS.iter().flat_map(|name| self.laptop.stack.lambda.logs(name)).collect()
    }
}

/// The folder of the workspace's debug binaries: the test binary's own is `deps` below it.
pub(crate) fn binaries() -> PathBuf {
    let own = std::env::current_exe().expect("the test binary has a path");
    own.parent().and_then(|deps| deps.parent()).expect("it is in target/debug/deps").to_path_buf()
}
