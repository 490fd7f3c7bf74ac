//! How long a session lasts.

use auth::time::Timestamp;

/// A session ends when nobody has used it for so long.
pub(crate) const IDLE_SECONDS: u64 = 30 * 60;
/// And after so long, used or not.
pub(crate) const LONGEST_SECONDS: u64 = 8 * 3600;
/// That it is used is written down at most so often.
const NOTED_EVERY_SECONDS: u64 = 60;

/// When a session began and when it was used last, as far as that was written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Times {
    pub(crate) began: Timestamp,
    pub(crate) used: Timestamp,
}

impl Times {
    /// When it ends if nobody uses it any more.
    pub(crate) fn end(self) -> Timestamp {
        self.used.plus(IDLE_SECONDS).min(self.began.plus(LONGEST_SECONDS))
    }

    /// Whether it lasts still. A session of the future is none: the clock that began it was wrong, or this one is.
    pub(crate) fn lasts(self, now: Timestamp) -> bool {
        const LEEWAY_SECONDS: u64 = 60;
        now < self.end() && self.began <= now.plus(LEEWAY_SECONDS)
    }

    /// Whether it ended because nobody used it, and would last otherwise.
    pub(crate) fn is_idle(self, now: Timestamp) -> bool {
        Self { used: now, ..self }.lasts(now) && !self.lasts(now)
    }

    /// Whether a use now is to be written down.
    pub(crate) fn to_be_noted(self, now: Timestamp) -> bool {
        now.since(self.used) >= NOTED_EVERY_SECONDS
    }
}

#[cfg(test)]
mod tests {
    use auth::time::Timestamp;

    use super::{IDLE_SECONDS, LONGEST_SECONDS, Times};

    const BEGAN: Timestamp = Timestamp::from_seconds(1_790_000_000);

    // S05
    #[test]
    fn a_session_ends_half_an_hour_after_its_last_use_and_after_eight_hours_whatever_happens() {
        let fresh = Times { began: BEGAN, used: BEGAN };
        assert!(fresh.lasts(BEGAN.plus(IDLE_SECONDS - 1)));
        assert!(!fresh.lasts(BEGAN.plus(IDLE_SECONDS)));
        let used = Times { used: BEGAN.plus(LONGEST_SECONDS - 60), ..fresh };
        assert!(used.lasts(BEGAN.plus(LONGEST_SECONDS - 1)));
        assert!(!used.lasts(BEGAN.plus(LONGEST_SECONDS)));
        assert!(!fresh.lasts(BEGAN.minus(61)), "the clock stepped back");
        assert!(fresh.lasts(BEGAN.minus(60)));
    }

    // S05
    #[test]
    fn idle_is_what_ended_for_want_of_use_before_the_eight_hours() {
        let fresh = Times { began: BEGAN, used: BEGAN };
        assert!(!fresh.is_idle(BEGAN.plus(IDLE_SECONDS - 1)));
        assert!(fresh.is_idle(BEGAN.plus(IDLE_SECONDS)) && fresh.is_idle(BEGAN.plus(LONGEST_SECONDS - 1)));
        assert!(!fresh.is_idle(BEGAN.plus(LONGEST_SECONDS)));
        assert!(!fresh.is_idle(BEGAN.minus(61)), "a session of the future is none");
    }

    #[test]
    fn a_use_is_noted_once_a_minute() {
        let fresh = Times { began: BEGAN, used: BEGAN };
        assert!(!fresh.to_be_noted(BEGAN.plus(59)));
        assert!(fresh.to_be_noted(BEGAN.plus(60)));
        assert!(!fresh.to_be_noted(BEGAN.minus(5)));
    }
}
