//! What a function says about itself: one line of JSON for each outcome, and beside it the audit record of what was decided.
//!
//! The line is a log record for people and, by its `_aws` member, a metric for CloudWatch (the embedded metric format).
//! The audit record is a line of its own, `{"event":"audit","function","record"}`, made of the same facts in the same place, so
//! that no way through a function writes the one without the other.
//!
//! Lines go to the standard output, or to wherever a test wants them. What libraries have to say is not written anywhere:
//! nothing here installs a `tracing` subscriber, because upstream URLs and bodies could be in it.

mod facts;
mod log;
mod named;
mod namespace;
mod outcome;
mod panics;
mod steps;

#[cfg(test)]
mod tests;

pub use log::Log;
pub use namespace::Namespace;
pub use outcome::Outcome;
pub(crate) use panics::install as install_panic_hook;
pub use steps::Steps;
