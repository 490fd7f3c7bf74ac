//! The embedded engine behind a loopback port.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::response::Response;
use http::{StatusCode, Uri};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// The engine wants a signature's shape and does not check it.
const SIGNATURE: &str = "AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/dynamodb/aws4_request, \
                         SignedHeaders=host;x-amz-date, Signature=0000";

/// A handle. The engine ends with the last one.
#[derive(Clone)]
pub(super) struct Engine {
    address: SocketAddr,
    client: Client<HttpConnector, Body>,
    _serving: Arc<Serving>,
}

struct Serving(JoinHandle<()>);

impl Drop for Serving {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Engine {
    pub(super) async fn start() -> io::Result<Self> {
        let database = dynoxide::Database::memory().map_err(|error| io::Error::other(error.to_string()))?;
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let serving = Serving(tokio::spawn(dynoxide::server::serve_on(listener, database)));
        let client = Client::builder(TokioExecutor::new()).build_http();
        Ok(Self { address, client, _serving: Arc::new(serving) })
    }

    /// Passes a request on as it is, whatever its path.
    pub(super) async fn forward(&self, mut request: Request) -> io::Result<Response> {
        let uri = Uri::builder().scheme("http").authority(self.address.to_string()).path_and_query("/").build();
        *request.uri_mut() = uri.map_err(io::Error::other)?;
        let response = self.client.request(request).await.map_err(io::Error::other)?;
        Ok(response.map(Body::new))
    }

    pub(super) async fn call(&self, operation: &str, body: &Value) -> io::Result<Value> {
        let request = http::Request::post("/")
            .header("content-type", "application/x-amz-json-1.0")
            .header("x-amz-target", format!("DynamoDB_20120810.{operation}"))
            .header("x-amz-date", "20260101T000000Z")
            .header("authorization", SIGNATURE)
            .body(Body::from(body.to_string()))
            .map_err(io::Error::other)?;
        let (parts, body) = self.forward(request).await?.into_parts();
        let bytes = to_bytes(body, usize::MAX).await.map_err(io::Error::other)?;
        if parts.status != StatusCode::OK {
            return Err(io::Error::other(String::from_utf8_lossy(&bytes).into_owned()));
        }
        serde_json::from_slice(&bytes).map_err(io::Error::other)
    }
}
