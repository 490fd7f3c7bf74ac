//! What a poll of the token endpoint can say, and what follows from it.

use super::states::{Approved, Ended, Pending};

/// The provider's answer to one poll.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Poll {
    /// `authorization_pending`.
    Pending,
    /// `slow_down`, with the seconds that the provider asks for, if it does.
    SlowDown {
        /// `Retry-After` or `interval`.
        seconds: Option<u64>,
    },
    /// The tokens came, and the ID token is valid and names the person who was asked.
    Approved,
    /// `access_denied`: refused, or expired. Auth0 answers both alike, so the clock decides.
    Refused,
    /// `expired_token`.
    Expired,
    /// The tokens came, and name somebody else: that is no approval.
    SomebodyElse,
    /// `invalid_grant`, `invalid_request`, `unauthorized_client`, `transaction_failed`, or tokens that break our rules: nothing
    /// more will come of this.
    Broken,
    /// No answer, or one that cannot be read: ask again later.
    Unavailable,
}

/// What became of a pending request.
pub enum Polled {
    /// Ask again, not before [`Pending::next_poll_at`].
    StillPending(Pending),
    /// The person said yes.
    Approved(Approved),
    /// It is over.
    Ended(Ended),
}

/// What is to be done about an approval that is not over.
pub enum Due {
    /// Nothing yet: look again after so many seconds, at least 1.
    Later {
        /// Seconds.
        seconds: u64,
    },
    /// Poll. Write this down first: it takes the poll.
    Poll(Pending),
    /// It is over.
    Ended(Ended),
}
