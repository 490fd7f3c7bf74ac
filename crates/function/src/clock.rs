//! The system clock. Everything else takes a time as an argument.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use auth::time::{Clock, Moment};

/// The clock of the machine. A clock set before 1970 reads as 1970, so that whatever is compared with
/// it counts as not yet valid.
#[must_use]
pub fn system() -> Clock {
    Clock::of_moments(|| Moment::from_milliseconds(milliseconds()))
}

/// Milliseconds since 1970, for the deadline that the Runtime API gives in that unit.
pub(crate) fn milliseconds() -> u64 {
    u64::try_from(since_1970().as_millis()).unwrap_or(u64::MAX)
}

#[expect(clippy::disallowed_methods, reason = "this is the one place that reads the clock")]
fn since_1970() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
}
