//! What callers get: `{"statusCode","isAuthorized","reason","modelId","check"}`.

use auth::decision::{Check, Reason};
use auth::refusal::{Code, Refusal};
use function::serve::Invocation;
use function::telemetry::Outcome;
use serde_json::{Value, json};
use upstream_http::openfga::CheckError;

/// An outcome on its way to the caller and to the log.
#[derive(Debug)]
pub struct Answer {
    /// Why.
    pub reason: Reason,
    /// For the log: which rule or which fault.
    pub cause: String,
    /// The answer.
    pub body: Value,
}

impl Answer {
    /// OpenFGA answered. The question is repeated, so that a caller can see that the answer is to its own.
    #[must_use]
    pub fn decided(check: &Check, allowed: bool, model_id: &str) -> Self {
        let reason = if allowed { Reason::Allowed } else { Reason::Denied };
        let body = json!({
            "statusCode": 200, "isAuthorized": allowed, "reason": reason, "modelId": model_id, "check": check,
        });
        Self { reason, cause: String::new(), body }
    }

    /// The question was malformed; `problem` names the field.
    #[must_use]
    pub fn malformed(problem: &str, model_id: &str) -> Self {
        Self::refused(400, Reason::InvalidInput, problem.to_owned(), model_id, Some(problem))
    }

    /// OpenFGA did not answer.
    #[must_use]
    pub fn failed(error: &CheckError, model_id: &str) -> Self {
        let cause = error.to_string();
        match error {
            CheckError::Busy { seconds } => {
                let mut answer = Self::refused(429, Reason::Busy, cause, model_id, Some("OpenFGA is busy"));
                if let Some(members) = answer.body.as_object_mut() {
                    members.insert("retryAfterSeconds".to_owned(), json!(seconds));
                }
                answer
            }
            CheckError::Unavailable(_) => {
                Self::refused(503, Reason::Unavailable, cause, model_id, Some("OpenFGA did not answer"))
            }
            CheckError::Misconfigured(_) => {
                Self::refused(500, Reason::Misconfigured, cause, model_id, Some("the authorizer is not set up rightly"))
            }
        }
    }

    /// What to log.
    #[must_use]
    pub fn outcome(&self, invocation: &Invocation) -> Outcome {
        let outcome = invocation.outcome("check");
        let code = match self.reason {
            Reason::Allowed => return outcome,
            Reason::Denied => Code::AccessDenied,
            Reason::InvalidInput => Code::InvalidInput,
            Reason::Busy => Code::Busy,
            Reason::Unavailable => Code::Unavailable,
            Reason::Misconfigured => Code::Internal,
        };
        outcome.refused(&Refusal::new(code, self.cause.clone()))
    }

    /// The invocation panicked or ran out of time.
    #[must_use]
    pub fn broken(reason: Reason, cause: &str) -> Self {
        Self::refused(if reason == Reason::Unavailable { 503 } else { 500 }, reason, cause.to_owned(), "", None)
    }

    fn refused(status: u16, reason: Reason, cause: String, model_id: &str, error: Option<&str>) -> Self {
        let mut body = json!({"statusCode": status, "isAuthorized": false, "reason": reason, "modelId": model_id});
        if let (Some(error), Some(members)) = (error, body.as_object_mut()) {
            members.insert("error".to_owned(), json!(error));
        }
        Self { reason, cause, body }
    }
}
