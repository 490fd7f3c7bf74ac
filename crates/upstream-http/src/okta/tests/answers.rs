//! What each status and each shape means.

use auth::refusal::{Code, Refusal};
use serde_json::json;

use super::{NOW, OktaError, ask_of, named, page};
use crate::testing::Answer;

fn problem(status: u16, code: &str) -> Answer {
    Answer::json(status, &json!({"errorCode": code, "errorSummary": "leak of the upstream", "errorId": "oae1"}))
}

async fn error_of(answer: Answer) -> OktaError {
    let (result, server) = ask_of([answer]).await;
    assert_eq!(server.requests().len(), 1);
    result.err().unwrap()
}

#[tokio::test]
async fn each_refusal_has_its_meaning_and_its_public_code() {
    let scope = r#"Bearer realm="IssuerEndpoint", error="insufficient_scope", scope="okta.users.read""#;
    let role = "an Okta administrator role that may read users and their groups";
    let right = "the scope okta.users.read, granted to the Okta application";
    for (answer, expected, code) in [
        (problem(401, "E0000011"), OktaError::TokenRefused, Code::AuthRequired),
        (problem(403, "E0000006"), OktaError::MissingRight(role), Code::AccessDenied),
        (
            Answer::text(403, "text/plain", "").with("www-authenticate", scope),
            OktaError::MissingRight(right),
            Code::AccessDenied,
        ),
        (
            Answer::text(403, "text/plain", "").with("www-authenticate", "DPoP").with("www-authenticate", scope),
            OktaError::MissingRight(right),
            Code::AccessDenied,
        ),
        (problem(404, "E0000007"), OktaError::NoSuchUser, Code::InvalidInput),
        (problem(400, "E0000001"), OktaError::Unavailable("unexpected status"), Code::Unavailable),
        (problem(405, "E0000022"), OktaError::Unavailable("unexpected status"), Code::Unavailable),
        (Answer::text(204, "application/json", ""), OktaError::Unavailable("unexpected status"), Code::Unavailable),
    ] {
        let error = error_of(answer).await;
        assert_eq!(error, expected);
        let refusal = Refusal::from(error);
        assert_eq!(refusal.code(), code, "{expected:?}");
        assert!(!format!("{} {} {refusal:?}", refusal.sentence(), refusal.cause()).contains("leak"), "{expected:?}");
    }
}

#[tokio::test]
async fn a_missing_right_is_named_to_the_person() {
    let refusal = Refusal::from(error_of(problem(403, "E0000006")).await);
    assert!(refusal.sentence().contains("administrator role"), "{}", refusal.sentence());
}

#[tokio::test]
async fn the_wait_after_a_429_runs_to_the_reset_by_our_clock() {
    let now = NOW.seconds();
    for (reset, seconds) in [
        (now.to_string(), 1),
        ((now + 1).to_string(), 2),
        ((now + 30).to_string(), 31),
        ((now + 119).to_string(), 120),
        ((now + 3600).to_string(), 120),
        ((now - 500).to_string(), 1),
        ("0".to_owned(), 1),
        ("-1".to_owned(), 1),
        ("abc".to_owned(), 1),
        (u64::MAX.to_string(), 120),
        ("99999999999999999999999".to_owned(), 1),
    ] {
        let error = error_of(problem(429, "E0000047").with("x-rate-limit-reset", &reset)).await;
        assert_eq!(error, OktaError::Busy { seconds }, "{reset}");
        assert_eq!(Refusal::from(error).retry_after_seconds(), Some(seconds));
    }
    assert_eq!(error_of(problem(429, "E0000047")).await, OktaError::Busy { seconds: 1 });
}

#[tokio::test]
async fn a_server_error_is_asked_again_once() {
    let (result, server) = ask_of([problem(503, "E0000010"), page(&["a"])]).await;
    assert_eq!(result, Ok(named(&["a"], false)));
    assert_eq!(server.requests().len(), 2);
    let (result, server) = ask_of([problem(500, "E0000009"), problem(500, "E0000009"), page(&["a"])]).await;
    assert_eq!(result, Err(OktaError::Unavailable("unexpected status")));
    assert_eq!(server.requests().len(), 2);
}

#[tokio::test]
async fn an_answer_of_another_shape_names_no_groups() {
    for body in [
        "{}",
        "null",
        "",
        "[",
        r#"[{"id":"00g1"}]"#,
        r#"[{"profile":{}}]"#,
        r#"[{"profile":{"name":null}}]"#,
        r#"[{"profile":{"name":7}}]"#,
        r#"[{"profile":{"name":"a","name":"b"}}]"#,
        r#"["Everyone"]"#,
        "<html></html>",
    ] {
        let error = error_of(Answer::text(200, "application/json", body)).await;
        assert_eq!(error, OktaError::Unavailable("the answer is not a list of groups"), "{body}");
    }
    let html = error_of(Answer::text(200, "text/html", "[]")).await;
    assert_eq!(html, OktaError::Unavailable("the answer is not a list of groups"));
}

#[tokio::test]
async fn what_the_spec_lets_okta_leave_out_or_add_is_taken() {
    let body = json!([{"profile": {"name": "a<b>, \n\u{202e}c", "extra": null}, "_links": {}, "type": "NEW"}]);
    let (result, _server) = ask_of([Answer::json(200, &body)]).await;
    assert_eq!(result, Ok(named(&["a<b>, \n\u{202e}c"], false)), "cleaning is not this client's business");
}

#[tokio::test]
async fn an_answer_over_a_mebibyte_is_refused() {
    let wrapped = |length: usize| format!(r#"[{{"profile":{{"name":"{}"}}}}]"#, "a".repeat(length - 25));
    let (result, _server) = ask_of([Answer::text(200, "application/json", &wrapped(1024 * 1024))]).await;
    assert_eq!(result.unwrap().names.len(), 1);
    let error = error_of(Answer::text(200, "application/json", &wrapped(1024 * 1024 + 1))).await;
    assert_eq!(error, OktaError::Unavailable("the answer is too large"));
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let other = crate::testing::Scripted::answering(|_| page(&["stolen"])).await;
    let to = other.url("api/v1/users/me/groups").to_string();
    let error = error_of(Answer::text(302, "text/plain", "").with("location", &to)).await;
    assert_eq!(error, OktaError::Unavailable("unexpected status"));
    assert_eq!(other.connections(), 0);
}
