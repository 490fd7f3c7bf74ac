//! An account in which functions may assume the tools' role and nothing else.

use std::collections::BTreeMap;
use std::time::Duration;

use acceptance::{Chatting, Event, World, body_of, invocation_named};
use approval_worker::ApprovalWorker;
use auth::id::SessionHash;
use auth::keycard::KeyArn;
use auth::secret::Secret;
use auth::time::Clock;
use ciba_initiator::CibaInitiator;
use cli::laptop::account::{self, APPROVAL_WORKER_ROLE, KEYCARD_ROLE, TOOL_FUNCTION_ROLE, WEB_APP_ROLE};
use devstack::iam::role_arn;
use devstack::stack::{SESSION_TABLE, Security};
use function::settings::{Environment, Reader};
use okta_groups::OktaGroups;
use serde_json::Value;
use tokio::time::Instant;
use upstream_aws::{Aws, AwsSettings, Creation, Identity, KmsKeys, Seal, SessionStore};

const KEY_FILE: &str = "SEAL_KEY_FILE";

/// A world whose doubles enforce the account.
pub(crate) struct Secured {
    pub(crate) world: World,
    pub(crate) alice: Chatting,
    pub(crate) dave: Chatting,
    /// The key at KMS, where rows are sealed by one.
    pub(crate) key: Option<KeyArn>,
}

/// Long enough for any call.
pub(crate) fn soon() -> Instant {
    Instant::now() + Duration::from_secs(5)
}

impl Secured {
    /// Alice and dave sign in; then the account's policies hold.
    pub(crate) async fn start() -> Self {
        Self::start_with(false).await
    }

    /// The same where rows are sealed by a key at KMS.
    pub(crate) async fn sealed() -> Self {
        let secured = Self::start_with(true).await;
        for who in [&secured.alice, &secured.dave] {
            secured.seal_anew(&who.signed.session.hash()).await;
        }
        secured.world.forget();
        secured.security().kms.forget();
        secured.security().iam.forget();
        secured
    }

    async fn start_with(kms: bool) -> Self {
        let world = World::start_cold(&[]).await;
        world.laptop.stack.lambda.warm("fga-authorizer").await.unwrap();
        let (alice, dave) = (world.chatting("alice").await, world.chatting("dave").await);
        let auth0 = &world.laptop.stack.auth0;
        auth0.set_enrolled(&dave.person.sub(), true);
        auth0.set_lifetimes(devstack::auth0::Lifetimes { ciba_interval: 1, ..auth0.lifetimes() });
        let stack = &world.laptop.stack;
        stack.enforce();
        let key = kms.then(|| account::sealing_key(&stack.security).unwrap());
        world.forget();
        Self { world, alice, dave, key }
    }

    pub(crate) fn security(&self) -> &Security {
        &self.world.laptop.stack.security
    }

    /// Signs a person in whose row the laptop sealed by its own key: here it is under the key at KMS.
    async fn seal_anew(&self, session: &SessionHash) {
        let aws = self.aws_as(self.web()).await;
        let local = SessionStore::new(&aws, SESSION_TABLE.to_owned(), self.local_seal());
        let row = local.read(session, soon()).await.unwrap().unwrap();
        local.delete(session, soon()).await.unwrap();
        let by_kms = SessionStore::new(&aws, SESSION_TABLE.to_owned(), self.seal(&aws));
        assert_eq!(by_kms.create(&row, self.world.laptop.clock.now(), soon()).await, Ok(Creation::Created));
    }

    /// The clients, called as whom.
    pub(crate) async fn aws_as(&self, who: Identity) -> Aws {
        let settings = AwsSettings {
            region: Some("us-east-1".to_owned()),
            credentials: who.credentials,
            dynamodb_url: Some(self.world.laptop.stack.dynamodb.double.url()),
            kms_url: Some(self.security().kms.double.url()),
            sts_url: Some(self.security().sts.double.url()),
            ..AwsSettings::default()
        };
        Aws::connect(settings).await.unwrap()
    }

    /// What rows are sealed with, by a process that has no data key yet.
    pub(crate) fn seal(&self, aws: &Aws) -> Seal {
        let keys = |current: &KeyArn| KmsKeys { current: current.clone(), old: Vec::new() };
        self.key
            .as_ref()
            .map_or_else(|| self.local_seal(), |key| Seal::kms(aws, keys(key), self.world.laptop.clock.clone()))
    }

