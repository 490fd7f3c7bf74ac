//! An account in which functions may assume the tools' role and nothing else.

use std::time::Duration;

use acceptance::{Chatting, Event, World, body_of, invocation_named};
use approval_worker::ApprovalWorker;
use auth::time::Clock;
use aws_credential_types::Credentials;
use ciba_initiator::CibaInitiator;
use devstack::iam::{Iam, Role, role_arn};
use devstack::stack::{APPROVAL_QUEUE, APPROVAL_TABLE, SESSION_TABLE, Security};
use function::settings::{Environment, Reader};
use okta_groups::OktaGroups;
use serde_json::{Value, json};
use upstream_aws::Identity;

const TOOLS: &str = "mandate-tools";
const OWN: &str = "mandate-function";

/// A world whose doubles enforce the account.
pub(crate) struct Secured {
    pub(crate) world: World,
    pub(crate) alice: Chatting,
    pub(crate) dave: Chatting,
    pub(crate) security: Security,
}

fn document(statements: Value) -> Value {
    json!({ "Version": "2012-10-17", "Statement": statements })
}

/// May be assumed only with the tags and a source identity, and opens what the tags name: also without a session policy it
/// is no key to anybody else's row.
fn tools() -> Role {
    let own = json!({ "AWS": role_arn(OWN) });
    let tags = json!({ "aws:TagKeys": ["person", "session", "tool"] });
    let named = json!({ "aws:RequestTag/session": "?*", "aws:RequestTag/person": "?*", "aws:RequestTag/tool": "?*" });
    let mut assumed = named.clone();
    assumed["sts:SourceIdentity"] = json!("mandate-*");
    let trust = json!([
        { "Effect": "Allow", "Principal": own, "Action": "sts:AssumeRole",
          "Condition": { "StringLike": assumed, "ForAllValues:StringEquals": tags } },
        { "Effect": "Allow", "Principal": own, "Action": "sts:TagSession",
          "Condition": { "StringLike": named, "ForAllValues:StringEquals": tags } },
        { "Effect": "Allow", "Principal": own, "Action": "sts:SetSourceIdentity" },
    ]);
    let key = |key: String| {
        json!({
            "ForAllValues:StringEquals": { "dynamodb:LeadingKeys": [key] },
            "Null": { "dynamodb:LeadingKeys": "false" },
        })
    };
    let row = |tag: &str| key(format!("${{aws:PrincipalTag/{tag}}}"));
    let table = |name: &str| format!("arn:aws:dynamodb:us-east-1:123456789012:table/{name}");
    let permissions = json!([
        { "Effect": "Allow", "Action": ["dynamodb:GetItem", "dynamodb:UpdateItem"], "Resource": table(SESSION_TABLE),
          "Condition": row("session") },
        { "Effect": "Allow", "Action": "dynamodb:*Item", "Resource": table(APPROVAL_TABLE), "Condition": row("person") },
        { "Effect": "Allow", "Action": "dynamodb:Query", "Resource": table(APPROVAL_TABLE), "Condition": row("person") },
        { "Effect": "Allow", "Action": "dynamodb:PutItem", "Resource": table(APPROVAL_TABLE),
          "Condition": key("audit#${aws:PrincipalTag/person}".to_owned()) },
        { "Effect": "Allow", "Action": "lambda:InvokeFunction", "Resource": devstack::lambda::arn("fga-authorizer") },
        { "Effect": "Allow", "Action": "sqs:SendMessage", "Resource": devstack::sqs::arn(APPROVAL_QUEUE) },
    ]);
    Role::new(TOOLS).trusting(document(trust)).allowing(document(permissions))
}

fn own() -> Role {
    let actions = ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"];
    Role::new(OWN).allowing(document(json!({ "Effect": "Allow", "Action": actions, "Resource": role_arn(TOOLS) })))
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
        let iam = Iam::new();
        iam.add_role(&tools()).unwrap();
        iam.add_role(&own()).unwrap();
        let security = world.laptop.stack.secure(iam).await.unwrap();
        world.forget();
        Self { world, alice, dave, security }
    }

    /// The credentials of a function's own role.
    pub(crate) fn own(&self) -> Identity {
        let own = self.security.iam.function_credentials(OWN, "function").unwrap();
        let session_token = Some(own.session_token);
        let credentials = Credentials::new(own.access_key_id, own.secret_access_key, session_token, None, "own");
        Identity { credentials: Some(credentials) }
    }

    pub(crate) fn role(&self) -> String {
        role_arn(TOOLS)
    }

    fn environment(&self, function: &str, keycards: &str) -> Environment {
        let mut environment = self.world.laptop.environment(function);
        environment.insert("KEYCARDS".to_owned(), keycards.to_owned());
        environment.insert("KEYCARD_ROLE_ARN".to_owned(), self.role());
        environment.insert("AWS_ENDPOINT_URL_STS".to_owned(), self.security.sts.double.url());
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
        ApprovalWorker::build(settings, self.own(), clock).await.unwrap()
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
