//! A person's yes on their own phone, as a state machine.
//!
//! Requested → pending → approved → acting → ended, or ended at once: denied, expired, failed, unknown. Each state holds what
//! it has and nothing else; a transition takes the old state. A row of the approval table is one of them.
//!
//! The rules of the request itself are those of OpenID Connect CIBA Core in poll mode, as Auth0 speaks it.

mod binding;
mod ending;
mod permit;
mod poll;
mod states;
#[cfg(test)]
pub(crate) mod tests;

pub use binding::{ApprovalReference, Binding, PersonKey};
pub use ending::{Ending, Notice};
pub use permit::{Permit, Spending};
pub use poll::{Due, Poll, Polled};
pub use states::{Acting, Approval, Approved, Ended, Pending, Requested, Started};

/// The longest life of a request, in seconds: up to here Auth0 sends a push, beyond it an e-mail.
pub const LONGEST_SECONDS: u64 = 300;
/// Seconds between two polls, if the provider does not say (CIBA Core section 7.3).
pub const USUAL_INTERVAL: u64 = 5;
/// The longest time between two polls that is believed.
pub const LONGEST_INTERVAL: u64 = 60;
