//! The client's secret at Secrets Manager: read when it is needed, and once more when Auth0 refuses it.

use acceptance::{Chatting, Hands, invocation_named};
use cli::laptop::account::{self, TOOL_FUNCTION_ROLE};
use devstack::fault::{Effect, Fault};
use devstack::secrets_manager::{SecretsManager, Value};
use okta_groups::OktaGroups;
use std::collections::BTreeMap;
use std::time::Duration;

use crate::account::Secured;

const CANARY: &str = "canary-5d1e";

struct Stored {
    secured: Secured,
    arn: String,
    hands: Hands,
    function: OktaGroups,
}

impl Stored {
    /// The function has an ARN in place of the secret, which its own role may read and nothing else.
    async fn start() -> Self {
        Self::start_with(true).await
    }

    async fn start_with(up: bool) -> Self {
        let (secured, hands) = (Secured::start().await, Hands::default());
        let security = secured.security();
        let values = account::values(&account::sealing_key(security).unwrap(), "okta-groups");
        let arn = values.into_iter().find(|(name, _)| *name == "Auth0ClientSecretArn").unwrap().1;
        security.secrets.create_at(&arn, &secured.world.laptop.stack.web.secret);
        if !up {
            security.secrets.fault(failing());
        }
        let more = [
            ("AUTH0_CLIENT_SECRET", ""),
            ("AUTH0_CLIENT_SECRET_ARN", arn.as_str()),
            ("AWS_ENDPOINT_URL_SECRETS_MANAGER", &security.secrets.double.url()),
        ];
        let function = secured.okta_groups_with(&more, hands.clock()).await;
        Self { secured, arn, hands, function }
    }

    fn secrets(&self) -> &SecretsManager {
        &self.secured.security().secrets
    }

    /// What the call comes to, and how many secrets were read and tokens asked for since the last one.
    async fn ask(&self, who: &Chatting) -> (String, u64, u64) {
        self.secured.world.forget();
        self.secrets().forget();
        let event = self.secured.world.call(who).0.to_string();
        let invocation = invocation_named("request".to_owned(), Duration::from_secs(10));
        let (answer, outcome) = self.function.handle(&event, &invocation).await;
        let told = format!("{answer} {:?}", outcome.audit(self.secured.world.laptop.clock.moment()));
        for secret in [CANARY, self.secured.world.laptop.stack.web.secret.as_str()] {
            assert!(!told.contains(secret), "{told}");
        }
        let body = acceptance::body_of(&answer);
        let code = body["error"].as_str().unwrap_or("answered").to_owned();
        (code, self.secrets().reads(), self.secured.world.counts().auth0_tokens)
    }

    fn rotate_at_auth0(&self, secret: &str) {
        let stack = &self.secured.world.laptop.stack;
        stack.auth0.rotate_secret(&stack.web.id, secret);
    }

    fn put(&self, text: &str) {
        assert!(self.secrets().put(&self.arn, Value::Text(text.to_owned())));
    }
}

fn failing() -> Fault {
    let body = format!(r#"{{"__type":"InternalServiceError","Message":"{CANARY}"}}"#);
    let effect = Effect::Answer { status: 500, headers: BTreeMap::new(), body };
    Fault { on: "POST /GetSecretValue".to_owned(), times: None, skip: 0, effect }
}

fn answered(reads: u64, tokens: u64) -> (String, u64, u64) {
    ("answered".to_owned(), reads, tokens)
}

fn unavailable(reads: u64, tokens: u64) -> (String, u64, u64) {
    ("unavailable".to_owned(), reads, tokens)
}

#[tokio::test]
async fn the_functions_own_role_reads_its_secret_once_for_many_calls() {
    let stored = Stored::start().await;
    let (alice, dave) = (&stored.secured.alice, &stored.secured.dave);
    assert_eq!(stored.ask(alice).await, answered(1, 1));
    assert_eq!(stored.ask(dave).await.1, 0);
    let decisions = stored.secured.security().iam.decisions();
    let read: Vec<_> = decisions.iter().filter(|one| one.action == "secretsmanager:GetSecretValue").collect();
    assert!(read.len() == 1 && read[0].allowed && read[0].caller.contains(TOOL_FUNCTION_ROLE), "{read:?}");
}

#[tokio::test]
async fn a_rotated_secret_costs_one_reading_and_one_repeated_request() {
    let stored = Stored::start().await;
    let (alice, dave) = (&stored.secured.alice, &stored.secured.dave);
    assert_eq!(stored.ask(alice).await, answered(1, 1));
    stored.rotate_at_auth0(CANARY);
    stored.put(CANARY);
    assert_eq!(stored.ask(dave).await, answered(1, 2));
}

#[tokio::test]
async fn a_secret_that_is_wrong_both_times_is_read_once_a_minute_at_most() {
    let stored = Stored::start().await;
    let dave = &stored.secured.dave;
    stored.rotate_at_auth0(CANARY);
    assert_eq!(stored.ask(dave).await, unavailable(2, 1), "the first reading, and the one because of the refusal");
    assert_eq!(stored.ask(dave).await, unavailable(0, 1));
    stored.put("another wrong one");
    stored.hands.ahead(61);
    assert_eq!(stored.ask(dave).await, unavailable(1, 1), "what was read is no plain text");
    stored.put("another-wrong-one");
    stored.hands.ahead(122);
    assert_eq!(stored.ask(dave).await, unavailable(1, 2));
    stored.put(CANARY);
    assert_eq!(stored.ask(dave).await, unavailable(0, 1), "not yet");
    stored.hands.ahead(183);
    assert_eq!(stored.ask(dave).await, answered(1, 2));
}

#[tokio::test]
async fn while_secrets_manager_is_down_at_the_start_nothing_is_asked_and_then_all_is_well() {
    let stored = Stored::start_with(false).await;
    let alice = &stored.secured.alice;
    stored.function.open(crate::account::soon()).await;
    assert_eq!(stored.ask(alice).await, unavailable(1, 0));
    stored.secrets().mend();
    assert_eq!(stored.ask(alice).await, answered(1, 1));
}

#[tokio::test]
async fn what_is_no_client_secret_by_its_shape_is_never_sent() {
    let stored = Stored::start().await;
    for odd in [r#"{"client_secret":"canary-5d1e"}"#, "", "two words"] {
        stored.put(odd);
        assert_eq!(stored.ask(&stored.secured.alice).await, unavailable(1, 0), "{odd}");
    }
    assert!(stored.secrets().delete(&stored.arn));
    assert_eq!(stored.ask(&stored.secured.alice).await, unavailable(1, 0));
}
