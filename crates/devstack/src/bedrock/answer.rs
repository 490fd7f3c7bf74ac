//! What an action group's function answered.

use serde_json::{Map, Value};

use super::agent::Shape;
use super::event::Action;
use super::sessions::Attributes;

/// What the agent makes of an answer.
#[derive(Debug, Eq, PartialEq)]
pub(super) enum State {
    /// A result.
    Normal,
    /// The person is asked again.
    Reprompt,
    /// The turn ends in an exception.
    Failure,
}

/// An answer that is well formed.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) state: State,
    pub(super) body: String,
    pub(super) session_attributes: Option<Attributes>,
}

/// <https://docs.aws.amazon.com/bedrock/latest/userguide/agents-lambda.html#agents-lambda-response>
///
/// # Errors
/// What is wrong with it. Names members, holds no values.
pub(super) fn read(action: &Action<'_>, answer: &[u8]) -> Result<Answer, String> {
    let answer: Value = serde_json::from_slice(answer).map_err(|_| "it is not JSON".to_owned())?;
    echoes(&answer, "/messageVersion", "1.0")?;
    echoes(&answer, "/response/actionGroup", &action.group.name)?;
    let (state, bodies) = match &action.tool.shape {
        Shape::FunctionDetails => {
            echoes(&answer, "/response/function", &action.tool.name)?;
            let state = state(answer.pointer("/response/functionResponse/responseState"))?;
            (state, answer.pointer("/response/functionResponse/responseBody"))
        }
        Shape::OpenApi { path, method } => {
            echoes(&answer, "/response/apiPath", path)?;
            echoes(&answer, "/response/httpMethod", method)?;
            let status = answer.pointer("/response/httpStatusCode").and_then(Value::as_u64);
            status.filter(|status| (100..600).contains(status)).ok_or("`httpStatusCode` is no HTTP status")?;
            (State::Normal, answer.pointer("/response/responseBody"))
        }
    };
    let kind = if matches!(action.tool.shape, Shape::FunctionDetails) { "TEXT" } else { "application/json" };
    let body = bodies.and_then(|bodies| bodies.get(kind)).and_then(|body| body.get("body")).and_then(Value::as_str);
    let body = body.ok_or_else(|| format!("`responseBody` holds no text under `{kind}`"))?.to_owned();
    Ok(Answer { state, body, session_attributes: attributes(answer.get("sessionAttributes"))? })
}

fn echoes(answer: &Value, pointer: &str, expected: &str) -> Result<(), String> {
    if answer.pointer(pointer).and_then(Value::as_str) == Some(expected) {
        return Ok(());
    }
    Err(format!("`{pointer}` is not `{expected}`"))
}

fn state(value: Option<&Value>) -> Result<State, String> {
    match value {
        None => Ok(State::Normal),
        Some(Value::String(state)) if state == "REPROMPT" => Ok(State::Reprompt),
        Some(Value::String(state)) if state == "FAILURE" => Ok(State::Failure),
        Some(_) => Err("`responseState` is neither `REPROMPT` nor `FAILURE`".to_owned()),
    }
}

fn attributes(value: Option<&Value>) -> Result<Option<Attributes>, String> {
    let Some(value) = value else { return Ok(None) };
    texts(value).map(Some).ok_or_else(|| "`sessionAttributes` is not a map of texts".to_owned())
}

/// A JSON object that holds nothing but text.
pub(super) fn texts(value: &Value) -> Option<Attributes> {
    let members: &Map<String, Value> = value.as_object()?;
    members.iter().map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned()))).collect()
}
