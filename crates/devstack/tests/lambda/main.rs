//! The Lambda host, driven over the wire with a function that does what its event says.
#![expect(clippy::unwrap_used, reason = "what cannot be had ends the test")]

mod calls;
mod policies;
mod processes;
mod several;

use std::process::{Command, Stdio};
use std::time::Duration;

use axum::body::Body;
use bytes::Bytes;
use devstack::lambda::{self, Function, LambdaHost};
use http::{HeaderMap, Request};
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use serde_json::Value;
use tokio::net::TcpListener;

struct Seen {
    status: u16,
    headers: HeaderMap,
    body: Bytes,
}

impl Seen {
    fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }
}

fn echo() -> Function {
    Function::new("echo", env!("CARGO_BIN_EXE_devstack-echo")).within(Duration::from_secs(20))
}

async fn hosting(function: Function) -> LambdaHost {
    lambda::start(TcpListener::bind("127.0.0.1:0").await.unwrap(), vec![function]).await.unwrap()
}

async fn send(host: &LambdaHost, function: &str, headers: &[(&str, &str)], body: impl Into<Body>) -> Seen {
    let client = Client::builder(TokioExecutor::new()).build_http::<Body>();
    let mut request = Request::post(format!("{}/2015-03-31/functions/{function}/invocations", host.double.url()));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let response = client.request(request.body(body.into()).unwrap()).await.unwrap();
    let (parts, body) = response.into_parts();
    let body = axum::body::to_bytes(Body::new(body), usize::MAX).await.unwrap();
    Seen { status: parts.status.as_u16(), headers: parts.headers, body }
}

async fn call(host: &LambdaHost, event: Value) -> Seen {
    send(host, "echo", &[], event.to_string()).await
}

/// Whether there is such a process, be it a dead one that nobody has waited for.
fn runs(process: u64) -> bool {
    Command::new("kill").args(["-0", &process.to_string()]).stderr(Stdio::null()).status().unwrap().success()
}

fn epoch_ms() -> u64 {
    u64::try_from(std::time::UNIX_EPOCH.elapsed().unwrap().as_millis()).unwrap()
}
