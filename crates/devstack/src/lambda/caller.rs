//! Calls a function over Lambda's Invoke API in the name of an AWS service. How long it may take is Lambda's business.

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

/// Where functions are called.
pub(crate) struct Caller {
    url: String,
    /// Service and resource that functions' own policies judge.
    source: Option<String>,
    client: Client<HttpConnector, Body>,
}

/// A function's answer, and the id under which Lambda ran it.
pub(crate) struct Ran {
    pub(crate) request_id: String,
    pub(crate) answer: Bytes,
}

/// Why there is no answer of the function.
#[derive(Debug)]
pub(crate) enum NotRun {
    /// The address is not one, Lambda does not answer, or not with a 200.
    Lambda(String),
    /// The function failed.
    Function,
}

impl Caller {
    pub(crate) fn at(url: &str) -> Self {
        let client = Client::builder(TokioExecutor::new()).build_http();
        Self { url: url.trim_end_matches('/').to_owned(), source: None, client }
    }

    /// The same as this service, which calls for this resource of its own.
    pub(crate) fn in_the_name_of(self, service: &str, resource: &str) -> Self {
        Self { source: Some(format!("{service} {resource}")), ..self }
    }

    pub(crate) async fn invoke(&self, function: &str, event: &Value) -> Result<Ran, NotRun> {
        let lambda = |text: &str| NotRun::Lambda(text.to_owned());
        let function = utf8_percent_encode(function, NON_ALPHANUMERIC);
        let request = Request::post(format!("{}/2015-03-31/functions/{function}/invocations", self.url))
            .header("content-type", "application/json")
            .header("x-amz-invocation-type", "RequestResponse")
            .header(PASS, pass());
        let request = match &self.source {
            Some(source) => request.header(SOURCE, source),
            None => request,
        };
        let request =
            request.body(Body::from(event.to_string())).map_err(|_| lambda("the address of Lambda is not valid"))?;
        let answer = self.client.request(request).await.map_err(|_| lambda("Lambda could not be reached"))?;
        let (parts, body) = answer.into_parts();
        let answer = to_bytes(Body::new(body), READABLE).await.map_err(|_| lambda("Lambda's answer broke off"))?;
        if parts.status != StatusCode::OK {
            return Err(lambda(&format!("Lambda answered {} instead of calling the function", parts.status.as_u16())));
        }
        if parts.headers.contains_key("x-amz-function-error") {
            return Err(NotRun::Function);
        }
        let request_id = parts.headers.get("x-amzn-requestid").and_then(|id| id.to_str().ok()).unwrap_or_default();
        Ok(Ran { request_id: request_id.to_owned(), answer })
    }
}
