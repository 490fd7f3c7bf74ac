//! Calls functions over Lambda's Invoke API.

use std::time::Duration;

use axum::body::{Body, Bytes, to_bytes};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::{Request, StatusCode};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

use crate::iam::{PASS, pass};

/// The largest answer that is read, in bytes.
const READABLE: usize = 8 * 1024 * 1024;
/// The largest client context that Lambda takes, in bytes of base64.
const LARGEST_CONTEXT: usize = 3583;

/// What a name keeps in a request line, so that calls can be counted by it.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_');

/// The function was not called, did not answer in time, or failed.
#[derive(Debug)]
pub(super) struct Failed;

pub(super) struct Lambda {
    url: String,
    limit: Duration,
    client: Client<HttpConnector, Body>,
}

impl Lambda {
    pub(super) fn at(url: &str, limit: Duration) -> Self {
        let client = Client::builder(TokioExecutor::new()).build_http();
        Self { url: url.trim_end_matches('/').to_owned(), limit, client }
    }

    /// What the function answers.
    pub(super) async fn invoke(&self, function: &str, event: &Value, context: Option<&Value>) -> Result<Bytes, Failed> {
        let function = utf8_percent_encode(function, ESCAPED);
        let mut request = Request::post(format!("{}/2015-03-31/functions/{function}/invocations", self.url))
            .header("content-type", "application/json")
            .header(PASS, pass());
        if let Some(context) = context {
            let encoded = STANDARD.encode(context.to_string());
            if encoded.len() > LARGEST_CONTEXT {
                return Err(Failed);
            }
            request = request.header("x-amz-client-context", encoded);
        }
        let request = request.body(Body::from(event.to_string())).map_err(|_| Failed)?;
        tokio::time::timeout(self.limit, self.send(request)).await.map_err(|_| Failed)?
    }

    async fn send(&self, request: Request<Body>) -> Result<Bytes, Failed> {
        let (parts, body) = self.client.request(request).await.map_err(|_| Failed)?.into_parts();
        let answer = to_bytes(Body::new(body), READABLE).await.map_err(|_| Failed)?;
        let failed = parts.status != StatusCode::OK || parts.headers.contains_key("x-amz-function-error");
        if failed { Err(Failed) } else { Ok(answer) }
    }
}
