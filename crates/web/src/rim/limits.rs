//! How often an address or a session may ask.
//!
//! A table of our own: what there is to take brings a background task or grows with the number of addresses. Here time is
//! passed in, and a full table forgets who asked least recently.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use auth::time::Timestamp;

/// How many are remembered: about 1 MiB.
const MOST_REMEMBERED: usize = 10_000;

/// How much may be asked: `burst` at once, and one more every `seconds_each`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rate {
    pub(crate) burst: u64,
    /// Requests in a minute after that.
    pub(crate) a_minute: u64,
}

/// Any request of one address.
pub(crate) const ADDRESS: Rate = Rate { burst: 120, a_minute: 600 };
/// Sign-ins that one address begins: each writes an item.
pub(crate) const SIGN_INS: Rate = Rate { burst: 20, a_minute: 30 };
/// Messages of one session.
pub(crate) const MESSAGES: Rate = Rate { burst: 10, a_minute: 20 };
/// Other changes of one session.
pub(crate) const CHANGES: Rate = Rate { burst: 20, a_minute: 30 };

/// Who asked how much.
pub(crate) struct Limits(Mutex<HashMap<String, Bucket>>);

/// What is left, in sixtieths of a request, as it was at `at`.
#[derive(Clone, Copy)]
struct Bucket {
    left: u64,
    at: Timestamp,
}

impl Limits {
    pub(crate) fn new() -> Self {
        Self(Mutex::default())
    }

    /// Takes one request of `who`, or says after how many seconds there is one.
    pub(crate) fn take(&self, who: &str, rate: Rate, now: Timestamp) -> Result<(), u64> {
        let mut buckets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= MOST_REMEMBERED && !buckets.contains_key(who) {
            forget(&mut buckets);
        }
        let full = rate.burst.saturating_mul(60);
        let bucket = buckets.entry(who.to_owned()).or_insert(Bucket { left: full, at: now });
        let gained = now.since(bucket.at).saturating_mul(rate.a_minute);
        let left = bucket.left.saturating_add(gained).min(full);
        if left < 60 {
            return Err((60 - left).div_ceil(rate.a_minute.max(1)).max(1));
        }
        *bucket = Bucket { left: left - 60, at: now };
        Ok(())
    }
}

/// Makes room: the older half goes.
fn forget(buckets: &mut HashMap<String, Bucket>) {
    let mut times: Vec<Timestamp> = buckets.values().map(|bucket| bucket.at).collect();
    times.sort_unstable();
    let middle = times.get(times.len() / 2).copied();
    let before = buckets.len();
    buckets.retain(|_, bucket| middle.is_some_and(|middle| bucket.at > middle));
    if buckets.len() == before {
        buckets.clear();
    }
}

#[cfg(test)]
mod tests {
    use auth::time::Timestamp;

    use super::{Limits, MOST_REMEMBERED, Rate};

    const RATE: Rate = Rate { burst: 3, a_minute: 20 };
    const NOW: Timestamp = Timestamp::from_seconds(1_790_000_000);

    #[test]
    fn a_burst_passes_and_then_one_every_three_seconds() {
        let limits = Limits::new();
        for _ in 0..3 {
            assert_eq!(limits.take("a", RATE, NOW), Ok(()));
        }
        assert_eq!(limits.take("a", RATE, NOW), Err(3));
        assert_eq!(limits.take("b", RATE, NOW), Ok(()), "another is not held up");
        assert_eq!(limits.take("a", RATE, NOW.plus(2)), Err(1));
        assert_eq!(limits.take("a", RATE, NOW.plus(3)), Ok(()));
        assert_eq!(limits.take("a", RATE, NOW.plus(3)), Err(3));
        assert_eq!(limits.take("a", RATE, NOW.minus(100)), Err(3), "a clock that steps back gives nothing");
    }

    #[test]
    fn the_table_does_not_grow_with_the_number_of_addresses() {
        let limits = Limits::new();
        for number in 0..3 * MOST_REMEMBERED {
            let seconds = u64::try_from(number).unwrap() / 1000;
            assert_eq!(limits.take(&number.to_string(), RATE, NOW.plus(seconds)), Ok(()));
            assert!(limits.0.lock().unwrap().len() <= MOST_REMEMBERED);
        }
    }
}
