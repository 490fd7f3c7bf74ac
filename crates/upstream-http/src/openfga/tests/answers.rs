//! Which answers say yes, and what all others mean.

use super::{CheckError, allowed, check, counts, open_server, problem};
use crate::testing::{Answer, Scripted};

async fn outcome(answer: impl Fn() -> Answer + Send + Sync + 'static) -> Result<bool, CheckError> {
    let (client, _server) = open_server(move |_| answer()).await;
    check(&client).await
}

fn unavailable(outcome: &Result<bool, CheckError>) -> bool {
    matches!(outcome, Err(CheckError::Unavailable(_)))
}

#[tokio::test]
async fn only_the_boolean_true_in_a_200_of_json_allows() {
    assert_eq!(outcome(allowed).await, Ok(true));
    for body in [r#"{"allowed":true,"new":{"a":[1]}}"#, r#" {"allowed" : true} "#] {
        assert_eq!(outcome(move || Answer::text(200, "application/json", body)).await, Ok(true), "{body}");
    }
    assert_eq!(outcome(|| Answer::text(200, "application/json", r#"{"allowed":false}"#)).await, Ok(false));
    for body in [
        r#"{"allowed":"true"}"#,
        r#"{"allowed":1}"#,
        r#"{"allowed":null}"#,
        r#"{"allowed":[]}"#,
        r#"{"allowed":[true]}"#,
        r#"{"allowed":{"value":true}}"#,
        r#"{"allowed":True}"#,
        r#"{"Allowed":true}"#,
        r#"{"allowed":true,"allowed":true}"#,
        r#"{"allowed":false,"allowed":true}"#,
        r#"{"allowed":true"#,
        r#"{"allowed":true}{"allowed":true}"#,
        r#"{"allowed":true},"#,
        "\u{feff}{\"allowed\":true}",
        r#"{"result":{"allowed":true}}"#,
        r#"[{"allowed":true}]"#,
        "[true]",
        " [true]",
        "true",
        "{}",
        "",
        "<html>allowed: true</html>",
    ] {
        let answer = outcome(move || Answer::text(200, "application/json", body)).await;
        assert!(unavailable(&answer), "{body}: {answer:?}");
    }
}

#[tokio::test]
async fn a_yes_of_another_content_type_or_status_is_no_yes() {
    let yes = r#"{"allowed":true}"#;
    for kind in ["text/html", "text/plain", "application/x-ndjson", ""] {
        assert!(unavailable(&outcome(move || Answer::text(200, kind, yes)).await), "{kind}");
    }
    for status in [201, 202, 203, 204, 206, 301, 302, 307, 400, 401, 403, 404, 409, 418, 422, 429, 500, 501, 503] {
        let answer = outcome(move || Answer::text(status, "application/json", yes).with("retry-after", "9")).await;
        assert!(answer.is_err(), "{status}: {answer:?}");
    }
}

#[tokio::test]
async fn a_yes_that_breaks_off_or_is_too_large_is_no_yes() {
    let cut =
        b"HTTP/1.1 200 x\r\ncontent-type: application/json\r\ncontent-length: 99\r\n\r\n{\"allowed\":true}".to_vec();
    assert_eq!(outcome(move || Answer::Bytes(cut.clone())).await, Err(CheckError::Unavailable("the connection broke")));
    let padded = format!("{{\"allowed\":true}}{}", " ".repeat(65_536));
    let padded = outcome(move || Answer::text(200, "application/json", &padded)).await;
    assert_eq!(padded, Err(CheckError::Unavailable("the answer is too large")));
}

#[tokio::test]
async fn each_status_has_its_meaning() {
    let model = CheckError::Misconfigured("the model does not exist in this store");
    let relation = || CheckError::Misconfigured("the model does not know this type or relation");
    let refused = || CheckError::Misconfigured("the question was refused");
    for (status, code, expected) in [
        (400, "authorization_model_not_found", model),
        (400, "validation_error", relation()),
        (400, "type_not_found", relation()),
        (400, "relation_not_found", relation()),
        (400, "exceeded_entity_limit", refused()),
        (400, "<script>", refused()),
        (401, "bearer_token_missing", CheckError::Misconfigured("the token was refused")),
        (403, "forbidden", CheckError::Misconfigured("the client may not check in this store")),
        (404, "store_id_not_found", CheckError::Misconfigured("the store does not exist")),
        (404, "undefined_endpoint", CheckError::Misconfigured("the store does not exist")),
        (409, "Aborted", CheckError::Unavailable("unexpected status")),
        (422, "throttled_timeout_error", CheckError::Busy { seconds: 2 }),
        (500, "internal_error", CheckError::Unavailable("unexpected status")),
        (503, "unavailable", CheckError::Unavailable("unexpected status")),
        (501, "unimplemented", CheckError::Unavailable("unexpected status")),
    ] {
        let (client, server) = open_server(move |_| problem(status, code)).await;
        let error = check(&client).await.err().unwrap();
        assert_eq!(error, expected, "{status} {code}");
        assert!(!format!("{error} {error:?}").contains("leak"), "{error:?}");
        let asked = if [500, 503].contains(&status) { 2 } else { 1 };
        assert_eq!(counts(&server), (asked, 0), "{status} {code}");
    }
}

#[tokio::test]
async fn a_broken_question_is_asked_once_more_and_not_twice() {
    let (client, server) = open_server(|_| Answer::HangUp).await;
    assert_eq!(check(&client).await, Err(CheckError::Unavailable("the connection broke")));
    assert_eq!(counts(&server), (2, 0));
}

#[tokio::test]
async fn a_redirected_question_goes_nowhere_else() {
    let other = Scripted::answering(|_| allowed()).await;
    let to = other.url("check").to_string();
    let (client, _server) = open_server(move |_| Answer::text(307, "text/plain", "").with("location", &to)).await;
    assert_eq!(check(&client).await, Err(CheckError::Unavailable("unexpected status")));
    assert_eq!(other.connections(), 0);
}
