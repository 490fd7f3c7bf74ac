//! When a request is sent a second time, and that it is never sent a third.

use std::time::Duration;

use tokio::net::TcpListener;
use tokio::time::Instant;
use url::Url;

use super::{SHORT, good, send, status};
use crate::testing::{Answer, Scripted, transport};
use crate::transport::TransportError;

#[tokio::test]
async fn a_read_is_repeated_once_after_a_broken_connection_or_a_server_error() {
    let server_error = |status| Answer::text(status, "text/html", "<h1>oops</h1>");
    let failures = [
        Answer::HangUp,
        server_error(500),
        server_error(502),
        server_error(503),
        server_error(504),
        Answer::Bytes(b"junk".to_vec()),
    ];
    for failure in failures {
        let server = Scripted::start([failure, good(), good()]).await;
        assert_eq!(status(transport().get(server.url("a"))).await, Ok(200));
        assert_eq!(server.requests().len(), 2);
    }
}

#[tokio::test]
async fn a_body_that_breaks_off_is_a_broken_connection() {
    let cut = || Answer::Bytes(b"HTTP/1.1 200 x\r\ncontent-length: 50\r\n\r\n{\"half\":".to_vec());
    let server = Scripted::start([cut(), cut(), good()]).await;
    assert_eq!(status(transport().get(server.url("a"))).await, Err(TransportError::Broken));
    assert_eq!(server.requests().len(), 2);
}

#[tokio::test]
async fn there_is_no_third_attempt() {
    let server = Scripted::answering(|_| Answer::HangUp).await;
    assert_eq!(status(transport().get(server.url("a"))).await, Err(TransportError::Broken));
    assert_eq!(server.requests().len(), 2);
    let server = Scripted::answering(|_| Answer::text(503, "text/plain", "")).await;
    assert_eq!(status(transport().get(server.url("a"))).await, Ok(503));
    assert_eq!(server.requests().len(), 2);
}

#[tokio::test]
async fn a_post_is_sent_once_unless_it_says_that_twice_is_harmless() {
    for failure in [|| Answer::HangUp, || Answer::text(500, "text/plain", "")] {
        let server = Scripted::answering(move |_| failure()).await;
        let _failed = status(transport().post(server.url("a"))).await;
        assert_eq!(server.requests().len(), 1);
        let _failed = status(transport().request(http::Method::DELETE, server.url("a"))).await;
        assert_eq!(server.requests().len(), 2);
        let _failed = status(transport().post(server.url("a")).repeatable()).await;
        assert_eq!(server.requests().len(), 4);
    }
}

#[tokio::test]
async fn a_repeated_post_has_the_same_body_and_headers() {
    let server = Scripted::start([Answer::HangUp, good()]).await;
    let transport = transport();
    let call = transport.post(server.url("a")).json(&serde_json::json!({"n": 1})).repeatable();
    assert_eq!(status(call).await, Ok(200));
    let [first, second] = server.requests().try_into().ok().unwrap();
    assert_eq!(first.body, r#"{"n":1}"#);
    assert_eq!((first.body, first.headers), (second.body, second.headers));
}

#[tokio::test]
async fn answers_that_mean_something_are_not_repeated() {
    for status_code in [200, 204, 301, 400, 401, 403, 404, 409, 422, 429, 501] {
        let server = Scripted::answering(move |_| Answer::text(status_code, "text/plain", "")).await;
        assert_eq!(status(transport().get(server.url("a"))).await, Ok(status_code));
        assert_eq!(server.requests().len(), 1, "{status_code}");
    }
}

#[tokio::test]
async fn a_read_that_timed_out_is_repeated_once_if_there_is_time() {
    let server = Scripted::start([Answer::Silence, good()]).await;
    assert_eq!(status(transport().get(server.url("a")).at_most(SHORT)).await, Ok(200));
    assert_eq!(server.requests().len(), 2);
}

#[tokio::test]
async fn the_second_attempt_ends_with_the_invocation() {
    let late = Answer::Late(Duration::from_millis(300), Box::new(good()));
    let server = Scripted::start([Answer::Silence, late]).await;
    let transport = transport();
    let call = transport.get(server.url("a")).at_most(Duration::from_millis(400));
    let end = Instant::now() + Duration::from_millis(600);
    assert_eq!(send(call, end).await.err(), Some(TransportError::TimedOut), "the good answer came after the end");
    assert_eq!(server.requests().len(), 2);
}

#[tokio::test]
async fn a_kept_connection_that_the_server_gave_up_does_not_fail_a_read() {
    let server = Scripted::start([good().kept(), Answer::HangUp, good()]).await;
    let transport = transport();
    assert_eq!(status(transport.get(server.url("a"))).await, Ok(200));
    assert_eq!(status(transport.get(server.url("b"))).await, Ok(200));
    assert_eq!((server.requests().len(), server.connections()), (3, 2));
}

#[tokio::test]
async fn a_connection_closed_while_idle_does_not_fail_a_read() {
    let promise = b"HTTP/1.1 200 x\r\ncontent-length: 0\r\n\r\n".to_vec();
    let server = Scripted::start([Answer::Bytes(promise), good()]).await;
    let transport = transport();
    assert_eq!(status(transport.get(server.url("a"))).await, Ok(200));
    assert_eq!(status(transport.get(server.url("b"))).await, Ok(200));
    assert_eq!(server.requests().len(), 2);
}

#[tokio::test]
async fn a_refused_connection_is_told_from_a_broken_one() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = Url::parse(&format!("http://{}/", listener.local_addr().unwrap())).unwrap();
    drop(listener);
    assert_eq!(status(transport().get(url)).await, Err(TransportError::Unreachable));
}

#[tokio::test]
async fn plain_http_on_a_tls_port_is_no_connection_and_sends_no_header() {
    let server = Scripted::answering(|_| good()).await;
    let mut url = server.url("a");
    url.set_scheme("https").unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    url.set_port(Some(listener.local_addr().unwrap().port())).unwrap();
    let seen = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut bytes = [0; 1024];
        let count = tokio::io::AsyncReadExt::read(&mut stream, &mut bytes).await.unwrap();
        tokio::io::AsyncWriteExt::write_all(&mut stream, b"HTTP/1.1 200 x\r\ncontent-length: 0\r\n\r\n").await.unwrap();
        bytes[..count].to_vec()
    });
    let token = auth::secret::Secret::new("sample-token".to_owned());
    let transport = transport();
    let call = transport.post(url).bearer(&token);
    assert_eq!(status(call).await, Err(TransportError::Unreachable));
    let seen = String::from_utf8_lossy(&seen.await.unwrap()).into_owned();
    assert!(!seen.contains("sample-token"));
}
