//! Action-group events as Bedrock Agents Classic sends them, and what is in their answers.

use auth::id::Agent;
use serde_json::{Value, json};

/// An event in the making.
#[derive(Clone, Debug)]
pub struct Event(pub Value);

impl Event {
    /// A call of `list_groups` by function details, without arguments.
    pub fn of(agent: &Agent, session: &str, ticket: &str) -> Self {
        Self(json!({
            "messageVersion": "1.0",
            "agent": {"name": "okta-helper", "id": agent.id, "alias": agent.alias, "version": "1"},
            "inputText": "What are my Okta groups?",
            "sessionId": session,
            "actionGroup": "okta-groups",
            "function": "list_groups",
            "parameters": [],
            "sessionAttributes": {"session_id": session, "mandate_ticket": ticket},
            "promptSessionAttributes": {},
        }))
    }

    /// A call of another tool, of the action group that has the tools which wait for an approval.
    #[must_use]
    pub fn of_change(self, tool: &str) -> Self {
        self.bent("/actionGroup", json!("okta-changes")).bent("/function", json!(tool))
    }

    /// With a text argument.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        let argument = json!({"name": name, "type": "string", "value": value});
        if let Some(parameters) = self.0.get_mut("parameters").and_then(Value::as_array_mut) {
            parameters.push(argument);
        }
        self
    }

    /// The same call at the OpenAPI door.
    #[must_use]
    pub fn by_openapi(mut self) -> Self {
        if let Some(event) = self.0.as_object_mut() {
            event.remove("function");
            event.insert("apiPath".to_owned(), json!("/list_groups"));
            event.insert("httpMethod".to_owned(), json!("GET"));
        }
        self
    }

    /// With the value at this JSON pointer replaced or, if its parent is an object, added.
    #[must_use]
    pub fn bent(mut self, pointer: &str, value: Value) -> Self {
        if let Some(place) = self.0.pointer_mut(pointer) {
            *place = value;
        } else if let Some((parent, name)) = pointer.rsplit_once('/')
            && let Some(Value::Object(members)) = self.0.pointer_mut(parent)
        {
            members.insert(name.to_owned(), value);
        }
        self
    }
}

/// The JSON in an answer of either door.
pub fn body_of(answer: &Value) -> Value {
    let text = answer
        .pointer("/response/functionResponse/responseBody/TEXT/body")
        .or_else(|| answer.pointer("/response/responseBody/application~1json/body"))
        .and_then(Value::as_str)
        .expect("an answer of a door has a body");
    serde_json::from_str(text).expect("the body is JSON")
}

/// The public code in an answer, or nothing if it is a success.
pub fn error_of(answer: &Value) -> Option<String> {
    body_of(answer).get("error").and_then(Value::as_str).map(str::to_owned)
}
