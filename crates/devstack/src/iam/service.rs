//! What the doubles ask of each other in the name of a service of AWS, as the agent and the event sources do of Lambda.
//!
//! At AWS the function's own policy lets the service call it. Here a header with a secret of this process stands for that.

use std::sync::OnceLock;

use crate::random;

/// The header.
pub(crate) const PASS: &str = "x-devstack-service";

/// Its value: made anew for every process.
pub(crate) fn pass() -> &'static str {
    static VALUE: OnceLock<String> = OnceLock::new();
    VALUE.get_or_init(|| random::token("service-"))
}
