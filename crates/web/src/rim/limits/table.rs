//! A table of buckets, of a size that does not grow with the number of those who ask.

use std::borrow::Borrow;
use std::collections::HashMap;
use std::hash::Hash;

use auth::time::Timestamp;

use super::Rate;

/// How many are remembered: about 1 MiB.
const MOST_REMEMBERED: usize = 10_000;
/// All who find no place have so much together as this many have.
const SHARED: u64 = 20;

pub(super) struct Table<K> {
    buckets: HashMap<K, Bucket>,
    /// Of those who found no place, by what they ask.
    shared: HashMap<(u64, u64), Bucket>,
    /// When room was last looked for: once a second is enough.
    looked: Option<Timestamp>,
}

impl<K> Default for Table<K> {
    fn default() -> Self {
        Self { buckets: HashMap::new(), shared: HashMap::new(), looked: None }
    }
}

/// What is left, in sixtieths of a request, as it was at `at`.
#[derive(Clone, Copy)]
struct Bucket {
    rate: Rate,
    left: u64,
    at: Timestamp,
}

impl Bucket {
    fn full(rate: Rate, now: Timestamp) -> Self {
        Self { rate, left: rate.burst.saturating_mul(60), at: now }
    }

    fn left(&self, now: Timestamp) -> u64 {
        let gained = now.since(self.at).saturating_mul(self.rate.a_minute);
        self.left.saturating_add(gained).min(self.rate.burst.saturating_mul(60))
    }

    fn is_full(&self, now: Timestamp) -> bool {
        self.left(now) >= self.rate.burst.saturating_mul(60)
    }

    fn take(&mut self, now: Timestamp) -> Result<(), u64> {
        let left = self.left(now);
        if left < 60 {
            return Err((60 - left).div_ceil(self.rate.a_minute.max(1)).max(1));
        }
        (self.left, self.at) = (left - 60, now);
        Ok(())
    }
}

impl<K: Hash + Eq> Table<K> {
    /// Takes one request of `who`, or says after how many seconds there is one.
    pub(super) fn take(&mut self, who: K, rate: Rate, now: Timestamp) -> Result<(), u64> {
        if self.has_room_for(&who, now) {
            return self.buckets.entry(who).or_insert_with(|| Bucket::full(rate, now)).take(now);
        }
        let many = Rate { burst: rate.burst.saturating_mul(SHARED), a_minute: rate.a_minute.saturating_mul(SHARED) };
        self.shared.entry((rate.burst, rate.a_minute)).or_insert_with(|| Bucket::full(many, now)).take(now)
    }

    /// Remembers somebody, if there is room; what they have left stays as it is.
    pub(super) fn know(&mut self, who: K, rate: Rate, now: Timestamp) {
        if self.has_room_for(&who, now) {
            self.buckets.entry(who).or_insert_with(|| Bucket::full(rate, now));
        }
    }

    /// Takes one request of somebody who is remembered; nothing of others.
    pub(super) fn take_known<Q: Hash + Eq + ?Sized>(&mut self, who: &Q, now: Timestamp) -> Option<Result<(), u64>>
    where
        K: Borrow<Q>,
    {
        self.buckets.get_mut(who).map(|bucket| bucket.take(now))
    }

    /// Whether there is a place, after those were forgotten who have all that they ever had.
    fn has_room_for(&mut self, who: &K, now: Timestamp) -> bool {
        if self.buckets.len() < MOST_REMEMBERED || self.buckets.contains_key(who) {
            return true;
        }
        if self.looked != Some(now) {
            self.looked = Some(now);
            self.buckets.retain(|_, bucket| !bucket.is_full(now));
        }
        self.buckets.len() < MOST_REMEMBERED
    }
}

#[cfg(test)]
mod tests {
    use auth::time::Timestamp;

    use super::{MOST_REMEMBERED, Rate, SHARED, Table};

    const RATE: Rate = Rate { burst: 3, a_minute: 20 };
    const NOW: Timestamp = Timestamp::from_seconds(1_790_000_000);

    #[test]
    fn a_burst_passes_and_then_one_every_three_seconds() {
        let mut table = Table::default();
        for _ in 0..3 {
            assert_eq!(table.take("a", RATE, NOW), Ok(()));
        }
        assert_eq!(table.take("a", RATE, NOW), Err(3));
        assert_eq!(table.take("b", RATE, NOW), Ok(()), "another is not held up");
        assert_eq!(table.take("a", RATE, NOW.plus(2)), Err(1));
        assert_eq!(table.take("a", RATE, NOW.plus(3)), Ok(()));
        assert_eq!(table.take("a", RATE, NOW.plus(3)), Err(3));
        assert_eq!(table.take("a", RATE, NOW.minus(100)), Err(3), "a clock that steps back gives nothing");
    }

    #[test]
    fn the_table_does_not_grow_with_the_number_of_those_who_ask() {
        let mut table = Table::default();
        for number in 0..3 * MOST_REMEMBERED {
            let seconds = u64::try_from(number).unwrap() / 1000;
            assert_eq!(table.take(number, RATE, NOW.plus(seconds)), Ok(()));
            assert!(table.buckets.len() <= MOST_REMEMBERED);
        }
    }

    #[test]
    fn whoever_is_held_up_is_so_however_many_others_come() {
        let mut table = Table::default();
        for _ in 0..3 {
            assert_eq!(table.take(0, RATE, NOW), Ok(()));
        }
        let mut held_up = 0;
        for number in 1..2 * MOST_REMEMBERED {
            held_up += usize::from(table.take(number, RATE, NOW).is_err());
        }
        let shared = usize::try_from(SHARED * RATE.burst).unwrap();
        assert_eq!(held_up, MOST_REMEMBERED - shared, "who finds no place shares one");
        assert_eq!(table.take(0, RATE, NOW.plus(1)), Err(2), "the first is not forgotten");
        assert_eq!(table.take(MOST_REMEMBERED * 2, RATE, NOW.plus(3)), Ok(()), "there is room again");
        assert_eq!(table.buckets.len(), 2, "those who have all are forgotten");
    }
}
