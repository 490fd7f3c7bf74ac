//! What is sent along, and what is read out of an answer.

use auth::secret::Secret;
use http::header::AUTHORIZATION;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{good, send, status};
use crate::testing::{Answer, Scripted, transport, until};
use crate::transport::Reply;

async fn reply(answer: Answer) -> Reply {
    let server = Scripted::start([answer]).await;
    send(transport().get(server.url("a")), until()).await.ok().unwrap()
}

#[tokio::test]
async fn json_is_read_only_where_the_answer_says_that_it_is_json() {
    for (kind, taken) in [
        ("application/json", true),
        ("application/json; charset=utf-8", true),
        ("Application/JSON", true),
        ("application/problem+json", true),
        ("application/Problem+JSON ; charset=utf-8", true),
        ("text/html", false),
        ("text/json", false),
        ("text/plain; note=application/json", false),
        ("application/jsonp", false),
        ("", false),
    ] {
        let value = reply(Answer::text(200, kind, r#"{"a":1}"#)).await.json::<Value>();
        assert_eq!(value, taken.then(|| json!({"a": 1})), "`{kind}`");
    }
    let silent = Answer::Bytes(b"HTTP/1.1 200 x\r\ncontent-length: 2\r\n\r\n{}".to_vec());
    assert_eq!(reply(silent).await.json::<Value>(), None);
}

#[tokio::test]
async fn what_is_not_json_is_nothing() {
    for body in ["", "{", "{}{}", "\u{feff}{}", "{\"a\":\u{0}}", "<html>"] {
        assert_eq!(reply(Answer::text(200, "application/json", body)).await.json::<Value>(), None, "`{body}`");
    }
    let deep = "[".repeat(100_000 / 2);
    assert_eq!(reply(Answer::text(200, "application/json", &deep)).await.json::<Value>(), None);
}

#[derive(Debug, PartialEq, Deserialize)]
struct Flag {
    on: bool,
}

#[tokio::test]
async fn an_array_of_fields_is_no_object() {
    let json = |body: &str| Answer::text(200, "application/json", body);
    assert_eq!(reply(json(r#" {"on":true}"#)).await.json::<Flag>(), Some(Flag { on: true }));
    for body in ["[true]", "\n[true]", "true", "null", r#"{"on":true,"on":true}"#] {
        assert_eq!(reply(json(body)).await.json::<Flag>(), None, "{body}");
    }
}

// Found by fuzzing.
#[tokio::test]
async fn bytes_that_are_no_utf_8_are_nothing_also_where_nobody_reads_them() {
    for (byte, flag) in [(b'x', Some(Flag { on: true })), (0xff, None)] {
        let body = [b"{\"on\":true,\"more\":\"".as_slice(), &[byte], b"\"}"].concat();
        let head =
            format!("HTTP/1.1 200 x\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n", body.len());
        let answer = Answer::Bytes([head.as_bytes(), &body].concat());
        assert_eq!(reply(answer).await.json::<Flag>(), flag, "{byte}");
    }
}

#[tokio::test]
async fn a_list_is_an_array_of_objects() {
    let json = |body: &str| Answer::text(200, "application/json", body);
    assert_eq!(reply(json(r#"[{"on":true}]"#)).await.json_list::<Flag>(), Some(vec![Flag { on: true }]));
    assert_eq!(reply(json("[]")).await.json_list::<Flag>(), Some(vec![]));
    for body in [r#"{"on":true}"#, "[[true]]", "[true]", "null", r#"[{"on":true},[true]]"#] {
        assert_eq!(reply(json(body)).await.json_list::<Flag>(), None, "{body}");
    }
}

#[tokio::test]
async fn a_header_counts_if_it_is_there_once() {
    let reply = reply(good().with("x-once", "1").with("x-twice", "1").with("x-twice", "2")).await;
    assert_eq!(reply.header("x-once"), Some("1"));
    assert_eq!(reply.header("X-Once"), Some("1"));
    assert_eq!(reply.header("x-twice"), None);
    assert_eq!(reply.headers("x-twice").collect::<Vec<_>>(), ["1", "2"]);
    assert_eq!(reply.header("x-never"), None);
}

#[tokio::test]
async fn retry_after_is_a_number_of_seconds_or_nothing() {
    for (value, seconds) in [
        ("0", Some(0)),
        ("120", Some(120)),
        ("1000000000000", Some(1_000_000_000_000)),
        ("-1", None),
        ("1.5", None),
        ("abc", None),
        ("Wed, 21 Oct 2026 07:28:00 GMT", None),
        ("99999999999999999999999", None),
    ] {
        let reply = reply(Answer::text(429, "text/plain", "").with("retry-after", value)).await;
        assert_eq!(reply.retry_after_seconds(), seconds, "{value}");
    }
}

#[tokio::test]
async fn a_bearer_token_goes_into_one_header_and_an_unfit_one_nowhere() {
    let server = Scripted::answering(|_| good()).await;
    for (token, sent) in [("abc.def", Some("Bearer abc.def")), ("abc\r\nx-injected: 1", None)] {
        assert_eq!(status(transport().get(server.url("a")).bearer(&Secret::new(token.to_owned()))).await, Ok(200));
        let request = server.requests().pop().unwrap();
        assert_eq!(request.headers.get("authorization").map(String::as_str), sent);
        assert!(!request.headers.contains_key("x-injected"));
    }
    assert_eq!(status(transport().get(server.url("a")).header(AUTHORIZATION, "a\nb")).await, Ok(200));
    assert!(!server.requests().pop().unwrap().headers.contains_key("authorization"));
}

#[tokio::test]
async fn a_call_names_itself_and_sends_no_cookie_and_no_referrer() {
    let server = Scripted::answering(|_| good().kept().with("set-cookie", "a=b")).await;
    let transport = transport();
    for _ in 0..2 {
        assert_eq!(status(transport.get(server.url("a"))).await, Ok(200));
    }
    for request in server.requests() {
        assert!(request.headers["user-agent"].starts_with("mandate/"));
        assert!(!request.headers.contains_key("cookie") && !request.headers.contains_key("referer"));
    }
}

#[tokio::test]
async fn a_form_is_encoded_as_one() {
    let server = Scripted::start([good()]).await;
    let fields = [("a", "1 & 2"), ("b", "é=+%")];
    assert_eq!(status(transport().post(server.url("a")).form(&fields)).await, Ok(200));
    let [request] = server.requests().try_into().ok().unwrap();
    assert_eq!(request.headers["content-type"], "application/x-www-form-urlencoded");
    assert_eq!(request.body, "a=1+%26+2&b=%C3%A9%3D%2B%25");
}
