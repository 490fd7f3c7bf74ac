//! The members of an event that are read. Both forms in one: which of them it is says [`super::Envelope`].

use auth::id::Agent;
use auth::refusal::Refusal;
use serde::Deserialize;
use serde_json::Value;

use super::misshapen;
use super::shape::{Object, Texts};

/// The longest id of an agent or an alias that is read. Bedrock's have 10 characters.
const LONGEST_ID: usize = 20;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Event {
    pub(super) message_version: String,
    pub(super) agent: Object<AgentIds>,
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
pub(super) struct AgentIds {
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

impl AgentIds {
    /// The agent, if its ids are of the form that the `InvokeAgent` API takes: letters and digits.
    pub(super) fn agent(ids: Object<Self>) -> Result<Agent, Refusal> {
        let Self { id, alias } = ids.0;
        let shaped =
            |id: &str| (1..=LONGEST_ID).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if shaped(&id) && shaped(&alias) {
            Ok(Agent { id, alias })
        } else {
            Err(misshapen("the agent's id or alias is not of the API's form"))
        }
    }
}
