//! What a client of Secrets Manager relies on, asked of the double and of moto's server, with the service's own errors by the names
//! that our code reads.

use auth::keycard::SecretArn;
use aws_sdk_secretsmanager::error::ProvideErrorMetadata as _;
use aws_sdk_secretsmanager::primitives::Blob;
use devstack::secrets_manager::{self, SecretsManager};
use tokio::net::TcpListener;

use super::{SecretError, Secrets, ample};
use crate::connection::{Common, Identity};

/// Where `infra/scripts/conformance-engines` has moto's server, in a network namespace of its own.
const EMULATOR: &str = "http://127.0.0.1:5000";
const FIRST: &str = "the-first-secret";
const SECOND: &str = "the-second-secret";

/// Two secrets that hold [`FIRST`].
struct World {
    secrets: Secrets,
    arn: SecretArn,
    doomed: SecretArn,
    double: Option<SecretsManager>,
}

async fn secrets_at(url: String) -> Secrets {
    let own = aws_credential_types::Credentials::new("sample", "sample", None, None, "test");
    let identity = Identity { credentials: Some(own) };
    Secrets::new(&Common::connect(Some("us-east-1".to_owned()), identity, None).await.unwrap(), Some(url))
}

async fn double() -> World {
    let double = secrets_manager::start(TcpListener::bind(("127.0.0.1", 0)).await.unwrap()).await.unwrap();
    let [arn, doomed] =
        ["contract/kept", "contract/doomed"].map(|name| SecretArn::parse(&double.create(name, FIRST)).unwrap());
    World { secrets: secrets_at(double.double.url()).await, arn, doomed, double: Some(double) }
}

async fn emulator() -> World {
    let secrets = secrets_at(EMULATOR.to_owned()).await;
    let mut made = Vec::new();
    for name in ["contract/kept", "contract/doomed"] {
        let reply = secrets.client.create_secret().name(name).secret_string(FIRST).send().await.unwrap();
        made.push(SecretArn::parse(reply.arn().unwrap()).unwrap());
    }
    World { secrets, doomed: made.pop().unwrap(), arn: made.pop().unwrap(), double: None }
}

impl World {
    async fn read(&self, arn: &SecretArn) -> Result<String, SecretError> {
        self.secrets.read(arn, ample()).await.map(|secret| secret.expose().to_owned())
    }

    /// The name of the error of a read by this id and stage.
    async fn refused(&self, id: &str, stage: Option<&str>) -> String {
        let read = self.secrets.client.get_secret_value().secret_id(id);
        let refused = read.set_version_stage(stage.map(str::to_owned)).send().await.unwrap_err().into_service_error();
        refused.code().unwrap().to_owned()
    }
}

async fn the_current_version_is_read_and_the_one_before_is_kept(world: &World) {
    assert_eq!(world.read(&world.arn).await.as_deref(), Ok(FIRST));
    let (client, id) = (&world.secrets.client, world.arn.as_str());
    assert_eq!(world.refused(id, Some("AWSPREVIOUS")).await, "ResourceNotFoundException", "there is none before");
    let put = client.put_secret_value().secret_id(id).secret_string(SECOND).send().await.unwrap();
    assert_eq!((put.arn(), put.version_stages()), (Some(id), ["AWSCURRENT".to_owned()].as_slice()));
    assert_eq!(world.read(&world.arn).await.as_deref(), Ok(SECOND));
    let before = client.get_secret_value().secret_id(id).version_stage("AWSPREVIOUS").send().await.unwrap();
    assert_eq!((before.secret_string(), before.arn()), (Some(FIRST), Some(id)));
    let described = client.describe_secret().secret_id(id).send().await.unwrap();
    let mut stages: Vec<_> = described.version_ids_to_stages().unwrap().values().flatten().cloned().collect();
    stages.sort();
    assert_eq!(stages, ["AWSCURRENT", "AWSPREVIOUS"]);
    client.put_secret_value().secret_id(id).secret_binary(Blob::new(b"bytes")).send().await.unwrap();
    assert_eq!(world.read(&world.arn).await, Err(SecretError::Shape), "bytes are no text");
}

async fn a_secret_that_is_not_there_has_its_refusal(world: &World) {
    let absent = SecretArn::parse(&world.arn.as_str().replace("contract/kept", "contract/none")).unwrap();
    assert_eq!(world.refused(absent.as_str(), None).await, "ResourceNotFoundException");
    assert_eq!(world.read(&absent).await, Err(SecretError::Misconfigured));
    assert_eq!(world.read(&world.doomed).await.as_deref(), Ok(FIRST));
    match &world.double {
        Some(double) => assert!(double.delete(world.doomed.as_str())),
        None => drop(world.secrets.client.delete_secret().secret_id(world.doomed.as_str()).send().await.unwrap()),
    }
    assert_eq!(world.refused(world.doomed.as_str(), None).await, "InvalidRequestException");
    assert_eq!(world.read(&world.doomed).await, Err(SecretError::Misconfigured));
}

#[tokio::test]
async fn the_double_of_secrets_manager_keeps_versions_and_names_its_refusals() {
    let world = double().await;
    the_current_version_is_read_and_the_one_before_is_kept(&world).await;
    a_secret_that_is_not_there_has_its_refusal(&world).await;
}

#[tokio::test]
#[ignore = "needs moto: make conformance"]
async fn moto_secrets_manager_keeps_versions_and_names_its_refusals() {
    let world = emulator().await;
    the_current_version_is_read_and_the_one_before_is_kept(&world).await;
    a_secret_that_is_not_there_has_its_refusal(&world).await;
}
