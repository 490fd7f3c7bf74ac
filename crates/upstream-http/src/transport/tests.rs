mod bounds;
mod repeats;
mod replies;

use std::process::Command;
use std::time::Duration;

use serde_json::json;
use tokio::time::Instant;

use super::{Call, Reply, TransportError};
use crate::testing::{Answer, Scripted, transport, until};

/// Long enough for any answer over loopback, short enough to wait for one that does not come.
const SHORT: Duration = Duration::from_millis(150);

fn good() -> Answer {
    Answer::json(200, &json!({"good": true}))
}

/// Sends it; fails the test rather than wait for ever.
async fn send(call: Call<'_>, until: Instant) -> Result<Reply, TransportError> {
    tokio::time::timeout(Duration::from_secs(20), call.send(until)).await.expect("the call ends by itself")
}

async fn status(call: Call<'_>) -> Result<u16, TransportError> {
    send(call, until()).await.map(|reply| reply.status())
}

#[tokio::test]
async fn one_connection_serves_many_calls() {
    let server = Scripted::answering(|_| good().kept()).await;
    let transport = transport();
    for _ in 0..5 {
        assert_eq!(status(transport.get(server.url("a"))).await, Ok(200));
        assert_eq!(status(transport.clone().post(server.url("b"))).await, Ok(200));
    }
    assert_eq!((server.requests().len(), server.connections()), (10, 1));
}

#[tokio::test]
async fn an_opened_connection_is_used_by_the_first_call() {
    let server = Scripted::answering(|_| Answer::text(404, "text/plain", "").kept()).await;
    let transport = transport();
    transport.open(&server.url("deep/path?query"), until()).await;
    assert_eq!(status(transport.get(server.url("a"))).await, Ok(404));
    let lines: Vec<_> = server.requests().into_iter().map(|request| (request.method, request.target)).collect();
    let lines: Vec<_> = lines.iter().map(|(method, target)| (method.as_str(), target.as_str())).collect();
    assert_eq!(lines, [("HEAD", "/"), ("GET", "/a")]);
    assert_eq!(server.connections(), 1);
}

#[tokio::test]
async fn opening_a_connection_to_a_dead_service_is_no_error() {
    let server = Scripted::start([]).await;
    transport().open(&server.base, until()).await;
    assert_eq!(server.requests().len(), 1, "a HEAD is sent once");
}

#[test]
fn proxy_variables_do_not_lead_a_call_elsewhere() {
    let own = std::env::current_exe().unwrap();
    let mut child = Command::new(own);
    for name in ["http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"] {
        child.env(name, "http://127.0.0.1:1");
    }
    child.env_remove("no_proxy").env_remove("NO_PROXY").env_remove("REQUEST_METHOD");
    let output = child.args(["--exact", "transport::tests::one_connection_serves_many_calls"]).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success() && said.contains("1 passed"), "{said}");
}

#[tokio::test]
async fn a_redirect_is_an_answer_and_is_not_followed() {
    let other = Scripted::answering(|_| good()).await;
    for (status_code, to) in [
        (301, other.url("stolen").to_string()),
        (302, "http://169.254.169.254/latest/meta-data/".to_owned()),
        (303, "/same-host".to_owned()),
        (307, other.url("stolen").to_string()),
        (308, other.url("stolen").to_string()),
    ] {
        let server =
            Scripted::answering(move |_| Answer::text(status_code, "text/plain", "").with("location", &to)).await;
        assert_eq!(status(transport().get(server.url("a"))).await, Ok(status_code));
        assert_eq!(status(transport().post(server.url("a"))).await, Ok(status_code));
        assert_eq!(server.requests().len(), 2);
    }
    assert_eq!(other.connections(), 0);
}
