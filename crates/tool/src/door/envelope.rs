//! What an answer must repeat of its event, and the answer.

use auth::id::Reference;
use auth::refusal::{Code, Refusal};
use auth::ticket::Door;
use function::serve::ClientContext;
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

use super::{function_details, gateway, misshapen, openapi};
use crate::answer::{Answer, refused};

/// The longest name that is repeated, in bytes. Bedrock's action groups and functions have at most 200, paths are ours.
const LONGEST_NAME: usize = 512;

/// What an answer must repeat of its event: which action of which action group was called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Envelope {
    action_group: String,
    action: Action,
}

/// What was called, as the doors name it. The texts are the event's own, of at most 512 bytes without control
/// characters; they are empty only if the event could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// A function, in the function-details form.
    Function(String),
    /// A tool, by its full name as in `okta-groups___list_groups`, at a gateway.
    Tool(String),
    /// A path template and a method, in the OpenAPI form.
    Operation {
        /// As in `/groups/{groupId}`: the template, not the filled-in path.
        path: String,
        /// As in `GET`.
        method: String,
    },
}

impl Envelope {
    pub(super) fn new(
        action_group: String,
        function: Option<String>,
        path: Option<String>,
        method: Option<String>,
    ) -> Result<Self, Refusal> {
        let action = match (function, path, method) {
            (Some(function), None, None) => Action::Function(function),
            (None, Some(path), Some(method)) => Action::Operation { path, method },
            (Some(_), _, _) => return Err(misshapen("a function and an operation at once")),
            (None, _, _) => return Err(misshapen("neither a function nor an operation")),
        };
        let envelope = Self { action_group, action };
        if envelope.texts().into_iter().all(|text| !text.is_empty() && can_be_repeated(text)) {
            Ok(envelope)
        } else {
            Err(misshapen("an empty, long or unprintable name"))
        }
    }

    /// That of a gateway's call. The target's name is the action group.
    pub(super) fn of_target(tool: &str) -> Result<Self, Refusal> {
        let (target, _) = tool.split_once("___").ok_or_else(|| misshapen("a tool without a target"))?;
        let envelope = Self { action_group: target.to_owned(), action: Action::Tool(tool.to_owned()) };
        if !target.is_empty() && can_be_repeated(tool) {
            Ok(envelope)
        } else {
            Err(misshapen("an empty, long or unprintable name"))
        }
    }

    /// What can be read of any event, for the answer to one that is no call. Never fails: what cannot be read is empty,
    /// and an event that names no action at all is taken for one of the function-details form, unless a gateway sent it.
    #[must_use]
    pub fn outline(event: &[u8], context: &ClientContext) -> Self {
        if gateway::calls(context) {
            let empty = Self { action_group: String::new(), action: Action::Tool(String::new()) };
            return gateway::tool_of(context).and_then(|tool| Self::of_target(tool).ok()).unwrap_or(empty);
        }
        let outline: Outline<'_> = serde_json::from_slice(event).unwrap_or_default();
        let action = if outline.function.is_none() && (outline.api_path.is_some() || outline.http_method.is_some()) {
            Action::Operation { path: text(outline.api_path), method: text(outline.http_method) }
        } else {
            Action::Function(text(outline.function))
        };
        Self { action_group: text(outline.action_group), action }
    }

    /// The door of this form.
    #[must_use]
    pub fn door(&self) -> Door {
        match self.action {
            Action::Function(_) => Door::FunctionDetails,
            Action::Tool(_) => Door::GatewayTarget,
            Action::Operation { .. } => Door::OpenApi,
        }
    }

    /// The action group that was called.
    #[must_use]
    pub fn action_group(&self) -> &str {
        &self.action_group
    }

    /// What was called in it.
    #[must_use]
    pub fn action(&self) -> &Action {
        &self.action
    }

    /// The answer in the shape of this door, of at most [`crate::answer::LONGEST_ANSWER`] bytes as compact JSON. A
    /// refusal's cause stays here; its code, its sentence, the reference and the seconds to wait go out.
    #[must_use]
    pub fn answer(&self, outcome: &Result<Answer, (Refusal, Reference)>) -> Value {
        let (code, body) = match outcome {
            Ok(answer) => (None, answer.text()),
            Err((refusal, reference)) => (Some(refusal.code()), refused(refusal, reference)),
        };
        match &self.action {
            Action::Tool(_) => gateway::answer(outcome),
            Action::Function(function) => {
                function_details::answer(&self.action_group, function, &body, code == Some(Code::InvalidInput))
            }
            Action::Operation { path, method } => {
                openapi::answer(&self.action_group, path, method, &body, openapi::status(code))
            }
        }
    }

    fn texts(&self) -> Vec<&str> {
        match &self.action {
            Action::Function(name) | Action::Tool(name) => vec![&self.action_group, name],
            Action::Operation { path, method } => vec![&self.action_group, path, method],
        }
    }
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Outline<'a> {
    #[serde(borrow)]
    action_group: Option<&'a RawValue>,
    #[serde(borrow)]
    function: Option<&'a RawValue>,
    #[serde(borrow)]
    api_path: Option<&'a RawValue>,
    #[serde(borrow)]
    http_method: Option<&'a RawValue>,
}

fn text(raw: Option<&RawValue>) -> String {
    raw.and_then(|raw| serde_json::from_str::<String>(raw.get()).ok())
        .filter(|text| can_be_repeated(text))
        .unwrap_or_default()
}

fn can_be_repeated(text: &str) -> bool {
    text.len() <= LONGEST_NAME && !text.chars().any(char::is_control)
}
