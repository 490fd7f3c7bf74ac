mod contract;

use std::collections::BTreeMap;
use std::time::Duration;

use auth::keycard::SecretArn;
use devstack::fault::{Effect, Fault};
use devstack::secrets_manager::{self, SecretsManager, Value};
use tokio::net::TcpListener;
use tokio::time::Instant;

use super::{SecretError, Secrets};
use crate::connection::{Common, Identity};

const CANARY: &str = "canary-7f3a";

/// Long enough that no test that passes comes near it.
fn ample() -> Instant {
    Instant::now() + Duration::from_secs(30)
}

struct World {
    double: SecretsManager,
    client: Secrets,
    arn: SecretArn,
}

async fn world() -> World {
    let double = secrets_manager::start(TcpListener::bind(("127.0.0.1", 0)).await.unwrap()).await.unwrap();
    let arn = SecretArn::parse(&double.create("mandate/auth0", CANARY)).unwrap();
    let own = aws_credential_types::Credentials::new("sample", "sample", None, None, "test");
    let identity = Identity { credentials: Some(own) };
    let common = Common::connect(Some("us-east-1".to_owned()), identity, None).await.unwrap();
    let client = Secrets::new(&common, Some(double.double.url()));
    World { double, client, arn }
}

impl World {
    async fn read(&self) -> Result<String, SecretError> {
        self.client.read(&self.arn, ample()).await.map(|secret| secret.expose().to_owned())
    }

    fn fault(&self, times: Option<u32>, effect: Effect) {
        self.double.fault(Fault { on: "POST /GetSecretValue".to_owned(), times, skip: 0, effect });
    }
}

fn refusing(status: u16, kind: &str) -> Effect {
    let body = format!(r#"{{"__type":"{kind}","Message":"{CANARY}"}}"#);
    Effect::Answer { status, headers: BTreeMap::new(), body }
}

#[tokio::test]
async fn the_current_version_is_read_by_one_call() {
    let world = world().await;
    assert_eq!(world.read().await.as_deref(), Ok(CANARY));
    assert!(world.double.put(world.arn.as_str(), Value::Text("another".to_owned())));
    assert_eq!(world.read().await.as_deref(), Ok("another"));
    assert_eq!(world.double.reads(), 2);
}

#[tokio::test]
async fn what_is_not_one_plain_text_is_no_secret() {
    let world = world().await;
    let long = "x".repeat(1_025);
    for odd in ["", " ", "a b", "a\n", "caf\u{e9}", r#"{"client_secret":"x"}"#, r#"["x"]"#, long.as_str()] {
        assert!(world.double.put(world.arn.as_str(), Value::Text(odd.to_owned())));
        assert_eq!(world.read().await, Err(SecretError::Shape), "{odd:?}");
    }
    assert!(world.double.put(world.arn.as_str(), Value::Binary(b"bytes".to_vec())));
    assert_eq!(world.read().await, Err(SecretError::Shape));
}

#[tokio::test]
async fn a_throttled_call_is_repeated_once_and_nothing_else_is() {
    let world = world().await;
    world.fault(Some(1), refusing(400, "ThrottlingException"));
    assert_eq!(world.read().await.as_deref(), Ok(CANARY));
    assert_eq!(world.double.reads(), 2);
    for (status, kind, error) in [
        (400, "ThrottlingException", SecretError::Unavailable),
        (500, "InternalServiceError", SecretError::Unavailable),
        (400, "AccessDeniedException", SecretError::Misconfigured),
        (400, "DecryptionFailure", SecretError::Misconfigured),
        (400, "ResourceNotFoundException", SecretError::Misconfigured),
    ] {
        world.double.mend();
        world.double.forget();
        world.fault(None, refusing(status, kind));
        assert_eq!(world.read().await, Err(error), "{kind}");
        assert_eq!(world.double.reads(), if kind == "ThrottlingException" { 2 } else { 1 }, "{kind}");
        assert!(!format!("{error:?} {error} {}", error.cause()).contains(CANARY));
    }
}

#[tokio::test]
async fn a_secret_that_is_gone_and_one_that_never_was_are_a_wrong_setup() {
    let world = world().await;
    let other = world.arn.as_str().replace("auth0", "other");
    let other = SecretArn::parse(&other).unwrap();
    assert_eq!(world.client.read(&other, ample()).await.err(), Some(SecretError::Misconfigured));
    assert!(world.double.delete(world.arn.as_str()));
    assert_eq!(world.read().await, Err(SecretError::Misconfigured));
}

#[tokio::test]
async fn nobody_there_is_no_answer() {
    let World { client, arn, double } = world().await;
    drop(double);
    assert_eq!(client.read(&arn, ample()).await.err(), Some(SecretError::Unavailable));
}
