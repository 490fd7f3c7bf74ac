//! The members of an event that are read. Both forms in one: which of them it is says [`super::Envelope`].

use auth::id::Agent;
use serde::Deserialize;
use serde_json::Value;

use super::shape::{Object, Texts};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Event {
    pub(super) message_version: String,
    pub(super) agent: Object<Caller>,
    pub(super) session_id: String,
    pub(super) action_group: String,
    pub(super) function: Option<String>,
    pub(super) api_path: Option<String>,
    pub(super) http_method: Option<String>,
    pub(super) parameters: Option<Vec<Object<Given>>>,
    pub(super) request_body: Option<Object<Body>>,
    pub(super) session_attributes: Option<Texts>,
}

#[derive(Deserialize)]
pub(super) struct Caller {
    id: String,
    alias: String,
}

#[derive(Deserialize)]
pub(super) struct Given {
    pub(super) name: String,
    pub(super) value: Value,
}

#[derive(Deserialize)]
pub(super) struct Body {
    content: Object<Content>,
}

#[derive(Deserialize)]
struct Content {
    #[serde(rename = "application/json")]
    json: Object<Json>,
}

#[derive(Deserialize)]
struct Json {
    properties: Vec<Object<Given>>,
}

impl Body {
    pub(super) fn properties(body: Object<Self>) -> Vec<Object<Given>> {
        body.0.content.0.json.0.properties
    }
}

impl From<Object<Caller>> for Agent {
    fn from(caller: Object<Caller>) -> Self {
        Self { id: caller.0.id, alias: caller.0.alias }
    }
}
