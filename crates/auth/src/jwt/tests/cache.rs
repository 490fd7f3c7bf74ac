use std::sync::Arc;

use super::forge::{NOW, jwk, jwks, keys, with, without};
use crate::jwt::{Algorithm, Decision, KeyCache, KeySet, Limits};
use crate::time::Timestamp;

fn at(seconds: u64) -> Timestamp {
    Timestamp::from_seconds(NOW).plus(seconds)
}

fn warm() -> KeyCache {
    let mut cache = KeyCache::new(Limits::default());
    cache.fetched(Ok(keys()), at(0));
    cache
}

fn one_key(kid: &str) -> KeySet {
    KeySet::parse(&jwks(&[with(jwk(Algorithm::EdDsa), "kid", kid)])).unwrap()
}

fn used(decision: &Decision) -> Vec<String> {
    match decision {
        Decision::Use(keys) => keys.kids().map(str::to_owned).collect(),
        Decision::Fetch => vec!["(fetch)".to_owned()],
        Decision::Refuse => vec!["(refuse)".to_owned()],
    }
}

#[test]
fn an_empty_cache_fetches_once_and_then_serves() {
    let mut cache = KeyCache::new(Limits::default());
    assert!(matches!(cache.decide(Some("rsa-1"), at(0)), Decision::Fetch));
    assert!(matches!(cache.decide(Some("rsa-1"), at(0)), Decision::Refuse), "while the fetch is under way");
    cache.fetched(Ok(keys()), at(1));
    assert!(matches!(cache.decide(Some("rsa-1"), at(1)), Decision::Use(_)));
    assert!(matches!(cache.decide(None, at(1)), Decision::Use(_)));
}

// J21
#[test]
fn ten_thousand_invented_kids_cause_one_fetch_per_cooldown() {
    let mut cache = warm();
    let (mut fetches, mut served) = (0, 0);
    for n in 0..10_000_u64 {
        let now = at(n / 100);
        if let Decision::Fetch = cache.decide(Some(&format!("invented-{n}")), now) {
            fetches += 1;
            cache.fetched(Ok(keys()), now);
        }
        if let Decision::Use(_) = cache.decide(Some("rsa-1"), now) {
            served += 1;
        }
    }
    assert_eq!(fetches, 3, "at 30, 60 and 90 of 100 seconds");
    assert_eq!(served, 10_000, "good tokens wait for none of them");
}

// J21
#[test]
fn the_cooldown_holds_after_a_failed_or_abandoned_fetch_and_with_nothing_cached() {
    for abandoned in [false, true] {
        let mut cache = KeyCache::new(Limits::default());
        let mut fetches = 0;
        for n in 0..1_000_u64 {
            if let Decision::Fetch = cache.decide(Some(&format!("invented-{n}")), at(n / 10)) {
                fetches += 1;
                if !abandoned {
                    cache.fetched(Err(()), at(n / 10));
                }
            }
        }
        assert_eq!(fetches, 4, "at 0, 30, 60 and 90 of 100 seconds");
    }
}

// J21
#[test]
fn a_failed_fetch_does_not_wipe_what_is_cached() {
    let mut cache = warm();
    assert!(matches!(cache.decide(Some("new"), at(40)), Decision::Fetch));
    cache.fetched(Err(()), at(40));
    assert!(matches!(cache.decide(Some("rsa-1"), at(41)), Decision::Use(_)));
    assert!(matches!(cache.decide(Some("new"), at(41)), Decision::Refuse));
}

// J22
#[test]
fn a_new_key_works_after_one_refresh() {
    let mut cache = warm();
    assert!(matches!(cache.decide(Some("new"), at(100)), Decision::Fetch));
    cache.fetched(Ok(one_key("new")), at(100));
    assert_eq!(used(&cache.decide(Some("new"), at(100))), ["new"]);
}

// J22
#[test]
fn a_removed_key_stops_within_the_cache_time() {
    let mut cache = warm();
    assert!(matches!(cache.decide(Some("rsa-1"), at(600)), Decision::Use(_)));
    assert!(matches!(cache.decide(Some("rsa-1"), at(601)), Decision::Fetch));
    cache.fetched(Ok(one_key("new")), at(601));
    assert!(matches!(cache.decide(Some("rsa-1"), at(602)), Decision::Refuse));
    assert!(matches!(cache.decide(Some("rsa-1"), at(700)), Decision::Fetch));
    cache.fetched(Ok(one_key("new")), at(700));
    assert!(matches!(cache.decide(Some("rsa-1"), at(700)), Decision::Refuse));
}

