//! One request for a person's approval, from the notification to the tokens.

use serde::Serialize;

use super::super::grant::Grant;

/// All times are milliseconds since 1970.
pub(crate) struct Request {
    /// The application's reference, a bearer secret.
    pub(crate) auth_req_id: String,
    /// The notification's id, which the phone page carries; the application does not know it.
    pub(crate) notice: String,
    /// What the tokens will say. The subject is the one that was asked for.
    pub(crate) grant: Grant,
    pub(crate) binding_message: String,
    /// Seconds, as asked.
    pub(crate) requested_expiry: u64,
    pub(crate) started_at: u64,
    pub(crate) expires_at: u64,
    pub(crate) pace: Pace,
    pub(crate) standing: Standing,
    pub(crate) polls: Vec<Poll>,
}

/// How fast the application may poll.
pub(crate) struct Pace {
    /// The interval that was announced, seconds.
    pub(crate) interval: u64,
    /// The interval that holds now, seconds.
    pub(crate) wait: u64,
    pub(crate) not_before: u64,
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Standing {
    Waiting,
    /// The subject whose phone approved, and when.
    Approved(String, u64),
    Denied,
    /// The tokens were given.
    Redeemed,
}

/// One poll and what it was told.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
pub struct Poll {
    /// Milliseconds since 1970.
    pub at_ms: u64,
    /// `approved`, or the `error` of the answer.
    pub answer: &'static str,
}

/// What a poll is told.
pub(crate) enum Told {
    Pending,
    /// Seconds to wait.
    SlowDown(u64),
    Denied,
    Used,
    Approved(Box<Grant>),
}

impl Pace {
    /// The first poll has to wait, too (the specification counts between polls, its clients from the start).
    pub(crate) fn new(interval: u64, now: u64) -> Self {
        Self { interval, wait: interval, not_before: after(now, interval) }
    }

    /// Seconds to wait, if the poll came too early. Each haste adds an interval, for good: how much Auth0 adds is not
    /// documented.
    fn too_early(&mut self, now: u64) -> Option<u64> {
        let early = now < self.not_before;
        if early {
            self.wait = self.wait.saturating_add(self.interval);
        }
        self.not_before = after(now, self.wait);
        early.then_some(self.wait)
    }
}

impl Request {
    pub(crate) fn expired(&self, now: u64) -> bool {
        now >= self.expires_at && matches!(self.standing, Standing::Waiting | Standing::Approved(..))
    }

    /// Whether the phone may still answer.
    pub(crate) fn open(&self, now: u64) -> bool {
        self.standing == Standing::Waiting && !self.expired(now)
    }

    /// Answers a poll. An approval is given out once, and only before the request expires; haste counts only while the
    /// answer is awaited (section 11: `slow_down` is a variant of `authorization_pending`).
    pub(crate) fn poll(&mut self, now: u64) -> Told {
        let told = if self.expired(now) {
            Told::Denied
        } else {
            match &self.standing {
                Standing::Waiting => self.pace.too_early(now).map_or(Told::Pending, Told::SlowDown),
                Standing::Denied => Told::Denied,
                Standing::Redeemed => Told::Used,
                Standing::Approved(sub, at) => {
                    let (sub, auth_time) = (sub.clone(), Some(at / 1000));
                    Told::Approved(Box::new(Grant { sub, auth_time, ..self.grant.clone() }))
                }
            }
        };
        if matches!(told, Told::Approved(_)) {
            self.standing = Standing::Redeemed;
        }
        self.polls.push(Poll { at_ms: now, answer: told.name() });
        told
    }
}

impl Told {
    fn name(&self) -> &'static str {
        match self {
            Self::Pending => "authorization_pending",
            Self::SlowDown(_) => "slow_down",
            Self::Denied => "access_denied",
            Self::Used => "invalid_grant",
            Self::Approved(_) => "approved",
        }
    }
}

/// `seconds` after `at`, which is in milliseconds.
pub(crate) fn after(at: u64, seconds: u64) -> u64 {
    at.saturating_add(seconds.saturating_mul(1000))
}

#[cfg(test)]
mod tests {
    use super::Pace;

    #[test]
    fn whoever_keeps_the_interval_is_never_told_to_slow_down() {
        let mut pace = Pace::new(5, 1_000);
        for at in [6_000, 11_000, 16_500, 21_500] {
            assert_eq!(pace.too_early(at), None, "{at}");
        }
    }

    #[test]
    fn a_raised_interval_holds_for_good() {
        let mut pace = Pace::new(5, 0);
        assert_eq!(pace.too_early(4_999), Some(10));
        assert_eq!(pace.too_early(14_999), None);
        assert_eq!(pace.too_early(20_000), Some(15), "the old interval is not enough any more");
        assert_eq!(pace.too_early(35_000), None);
    }
}
