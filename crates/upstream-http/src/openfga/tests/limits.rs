//! 429: a short wait inside the invocation, or a word to come back later.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::time::Instant;

use super::{CheckError, TRACE, allowed, check, counts, guarded_server, open_server, problem, question};
use crate::testing::{Answer, Request};

/// Says 429 first and yes from then on.
fn busy_once(retry_after: &'static str) -> impl Fn(&Request) -> Answer + Send + Sync + 'static {
    let asked = AtomicUsize::new(0);
    move |_| match asked.fetch_add(1, Ordering::SeqCst) {
        0 => problem(429, "rate_limit_exceeded").with("retry-after", retry_after),
        _ => allowed(),
    }
}

#[tokio::test]
async fn a_wait_of_at_most_a_second_is_waited_for_once() {
    for seconds in ["0", "1"] {
        let (client, server) = open_server(busy_once(seconds)).await;
        assert_eq!(check(&client).await, Ok(true), "{seconds}");
        assert_eq!(counts(&server), (2, 0));
    }
}

#[tokio::test]
async fn a_second_429_is_not_waited_for() {
    let (client, server) = open_server(|_| problem(429, "rate_limit_exceeded").with("retry-after", "0")).await;
    assert_eq!(check(&client).await, Err(CheckError::Busy { seconds: 1 }));
    assert_eq!(counts(&server), (2, 0));
}

#[tokio::test]
async fn a_longer_wait_is_told_and_clamped() {
    for (value, seconds) in [("2", 2), ("120", 120), ("121", 120), ("1000000000000", 120)] {
        let (client, server) = open_server(busy_once(value)).await;
        assert_eq!(check(&client).await, Err(CheckError::Busy { seconds }), "{value}");
        assert_eq!(counts(&server), (1, 0));
    }
}

#[tokio::test]
async fn a_wait_that_is_no_number_counts_as_unknown() {
    for value in ["-1", "abc", "1.5", "Wed, 21 Oct 2026 07:28:00 GMT", "99999999999999999999999"] {
        let (client, server) = open_server(busy_once(value)).await;
        let soon = Instant::now() + Duration::from_millis(1900);
        let answer = client.check(&question(), None, TRACE, soon).await;
        assert_eq!(answer, Err(CheckError::Busy { seconds: 2 }), "{value}");
        assert_eq!(counts(&server), (1, 0), "{value}: there was no time to wait");
    }
}

#[tokio::test]
async fn nobody_waits_past_the_end_of_the_invocation() {
    let (client, server) = open_server(busy_once("1")).await;
    let answer = client.check(&question(), None, TRACE, Instant::now() + Duration::from_millis(1900)).await;
    assert_eq!(answer, Err(CheckError::Busy { seconds: 1 }));
    assert_eq!(counts(&server), (1, 0));
}

#[tokio::test]
async fn whatever_goes_wrong_first_and_second_there_is_no_third_question() {
    type Failure = fn() -> Answer;
    let failures: [Failure; 4] = [
        || problem(401, "unauthenticated"),
        || problem(429, "rate_limit_exceeded").with("retry-after", "0"),
        || problem(503, "unavailable"),
        || Answer::HangUp,
    ];
    for first in failures {
        for second in failures {
            let asked = AtomicUsize::new(0);
            let (client, server, _) = guarded_server(move |_| match asked.fetch_add(1, Ordering::SeqCst) {
                0 => first(),
                1 => second(),
                _ => allowed(),
            })
            .await;
            assert!(check(&client).await.is_err());
            let (checks, tokens) = counts(&server);
            assert_eq!(checks, 2);
            assert!(tokens <= 2, "{tokens}");
        }
    }
}

#[tokio::test]
async fn a_token_that_the_second_question_finds_refused_is_not_used_again() {
    let asked = AtomicUsize::new(0);
    let (client, server, _) = guarded_server(move |token| match asked.fetch_add(1, Ordering::SeqCst) {
        0 => Answer::HangUp,
        _ if token == "token-0" => problem(401, "unauthenticated"),
        _ => allowed(),
    })
    .await;
    assert_eq!(check(&client).await, Err(CheckError::Misconfigured("the token was refused")));
    assert_eq!(counts(&server), (2, 1));
    assert_eq!(check(&client).await, Ok(true));
    assert_eq!(counts(&server), (3, 2));
}
