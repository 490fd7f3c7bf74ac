//! Starts that came to nothing.

use auth::refusal::{Code, Refusal};
use serde_json::json;
use tokio::net::TcpListener;
use tokio::time::Instant;
use url::Url;

use super::start::{good, start_for};
use super::{Tenant, error};
use crate::auth0::ciba::{Ciba, StartError};
use crate::auth0::scripted::{Answer, Scripted, transport, until};
use crate::jwks::Keys;
use crate::testing::approval::{ALICE, binding_of, mandate_of};
use crate::testing::mandate::NOW;
use crate::testing::{Hands, brief};

/// What one answer means. The request is sent once, whatever it is.
async fn outcome(answer: Answer) -> StartError {
    let (result, tenant) = start_for(ALICE, |_| {}, [answer, Answer::json(200, &good())]).await;
    assert_eq!(tenant.server.requests().len(), 1);
    result.err().unwrap()
}

/// The one of a client that has only until then.
async fn until_then(ciba: &Ciba, until: Instant) -> StartError {
    let mandate = mandate_of(binding_of(ALICE, &()), ());
    ciba.start(&mandate, &binding_of(ALICE, &()), "Reset", NOW, until).await.err().unwrap()
}

// C14
#[tokio::test]
async fn each_refusal_has_its_meaning_and_is_not_asked_twice() {
    let wrong = StartError::Misconfigured;
    for (status, code, expected, public) in [
        (400, "invalid_request", StartError::NoDevice, Code::AccessDenied),
        (400, "unknown_user_id", StartError::UnknownPerson, Code::AccessDenied),
        (400, "invalid_binding_message", wrong("the message for the phone was refused"), Code::Internal),
        (401, "invalid_client", wrong("the client id or secret is wrong"), Code::Internal),
        (403, "unauthorized_client", wrong("the client may not use the CIBA grant"), Code::Internal),
        (403, "access_denied", wrong("a rule of the tenant denies the client"), Code::Internal),
        (400, "invalid_scope", wrong("the client may not ask for the scope openid"), Code::Internal),
        (400, "expired_login_hint_token", wrong("the request was refused with an unexpected code"), Code::Internal),
        (400, "server_error", StartError::Unknown("it says so"), Code::Unavailable),
        (500, "server_error", StartError::Unknown("unexpected status"), Code::Unavailable),
    ] {
        let error = outcome(error(status, code)).await;
        assert_eq!(error, expected, "{code}");
        let refusal = Refusal::from(error);
        assert_eq!(refusal.code(), public, "{code}");
        let said = format!("{error:?} {error} {} {}", refusal.cause(), refusal.sentence());
        for secret in ["leak", "s3cret", "XyVW8Z", "00u1"] {
            assert!(!said.contains(secret), "{said}");
        }
    }
}

#[tokio::test]
async fn what_is_told_does_not_say_whether_an_account_exists() {
    let (one, other) = (Refusal::from(StartError::NoDevice), Refusal::from(StartError::UnknownPerson));
    assert_eq!((one.code(), one.sentence()), (other.code(), other.sentence()));
    assert!(one.sentence().contains("enrol a device"));
}

#[tokio::test]
async fn a_limit_says_how_long_to_wait() {
    for (retry_after, seconds) in
        [("17", 17), ("0", 1), ("-1", 2), ("abc", 2), ("1000000000000", 120), ("Fri, 31 Dec 2027 23:59:59 GMT", 2)]
    {
        let limit = error(429, "too_many_requests").with("retry-after", retry_after);
        assert_eq!(outcome(limit).await, StartError::Busy { seconds }, "{retry_after}");
    }
}

#[tokio::test]
async fn what_may_have_reached_the_phone_is_unknown_and_never_sent_again() {
    let cut_off = b"HTTP/1.1 200 x\r\ncontent-type: application/json\r\ncontent-length: 90\r\n\r\n{";
    for (name, answer) in [
        ("hang up", Answer::HangUp),
        ("cut off", Answer::Bytes(cut_off.to_vec())),
        ("too large", Answer::text(200, "application/json", &" ".repeat(70_000))),
        ("500", Answer::json(500, &json!({}))),
        ("502", Answer::text(502, "text/html", "<html>")),
        ("503", Answer::text(503, "text/html", "")),
        ("504", Answer::text(504, "text/html", "")),
        ("302", Answer::text(302, "text/html", "").with("location", "https://elsewhere.example/")),
        ("204", Answer::text(204, "text/html", "")),
        ("201", Answer::json(201, &good())),
        ("403 of something in between", Answer::text(403, "text/html", "<html>")),
        ("no code", Answer::json(400, &json!({"error": ["invalid_request"]}))),
    ] {
        let error = outcome(answer).await;
        assert!(matches!(error, StartError::Unknown(_)), "{name}: {error:?}");
    }
}

#[tokio::test]
async fn silence_is_unknown_too() {
    let tenant = Tenant::with([Answer::Silence]).await;
    assert_eq!(until_then(&tenant.ciba, brief()).await, StartError::Unknown("no complete answer in time"));
}

#[tokio::test]
async fn what_was_not_sent_is_told_as_not_sent() {
    let tenant = Tenant::with([Answer::json(200, &good())]).await;
    assert_eq!(until_then(&tenant.ciba, Instant::now()).await, StartError::NotSent("no time left to ask"));
    assert!(tenant.server.requests().is_empty());

    let closed = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let nobody = Url::parse(&format!("http://{}/", closed.local_addr().unwrap())).unwrap();
    drop(closed);
    let mut settings = Scripted::start([]).await.settings();
    settings.client.base = nobody.clone();
    let keys = Keys::new(transport(), nobody, Hands::at(NOW.seconds()).clock());
    let ciba = Ciba::new(transport(), settings.issuer, settings.client, keys.into());
    assert_eq!(until_then(&ciba, until()).await, StartError::NotSent("no connection"));
}
