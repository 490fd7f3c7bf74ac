//! How long fetched keys serve and when to fetch again. The fetch itself happens elsewhere.

use std::sync::Arc;

use super::keys::KeySet;
use crate::time::Timestamp;

/// The times of a [`KeyCache`], in seconds.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Up to this age keys are used without asking the issuer. A key that the issuer took back works no longer than
    /// this while the issuer can be reached.
    pub fresh_seconds: u64,
    /// Up to this age keys are used if the issuer cannot be reached; from then on no token is taken.
    pub hard_seconds: u64,
    /// From one fetch to the next, whatever its outcome. Bounds what tokens with invented `kid`s can cause.
    pub cooldown_seconds: u64,
}

/// Ten minutes fresh, an hour at most, half a minute between fetches.
impl Default for Limits {
    fn default() -> Self {
        Self { fresh_seconds: 600, hard_seconds: 3600, cooldown_seconds: 30 }
    }
}

/// What to do about one token.
#[derive(Clone, Debug)]
pub enum Decision {
    /// Verify with these keys.
    Use(Arc<KeySet>),
    /// Fetch the issuer's keys now, tell [`KeyCache::fetched`], and decide again. The cooldown runs from here on, so a
    /// fetch that is abandoned counts too.
    Fetch,
    /// There is no key for this token, and asking again is not allowed yet.
    Refuse,
}

/// The keys of one issuer and when they came. Holds no clock and starts no request.
///
/// Where calls run side by side, put it behind a short lock and ask [`KeyCache::ready`] first; take a second lock for
/// `decide`, the fetch and `fetched` together, so that others wait for the one fetch and good tokens wait for none.
#[derive(Debug)]
pub struct KeyCache {
    limits: Limits,
    keys: Option<(Arc<KeySet>, Timestamp)>,
    asked_at: Option<Timestamp>,
}

impl KeyCache {
    /// An empty cache. A hard limit below the fresh one cuts both.
    #[must_use]
    pub fn new(limits: Limits) -> Self {
        Self { limits, keys: None, asked_at: None }
    }

    /// The keys, if they will do for this `kid` without any request.
    #[must_use]
    pub fn ready(&self, kid: Option<&str>, now: Timestamp) -> Option<Arc<KeySet>> {
        self.within(self.limits.fresh_seconds, now).filter(|keys| has(keys, kid))
    }

    /// What to do about a token with this `kid`. Cached keys that are no longer fresh serve only while a fetch is not
    /// allowed, that is after one has failed.
    pub fn decide(&mut self, kid: Option<&str>, now: Timestamp) -> Decision {
        if let Some(keys) = self.ready(kid, now) {
            return Decision::Use(keys);
        }
        if !self.asked_at.is_some_and(|asked_at| self.cools_down(asked_at, now)) {
            self.asked_at = Some(now);
            return Decision::Fetch;
        }
        match self.within(self.limits.hard_seconds, now).filter(|keys| has(keys, kid)) {
            Some(keys) => Decision::Use(keys),
            None => Decision::Refuse,
        }
    }

    /// Whether there are keys of this issuer that may still be used, of whatever `kid`. If not, it is not the token's fault that
    /// its key is not there.
    #[must_use]
    pub fn serves(&self, now: Timestamp) -> bool {
        self.within(self.limits.hard_seconds, now).is_some_and(|keys| keys.kids().next().is_some())
    }

    /// Takes the outcome of a fetch. After a failure, a refused document included, the keys before stay, at their age.
    pub fn fetched(&mut self, outcome: Result<KeySet, ()>, now: Timestamp) {
        self.asked_at = Some(now);
        if let Ok(keys) = outcome {
            self.keys = Some((Arc::new(keys), now));
        }
    }

    fn within(&self, seconds: u64, now: Timestamp) -> Option<Arc<KeySet>> {
        let (keys, fetched_at) = self.keys.as_ref()?;
        let seconds = seconds.min(self.limits.hard_seconds);
        // Keys from the future: two readers of the clock differ by a moment, or the clock was set back and their age is
        // unknown. The first is forgiven, for no longer than a cooldown.
        let known = *fetched_at <= now || self.cools_down(*fetched_at, now);
        (known && now.since(*fetched_at) <= seconds).then(|| Arc::clone(keys))
    }

    /// Whether two times are less than a cooldown apart, in either direction.
    fn cools_down(&self, earlier: Timestamp, now: Timestamp) -> bool {
        now.since(earlier).max(earlier.since(now)) < self.limits.cooldown_seconds
    }
}

fn has(keys: &KeySet, kid: Option<&str>) -> bool {
    kid.is_none_or(|kid| keys.kids().any(|known| known == kid))
}
