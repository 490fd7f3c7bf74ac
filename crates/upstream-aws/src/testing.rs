//! What the tests of this crate stand on: the embedded DynamoDB engine, a server that answers as it is told, and people.

pub(crate) mod engine;
pub(crate) mod keys;
pub(crate) mod people;
pub(crate) mod table;
pub(crate) mod wire;

use std::time::Duration;

use aws_credential_types::Credentials;
use tokio::time::Instant;

use crate::connection::{Aws, AwsSettings};

/// Where `infra/scripts/conformance-engines` has moto's server, in a network namespace of its own.
pub(crate) const EMULATOR: &str = "http://127.0.0.1:5000";

/// Clients with made-up credentials, whose services are all at `url`.
pub(crate) async fn aws_at(url: &str) -> Aws {
    let settings = AwsSettings {
        region: Some("us-east-1".to_owned()),
        credentials: Some(Credentials::new(engine::access_key(), "sample", None, None, "test")),
        dynamodb_url: Some(url.to_owned()),
        kms_url: Some(url.to_owned()),
        lambda_url: Some(url.to_owned()),
        sqs_url: Some(url.to_owned()),
        sts_url: Some(url.to_owned()),
        extra_ca_pem: None,
    };
    Aws::connect(settings).await.unwrap()
}

/// Long enough that no test that passes comes near it.
pub(crate) fn ample() -> Instant {
    Instant::now() + Duration::from_secs(30)
}

/// For calls that nobody answers.
pub(crate) fn brief() -> Instant {
    Instant::now() + Duration::from_millis(60)
}
