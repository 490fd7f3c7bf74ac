//! Evaluates every call by an account's policies before it reaches the engine, once an account is given.
//!
//! Followed is [fine-grained access control](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html):
//! what a call touches is asked table by table, and in a transaction item by item, with `dynamodb:LeadingKeys`,
//! `dynamodb:Attributes`, `dynamodb:Select`, `dynamodb:ReturnValues` and `dynamodb:EnclosingOperation`. Calls that are not
//! understood here, those in PartiQL among them, are denied to everybody.

mod attributes;
mod expression;
mod keys;
mod touch;

use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode};
use serde_json::{Value, json};

use self::touch::{Touch, touches};
use super::engine::Engine;
use crate::iam::{Ask, Gate, Iam, Refusal};
use crate::lambda::stamp;

/// The largest request that is read, in bytes: more than the service takes.
pub(super) const READABLE: usize = 32 * 1024 * 1024;

#[derive(Clone)]
pub(super) struct Guard {
    pub(super) gate: Gate,
    pub(super) engine: Engine,
}

/// Middleware, behind the one that names a request after its operation.
pub(super) async fn check(State(guard): State<Guard>, request: Request, next: Next) -> Response {
    let Some(iam) = guard.gate.iam() else { return next.run(request).await };
    let (parts, body) = request.into_parts();
    let operation = parts.uri.path().trim_start_matches('/').to_owned();
    let Ok(body) = to_bytes(body, READABLE).await else { return StatusCode::PAYLOAD_TOO_LARGE.into_response() };
    let asks = guard.asks(&operation, &body).await;
    match Iam::admit(&iam, &parts.headers, &asks) {
        Ok(()) => next.run(Request::from_parts(parts, Body::from(body))).await,
        Err(refusal) => refused(&refusal),
    }
}

impl Guard {
    async fn asks(&self, operation: &str, body: &[u8]) -> Vec<Ask> {
        let body = serde_json::from_slice(body).unwrap_or(Value::Null);
        let mut asks = Vec::new();
        for touch in touches(operation, &body) {
            asks.push(self.ask(operation, touch).await);
        }
        asks
    }

    async fn ask(&self, operation: &str, touch: Touch) -> Ask {
        let ask = Ask::new(format!("dynamodb:{}", touch.action), touch.resource());
        if !touch.understood {
            return ask.beyond();
        }
        let mut context = attributes::context(&touch);
        let partition_key = match &touch.table {
            Some(table) => self.partition_key(table, touch.index.as_deref()).await,
            None => None,
        };
        for value in partition_key.iter().flat_map(|name| keys::leading(&touch, name)) {
            context.add("dynamodb:LeadingKeys", value);
        }
        if operation.starts_with("Transact") {
            context.add("dynamodb:EnclosingOperation", operation);
        }
        ask.about(context)
    }

    /// The engine is asked every time, so that a table that was made anew is known by its new key.
    async fn partition_key(&self, table: &str, index: Option<&str>) -> Option<String> {
        let described = self.engine.call("DescribeTable", &json!({ "TableName": table })).await.ok()?;
        let table = described.get("Table")?;
        let schema = match index {
            None => table.get("KeySchema")?,
            Some(name) => {
                let listed = ["GlobalSecondaryIndexes", "LocalSecondaryIndexes"];
                let mut indexes = listed.iter().filter_map(|list| table.get(list)?.as_array()).flatten();
                indexes.find(|index| index.get("IndexName").and_then(Value::as_str) == Some(name))?.get("KeySchema")?
            }
        };
        let mut keys = schema.as_array()?.iter();
        let hash = keys.find(|key| key.get("KeyType").and_then(Value::as_str) == Some("HASH"))?;
        hash.get("AttributeName").and_then(Value::as_str).map(str::to_owned)
    }
}

fn refused(refusal: &Refusal) -> Response {
    // A denial has a capital here.
    let member = if matches!(refusal, Refusal::Denied { .. }) { "Message" } else { "message" };
    let kind = format!("com.amazon.coral.service#{}", refusal.code());
    let body = json!({ "__type": kind, member: refusal.sentence(str::to_owned) }).to_string();
    let mut response = (StatusCode::BAD_REQUEST, body).into_response();
    let headers = response.headers_mut();
    headers.insert("content-type", HeaderValue::from_static("application/x-amz-json-1.0"));
    if let Ok(id) = HeaderValue::from_str(&stamp::uuid()) {
        headers.insert("x-amzn-requestid", id);
    }
    response
}