    fn local_seal(&self) -> Seal {
        let path = &self.world.laptop.environment("okta-groups")[KEY_FILE];
        Seal::local(&Secret::new(std::fs::read_to_string(path).unwrap())).unwrap()
    }

    /// The credentials of a function's own role.
    pub(crate) fn own(&self) -> Identity {
        self.of(TOOL_FUNCTION_ROLE)
    }

    /// Those of the web application.
    pub(crate) fn web(&self) -> Identity {
        self.of(WEB_APP_ROLE)
    }

    fn of(&self, role: &str) -> Identity {
        let credentials = account::credentials(self.security(), role).unwrap();
        Identity { credentials: Some(credentials) }
    }

    pub(crate) fn role(&self) -> String {
        role_arn(KEYCARD_ROLE)
    }

    fn environment(&self, function: &str, keycards: &str) -> Environment {
        Environment::from_pairs(self.pairs(function, keycards))
    }

    fn pairs(&self, function: &str, keycards: &str) -> BTreeMap<String, String> {
        let mut environment = self.world.laptop.environment(function);
        environment.insert("KEYCARDS".to_owned(), keycards.to_owned());
        environment.insert("KEYCARD_ROLE_ARN".to_owned(), self.role());
        if let Some(key) = &self.key {
            environment.remove(KEY_FILE);
            environment.insert("SEAL_KEY_ARN".to_owned(), key.as_str().to_owned());
        }
        environment
    }

    /// The function with keycards `on` or `off`.
    pub(crate) async fn okta_groups(&self, keycards: &str) -> OktaGroups {
        self.okta_groups_by(keycards, self.world.laptop.clock.clone()).await
    }

    /// The same with a clock of its own.
    pub(crate) async fn okta_groups_by(&self, keycards: &str, clock: Clock) -> OktaGroups {
        self.okta_groups_in(self.environment("okta-groups", keycards), clock).await
    }

    /// With keycards and these settings in place of its own.
    pub(crate) async fn okta_groups_with(&self, more: &[(&str, &str)], clock: Clock) -> OktaGroups {
        let mut environment = self.pairs("okta-groups", "on");
        environment.extend(more.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        self.okta_groups_in(Environment::from_pairs(environment), clock).await
    }

    async fn okta_groups_in(&self, environment: Environment, clock: Clock) -> OktaGroups {
        let mut reader = Reader::new(&environment);
        let settings = okta_groups::settings::Settings::read(&mut reader);
        let settings = reader.finish(settings).unwrap();
        OktaGroups::build(settings, self.own(), clock).await.unwrap()
    }

    pub(crate) async fn initiator(&self) -> CibaInitiator {
        let environment = self.environment("ciba-initiator", "on");
        let mut reader = Reader::new(&environment);
        let settings = ciba_initiator::settings::Settings::read(&mut reader);
        let settings = reader.finish(settings).unwrap();
        CibaInitiator::build(settings, self.own(), self.world.laptop.clock.clone()).await.unwrap()
    }

    pub(crate) async fn worker(&self, clock: Clock) -> ApprovalWorker {
        let environment = self.environment("approval-worker", "on");
        let mut reader = Reader::new(&environment);
        let settings = approval_worker::settings::Settings::read(&mut reader);
        let settings = reader.finish(settings).unwrap();
        ApprovalWorker::build(settings, self.of(APPROVAL_WORKER_ROLE), clock).await.unwrap()
    }

    /// Alice's own groups.
    pub(crate) async fn ask(&self, function: &OktaGroups) -> Value {
        self.ask_as(function, &self.alice).await
    }

    /// Somebody's own groups.
    pub(crate) async fn ask_as(&self, function: &OktaGroups, who: &Chatting) -> Value {
        let event = self.world.call(who).0.to_string();
        let invocation = invocation_named("request".to_owned(), Duration::from_secs(10));
        body_of(&function.handle(&event, &invocation).await.0)
    }

    /// The event of a change that dave asks for.
    pub(crate) fn change(&self, tool: &str, args: &[(&str, &str)]) -> Event {
        let event = self.world.call(&self.dave).of_change(tool);
        args.iter().fold(event, |event, (name, value)| event.with(name, value))
    }
}
