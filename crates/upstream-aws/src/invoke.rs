//! Asking the authorizer function.

#[cfg(test)]
mod tests;

use auth::decision::{Check, Decision};
use auth::refusal::{Code, Refusal};
use aws_sdk_lambda::Client;
use aws_sdk_lambda::operation::invoke::builders::InvokeFluentBuilder;
use aws_sdk_lambda::primitives::Blob;
use aws_sdk_lambda::types::InvocationType;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use tokio::time::Instant;

use crate::connection::Aws;
use upstream_secrets::failure::{Failure, answer};

/// The longest reply that is read, in bytes. A decision takes about 300.
const LONGEST_REPLY: usize = 64 * 1024;

/// The function that answers checks, by name, `name:alias` or ARN.
pub struct Authorizer {
    client: Client,
    function: String,
}

/// Why there is no reply.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
enum InvokeError {
    #[error("authorizer: throttled")]
    Busy,
    #[error("authorizer: no answer")]
    Unavailable,
    #[error("authorizer: function or rights are set up wrongly")]
    Misconfigured,
    #[error("authorizer: the function failed")]
    Failed,
    #[error("authorizer: the reply is not a 200 of at most 64 KiB")]
    Odd,
}

impl From<InvokeError> for Refusal {
    fn from(error: InvokeError) -> Self {
        let cause = error.to_string();
        match error {
            InvokeError::Busy => Self::busy(cause, 2),
            InvokeError::Misconfigured => Self::new(Code::Internal, cause),
            InvokeError::Unavailable | InvokeError::Failed | InvokeError::Odd => Self::new(Code::Unavailable, cause),
        }
    }
}

impl From<Failure> for InvokeError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Throttled => Self::Busy,
            Failure::Setup => Self::Misconfigured,
            Failure::Condition | Failure::Connection | Failure::Unknown => Self::Unavailable,
        }
    }
}

impl Authorizer {
    /// The function to ask.
    #[must_use]
    pub fn new(aws: &Aws, function_name: String) -> Self {
        Self { client: aws.lambda.clone(), function: function_name }
    }

    /// Opens a connection ahead of the first call: asks whether the function may be invoked, without invoking it. Whether
    /// that works is for the first call to find out.
    pub async fn open(&self, until: Instant) {
        let dry = self.client.invoke().function_name(&self.function).invocation_type(InvocationType::DryRun);
        let _ = answer(until, dry.send()).await;
    }

    /// Asks one question, in this very call: no answer is kept. `traceparent` is a W3C Trace Context header value and is
    /// left out if it does not have that header's form.
    ///
    /// # Errors
    /// `busy` when throttled, `internal` if the function or the right to invoke it is missing, `unavailable` for every
    /// other reply that is not a decision, and what [`Decision::from_reply`] says. Only a failed connection is tried again,
    /// once.
    pub async fn ask(&self, check: &Check, traceparent: Option<&str>, until: Instant) -> Result<Decision, Refusal> {
        let payload = serde_json::to_vec(check).map_err(|_| InvokeError::Misconfigured)?;
        let request = self
            .client
            .invoke()
            .function_name(&self.function)
            .invocation_type(InvocationType::RequestResponse)
            .set_client_context(traceparent.and_then(client_context))
            .payload(Blob::new(payload));
        let reply = match reply(request.clone(), until).await {
            Err(Failure::Connection) => reply(request, until).await,
            first => first,
        };
        Decision::from_reply(check.clone(), &reply.map_err(InvokeError::from)??)
    }
}

/// The payload of a 200 without a function error.
async fn reply(request: InvokeFluentBuilder, until: Instant) -> Result<Result<Vec<u8>, InvokeError>, Failure> {
    let reply = answer(until, request.send()).await?;
    if reply.function_error().is_some() {
        return Ok(Err(InvokeError::Failed));
    }
    let payload = reply.payload.map(Blob::into_inner).unwrap_or_default();
    let fits = reply.status_code == 200 && payload.len() <= LONGEST_REPLY;
    Ok(if fits { Ok(payload) } else { Err(InvokeError::Odd) })
}

/// A flat object: the runtime's parser of client contexts ends the process on a nested one.
fn client_context(traceparent: &str) -> Option<String> {
    let well_formed = traceparent.len() == 55
        && traceparent.bytes().all(|byte| byte == b'-' || matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    well_formed.then(|| STANDARD.encode(format!(r#"{{"custom":{{"traceparent":"{traceparent}"}}}}"#)))
}
