//! The event of an action group.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::agent::{ActionGroup, Agent, Place, Shape, Tool};
use super::sessions::Attributes;

/// Who asks, where, and in which words.
pub(super) struct Asked<'a> {
    pub(super) session_id: &'a str,
    pub(super) text: &'a str,
    pub(super) session_attributes: &'a Attributes,
    pub(super) prompt_session_attributes: &'a Attributes,
}

/// A tool of the agent and the values found for it.
pub(super) struct Action<'a> {
    pub(super) group: &'a ActionGroup,
    pub(super) tool: &'a Tool,
    pub(super) values: BTreeMap<String, String>,
}

impl Action<'_> {
    /// The parameters at `place` for which there is a value. A value without a parameter is left out.
    pub(super) fn parameters(&self, place: Place) -> Vec<Value> {
        let all = self.tool.parameters.iter().filter(|parameter| parameter.place == place);
        all.filter_map(|parameter| {
            let value = self.values.get(&parameter.name)?;
            Some(json!({ "name": parameter.name, "type": parameter.kind, "value": value }))
        })
        .collect()
    }

    /// The first required parameter without a value.
    pub(super) fn missing(&self) -> Option<&str> {
        let required = self.tool.parameters.iter().filter(|parameter| parameter.required);
        required.map(|parameter| parameter.name.as_str()).find(|name| !self.values.contains_key(*name))
    }

    /// <https://docs.aws.amazon.com/bedrock/latest/userguide/agents-lambda.html#agents-lambda-input>
    pub(super) fn event(&self, agent: &Agent, asked: &Asked<'_>) -> Value {
        let mut event = json!({
            "messageVersion": "1.0",
            "agent": { "name": agent.name, "id": agent.id, "alias": agent.alias_id, "version": agent.version },
            "inputText": asked.text,
            "sessionId": asked.session_id,
            "actionGroup": self.group.name,
            "parameters": self.parameters(Place::Parameters),
            "sessionAttributes": asked.session_attributes,
            "promptSessionAttributes": asked.prompt_session_attributes,
        });
        let Some(members) = event.as_object_mut() else { return event };
        match &self.tool.shape {
            Shape::FunctionDetails => {
                members.insert("function".to_owned(), json!(self.tool.name));
            }
            Shape::OpenApi { path, method } => {
                members.insert("apiPath".to_owned(), json!(path));
                members.insert("httpMethod".to_owned(), json!(method));
                let body = self.parameters(Place::Body);
                if !body.is_empty() {
                    let content = json!({ "application/json": { "properties": body } });
                    members.insert("requestBody".to_owned(), json!({ "content": content }));
                }
            }
        }
        event
    }
}
