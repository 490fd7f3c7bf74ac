//! How long a call may take and how much it may read.

use std::time::Duration;

use tokio::time::Instant;

use super::{SHORT, send, status};
use crate::testing::{Answer, Scripted, transport, until};
use crate::transport::TransportError;

#[tokio::test]
async fn an_answer_that_trickles_ends_at_the_total_limit() {
    let server = Scripted::answering(|_| Answer::Trickle).await;
    let transport = transport();
    let call = transport.post(server.url("a")).at_most(SHORT);
    assert_eq!(send(call, until()).await.err(), Some(TransportError::TimedOut));
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn silence_ends_at_the_total_limit() {
    let server = Scripted::answering(|_| Answer::Silence).await;
    let transport = transport();
    let call = transport.post(server.url("a")).at_most(SHORT);
    assert_eq!(send(call, until()).await.err(), Some(TransportError::TimedOut));
}

#[tokio::test]
async fn the_end_of_the_invocation_comes_before_the_limit_of_the_call() {
    let server = Scripted::answering(|_| Answer::Trickle).await;
    let transport = transport();
    let call = transport.get(server.url("a")).at_most(Duration::from_secs(600));
    assert_eq!(send(call, Instant::now() + SHORT).await.err(), Some(TransportError::TimedOut));
    assert_eq!(server.requests().len(), 1, "there was no time to repeat it");
}

#[tokio::test]
async fn without_time_nothing_is_sent() {
    let server = Scripted::start([]).await;
    let transport = transport();
    let call = transport.get(server.url("a"));
    assert_eq!(send(call, Instant::now()).await.err(), Some(TransportError::OutOfTime));
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn a_body_is_read_up_to_its_cap_and_no_further() {
    for (length, cap, fits) in [(100, 100, true), (101, 100, false), (65_536, 65_536, true), (65_537, 65_536, false)] {
        let server = Scripted::answering(move |_| Answer::text(200, "text/plain", &"a".repeat(length))).await;
        let reply = send(transport().get(server.url("a")).cap(cap), until()).await;
        let read = reply.map(|reply| reply.body().len());
        assert_eq!(read, if fits { Ok(length) } else { Err(TransportError::TooLarge) });
        assert_eq!(server.requests().len(), 1, "too large is not repeated");
    }
}

#[tokio::test]
async fn the_usual_cap_is_64_kibibytes() {
    for (length, expected) in [(65_536, Ok(200)), (65_537, Err(TransportError::TooLarge))] {
        let server = Scripted::answering(move |_| Answer::text(200, "text/plain", &"a".repeat(length))).await;
        assert_eq!(status(transport().get(server.url("a"))).await, expected);
    }
}

#[tokio::test]
async fn chunks_without_an_end_are_cut_at_the_cap() {
    let mut bytes = b"HTTP/1.1 200 x\r\ntransfer-encoding: chunked\r\n\r\n".to_vec();
    for _ in 0..4096 {
        bytes.extend_from_slice(b"400\r\n");
        bytes.extend_from_slice(&[b'a'; 1024]);
        bytes.extend_from_slice(b"\r\n");
    }
    let server = Scripted::answering(move |_| Answer::Bytes(bytes.clone())).await;
    assert_eq!(status(transport().get(server.url("a"))).await, Err(TransportError::TooLarge));
}

#[tokio::test]
async fn a_compressed_body_is_not_unpacked() {
    let server =
        Scripted::answering(|_| Answer::text(200, "application/json", "{}").with("content-encoding", "gzip")).await;
    let reply = send(transport().get(server.url("a")), until()).await.ok().unwrap();
    assert_eq!(reply.body(), b"{}");
    assert!(!server.requests()[0].headers.contains_key("accept-encoding"));
}
