//! What the doubles ask of each other in the name of a service of AWS, as the agent and the event sources do of Lambda.
//!
//! At AWS the function's own policy lets an agent call it. Here a header with a secret of this process says that a service
//! calls, and a second one which and in whose name; event sources are read by Lambda itself, and ask no such policy.

use std::sync::OnceLock;

use crate::random;

/// The header.
pub(crate) const PASS: &str = "x-devstack-service";

/// The service and the ARN of what it acts for, with a space between.
pub(crate) const SOURCE: &str = "x-devstack-source";

/// The first header's value: made anew for every process.
pub(crate) fn pass() -> &'static str {
    static VALUE: OnceLock<String> = OnceLock::new();
    VALUE.get_or_init(|| random::token("service-"))
}
