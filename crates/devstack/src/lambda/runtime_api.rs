//! The Runtime API of one sandbox.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::body::{Body, to_bytes};
use axum::extract::{Path, Request, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, StatusCode};
use serde_json::json;
use tokio::sync::{mpsc, oneshot};

use super::call::Call;
use super::stamp;
use super::stream::{self, Pieces};
use crate::clock;

/// The largest answer of a function, in bytes.
/// <https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html>
pub(super) const LARGEST_ANSWER: usize = 6 * 1024 * 1024 + 100;

const RESPONSE_MODE: &str = "lambda-runtime-function-response-mode";

/// A call, the moment at which it ends, in milliseconds since 1970, and who hears of it.
pub(super) struct Delivery {
    pub(super) call: Call,
    pub(super) deadline_ms: u64,
    pub(super) reports: mpsc::UnboundedSender<Report>,
}

/// How the process began.
pub(super) enum Started {
    /// It asked for a call.
    Ready,
    /// It could not start.
    Failed(Bytes),
}

/// What the process told the Runtime API about one call.
pub(super) enum Report {
    /// It was given the call.
    Delivered,
    /// It answered it.
    Answered(Bytes),
    /// It reported an error for it.
    Failed(Bytes),
    /// Its answer to it was too large.
    TooLarge,
}

/// The Runtime API's end of one sandbox's conversation.
pub(super) struct Desk {
    deliveries: tokio::sync::Mutex<mpsc::Receiver<Delivery>>,
    started: mpsc::UnboundedSender<Started>,
    /// Who hears of the calls that are being handled, by their ids.
    open: Mutex<HashMap<String, Open>>,
}

/// A call that is being handled.
struct Open {
    reports: mpsc::UnboundedSender<Report>,
    stream: Option<Pieces>,
}

impl Desk {
    pub(super) fn new(deliveries: mpsc::Receiver<Delivery>, started: mpsc::UnboundedSender<Started>) -> Self {
        Self { deliveries: tokio::sync::Mutex::new(deliveries), started, open: Mutex::default() }
    }

    fn started(&self, how: Started) {
        // Only the first is listened to.
        let _heard = self.started.send(how);
    }

    fn open(&self) -> MutexGuard<'_, HashMap<String, Open>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Who hears of this call, once, if it is being handled.
    fn close(&self, id: &str) -> Option<Open> {
        self.open().remove(id)
    }
}

/// Tells of a call. Nobody listens any more once it is over.
fn tell(reports: &mpsc::UnboundedSender<Report>, report: Report) {
    let _heard = reports.send(report);
}

/// `/2018-06-01/runtime/`: `invocation/next`, `invocation/{id}/response`, `invocation/{id}/error`, `init/error`.
pub(super) fn routes(desk: Arc<Desk>) -> Router {
    Router::new()
        .route("/2018-06-01/runtime/invocation/next", get(next))
        .route("/2018-06-01/runtime/invocation/{id}/response", post(response))
        .route("/2018-06-01/runtime/invocation/{id}/error", post(error))
        .route("/2018-06-01/runtime/init/error", post(init_error))
        .with_state(desk)
}

async fn next(State(desk): State<Arc<Desk>>) -> Response {
    desk.started(Started::Ready);
    let Some(delivery) = desk.deliveries.lock().await.recv().await else {
        return StatusCode::GONE.into_response();
    };
    let call = delivery.call;
    tell(&delivery.reports, Report::Delivered);
    desk.open().insert(call.id.clone(), Open { reports: delivery.reports, stream: call.stream });
    let mut response = Response::new(Body::from(call.event));
    let headers = response.headers_mut();
    put(headers, "content-type", b"application/json");
    put(headers, "lambda-runtime-aws-request-id", call.id.as_bytes());
    put(headers, "lambda-runtime-deadline-ms", delivery.deadline_ms.to_string().as_bytes());
    put(headers, "lambda-runtime-invoked-function-arn", call.arn.as_bytes());
    put(headers, "lambda-runtime-trace-id", stamp::trace_id(clock::now_ms()).as_bytes());
    if let Some(context) = call.client_context {
        put(headers, "lambda-runtime-client-context", serde_json::Value::Object(context).to_string().as_bytes());
    }
    response
}

