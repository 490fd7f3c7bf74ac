//! `InvokeAgent`, from its request to the head of its answer.

use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use futures_util::stream;
use http::header::AUTHORIZATION;
use http::{HeaderMap, HeaderValue, StatusCode};
use serde_json::Value;

use super::Runtime;
use super::answer::texts;
use super::refusal::Refusal;
use super::sessions::Attributes;
use super::stream::Events;
use super::turn::Turn;
use crate::lambda::stamp;

/// The largest request, in bytes: the text alone may have 25 million characters.
const LARGEST: usize = 32 * 1024 * 1024;

pub(super) fn routes(runtime: Arc<Runtime>) -> Router {
    Router::new()
        .route("/agents/{agent}/agentAliases/{alias}/sessions/{session}/text", post(invoke))
        .route("/_bedrock/last", get(last))
        .layer(DefaultBodyLimit::max(LARGEST))
        .with_state(runtime)
}

async fn last(State(runtime): State<Arc<Runtime>>) -> Response {
    runtime.last().map_or_else(|| StatusCode::NOT_FOUND.into_response(), |exchange| Json(exchange).into_response())
}

async fn invoke(
    State(runtime): State<Arc<Runtime>>,
    Path(place): Path<(String, String, String)>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Refusal> {
    let (agent, alias, session_id) = place;
    if !headers.contains_key(AUTHORIZATION) {
        return Err(Refusal::AccessDenied("the request is not signed".to_owned()));
    }
    check_ids(&agent, &alias, &session_id)?;
    if (agent.as_str(), alias.as_str()) != (runtime.agent.id.as_str(), runtime.agent.alias_id.as_str()) {
        return Err(Refusal::NotFound(format!("there is no alias `{alias}` of an agent `{agent}`")));
    }
    let turn = turn(session_id, &body)?;
    let mut response = Response::new(Body::empty());
    let head = response.headers_mut();
    for (name, value) in [
        ("content-type", "application/vnd.amazon.eventstream"),
        ("x-amzn-bedrock-agent-content-type", "application/json"),
        ("x-amz-bedrock-agent-session-id", turn.session_id.as_str()),
        ("x-amzn-requestid", stamp::uuid().as_str()),
    ] {
        if let Ok(value) = HeaderValue::from_str(value) {
            head.insert(name, value);
        }
    }
    let (events, frames) = Events::new();
    // The head leaves at once, as the service's does. A turn goes on when its reader has left.
    tokio::spawn(async move { turn.run(&runtime, &events).await });
    let frames = stream::unfold(frames, |mut frames| async move {
        let frame = frames.recv().await?;
        Some((Ok::<_, std::convert::Infallible>(frame), frames))
    });
    *response.body_mut() = Body::from_stream(frames);
    Ok(response)
}

fn check_ids(agent: &str, alias: &str, session_id: &str) -> Result<(), Refusal> {
    let short = |id: &str| (1..=10).contains(&id.len()) && id.chars().all(|c| c.is_ascii_alphanumeric());
    if !short(agent) || !short(alias) {
        return Err(Refusal::Validation("`agentId` and `agentAliasId` are up to 10 letters and digits".to_owned()));
    }
    let known = |c: char| c.is_ascii_alphanumeric() || "._:-".contains(c);
    if !(2..=100).contains(&session_id.len()) || !session_id.chars().all(known) {
        return Err(Refusal::Validation("`sessionId` is 2 to 100 letters, digits and `._:-`".to_owned()));
    }
    Ok(())
}

fn turn(session_id: String, body: &[u8]) -> Result<Turn, Refusal> {
    let request: Value = serde_json::from_slice(body)
        .map_err(|error| Refusal::Validation(format!("the request is not JSON: {error}")))?;
    let text = request.get("inputText").and_then(Value::as_str).filter(|text| !text.is_empty());
    let text = text.ok_or_else(|| Refusal::Validation("`inputText` is missing or empty".to_owned()))?.to_owned();
    let flag = |pointer: &str| request.pointer(pointer).and_then(Value::as_bool).unwrap_or(false);
    Ok(Turn {
        session_id,
        text,
        session_attributes: attributes(&request, "sessionAttributes")?,
        prompt_session_attributes: attributes(&request, "promptSessionAttributes")?.unwrap_or_default(),
        enable_trace: flag("/enableTrace"),
        end_session: flag("/endSession"),
        in_pieces: flag("/streamingConfigurations/streamFinalResponse"),
    })
}

fn attributes(request: &Value, name: &str) -> Result<Option<Attributes>, Refusal> {
    match request.pointer(&format!("/sessionState/{name}")) {
        None | Some(Value::Null) => Ok(None),
        Some(given) => {
            texts(given).map(Some).ok_or_else(|| Refusal::Validation(format!("`{name}` is not a map of texts")))
        }
    }
}
