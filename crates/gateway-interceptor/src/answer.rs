use auth::gateway::Denial;
use auth::id::Reference;
use function::telemetry::Outcome;
use serde_json::Value;

/// An output on its way to the gateway, and what to log.
pub struct Answer {
    /// The interceptor's output. It always has `interceptorOutputVersion`.
    pub output: Value,
    /// How the call ended.
    pub outcome: Outcome,
}

/// A message that goes on, or an answer that goes back.
pub(crate) struct Goes {
    output: Value,
    cause: &'static str,
}

impl Goes {
    pub(crate) fn on(output: Value, cause: &'static str) -> Self {
        Self { output, cause }
    }
}

impl Answer {
    pub(crate) fn of(
        decided: Result<Goes, Denial>,
        outcome: Outcome,
        reference: &Reference,
        resource_metadata: Option<&str>,
    ) -> Self {
        match decided {
            Ok(goes) => Self { output: goes.output, outcome: outcome.noting(goes.cause) },
            Err(denial) => {
                Self { output: denial.output(reference, resource_metadata), outcome: outcome.refused(denial.refusal()) }
            }
        }
    }
}
