//! The one configuration of the clients of rows, keys, queues and functions: no repeated calls but those that are asked for.

use std::time::Duration;

use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_sdk_dynamodb::config::{BehaviorVersion, StalledStreamProtectionConfig};
use aws_smithy_types::retry::RetryConfig;
use aws_smithy_types::timeout::TimeoutConfig;
use tokio::time::Instant;

use upstream_secrets::connection::{Bounded, CONNECT_LIMIT, connect_limit};
use upstream_secrets::failure::LONGEST_CALL;
pub use upstream_secrets::{Common, ConnectError, Identity};

/// Before the second of two attempts, so that it still fits a share of an invocation's time.
const LONGEST_BACKOFF: Duration = Duration::from_millis(100);

/// How to reach AWS.
#[derive(Clone, Default)]
pub struct AwsSettings {
    /// As in `us-east-1`; without it, `AWS_REGION` or `AWS_DEFAULT_REGION`.
    pub region: Option<String>,
    /// Credentials for every call; without them, those of the environment, which is where Lambda puts a function's own.
    /// The instance metadata service and profile files are never asked.
    pub credentials: Option<Credentials>,
    /// In place of DynamoDB's own address. The caller has checked that it is https, or loopback.
    pub dynamodb_url: Option<String>,
    /// In place of KMS's own address. The caller has checked that it is https, or loopback.
    pub kms_url: Option<String>,
    /// In place of Lambda's own address. The caller has checked that it is https, or loopback.
    pub lambda_url: Option<String>,
    /// In place of SQS's own address. The caller has checked that it is https, or loopback.
    pub sqs_url: Option<String>,
    /// In place of STS's own address. The caller has checked that it is https, or loopback.
    pub sts_url: Option<String>,
    /// PEM certificates to trust besides Mozilla's roots.
    pub extra_ca_pem: Option<Vec<u8>>,
}

/// Clients of AWS's services. Cloning shares the connections.
#[derive(Clone)]
pub struct Aws {
    common: Common,
    pub(crate) dynamodb: aws_sdk_dynamodb::Client,
    pub(crate) kms: aws_sdk_kms::Client,
    pub(crate) lambda: aws_sdk_lambda::Client,
    pub(crate) sqs: aws_sdk_sqs::Client,
    pub(crate) sts: aws_sdk_sts::Client,
}

impl Aws {
    /// Sets the clients up. Connections are opened by the first call of each, or by
    /// [`SessionStore::open`](crate::SessionStore::open) and [`Authorizer::open`](crate::Authorizer::open).
    ///
    /// # Errors
    /// One variant for each thing that can be wrong with the settings.
    pub async fn connect(settings: AwsSettings) -> Result<Self, ConnectError> {
        let identity = Identity { credentials: settings.credentials };
        let common = Common::connect(settings.region, identity, settings.extra_ca_pem.as_deref()).await?;
        let Common { region, credentials, http } = common.clone();

        let mut dynamodb = aws_sdk_dynamodb::Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(region.clone())
            .credentials_provider(credentials.clone())
            .http_client(http.clone())
            .timeout_config(connect_limit())
            .retry_config(RetryConfig::disabled())
            .interceptor(Bounded)
            .stalled_stream_protection(StalledStreamProtectionConfig::disabled());
        dynamodb.set_endpoint_url(settings.dynamodb_url);

        let mut kms = aws_sdk_kms::Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(region.clone())
            .credentials_provider(credentials.clone())
            .http_client(http.clone())
            .timeout_config(connect_limit())
            .retry_config(RetryConfig::disabled())
            .interceptor(Bounded)
            .stalled_stream_protection(StalledStreamProtectionConfig::disabled());
        kms.set_endpoint_url(settings.kms_url);

        let mut lambda = aws_sdk_lambda::Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(region.clone())
            .credentials_provider(credentials.clone())
            .http_client(http.clone())
            .timeout_config(connect_limit())
            .retry_config(RetryConfig::disabled())
            .interceptor(Bounded)
            .stalled_stream_protection(StalledStreamProtectionConfig::disabled());
        lambda.set_endpoint_url(settings.lambda_url);

        let mut sqs = aws_sdk_sqs::Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(region.clone())
            .credentials_provider(credentials.clone())
            .http_client(http.clone())
            .timeout_config(connect_limit())
            .retry_config(RetryConfig::disabled())
            .interceptor(Bounded)
            .stalled_stream_protection(StalledStreamProtectionConfig::disabled());
        sqs.set_endpoint_url(settings.sqs_url);

        let mut sts = aws_sdk_sts::Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(region)
            .credentials_provider(credentials)
            .http_client(http)
            .timeout_config(connect_limit())
            .retry_config(RetryConfig::disabled())
            .interceptor(Bounded)
            .stalled_stream_protection(StalledStreamProtectionConfig::disabled());
        sts.set_endpoint_url(settings.sts_url);

        Ok(Self {
            common,
            dynamodb: aws_sdk_dynamodb::Client::from_conf(dynamodb.build()),
            kms: aws_sdk_kms::Client::from_conf(kms.build()),
            lambda: aws_sdk_lambda::Client::from_conf(lambda.build()),
            sqs: aws_sdk_sqs::Client::from_conf(sqs.build()),
            sts: aws_sdk_sts::Client::from_conf(sts.build()),
        })
    }

    /// For the client of a service that only one program calls.
    #[must_use]
    pub fn common(&self) -> &Common {
        &self.common
    }

    /// The same services over the same connections, called with these credentials and no others.
    pub(crate) fn as_who(&self, credentials: &Credentials) -> Self {
        let provider = SharedCredentialsProvider::new(credentials.clone());
        let dynamodb = self.dynamodb.config().to_builder().credentials_provider(provider.clone()).build();
        let kms = self.kms.config().to_builder().credentials_provider(provider.clone()).build();
        let lambda = self.lambda.config().to_builder().credentials_provider(provider.clone()).build();
        let sqs = self.sqs.config().to_builder().credentials_provider(provider.clone()).build();
        let sts = self.sts.config().to_builder().credentials_provider(provider.clone()).build();
        Self {
            common: Common { credentials: provider, ..self.common.clone() },
            dynamodb: aws_sdk_dynamodb::Client::from_conf(dynamodb),
            kms: aws_sdk_kms::Client::from_conf(kms),
            lambda: aws_sdk_lambda::Client::from_conf(lambda),
            sqs: aws_sdk_sqs::Client::from_conf(sqs),
            sts: aws_sdk_sts::Client::from_conf(sts),
        }
    }
}

/// For a read of DynamoDB's: two attempts, of which the first may take half of the time that is left.
pub(crate) fn two_attempts(until: Instant) -> aws_sdk_dynamodb::config::Builder {
    let half = until.saturating_duration_since(Instant::now()).min(LONGEST_CALL) / 2;
    let timeouts = TimeoutConfig::builder()
        .connect_timeout(CONNECT_LIMIT)
        .operation_attempt_timeout(half.max(Duration::from_millis(1)));
    let retries = RetryConfig::standard()
        .with_max_attempts(2)
        .with_initial_backoff(LONGEST_BACKOFF / 2)
        .with_max_backoff(LONGEST_BACKOFF);
    aws_sdk_dynamodb::Config::builder().timeout_config(timeouts.build()).retry_config(retries)
}

/// The moment by which a write must be done so that a third of the time is left for reading back what became of it.
pub(crate) fn with_time_to_look(until: Instant) -> Instant {
    let now = Instant::now();
    now + until.saturating_duration_since(now) * 2 / 3
}
