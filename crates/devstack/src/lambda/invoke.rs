//! The Invoke API.

use std::sync::Arc;

use axum::Router;
use axum::body::to_bytes;
use axum::extract::{Path, Request, State};
use axum::middleware::from_fn_with_state;
use axum::response::Response;
use axum::routing::{get, post};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use serde_json::{Map, Value};

use super::answer::{self, Refusal};
use super::call::Call;
use super::configuration;
use super::function::name_in;
use super::guard;
use super::host::Functions;
use crate::iam::Gate;

/// The largest event of a call that is waited for, in bytes.
const LARGEST_EVENT: usize = 6 * 1024 * 1024;
/// The largest event of a call that is not waited for, in bytes.
const LARGEST_QUEUED_EVENT: usize = 1024 * 1024;
/// The largest client context, in bytes of base64.
const LARGEST_CLIENT_CONTEXT: usize = 3583;

/// `POST /2015-03-31/functions/{name}/invocations`, and beside it `GET …/configuration`.
pub(super) fn routes(functions: Arc<Functions>, gate: Gate) -> Router {
    let invoke = post(invoke).with_state(Arc::clone(&functions)).layer(from_fn_with_state(gate.clone(), guard::check));
    let configuration = get(configuration::get).with_state(functions).layer(from_fn_with_state(gate, guard::read));
    Router::new()
        .route("/2015-03-31/functions/{name}/invocations", invoke)
        .route("/2015-03-31/functions/{name}/configuration", configuration)
}

async fn invoke(State(functions): State<Arc<Functions>>, Path(name): Path<String>, request: Request) -> Response {
    answer_to(&functions, &name, request).await.unwrap_or_else(answer::refused)
}

enum Kind {
    RequestResponse,
    Event,
    DryRun,
}

async fn answer_to(functions: &Functions, reference: &str, request: Request) -> Result<Response, Refusal> {
    let (parts, body) = request.into_parts();
    let kind = kind(&parts.headers)?;
    let name = name_in(reference)
        .ok_or_else(|| Refusal::invalid_parameter(format!("`{reference}` is not a valid function name")))?;
    let arn = super::arn(name);
    let pool = functions.pool(name).ok_or_else(|| Refusal::not_found(&arn))?;
    let largest = if matches!(kind, Kind::Event) { LARGEST_QUEUED_EVENT } else { LARGEST_EVENT };
    let event = to_bytes(body, largest).await.map_err(|_| Refusal::too_large(largest))?;
    let event = if event.is_empty() { Bytes::from_static(b"{}") } else { event };
    serde_json::from_slice::<Value>(&event)
        .map_err(|error| Refusal::invalid_content(format!("Could not parse request body into json: {error}")))?;
    let context = client_context(&parts.headers)?;
    match kind {
        Kind::DryRun => Ok(answer::status(StatusCode::NO_CONTENT, &Call::new(arn, event, context).id)),
        Kind::Event => {
            // The client context only goes with a call that is waited for.
            let call = Call::new(arn, event, None);
            let accepted = answer::status(StatusCode::ACCEPTED, &call.id);
            drop(functions.run(pool, call));
            Ok(accepted)
        }
        Kind::RequestResponse => {
            let tail = text(&parts.headers, "x-amz-log-type") == Some("Tail");
            let call = Call::new(arn.clone(), event, context);
            let id = call.id.clone();
            let (outcome, written) = functions.run(pool, call).await.map_err(|_| Refusal::not_found(&arn))?;
            answer::outcome(outcome, &id, tail.then_some(written)).ok_or_else(|| Refusal::not_found(&arn))
        }
    }
}

fn text<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

fn kind(headers: &HeaderMap) -> Result<Kind, Refusal> {
    match text(headers, "x-amz-invocation-type") {
        None | Some("RequestResponse") => Ok(Kind::RequestResponse),
        Some("Event") => Ok(Kind::Event),
        Some("DryRun") => Ok(Kind::DryRun),
        Some(other) => Err(Refusal::invalid_parameter(format!("`{other}` is not an invocation type"))),
    }
}

fn client_context(headers: &HeaderMap) -> Result<Option<Map<String, Value>>, Refusal> {
    let Some(encoded) = headers.get("x-amz-client-context") else {
        return Ok(None);
    };
    if encoded.len() > LARGEST_CLIENT_CONTEXT {
        let sentence = format!("Client context must be no more than {LARGEST_CLIENT_CONTEXT} bytes.");
        return Err(Refusal::invalid_content(sentence));
    }
    let decoded = STANDARD.decode(encoded.as_bytes()).ok();
    decoded.and_then(|json| serde_json::from_slice(&json).ok()).map(Some).ok_or_else(|| {
        Refusal::invalid_content("Client context must be a valid Base64-encoded JSON object.".to_owned())
    })
}
