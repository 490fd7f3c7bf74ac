//! The one configuration of AWS clients: one TLS stack, one pool, one place that knows region and credentials.

mod bounded;
mod tls;

use std::time::Duration;

use aws_config::environment::{EnvironmentVariableCredentialsProvider, EnvironmentVariableRegionProvider};
use aws_config::meta::region::ProvideRegion as _;
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_sdk_secretsmanager::config::{Region, SharedHttpClient};
use aws_smithy_types::timeout::TimeoutConfig;

pub use bounded::Bounded;

/// How long a connection may take to open, TLS included.
pub const CONNECT_LIMIT: Duration = Duration::from_secs(1);

/// As whom to call AWS. By default the environment says so, which is where Lambda puts a function's own.
#[derive(Clone, Default)]
pub struct Identity {
    /// Credentials for every call.
    pub credentials: Option<Credentials>,
}

/// Why no client could be made.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// Neither the settings nor the environment name a region.
    #[error("no AWS region: set `AWS_REGION`, for example to us-east-1")]
    NoRegion,
    /// The extra certificates cannot be read.
    #[error("the extra CA certificates must be one or more PEM certificates")]
    ExtraCa,
    /// The TLS client could not be set up.
    #[error("the TLS client for AWS could not be set up")]
    Tls,
}

/// What the client of a further AWS service is made with, so that it has the same connections and credentials.
#[derive(Clone)]
pub struct Common {
    /// The region.
    pub region: Region,
    /// As whom AWS is called.
    pub credentials: SharedCredentialsProvider,
    /// The one pool of connections.
    pub http: SharedHttpClient,
}

impl Common {
    /// Opens no connection. Without a region, `AWS_REGION` or `AWS_DEFAULT_REGION`; `extra_ca_pem` is trusted besides Mozilla's
    /// roots.
    ///
    /// # Errors
    /// One variant for each thing that can be wrong.
    pub async fn connect(
        region: Option<String>,
        identity: Identity,
        extra_ca_pem: Option<&[u8]>,
    ) -> Result<Self, ConnectError> {
        let region = match region {
            Some(region) => Region::new(region),
            None => EnvironmentVariableRegionProvider::new().region().await.ok_or(ConnectError::NoRegion)?,
        };
        let credentials = match identity.credentials {
            Some(credentials) => SharedCredentialsProvider::new(credentials),
            None => SharedCredentialsProvider::new(EnvironmentVariableCredentialsProvider::new()),
        };
        Ok(Self { region, credentials, http: tls::client(extra_ca_pem)? })
    }
}

/// The limit of opening a connection, for a client's configuration.
#[must_use]
pub fn connect_limit() -> TimeoutConfig {
    TimeoutConfig::builder().connect_timeout(CONNECT_LIMIT).build()
}
