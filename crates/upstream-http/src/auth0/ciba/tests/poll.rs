use auth::approval::{Poll, Polled, USUAL_INTERVAL};
use serde_json::{Value, json};
use tokio::time::Instant;

use super::{Tenant, error, pending, polled};
use crate::auth0::scripted::Answer;
use crate::testing::approval::AUTH_REQ_ID;
use crate::testing::mandate::NOW;

#[tokio::test]
async fn the_form_has_exactly_these_fields() {
    let tenant = Tenant::with([error(400, "authorization_pending")]).await;
    assert_eq!(tenant.poll().await, Poll::Pending);
    let request = tenant.server.requests().pop().unwrap();
    assert_eq!((request.method.as_str(), request.target.as_str()), ("POST", "/oauth/token"));
    assert_eq!(request.headers["content-type"], "application/x-www-form-urlencoded");
    assert!(!request.headers.contains_key("authorization"));
    let form = request.form();
    let fields: Vec<(&str, &str)> = form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!(
        fields,
        [
            ("auth_req_id", AUTH_REQ_ID),
            ("client_id", "client-1"),
            ("client_secret", "s3cret+&="),
            ("grant_type", "urn:openid:params:grant-type:ciba"),
        ]
    );
}

// C07
#[tokio::test]
async fn each_code_has_its_meaning() {
    for (status, code, expected) in [
        (400, "authorization_pending", Poll::Pending),
        (400, "access_denied", Poll::Refused),
        (403, "access_denied", Poll::Refused),
        (400, "expired_token", Poll::Expired),
        (400, "invalid_grant", Poll::Broken),
        (403, "invalid_grant", Poll::Broken),
        (400, "invalid_request", Poll::Broken),
        (400, "unauthorized_client", Poll::Broken),
        (400, "transaction_failed", Poll::Broken),
        (401, "invalid_client", Poll::Broken),
        (400, "a_code_of_next_year", Poll::Broken),
        (400, "temporarily_unavailable", Poll::Unavailable),
        (500, "access_denied", Poll::Unavailable),
    ] {
        assert_eq!(polled(error(status, code)).await, expected, "{status} {code}");
    }
}

// C07
#[tokio::test]
async fn after_a_final_code_the_machine_asks_no_more() {
    for code in [
        "access_denied",
        "expired_token",
        "invalid_grant",
        "invalid_request",
        "unauthorized_client",
        "transaction_failed",
    ] {
        let poll = polled(error(400, code)).await;
        assert!(matches!(pending().polled(poll, NOW.plus(5)), Polled::Ended(_)), "{code}");
    }
}

// C06
#[tokio::test]
async fn slow_down_comes_as_429_or_400_and_only_a_positive_number_is_a_wish() {
    for (retry_after, interval, seconds) in [
        (Some("17"), json!(31), Some(17)),
        (None, json!(31), Some(31)),
        (Some("abc"), json!(31), Some(31)),
        (Some("0"), json!(9), Some(9)),
        (Some("-1"), Value::Null, None),
        (Some("Fri, 31 Dec 2027 23:59:59 GMT"), Value::Null, None),
        (Some("1000000000000"), Value::Null, Some(1_000_000_000_000)),
        (None, json!(0), None),
        (None, json!(-7), None),
        (None, json!("7"), None),
        (None, Value::Null, None),
    ] {
        for status in [429, 400] {
            let mut answer = Answer::json(status, &json!({"error": "slow_down", "interval": interval}));
            if let Some(retry_after) = retry_after {
                answer = answer.with("retry-after", retry_after);
            }
            assert_eq!(polled(answer).await, Poll::SlowDown { seconds }, "{status} {retry_after:?} {interval}");
        }
    }
}

// C06
#[tokio::test]
async fn a_limit_of_the_tenant_slows_down_too() {
    let slower = polled(Answer::text(429, "text/html", "<html>").with("retry-after", "40")).await;
    assert_eq!(slower, Poll::SlowDown { seconds: Some(40) });
    let Polled::StillPending(later) = pending().polled(slower, NOW.plus(USUAL_INTERVAL)) else {
        panic!("it is still pending")
    };
    assert_eq!(later.next_poll_at, NOW.plus(USUAL_INTERVAL + 40));
}

#[tokio::test]
async fn no_answer_is_asked_for_again_later_and_not_at_once() {
    for (name, answer) in [
        ("hang up", Answer::HangUp),
        ("500", error(500, "server_error")),
        ("502", Answer::text(502, "text/html", "<html>")),
        ("503", Answer::text(503, "text/html", "")),
        ("302", Answer::text(302, "text/html", "").with("location", "https://elsewhere.example/")),
        ("a refusal of something in between", Answer::text(403, "text/html", "<html>")),
        ("no code", Answer::json(400, &json!({"message": "access_denied"}))),
        ("a code of another type", Answer::json(400, &json!({"error": ["access_denied"]}))),
    ] {
        assert_eq!(polled(answer).await, Poll::Unavailable, "{name}");
    }
}

#[tokio::test]
async fn without_time_nothing_is_asked() {
    let tenant = Tenant::with([]).await;
    assert_eq!(tenant.ciba.poll(&pending(), NOW, Instant::now()).await, Poll::Unavailable);
    assert!(tenant.server.requests().is_empty());
}