fn put(headers: &mut HeaderMap, name: &'static str, value: &[u8]) {
    if let Ok(value) = HeaderValue::from_bytes(value) {
        headers.insert(name, value);
    }
}

async fn response(State(desk): State<Arc<Desk>>, Path(id): Path<String>, request: Request) -> Response {
    let streams = request.headers().get(RESPONSE_MODE).is_some_and(|mode| mode.as_bytes() == b"streaming");
    if streams {
        return streamed(&desk, &id, request.into_body()).await;
    }
    let body = to_bytes(request.into_body(), LARGEST_ANSWER).await;
    let Some(Open { reports, .. }) = desk.close(&id) else {
        return refused(StatusCode::BAD_REQUEST, "InvalidRequestID", "Invalid request ID");
    };
    match body {
        Ok(body) => {
            tell(&reports, Report::Answered(body));
            accepted()
        }
        Err(_) => {
            tell(&reports, Report::TooLarge);
            refused(StatusCode::PAYLOAD_TOO_LARGE, "RequestEntityTooLarge", "Exceeded maximum allowed payload size")
        }
    }
}

/// The call is over when the last piece has come. What a call that nobody streams to is sent this way is collected: AWS does
/// the same for an invocation that is not streamed.
async fn streamed(desk: &Desk, id: &str, body: Body) -> Response {
    let Some(Open { reports, stream }) = desk.close(id) else {
        return refused(StatusCode::BAD_REQUEST, "InvalidRequestID", "Invalid request ID");
    };
    let Some(pieces) = stream else {
        let body = to_bytes(body, LARGEST_ANSWER).await;
        tell(&reports, body.map_or(Report::TooLarge, Report::Answered));
        return accepted();
    };
    let end = stream::pass_on(body, &pieces).await;
    tell(&reports, end.map_or_else(Report::Failed, |()| Report::Answered(Bytes::new())));
    accepted()
}

async fn error(State(desk): State<Arc<Desk>>, Path(id): Path<String>, headers: HeaderMap, body: Bytes) -> Response {
    let Some(Open { reports, .. }) = desk.close(&id) else {
        return refused(StatusCode::BAD_REQUEST, "InvalidRequestID", "Invalid request ID");
    };
    tell(&reports, Report::Failed(described(&headers, body)));
    accepted()
}

async fn init_error(State(desk): State<Arc<Desk>>, headers: HeaderMap, body: Bytes) -> Response {
    desk.started(Started::Failed(described(&headers, body)));
    accepted()
}

/// The posted error, or one made of the header that names its type, when the body is empty.
fn described(headers: &HeaderMap, body: Bytes) -> Bytes {
    if !body.is_empty() {
        return body;
    }
    let kind = headers.get("lambda-runtime-function-error-type").and_then(|value| value.to_str().ok());
    Bytes::from(json!({ "errorType": kind.unwrap_or("Runtime.Unknown"), "errorMessage": "" }).to_string())
}

fn accepted() -> Response {
    (StatusCode::ACCEPTED, Json(json!({ "status": "OK" }))).into_response()
}

fn refused(status: StatusCode, kind: &str, message: &str) -> Response {
    (status, Json(json!({ "errorType": kind, "errorMessage": message }))).into_response()
}

/// Serves until the sender that belongs to `stop` is dropped.
pub(super) async fn serve(listener: tokio::net::TcpListener, desk: Arc<Desk>, stop: oneshot::Receiver<()>) {
    let stopped = async move {
        let _dropped = stop.await;
    };
    let _ended = axum::serve(listener, routes(desk)).with_graceful_shutdown(stopped).await;
}
