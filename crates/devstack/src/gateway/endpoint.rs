//! Streamable HTTP: `POST` and `DELETE` on `/mcp`. There is no stream to `GET`.
//! <https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#streamable-http>

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Extension, State};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::Response;
use axum::routing::{get, post};
use axum::{Json, Router};
use http::{HeaderMap, StatusCode};
use serde_json::Value;

use super::Runtime;
use super::admission::{self, admit};
use super::described;
use super::exchange::{self, Inbound};
use super::message::Incoming;
use super::naming::{self, Written};
use super::record::Call;
use super::reply::{INVALID_REQUEST, PARSE_ERROR, Reply};
use crate::fault::{self, Faults};
use crate::lambda::stamp;
use crate::watch::{self, Watch};

pub(super) fn routes(gateway: Arc<Runtime>, methods: Watch, faults: Faults) -> Router {
    let post = post(receive)
        .layer(from_fn_with_state(faults, fault::inject))
        .layer(from_fn_with_state(methods, watch::count))
        .layer(from_fn(naming::name));
    Router::new()
        .route("/mcp", post.delete(end))
        .route("/.well-known/oauth-protected-resource", get(admission::metadata))
        .route("/.well-known/oauth-protected-resource/mcp", get(admission::metadata))
        .route("/_gateway/records", get(records))
        .route("/gateways/{id}/", get(described::get))
        // What is too large is refused where a body is read first.
        .layer(DefaultBodyLimit::disable())
        .with_state(gateway)
}

async fn records(State(gateway): State<Arc<Runtime>>) -> Json<Value> {
    Json(serde_json::to_value(&*gateway.records.seen()).unwrap_or_default())
}

async fn receive(
    State(gateway): State<Arc<Runtime>>,
    Extension(Written(uri)): Extension<Written>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let request_id = stamp::uuid();
    let reply = match read(&gateway, &headers, &body).await {
        Ok(Some((caller, message, raw))) => {
            let inbound =
                Inbound { caller, message, raw, uri, headers: headers.clone(), request_id: request_id.clone() };
            exchange::run(&gateway, &inbound).await
        }
        Ok(None) => Reply::empty(StatusCode::ACCEPTED),
        Err(reply) => reply,
    };
    reply.with("x-amzn-requestid", &request_id).render(&headers)
}

type Read = (admission::Caller, super::message::Message, String);

/// The message, if it is one that is answered.
async fn read(gateway: &Runtime, headers: &HeaderMap, body: &[u8]) -> Result<Option<Read>, Reply> {
    let caller = admit(gateway, headers).await?;
    let raw = str::from_utf8(body)
        .map_err(|_| Reply::error(StatusCode::BAD_REQUEST, &Value::Null, PARSE_ERROR, "Parse error"))?;
    let Incoming::Asked(message) = Incoming::read(raw)? else {
        return Ok(None);
    };
    if message.method != "initialize" {
        check_version(gateway, headers, &message.told_id())?;
        gateway.sessions.check(headers, caller.subject(), &message.told_id())?;
    }
    gateway.records.seen().calls.push(Call {
        method: message.method.clone(),
        tool: message.tool().map(str::to_owned),
        subject: caller.subject().map(str::to_owned),
    });
    Ok(Some((caller, *message, raw.to_owned())))
}

fn check_version(gateway: &Runtime, headers: &HeaderMap, id: &Value) -> Result<(), Reply> {
    let Some(version) = headers.get("mcp-protocol-version") else {
        return Ok(());
    };
    if version.to_str().is_ok_and(|version| gateway.config.versions.iter().any(|known| known == version)) {
        return Ok(());
    }
    Err(Reply::error(StatusCode::BAD_REQUEST, id, INVALID_REQUEST, "Unsupported MCP-Protocol-Version"))
}

async fn end(State(gateway): State<Arc<Runtime>>, headers: HeaderMap) -> Response {
    let ended = async {
        let caller = admit(&gateway, &headers).await?;
        if !gateway.sessions.are_kept() {
            return Ok(Reply::empty(StatusCode::METHOD_NOT_ALLOWED));
        }
        gateway.sessions.check(&headers, caller.subject(), &Value::Null)?;
        gateway.sessions.end(&headers);
        Ok::<_, Reply>(Reply::empty(StatusCode::NO_CONTENT))
    };
    ended.await.unwrap_or_else(|reply| reply).render(&headers)
}
