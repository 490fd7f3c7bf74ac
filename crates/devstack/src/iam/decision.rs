//! What was decided, for tests to read.

use serde::Serialize;

/// One evaluated request, or one part of it where the service evaluates parts.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Decision {
    /// ARN of the caller's session.
    pub caller: String,
    /// As in `dynamodb:GetItem`.
    pub action: String,
    /// An ARN, or `*`.
    pub resource: String,
    /// Whether the policies allowed it.
    pub allowed: bool,
}
