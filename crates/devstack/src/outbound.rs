//! What a double asks of another double: plain HTTP on loopback, no redirects followed.

use std::time::Duration;

use axum::body::{Body, Bytes, to_bytes};
use http::header::CONTENT_TYPE;
use http::{Request, Response};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use url::form_urlencoded;

/// How long one call may take, body included.
const LIMIT: Duration = Duration::from_secs(10);
/// The largest answer that is read, in bytes.
const READABLE: usize = 1024 * 1024;

/// The other side did not answer in full, in time.
#[derive(Debug)]
pub(crate) struct NoAnswer;

/// A client with its connections.
#[derive(Clone, Debug)]
pub(crate) struct Outbound(Client<HttpConnector, Body>);

impl Outbound {
    pub(crate) fn new() -> Self {
        Self(Client::builder(TokioExecutor::new()).build(HttpConnector::new()))
    }

    /// Posts `application/x-www-form-urlencoded`.
    pub(crate) async fn post_form(&self, url: &str, fields: &[(&str, &str)]) -> Result<Response<Bytes>, NoAnswer> {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let request = Request::post(url).header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.send(request.body(Body::from(body)).map_err(|_| NoAnswer)?).await
    }

    /// Posts `application/json`.
    pub(crate) async fn post_json(&self, url: &str, json: &serde_json::Value) -> Result<Response<Bytes>, NoAnswer> {
        let request = Request::post(url).header(CONTENT_TYPE, "application/json");
        self.send(request.body(Body::from(json.to_string())).map_err(|_| NoAnswer)?).await
    }

    /// Sends any request and reads the whole answer.
    pub(crate) async fn send(&self, request: Request<Body>) -> Result<Response<Bytes>, NoAnswer> {
        let answer = async {
            let (head, body) = self.0.request(request).await.map_err(|_| NoAnswer)?.into_parts();
            let bytes = to_bytes(Body::new(body), READABLE).await.map_err(|_| NoAnswer)?;
            Ok(Response::from_parts(head, bytes))
        };
        tokio::time::timeout(LIMIT, answer).await.map_err(|_| NoAnswer)?
    }
}
