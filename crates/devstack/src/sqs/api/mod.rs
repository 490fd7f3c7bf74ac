//! The operations. Each reads its own parameters and answers a JSON object, or nothing.

mod attributes;
mod receipts;
mod receive;
mod send;

use axum::Router;
use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use http::StatusCode;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use super::guard;
use super::problem::{Problem, answer};
use super::world::Shared;
use crate::iam::Gate;
use crate::operations::Observed;
pub(super) use receive::system_attributes;

/// The largest request that is read, in bytes.
pub(super) const READABLE: usize = 8 * 1024 * 1024;

/// `POST /`. Each call is named after its operation, then counted, then faulted, then evaluated and done.
pub(super) fn routes(shared: Shared, gate: Gate, observed: &Observed) -> Router {
    let call = post(call).with_state(shared).layer(from_fn_with_state(gate, guard::check));
    observed.over_targets(Router::new().route("/", call), "AmazonSQS")
}

async fn call(State(shared): State<Shared>, request: Request) -> Response {
    match run(&shared, request).await {
        Ok(result) => answer(StatusCode::OK, result.to_string()),
        Err(problem) => problem.into_response(),
    }
}

async fn run(shared: &Shared, request: Request) -> Result<Value, Problem> {
    let operation = request.uri().path().trim_start_matches('/').to_owned();
    let body = to_bytes(request.into_body(), READABLE).await.map_err(|_| Problem::not_json("too large"))?;
    match operation.as_str() {
        "SendMessage" => send::send(shared, parse(&body)?),
        "ReceiveMessage" => receive::receive(shared, parse(&body)?).await,
        "DeleteMessage" => receipts::delete(shared, parse(&body)?),
        "ChangeMessageVisibility" => receipts::change_visibility(shared, parse(&body)?),
        "GetQueueAttributes" => attributes::get(shared, parse(&body)?),
        "GetQueueUrl" => url(shared, &parse::<Map<String, Value>>(&body)?),
        other => Err(Problem::no_operation(other)),
    }
}

fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, Problem> {
    serde_json::from_slice(body).map_err(|error| Problem::not_json(error.to_string()))
}

fn url(shared: &Shared, parameters: &Map<String, Value>) -> Result<Value, Problem> {
    let name = parameters.get("QueueName").and_then(Value::as_str).ok_or_else(|| Problem::missing("QueueName"))?;
    shared.lock().queue(name)?;
    Ok(json!({ "QueueUrl": shared.queue_url(name) }))
}

/// The queue's name in its address: the part after the account. The host may be any, as clients may come through one.
fn queue_in(url: Option<&str>) -> Result<&str, Problem> {
    let mut parts = url.ok_or_else(|| Problem::missing("QueueUrl"))?.rsplit('/');
    match (parts.next(), parts.next()) {
        (Some(name), Some(crate::lambda::ACCOUNT)) => Ok(name),
        _ => Err(Problem::no_queue()),
    }
}

/// A number of seconds between 0 and `most`.
fn seconds(parameter: &str, value: Option<i64>, most: u64, reason: &str) -> Result<Option<u64>, Problem> {
    let Some(value) = value else { return Ok(None) };
    let seconds = u64::try_from(value).ok().filter(|seconds| *seconds <= most);
    seconds.map(Some).ok_or_else(|| Problem::out_of_bounds(parameter, value, reason))
}
