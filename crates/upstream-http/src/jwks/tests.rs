use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use auth::ticket::Minter;
use serde_json::{Value, json};
use tokio::time::Instant;

use super::{Keys, NoKey};
use crate::testing::{Answer, Hands, Scripted, transport, until};

const START: u64 = 1_800_000_000;

/// A key set with these ids.
fn set(kids: &[&str]) -> Value {
    let key = |kid: &&str| Minter::from_seed("issuer", kid, &[7; 32]).unwrap().public_jwk();
    json!({"keys": kids.iter().map(key).collect::<Vec<_>>()})
}

async fn keys_from(answer: impl Fn(usize) -> Answer + Send + Sync + 'static) -> (Keys, Scripted, Hands) {
    let asked = AtomicUsize::new(0);
    let server = Scripted::answering(move |_| answer(asked.fetch_add(1, Ordering::SeqCst))).await;
    let hands = Hands::at(START);
    (Keys::new(transport(), server.url("keys"), hands.clock()), server, hands)
}

async fn has(keys: &Keys, kid: &str) -> Result<(), NoKey> {
    keys.of(Some(kid), until()).await.map(|set| assert!(set.kids().any(|known| known == kid)))
}

#[tokio::test]
async fn many_callers_at_once_cause_one_fetch() {
    let (keys, server, _) = keys_from(|_| Answer::json(200, &set(&["k1"]))).await;
    let keys = Arc::new(keys);
    let callers: Vec<_> = (0..50)
        .map(|_| {
            let keys = Arc::clone(&keys);
            tokio::spawn(async move { has(&keys, "k1").await })
        })
        .collect();
    for caller in callers {
        assert_eq!(caller.await.unwrap(), Ok(()));
    }
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn keys_are_fetched_again_when_they_are_no_longer_fresh() {
    let (keys, server, hands) = keys_from(|_| Answer::json(200, &set(&["k1"]))).await;
    assert_eq!(has(&keys, "k1").await, Ok(()));
    hands.forward(600);
    assert_eq!(has(&keys, "k1").await, Ok(()));
    assert_eq!(server.requests().len(), 1);
    hands.forward(1);
    assert_eq!(has(&keys, "k1").await, Ok(()));
    assert_eq!(server.requests().len(), 2);
}

#[tokio::test]
async fn a_new_key_works_after_one_fetch_and_a_removed_one_no_longer() {
    let (keys, server, hands) =
        keys_from(|asked| Answer::json(200, &set(if asked == 0 { &["old"] } else { &["new"] }))).await;
    assert_eq!(has(&keys, "old").await, Ok(()));
    hands.forward(31);
    assert_eq!(has(&keys, "new").await, Ok(()));
    assert_eq!(has(&keys, "old").await, Err(NoKey));
    assert_eq!(server.requests().len(), 2);
}

#[tokio::test]
async fn invented_ids_cause_one_fetch_in_half_a_minute_and_slow_no_good_token() {
    let (keys, server, hands) = keys_from(|_| Answer::json(200, &set(&["k1"]))).await;
    assert_eq!(has(&keys, "k1").await, Ok(()));
    for number in 0..100 {
        assert_eq!(has(&keys, &format!("invented-{number}")).await, Err(NoKey));
    }
    assert_eq!(server.requests().len(), 1, "the first fetch was a moment ago");
    hands.forward(30);
    for number in 0..100 {
        assert_eq!(has(&keys, &format!("invented-{number}")).await, Err(NoKey));
        assert_eq!(has(&keys, "k1").await, Ok(()));
    }
    assert_eq!(server.requests().len(), 2);
}

#[tokio::test]
async fn the_cooldown_holds_after_a_failed_fetch_too() {
    for failure in [(500, "application/json"), (404, "text/html"), (200, "text/plain")] {
        let (keys, server, hands) = keys_from(move |_| Answer::text(failure.0, failure.1, "{}")).await;
        assert_eq!(has(&keys, "k1").await, Err(NoKey));
        let after_one = server.requests().len();
        assert_eq!(after_one, if failure.0 == 500 { 2 } else { 1 });
        for _ in 0..20 {
            assert_eq!(has(&keys, "k1").await, Err(NoKey));
        }
        assert_eq!(server.requests().len(), after_one);
        hands.forward(30);
        assert_eq!(has(&keys, "k1").await, Err(NoKey));
        assert_eq!(server.requests().len(), 2 * after_one);
    }
}

#[tokio::test]
async fn with_the_issuer_down_known_keys_serve_for_an_hour_and_then_none() {
    let (keys, server, hands) =
        keys_from(|asked| if asked == 0 { Answer::json(200, &set(&["k1"])) } else { Answer::HangUp }).await;
    assert_eq!(has(&keys, "k1").await, Ok(()));
    for seconds in [601, 1800, 3600] {
        hands.set(START + seconds);
        assert_eq!(has(&keys, "k1").await, Ok(()), "{seconds} s old");
    }
    assert_eq!(server.requests().len(), 1 + 3 * 2, "one fetch each, repeated once");
    hands.set(START + 3601);
    assert_eq!(has(&keys, "k1").await, Err(NoKey));
}

#[tokio::test]
async fn an_issuer_that_comes_back_is_asked_after_the_cooldown() {
    let (keys, server, hands) =
        keys_from(|asked| if asked < 2 { Answer::HangUp } else { Answer::json(200, &set(&["k1"])) }).await;
    assert_eq!(has(&keys, "k1").await, Err(NoKey));
    hands.forward(29);
    assert_eq!(has(&keys, "k1").await, Err(NoKey));
    assert_eq!(server.requests().len(), 2);
    hands.forward(1);
    assert_eq!(has(&keys, "k1").await, Ok(()));
    assert_eq!(server.requests().len(), 3);
}

#[tokio::test]
async fn a_poisoned_set_does_not_take_the_place_of_a_good_one() {
    let mut private = set(&["k2"]);
    private["keys"][0]["d"] = json!("AAAA");
    for poison in [json!({"keys": []}), set(&["k2", "k2"]), private, json!({"keys": "none"}), json!([])] {
        let answer = poison.clone();
        let (keys, server, hands) =
            keys_from(move |asked| Answer::json(200, &if asked == 0 { set(&["k1"]) } else { answer.clone() })).await;
        assert_eq!(has(&keys, "k1").await, Ok(()));
        hands.forward(601);
        assert_eq!(has(&keys, "k1").await, Ok(()), "{poison}");
        assert_eq!(has(&keys, "k2").await, Err(NoKey), "{poison}");
        assert_eq!(server.requests().len(), 2);
    }
}

#[tokio::test]
async fn a_set_over_64_kibibytes_is_not_read() {
    let (keys, server, _) = keys_from(|_| Answer::text(200, "application/json", &" ".repeat(65_537))).await;
    assert_eq!(has(&keys, "k1").await, Err(NoKey));
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn a_redirect_of_the_key_address_is_not_followed() {
    let other = Scripted::answering(|_| Answer::json(200, &set(&["k1"]))).await;
    let to = other.url("keys").to_string();
    let (keys, _, _) = keys_from(move |_| Answer::text(302, "text/plain", "").with("location", &to)).await;
    assert_eq!(has(&keys, "k1").await, Err(NoKey));
    assert_eq!(other.connections(), 0);
}

#[tokio::test]
async fn who_waits_for_anothers_fetch_waits_no_longer_than_it_may() {
    let (keys, _server, _) = keys_from(|_| Answer::Silence).await;
    let keys = Arc::new(keys);
    let patient = Arc::clone(&keys);
    let patient = tokio::spawn(async move { has(&patient, "k1").await });
    tokio::task::yield_now().await;
    let soon = keys.of(Some("k1"), Instant::now() + Duration::from_millis(50)).await;
    assert!(soon.is_err());
    assert!(!patient.is_finished(), "the fetch that it waited for goes on");
}
