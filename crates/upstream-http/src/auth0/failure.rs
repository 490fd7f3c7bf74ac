//! What is the same in every answer that is not a good one.

use auth::time::Timestamp;

use crate::transport::{Reply, TransportError};

/// The wait after a 429 that says nothing of how long.
const USUAL_WAIT_SECONDS: u64 = 2;

pub(super) fn unreached(error: TransportError) -> &'static str {
    match error {
        TransportError::Unreachable => "no connection",
        TransportError::TimedOut => "no complete answer in time",
        TransportError::Broken => "the connection broke",
        TransportError::TooLarge => "the answer is too large",
        TransportError::OutOfTime => "no time left to ask",
    }
}

/// Seconds, 1 to 120, after which a 429 may be tried again: `Retry-After`, else `x-ratelimit-reset` (epoch seconds).
pub(super) fn seconds_to_wait(reply: &Reply, now: Timestamp) -> u64 {
    let until_reset = || {
        let reset: u64 = reply.header("x-ratelimit-reset")?.parse().ok()?;
        Some(Timestamp::from_seconds(reset).since(now))
    };
    reply.retry_after_seconds().or_else(until_reset).unwrap_or(USUAL_WAIT_SECONDS).clamp(1, 120)
}

/// Whether a token can be sent in a header: visible ASCII, at least one character (RFC 6750 section 2.1).
pub(super) fn sendable(token: &str) -> bool {
    !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_graphic())
}
