//! The Lambda Runtime API (AWS Lambda developer guide, "Using the Lambda runtime API for custom runtimes").
//!
//! The loop of the `lambda_runtime` crate ends the process when a client context holds anything but texts, which AgentCore
//! Gateway is reported to send, and can be told where the API is only through the environment; so this speaks through its client alone.

use bytes::Bytes;
use http::header::{CONTENT_TYPE, TRAILER};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Response, StatusCode, Uri};
use http_body_util::BodyExt as _;
use lambda_runtime_api_client::body::Body;
use lambda_runtime_api_client::{PooledClient, build_request};
use serde_json::Value;
use serde_json::value::RawValue;
use tokio::time::Instant;

use super::client_context::ClientContext;
use super::streaming::{Streamed, pump};
use crate::start::Stopped;

const REQUEST_ID: HeaderName = HeaderName::from_static("lambda-runtime-aws-request-id");
const DEADLINE_MS: HeaderName = HeaderName::from_static("lambda-runtime-deadline-ms");
const TRACE_ID: HeaderName = HeaderName::from_static("lambda-runtime-trace-id");
const CLIENT_CONTEXT: HeaderName = HeaderName::from_static("lambda-runtime-client-context");
/// Says that an answer comes in pieces.
const RESPONSE_MODE: HeaderName = HeaderName::from_static("lambda-runtime-function-response-mode");
/// Echoed with the answer, so that an answer to an invocation that timed out is not taken for another's.
const INVOCATION_ID: HeaderName = HeaderName::from_static("lambda-runtime-invocation-id");

pub(super) struct RuntimeApi(PooledClient);

/// One event as the Runtime API gave it.
pub(super) struct Delivery {
    pub(super) request_id: String,
    invocation_id: Option<HeaderValue>,
    /// Milliseconds since 1970; 0 if the header is missing or no number.
    pub(super) deadline_ms: u64,
    pub(super) xray: Option<String>,
    pub(super) client_context: ClientContext,
    body: Bytes,
}

impl Delivery {
    /// The event's text, or `null` if it is not JSON.
    pub(super) fn event(&self) -> Box<RawValue> {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| RawValue::NULL.to_owned())
    }
}

impl RuntimeApi {
    pub(super) fn at(endpoint: Uri) -> Self {
        Self(PooledClient::builder().with_endpoint(endpoint).build())
    }

    /// Waits for the next event, however long that takes.
    pub(super) async fn next(&self) -> Result<Delivery, Stopped> {
        let path = "/2018-06-01/runtime/invocation/next";
        let response = self.call("next event", Method::GET, path, std::iter::empty(), Body::empty()).await?;
        if !response.status().is_success() {
            return Err(Stopped::new("next event", format!("the runtime API answered {}", response.status())));
        }
        let (head, body) = response.into_parts();
        let body = body.collect().await.map_err(|_| Stopped::new("next event", "the event was cut off"))?.to_bytes();
        let text = |name| text(&head.headers, name);
        let request_id = text(REQUEST_ID).ok_or_else(|| Stopped::new("next event", "the event has no request id"))?;
        Ok(Delivery {
            request_id,
            invocation_id: head.headers.get(INVOCATION_ID).cloned(),
            deadline_ms: text(DEADLINE_MS).and_then(|text| text.parse().ok()).unwrap_or(0),
            xray: text(TRACE_ID),
            client_context: head
                .headers
                .get(CLIENT_CONTEXT)
                .map_or_else(ClientContext::default, |value| ClientContext::parse(value.as_bytes())),
            body,
        })
    }

    /// Sends the answer. A status of the 400s means that this one answer was not taken: too large, or too late.
    pub(super) async fn answer(&self, delivery: &Delivery, answer: &Value) -> Result<StatusCode, Stopped> {
        self.post(delivery, "response", answer).await
    }

    /// Says that there is no answer, in words that hold nothing of the event.
    pub(super) async fn fail(&self, delivery: &Delivery) -> Result<StatusCode, Stopped> {
        let error = serde_json::json!({ "errorType": "NoAnswer", "errorMessage": "the function has no answer" });
        self.post(delivery, "error", &error).await
    }

    /// Sends an answer while it is made, until this time at the latest. Statuses as of [`RuntimeApi::answer`].
    pub(super) async fn stream(
        &self,
        delivery: &Delivery,
        answer: Streamed,
        until: Instant,
    ) -> Result<StatusCode, Stopped> {
        let path = format!("/2018-06-01/runtime/invocation/{}/response", delivery.request_id);
        let (sender, body) = Body::channel();
        let streams = [
            (RESPONSE_MODE, HeaderValue::from_static("streaming")),
            (CONTENT_TYPE, HeaderValue::from_static("application/vnd.awslambda.http-integration-response")),
            (
                TRAILER,
                HeaderValue::from_static("lambda-runtime-function-error-type, lambda-runtime-function-error-body"),
            ),
        ];
        let headers = streams.into_iter().chain(delivery.invocation_id.clone().map(|id| (INVOCATION_ID, id)));
        let call = self.call("answer", Method::POST, &path, headers, body);
        // Whichever ends first: Lambda's answer may come before all was sent, and is waited for after that.
        let mut call = std::pin::pin!(call);
        let response = tokio::select! {
            response = &mut call => response,
            () = pump(sender, answer, until) => call.await,
        };
        taken(response?).await
    }

    async fn post(&self, delivery: &Delivery, what: &str, body: &Value) -> Result<StatusCode, Stopped> {
        let path = format!("/2018-06-01/runtime/invocation/{}/{what}", delivery.request_id);
        let body = Body::from(body.to_string());
        let headers = delivery.invocation_id.clone().map(|id| (INVOCATION_ID, id));
        taken(self.call("answer", Method::POST, &path, headers.into_iter(), body).await?).await
    }

    async fn call(
        &self,
        step: &'static str,
        method: Method,
        path: &str,
        headers: impl Iterator<Item = (HeaderName, HeaderValue)>,
        body: Body,
    ) -> Result<Response<impl http_body_util::BodyExt<Data = Bytes>>, Stopped> {
        let unusable = |_| Stopped::new(step, "the request id does not fit in a URL");
        let mut request: Request<Body> = build_request().method(method).uri(path).body(body).map_err(unusable)?;
        request.headers_mut().extend(headers);
        self.0.call(request).await.map_err(|_| Stopped::new(step, "the runtime API did not answer"))
    }
}

/// What Lambda says of an answer.
async fn taken(response: Response<impl http_body_util::BodyExt<Data = Bytes>>) -> Result<StatusCode, Stopped> {
    let status = response.status();
    if status.is_server_error() {
        return Err(Stopped::new("answer", format!("the runtime API answered {status}")));
    }
    // A connection is used again only after its answer was read.
    let read = response.into_body().collect().await;
    read.map_err(|_| Stopped::new("answer", "the runtime API cut off its answer"))?;
    Ok(status)
}

fn text(headers: &HeaderMap, name: HeaderName) -> Option<String> {
    Some(headers.get(name)?.to_str().ok()?.to_owned())
}