// J22
#[test]
fn with_the_issuer_down_cached_keys_serve_until_their_hard_limit() {
    let mut cache = warm();
    let mut fetches = 0;
    let mut last_served = 0;
    for second in 0..5_000 {
        let mut decision = cache.decide(Some("rsa-1"), at(second));
        if let Decision::Fetch = decision {
            fetches += 1;
            cache.fetched(Err(()), at(second));
            decision = cache.decide(Some("rsa-1"), at(second));
        }
        if let Decision::Use(_) = decision {
            assert_eq!(last_served, second.saturating_sub(1), "no gap");
            last_served = second;
        }
    }
    assert_eq!(last_served, 3600);
    assert_eq!(fetches, 147, "one each 30 seconds from 601 to 4999");
}

// J22
#[test]
fn an_issuer_serves_while_there_are_keys_with_a_name_that_may_still_be_used() {
    assert!(!KeyCache::new(Limits::default()).serves(at(0)));
    assert!(warm().serves(at(3600)) && !warm().serves(at(3601)));
    let mut cache = KeyCache::new(Limits::default());
    let nameless = KeySet::parse(&jwks(&[without(jwk(Algorithm::EdDsa), "kid")])).unwrap();
    cache.fetched(Ok(nameless), at(0));
    assert!(!cache.serves(at(0)));
}

// J23
#[test]
fn keys_serve_from_the_second_that_they_came_in() {
    let mut cache = KeyCache::new(Limits { cooldown_seconds: 0, ..Limits::default() });
    cache.fetched(Ok(keys()), at(0));
    assert!(cache.ready(Some("rsa-1"), at(0)).is_some());
    assert!(cache.ready(Some("rsa-1"), Timestamp::from_seconds(NOW - 1)).is_none());
}

// J22
#[test]
fn a_hard_limit_below_the_fresh_one_cuts_both() {
    let mut cache = KeyCache::new(Limits { fresh_seconds: 600, hard_seconds: 60, cooldown_seconds: 1000 });
    cache.fetched(Ok(keys()), at(0));
    assert!(matches!(cache.decide(None, at(60)), Decision::Use(_)));
    assert!(matches!(cache.decide(None, at(61)), Decision::Refuse));
}

// J23
#[test]
fn a_clock_set_back_fetches_anew_or_denies() {
    let mut cache = warm();
    let long_ago = Timestamp::from_seconds(0);
    assert!(cache.ready(Some("rsa-1"), long_ago).is_none());
    assert!(matches!(cache.decide(Some("rsa-1"), long_ago), Decision::Fetch));
    cache.fetched(Err(()), long_ago);
    assert!(matches!(cache.decide(Some("rsa-1"), long_ago), Decision::Refuse));
    assert!(matches!(cache.decide(Some("rsa-1"), Timestamp::from_seconds(30)), Decision::Fetch));
    cache.fetched(Ok(keys()), Timestamp::from_seconds(30));
    assert!(matches!(cache.decide(Some("rsa-1"), Timestamp::from_seconds(31)), Decision::Use(_)));
    let end = Timestamp::from_seconds(u64::MAX);
    assert!(matches!(cache.decide(Some("rsa-1"), end), Decision::Fetch));
}

// J23
#[test]
fn two_readers_of_the_clock_may_differ_by_a_moment() {
    let cache = warm();
    let earlier = Timestamp::from_seconds(NOW - 1);
    assert!(cache.ready(Some("rsa-1"), earlier).is_some());
    assert!(cache.ready(Some("rsa-1"), Timestamp::from_seconds(NOW - 30)).is_none());
}

// J21, J23
#[test]
fn a_clock_that_trembles_does_not_lift_the_cooldown() {
    let mut cache = warm();
    let fetches = (0..1_000_u64)
        .filter(|n| matches!(cache.decide(Some(&format!("invented-{n}")), at(10 + n % 2)), Decision::Fetch))
        .count();
    assert_eq!(fetches, 0);
}

#[test]
fn ready_starts_nothing() {
    let mut cache = warm();
    assert!(cache.ready(Some("new"), at(100)).is_none());
    let (Some(first), Some(second)) = (cache.ready(None, at(100)), cache.ready(Some("ec-1"), at(100))) else {
        panic!("keys are fresh");
    };
    assert!(Arc::ptr_eq(&first, &second));
    assert!(matches!(cache.decide(Some("new"), at(100)), Decision::Fetch), "the cooldown was not begun by asking");
}
