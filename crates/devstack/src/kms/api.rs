//! `POST /` with a target. Each call is named after its operation, then counted, then faulted, then evaluated and done.

use axum::Router;
use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use http::{HeaderMap, StatusCode};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::context::{EncryptionContext, condition_keys};
use super::operation;
use super::problem::{Problem, answer};
use super::store::Keys;
use crate::iam::{Ask, Caller, Gate, Iam};
use crate::operations::Observed;

/// The largest request that is read, in bytes.
const READABLE: usize = 256 * 1024;

#[derive(Clone)]
struct Desk {
    keys: Keys,
    gate: Gate,
}

pub(super) fn routes(keys: Keys, gate: Gate, observed: &Observed) -> Router {
    let calls = Router::new().route("/", post(call).with_state(Desk { keys, gate }));
    observed.over_targets(calls, "TrentService")
}

async fn call(State(desk): State<Desk>, request: Request) -> Response {
    match run(&desk, request).await {
        Ok(result) => answer(StatusCode::OK, result.to_string()),
        Err(problem) => problem.into_response(),
    }
}

async fn run(desk: &Desk, request: Request) -> Result<Value, Problem> {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, READABLE).await.map_err(|_| Problem::not_json("too large"))?;
    let operation = parts.uri.path().trim_start_matches('/').to_owned();
    let guard = Guard::of(&desk.gate, &parts.headers, &operation)?;
    match operation.as_str() {
        "GenerateDataKey" => operation::generate_data_key(&desk.keys, &guard, parse(&body)?),
        "Encrypt" => operation::encrypt(&desk.keys, &guard, parse(&body)?),
        "Decrypt" => operation::decrypt(&desk.keys, &guard, parse(&body)?),
        "DescribeKey" => operation::describe_key(&desk.keys, &guard, parse(&body)?),
        _ => Err(Problem::no_operation()),
    }
}

fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, Problem> {
    serde_json::from_slice(body).map_err(|error| Problem::not_json(error.to_string()))
}

/// Whoever called, if somebody asks who it is.
pub(super) struct Guard {
    action: String,
    caller: Option<(Iam, Caller)>,
}

impl Guard {
    fn of(gate: &Gate, headers: &HeaderMap, operation: &str) -> Result<Self, Problem> {
        let known = |iam: Iam| iam.caller(headers).map(|caller| (iam, caller));
        let caller = gate.iam().map(known).transpose().map_err(|refusal| Problem::refused(&refusal))?;
        Ok(Self { action: format!("kms:{operation}"), caller })
    }

    /// Whether the caller may do this with the key. The resource is the key, also where it is named by an alias.
    pub(super) fn admit(&self, key_id: &str, context: &EncryptionContext) -> Result<(), Problem> {
        let Some((iam, caller)) = &self.caller else { return Ok(()) };
        let ask = Ask::new(&self.action, super::arn(key_id)).about(condition_keys(context));
        iam.authorize(caller, &ask).map_err(|refusal| Problem::refused(&refusal))
    }
}
