//! The client's own token: when it is bought, and how often.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::Instant;

use super::{
    CheckError, Hands, START, TOKENS, TRACE, allowed, check, client, counts, credentials, grant, guarded_server,
    problem, question,
};
use crate::testing::{Answer, Scripted};

/// A client whose token endpoint answers `answer`; every check is allowed.
async fn with_issuer(answer: impl Fn() -> Answer + Send + Sync + 'static) -> (super::OpenFga, Scripted, Hands) {
    let server = Scripted::answering(move |request| if request.target == TOKENS { answer() } else { allowed() }).await;
    let hands = Hands::at(START);
    let client = client(&server, Some(credentials(&server)), &hands);
    (client, server, hands)
}

#[tokio::test]
async fn many_questions_at_once_buy_one_token() {
    let (client, server, _) = guarded_server(|_| allowed()).await;
    let client = Arc::new(client);
    let asking: Vec<_> = (0..40)
        .map(|_| {
            let client = Arc::clone(&client);
            tokio::spawn(async move { check(&client).await })
        })
        .collect();
    for answer in asking {
        assert_eq!(answer.await.unwrap(), Ok(true));
    }
    assert_eq!(counts(&server), (40, 1));
}

#[tokio::test]
async fn a_token_is_renewed_a_minute_before_its_end() {
    let (client, server, hands) = guarded_server(|_| allowed()).await;
    assert_eq!(check(&client).await, Ok(true));
    hands.set(START + 3600 - 61);
    assert_eq!(check(&client).await, Ok(true));
    assert_eq!(counts(&server), (2, 1));
    hands.set(START + 3600 - 60);
    assert_eq!(check(&client).await, Ok(true));
    assert_eq!(counts(&server), (3, 2));
}

#[tokio::test]
async fn a_token_is_not_kept_into_its_last_minute() {
    for life in [0, 1, 60] {
        let (client, server, _) = with_issuer(move || grant(0, life)).await;
        for _ in 0..3 {
            assert_eq!(check(&client).await, Ok(true));
        }
        assert_eq!(counts(&server), (3, 3), "{life}");
    }
}

#[tokio::test]
async fn a_life_of_more_than_a_day_is_taken_as_a_day() {
    let (client, server, hands) = with_issuer(|| grant(0, u64::MAX)).await;
    assert_eq!(check(&client).await, Ok(true));
    hands.set(START + 86_400 - 61);
    assert_eq!(check(&client).await, Ok(true));
    assert_eq!(counts(&server), (2, 1));
    hands.set(START + 86_400 - 60);
    assert_eq!(check(&client).await, Ok(true));
    assert_eq!(counts(&server), (3, 2));
}

#[tokio::test]
async fn a_refused_token_is_replaced_and_the_question_asked_once_more() {
    let (client, server, _) =
        guarded_server(|token| if token == "token-0" { problem(401, "unauthenticated") } else { allowed() }).await;
    assert_eq!(check(&client).await, Ok(true));
    assert_eq!(counts(&server), (2, 2));
    assert_eq!(check(&client).await, Ok(true));
    assert_eq!(counts(&server), (3, 2), "the new token is kept");
}

#[tokio::test]
async fn a_second_401_is_a_misconfiguration() {
    let (client, server, _) = guarded_server(|_| problem(401, "auth_failed_invalid_audience")).await;
    assert_eq!(check(&client).await, Err(CheckError::Misconfigured("the token was refused")));
    assert_eq!(counts(&server), (2, 2));
}

#[tokio::test]
async fn many_refused_at_once_buy_one_new_token() {
    let (client, server, _) =
        guarded_server(|token| if token == "token-0" { problem(401, "unauthenticated") } else { allowed() }).await;
    client.open(Instant::now() + Duration::from_secs(60)).await;
    let client = Arc::new(client);
    let asking: Vec<_> = (0..20)
        .map(|_| {
            let client = Arc::clone(&client);
            tokio::spawn(async move { check(&client).await })
        })
        .collect();
    for answer in asking {
        assert_eq!(answer.await.unwrap(), Ok(true));
    }
    assert_eq!(server.count_of(TOKENS), 2);
}

#[tokio::test]
async fn each_failure_of_the_issuer_denies_before_anything_is_asked() {
    let refused = CheckError::Misconfigured("the client credentials were refused");
    let status = || CheckError::Unavailable("the token issuer answered with an unexpected status");
    for (code, retry_after, expected) in [
        (400, "", refused),
        (401, "", CheckError::Misconfigured("the client credentials were refused")),
        (403, "", CheckError::Misconfigured("the client credentials were refused")),
        (404, "", status()),
        (302, "", status()),
        (204, "", status()),
        (503, "", status()),
        (429, "7", CheckError::Busy { seconds: 7 }),
        (429, "100000", CheckError::Busy { seconds: 120 }),
        (429, "-1", CheckError::Busy { seconds: 2 }),
    ] {
        let answer = move || problem(code, "access_denied").with("retry-after", retry_after);
        let (client, server, _) = with_issuer(answer).await;
        assert_eq!(check(&client).await, Err(expected), "{code}");
        assert_eq!(server.requests().iter().filter(|request| request.target != TOKENS).count(), 0, "{code}");
    }
}

#[tokio::test]
async fn a_grant_of_another_shape_is_no_token() {
    let good = json!({"access_token": "token-0", "expires_in": 3600, "token_type": "Bearer"});
    let bent = |name: &str, value: Value| {
        let mut grant = good.clone();
        grant[name] = value;
        grant
    };
    for grant in [
        bent("access_token", json!("")),
        bent("access_token", json!(null)),
        bent("access_token", json!(7)),
        bent("expires_in", json!("3600")),
        bent("expires_in", json!(-1)),
        bent("expires_in", json!(1e9)),
        bent("expires_in", json!(null)),
        bent("token_type", json!("DPoP")),
        bent("token_type", json!(null)),
        json!([]),
    ] {
        let answer = grant.clone();
        let (client, server, _) = with_issuer(move || Answer::json(200, &answer)).await;
        let outcome = check(&client).await;
        assert!(matches!(outcome, Err(CheckError::Unavailable(_))), "{grant}: {outcome:?}");
        assert_eq!(counts(&server), (0, 1), "{grant}");
    }
}

#[tokio::test]
async fn a_failed_purchase_is_tried_again_by_the_next_question() {
    let bought = AtomicUsize::new(0);
    let issuer = move || match bought.fetch_add(1, Ordering::SeqCst) {
        0 => problem(404, "not_found"),
        _ => grant(1, 3600),
    };
    let (client, _server, _) = with_issuer(issuer).await;
    assert!(check(&client).await.is_err());
    assert_eq!(check(&client).await, Ok(true));
}

#[tokio::test]
async fn who_waits_for_anothers_purchase_waits_no_longer_than_it_may() {
    let (client, server, _) = with_issuer(|| Answer::Silence).await;
    let client = Arc::new(client);
    let patient = Arc::clone(&client);
    let patient = tokio::spawn(async move { check(&patient).await });
    tokio::task::yield_now().await;
    let soon = Instant::now() + Duration::from_millis(50);
    let answer = client.check(&question(), None, TRACE, soon).await;
    assert_eq!(answer, Err(CheckError::Unavailable("no token in time")));
    assert!(!patient.is_finished(), "the purchase that it waited for goes on");
    assert_eq!(server.count_of(super::CHECKS), 0);
}
