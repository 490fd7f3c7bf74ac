//! The traces of a turn.
//! <https://docs.aws.amazon.com/bedrock/latest/APIReference/API_agent-runtime_TracePart.html>

use serde_json::{Value, json};

use super::agent::{Agent, Place, Shape};
use super::event::Action;
use super::stream::Events;
use crate::clock;
use crate::lambda::stamp;

/// Writes traces, if they were asked for.
pub(super) struct Tracer<'a> {
    pub(super) agent: &'a Agent,
    pub(super) session_id: &'a str,
    pub(super) events: &'a Events,
    pub(super) enabled: bool,
    pub(super) trace_id: String,
}

impl Tracer<'_> {
    /// Always the first: says that this is no model.
    pub(super) fn rationale(&self, found: &str) {
        let text = format!("No model runs here: a list of rules looks for words in the text. {found}");
        self.orchestration("rationale", json!({ "traceId": self.trace_id, "text": text }));
    }

    pub(super) fn invocation(&self, action: &Action<'_>, invocation_id: &str) {
        let mut input = json!({
            "actionGroupName": action.group.name,
            "parameters": action.parameters(Place::Parameters),
            "executionType": "LAMBDA",
            "invocationId": invocation_id,
        });
        if let Some(members) = input.as_object_mut() {
            match &action.tool.shape {
                Shape::FunctionDetails => {
                    members.insert("function".to_owned(), json!(action.tool.name));
                }
                Shape::OpenApi { path, method } => {
                    members.insert("apiPath".to_owned(), json!(path));
                    members.insert("verb".to_owned(), json!(method.to_lowercase()));
                    let content = json!({ "application/json": action.parameters(Place::Body) });
                    members.insert("requestBody".to_owned(), json!({ "content": content }));
                }
            }
        }
        let content = json!({
            "traceId": self.trace_id,
            "invocationType": "ACTION_GROUP",
            "actionGroupInvocationInput": input,
        });
        self.orchestration("invocationInput", content);
    }

    pub(super) fn output(&self, text: &str, request_id: &str) {
        let output = json!({ "text": text, "metadata": { "clientRequestId": request_id } });
        self.observation("ACTION_GROUP", "actionGroupInvocationOutput", output);
    }

    pub(super) fn reprompt(&self, text: &str) {
        self.observation("REPROMPT", "repromptResponse", json!({ "text": text, "source": "ACTION_GROUP" }));
    }

    pub(super) fn finish(&self, text: &str) {
        self.observation("FINISH", "finalResponse", json!({ "text": text }));
    }

    pub(super) fn failure(&self, reason: &str) {
        self.send(json!({ "failureTrace": { "traceId": self.trace_id, "failureReason": reason } }));
    }

    fn observation(&self, kind: &str, member: &str, content: Value) {
        self.orchestration("observation", json!({ "traceId": self.trace_id, "type": kind, member: content }));
    }

    fn orchestration(&self, member: &str, content: Value) {
        self.send(json!({ "orchestrationTrace": { member: content } }));
    }

    fn send(&self, trace: Value) {
        if !self.enabled {
            return;
        }
        let agent = self.agent;
        self.events.trace(&json!({
            "agentId": agent.id,
            "agentAliasId": agent.alias_id,
            "agentVersion": agent.version,
            "sessionId": self.session_id,
            "eventTime": stamp::iso(clock::now_ms()),
            "callerChain": [],
            "trace": trace,
        }));
    }
}
