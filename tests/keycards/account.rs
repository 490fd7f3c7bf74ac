//! An account in which functions may assume the tools' role and nothing else.

use std::time::Duration;

use acceptance::{Chatting, Event, World, body_of, invocation_named};
use approval_worker::ApprovalWorker;
use auth::time::Clock;
use ciba_initiator::CibaInitiator;
use cli::laptop::account::{self, APPROVAL_WORKER_ROLE, KEYCARD_ROLE, TOOL_FUNCTION_ROLE};
use devstack::iam::role_arn;
use devstack::stack::Security;
use function::settings::{Environment, Reader};
use okta_groups::OktaGroups;
use serde_json::Value;
use upstream_aws::Identity;

/// A world whose doubles enforce the account.
pub(crate) struct Secured {
    pub(crate) world: World,
    pub(crate) alice: Chatting,
    pub(crate) dave: Chatting,
}

impl Secured {
    /// Alice and dave sign in; then the account's policies hold.
    pub(crate) async fn start() -> Self {
        let world = World::start_cold(&[]).await;
        world.laptop.stack.lambda.warm("fga-authorizer").await.unwrap();
        let (alice, dave) = (world.chatting("alice").await, world.chatting("dave").await);
        let auth0 = &world.laptop.stack.auth0;
        auth0.set_enrolled(&dave.person.sub(), true);
        auth0.set_lifetimes(devstack::auth0::Lifetimes { ciba_interval: 1, ..auth0.lifetimes() });
        let stack = &world.laptop.stack;
        account::install(&stack.security).unwrap();
        stack.enforce();
        world.forget();
        Self { world, alice, dave }
    }

    pub(crate) fn security(&self) -> &Security {
        &self.world.laptop.stack.security
    }

    /// The credentials of a function's own role.
    pub(crate) fn own(&self) -> Identity {
        self.of(TOOL_FUNCTION_ROLE)
    }

    fn of(&self, role: &str) -> Identity {
        let credentials = account::credentials(self.security(), role).unwrap();
        Identity { credentials: Some(credentials) }
    }

    pub(crate) fn role(&self) -> String {
        role_arn(KEYCARD_ROLE)
    }

    fn environment(&self, function: &str, keycards: &str) -> Environment {
        let mut environment = self.world.laptop.environment(function);
        environment.insert("KEYCARDS".to_owned(), keycards.to_owned());
        environment.insert("KEYCARD_ROLE_ARN".to_owned(), self.role());
        environment.insert("AWS_ENDPOINT_URL_STS".to_owned(), self.security().sts.double.url());
        Environment::from_pairs(environment)
    }

    /// The function with keycards `on` or `off`.
    pub(crate) async fn okta_groups(&self, keycards: &str) -> OktaGroups {
        self.okta_groups_by(keycards, self.world.laptop.clock.clone()).await
    }

    /// The same with a clock of its own.
    pub(crate) async fn okta_groups_by(&self, keycards: &str, clock: Clock) -> OktaGroups {
        let environment = self.environment("okta-groups", keycards);
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
