//! Secrets at AWS Secrets Manager (its API Reference, `GetSecretValue`), by their whole ARNs.

#[cfg(test)]
mod tests;

use std::pin::Pin;
use std::time::Duration;

use auth::keycard::SecretArn;
use auth::secret::Secret;
use aws_sdk_secretsmanager::Client;
use aws_sdk_secretsmanager::config::{BehaviorVersion, StalledStreamProtectionConfig};
use aws_smithy_types::retry::RetryConfig;
use tokio::time::Instant;

use crate::connection::{Common, connect_limit};
use crate::failure::{Failure, answer};

/// However much time there is, reading a secret gets no more: whoever waits has an invocation to end.
const LONGEST_READ: Duration = Duration::from_secs(3);
/// The longest secret that is taken, in bytes. Client secrets and seeds are far shorter.
const LONGEST_SECRET: usize = 1_024;

/// Secrets Manager, called as the function itself: a keycard opens nothing here.
#[derive(Clone)]
pub struct Secrets {
    client: Client,
}

/// Why there is no secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SecretError {
    /// Secrets Manager did not answer well or in time, or turned the call away for its limit.
    #[error("secrets manager: no answer")]
    Unavailable,
    /// There is no such secret, it is marked for deletion, or the function may not read it.
    #[error("secrets manager: the secret or the right to read it is set up wrongly")]
    Misconfigured,
    /// What is kept there is not one text of 1 to 1,024 visible ASCII characters. JSON is none: a client secret is kept by itself.
    #[error("secrets manager: the secret is not one plain text")]
    Shape,
}

impl SecretError {
    /// The same as a text that outlives it.
    #[must_use]
    pub fn cause(self) -> &'static str {
        match self {
            Self::Unavailable => "secrets manager does not answer",
            Self::Misconfigured => "secrets manager has no such secret for this function",
            Self::Shape => "the secret at secrets manager is not one plain text",
        }
    }
}

impl From<Failure> for SecretError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Setup => Self::Misconfigured,
            Failure::Condition | Failure::Throttled | Failure::Connection | Failure::Unknown => Self::Unavailable,
        }
    }
}

impl Secrets {
    /// A client over the connections that there are; `url` is in place of the service's own address, and the caller has checked
    /// that it is https, or loopback.
    #[must_use]
    pub fn new(common: &Common, url: Option<String>) -> Self {
        let mut config = aws_sdk_secretsmanager::Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(common.region.clone())
            .credentials_provider(common.credentials.clone())
            .http_client(common.http.clone())
            .timeout_config(connect_limit())
            .retry_config(RetryConfig::disabled())
            .interceptor(crate::connection::Bounded)
            .stalled_stream_protection(StalledStreamProtectionConfig::disabled());
        config.set_endpoint_url(url);
        Self { client: Client::from_conf(config.build()) }
    }

    /// The current version of the secret. Asked once more if the call was throttled or the connection failed.
    ///
    /// # Errors
    /// All of [`SecretError`].
    pub async fn read(&self, arn: &SecretArn, until: Instant) -> Result<Secret, SecretError> {
        let until = until.min(Instant::now() + LONGEST_READ);
        let request = self.client.get_secret_value().secret_id(arn.as_str());
        let reply = match answer(until, request.clone().send()).await {
            Err(Failure::Throttled | Failure::Connection) => answer(until, request.send()).await?,
            first => first?,
        };
        // The copy that the client made on the way from the wire is not ours to wipe.
        let text = reply.secret_string.map(Secret::new).ok_or(SecretError::Shape)?;
        let ours = reply.arn.as_deref() == Some(arn.as_str());
        if ours && is_plain(text.expose()) { Ok(text) } else { Err(SecretError::Shape) }
    }

    /// What reads this one secret, for a client that keeps it and asks again when it was refused.
    pub fn reader(
        &self,
        arn: SecretArn,
    ) -> impl Fn(Instant) -> Pin<Box<dyn Future<Output = Result<Secret, &'static str>> + Send>> + Send + Sync + 'static
    {
        let secrets = self.clone();
        move |until| {
            let (secrets, arn) = (secrets.clone(), arn.clone());
            Box::pin(async move { secrets.read(&arn, until).await.map_err(SecretError::cause) })
        }
    }
}

fn is_plain(text: &str) -> bool {
    (1..=LONGEST_SECRET).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_graphic())
        && !text.starts_with(['{', '['])
}
