use auth::refusal::{Code, Refusal};
use serde_json::json;

use super::{exchange, outcome};
use crate::auth0::scripted::Answer;
use crate::auth0::vault::VaultError;
use crate::testing::mandate::{NOW, REFRESH_TOKEN};

/// An error answer as Auth0 writes it, with texts in it that must go nowhere.
fn error(status: u16, code: &str) -> Answer {
    let description = format!("<b>leak</b> {REFRESH_TOKEN}");
    Answer::json(status, &json!({"error": code, "error_description": description, "error_uri": "https://x.example"}))
}

// X04
#[tokio::test]
async fn every_error_leads_to_its_own_outcome() {
    for (status, code, expected) in [
        (401, "federated_connection_refresh_token_not_found", "connect"),
        (403, "federated_connection_refresh_token_not_found", "connect"),
        (404, "not_found", "connect"),
        (401, "federated_connection_refresh_token_flow_failed", "reconnect"),
        (401, "invalid_grant", "sign in"),
        (403, "invalid_grant", "sign in"),
        (401, "expired_token", "sign in"),
        (401, "invalid_client", "misconfigured"),
        (403, "unauthorized_client", "misconfigured"),
        (403, "access_denied", "misconfigured"),
        (403, "mfa_required", "misconfigured"),
        (400, "invalid_request", "misconfigured"),
        (404, "invalid_client", "misconfigured"),
        (400, "a code of tomorrow", "misconfigured"),
        (400, "temporarily_unavailable", "unavailable"),
        (429, "too_many_requests", "busy"),
        (429, "invalid_grant", "busy"),
    ] {
        let found = match outcome(error(status, code)).await.unwrap() {
            VaultError::Connect => "connect",
            VaultError::Reconnect => "reconnect",
            VaultError::SignIn => "sign in",
            VaultError::Busy { .. } => "busy",
            VaultError::Unavailable(_) => "unavailable",
            VaultError::Misconfigured(_) => "misconfigured",
            VaultError::MissingScope(_) => "missing scope",
        };
        assert_eq!(found, expected, "{status} {code}");
    }
}

#[tokio::test]
async fn a_server_error_is_unavailable_even_if_its_body_names_an_outcome() {
    for status in [500, 502, 503, 504] {
        let again = || error(status, "federated_connection_refresh_token_not_found");
        let (result, server) = exchange([again(), again(), again()]).await;
        assert!(matches!(result.err(), Some(VaultError::Unavailable(_))), "{status}");
        assert_eq!(server.requests().len(), 2, "{status}");
    }
}

#[tokio::test]
async fn what_is_no_answer_of_the_token_endpoint_is_unavailable() {
    for answer in [
        Answer::text(200, "text/html", "<html>"),
        Answer::text(200, "application/json", "{\"access_token\":"),
        Answer::text(200, "application/json", ""),
        Answer::text(204, "application/json", ""),
        Answer::text(301, "text/html", "").with("location", "http://169.254.169.254/"),
        Answer::text(307, "text/html", "").with("location", "/elsewhere"),
        Answer::text(401, "text/html", "<html>"),
        Answer::text(404, "text/html", "<html>"),
        Answer::text(403, "application/json", "{\"error\":{}}"),
        Answer::text(403, "application/json", "{}"),
        Answer::text(418, "application/json", &"[".repeat(10_000)),
    ] {
        assert!(matches!(outcome(answer).await, Some(VaultError::Unavailable(_))));
    }
}

#[tokio::test]
async fn the_seconds_of_a_429_come_from_its_headers_and_stay_between_1_and_120() {
    let reset = |seconds: u64| NOW.plus(seconds).seconds().to_string();
    for (name, value, expected) in [
        ("retry-after", "1".to_owned(), 1),
        ("retry-after", "45".to_owned(), 45),
        ("retry-after", "0".to_owned(), 1),
        ("retry-after", "1000000000000".to_owned(), 120),
        ("retry-after", "-1".to_owned(), 2),
        ("retry-after", "abc".to_owned(), 2),
        ("x-ratelimit-reset", reset(7), 7),
        ("x-ratelimit-reset", reset(7000), 120),
        ("x-ratelimit-reset", "12".to_owned(), 1),
        ("x-ratelimit-reset", "soon".to_owned(), 2),
    ] {
        let found = outcome(error(429, "too_many_requests").with(name, &value)).await;
        assert_eq!(found, Some(VaultError::Busy { seconds: expected }), "{name}: {value}");
    }
    let both = error(429, "too_many_requests").with("retry-after", "3").with("x-ratelimit-reset", &reset(50));
    assert_eq!(outcome(both).await, Some(VaultError::Busy { seconds: 3 }));
}

#[tokio::test]
async fn no_text_of_the_answer_and_no_token_is_in_any_refusal() {
    let codes = [
        ("federated_connection_refresh_token_not_found", Code::ReconnectRequired),
        ("federated_connection_refresh_token_flow_failed", Code::ReconnectRequired),
        ("invalid_grant", Code::AuthRequired),
        ("invalid_client", Code::Internal),
        ("<script>alert(1)</script>", Code::Internal),
        ("server_error", Code::Unavailable),
    ];
    for (code, expected) in codes {
        let refusal = Refusal::from(outcome(error(401, code)).await.unwrap());
        assert_eq!(refusal.code(), expected, "{code}");
        let said = format!("{} {} {refusal:?}", refusal.sentence(), refusal.cause());
        for leak in ["leak", REFRESH_TOKEN, "x.example", "script", "s3cret"] {
            assert!(!said.contains(leak), "{code}: {said}");
        }
    }
}

#[test]
fn each_remedy_has_its_own_sentence() {
    let connect = Refusal::from(VaultError::Connect);
    let reconnect = Refusal::from(VaultError::Reconnect);
    assert_ne!(connect.sentence(), reconnect.sentence());
    assert_eq!(Refusal::from(VaultError::Busy { seconds: 9 }).retry_after_seconds(), Some(9));
    assert_eq!(Refusal::from(VaultError::Busy { seconds: 9 }).code(), Code::Busy);
}
