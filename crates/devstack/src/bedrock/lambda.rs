//! Calls a function over Lambda's Invoke API.

use axum::body::{Body, Bytes, to_bytes};
use http::{Request, StatusCode};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

use crate::iam::{PASS, SOURCE, pass};

/// The largest answer that is read, in bytes.
const READABLE: usize = 8 * 1024 * 1024;

pub(super) struct Lambda {
    url: String,
    /// The agent's ARN.
    agent: String,
    client: Client<HttpConnector, Body>,
}

/// A function's answer, and the id under which Lambda ran it.
pub(super) struct Ran {
    pub(super) request_id: String,
    pub(super) answer: Bytes,
}

impl Lambda {
    /// Calls in the name of the agent with this ARN.
    pub(super) fn at(url: &str, agent: String) -> Self {
        Self {
            url: url.trim_end_matches('/').to_owned(),
            agent,
            client: Client::builder(TokioExecutor::new()).build_http(),
        }
    }

    /// # Errors
    /// What the caller of the agent is told: nothing of what the function or Lambda wrote.
    pub(super) async fn invoke(&self, function: &str, event: &Value) -> Result<Ran, String> {
        let function = utf8_percent_encode(function, NON_ALPHANUMERIC);
        let request = Request::post(format!("{}/2015-03-31/functions/{function}/invocations", self.url))
            .header("content-type", "application/json")
            .header(PASS, pass())
            .header(SOURCE, format!("bedrock.amazonaws.com {}", self.agent))
            .body(Body::from(event.to_string()))
            .map_err(|_| "the agent's Lambda address is not valid".to_owned())?;
        let unreachable = |_| "Lambda could not be reached".to_owned();
        let (parts, body) = self.client.request(request).await.map_err(unreachable)?.into_parts();
        let answer = to_bytes(Body::new(body), READABLE).await.map_err(|_| "Lambda's answer broke off".to_owned())?;
        if parts.status != StatusCode::OK {
            return Err(format!("Lambda answered {} instead of calling the function", parts.status.as_u16()));
        }
        if parts.headers.contains_key("x-amz-function-error") {
            return Err("Received failed response from API execution. Retry the request later.".to_owned());
        }
        let request_id = parts.headers.get("x-amzn-requestid").and_then(|id| id.to_str().ok()).unwrap_or_default();
        Ok(Ran { request_id: request_id.to_owned(), answer })
    }
}
