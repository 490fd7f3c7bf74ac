//! What a call to AWS that did not succeed comes to, whichever service it was.

use std::future::Future;
use std::time::Duration;

use aws_sdk_secretsmanager::config::http::HttpResponse;
use aws_sdk_secretsmanager::error::{ProvideErrorMetadata, SdkError};
use tokio::time::{Instant, timeout_at};

/// Why there is no result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// The condition of a conditional write was false: nothing was written.
    Condition,
    /// A limit was reached: nothing was done.
    Throttled,
    /// Name, rights or request are wrong on our side: nothing was done.
    Setup,
    /// The connection failed.
    Connection,
    /// No usable answer came in time; a write may have been applied all the same.
    Unknown,
}

/// However much time an invocation has, one call does not get more.
pub const LONGEST_CALL: Duration = Duration::from_secs(10);

/// Awaits `call`, but not past `until` and not for longer than ten seconds.
///
/// # Errors
/// What the call came to otherwise.
pub async fn answer<T, E>(
    until: Instant,
    call: impl Future<Output = Result<T, SdkError<E, HttpResponse>>>,
) -> Result<T, Failure>
where
    E: ProvideErrorMetadata,
{
    let until = until.min(Instant::now() + LONGEST_CALL);
    match timeout_at(until, Box::pin(call)).await {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(error)) => Err(Failure::of(&error)),
        Err(_) => Err(Failure::Unknown),
    }
}

impl Failure {
    /// What this error of a client comes to.
    #[must_use]
    pub fn of<E: ProvideErrorMetadata>(error: &SdkError<E, HttpResponse>) -> Self {
        match error {
            SdkError::ServiceError(refused) => {
                Self::of_code(refused.err().code().unwrap_or_default(), refused.raw().status().as_u16())
            }
            SdkError::ConstructionFailure(_) => Self::Setup,
            SdkError::DispatchFailure(failure) if failure.is_user() => Self::Setup,
            SdkError::DispatchFailure(_) => Self::Connection,
            SdkError::TimeoutError(_) | SdkError::ResponseError(_) | _ => Self::Unknown,
        }
    }

    /// By the error's name where its status says too little: DynamoDB answers 400 to most things.
    fn of_code(code: &str, status: u16) -> Self {
        match code {
            "ConditionalCheckFailedException" => Self::Condition,
            "ProvisionedThroughputExceededException"
            | "RequestLimitExceeded"
            | "RequestThrottled"
            | "ThrottlingException"
            | "Throttling"
            | "TooManyRequestsException"
            | "TransactionConflictException"
            | "ReplicatedWriteConflictException"
            | "EC2ThrottledException" => Self::Throttled,
            // KMS answers 409 to these.
            "DisabledException" | "KMSInvalidStateException" => Self::Setup,
            // A wrong clock looks like this, and passes.
            "InvalidSignatureException" | "RequestTimeTooSkewed" | "RequestExpired" | "InternalServerError" => {
                Self::Unknown
            }
            _ if status == 429 => Self::Throttled,
            _ if (400..500).contains(&status) && status != 408 && status != 409 => Self::Setup,
            _ => Self::Unknown,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Failure;

    #[test]
    fn a_name_says_more_than_a_status() {
        for (code, status, failure) in [
            ("ConditionalCheckFailedException", 400, Failure::Condition),
            ("ProvisionedThroughputExceededException", 400, Failure::Throttled),
            ("ThrottlingException", 400, Failure::Throttled),
            ("RequestThrottled", 403, Failure::Throttled),
            ("TooManyRequestsException", 429, Failure::Throttled),
            ("ResourceNotFoundException", 400, Failure::Setup),
            ("ResourceNotFoundException", 404, Failure::Setup),
            ("DisabledException", 409, Failure::Setup),
            ("KMSInvalidStateException", 409, Failure::Setup),
            ("NotFoundException", 400, Failure::Setup),
            ("DependencyTimeoutException", 503, Failure::Unknown),
            ("KeyUnavailableException", 500, Failure::Unknown),
            ("AccessDeniedException", 403, Failure::Setup),
            ("ValidationException", 400, Failure::Setup),
            ("UnrecognizedClientException", 400, Failure::Setup),
            ("InvalidSignatureException", 403, Failure::Unknown),
            ("InternalServerError", 500, Failure::Unknown),
            ("ServiceException", 500, Failure::Unknown),
            ("ResourceConflictException", 409, Failure::Unknown),
            ("", 503, Failure::Unknown),
            ("", 302, Failure::Unknown),
        ] {
            assert_eq!(Failure::of_code(code, status), failure, "{code} {status}");
        }
    }
}
