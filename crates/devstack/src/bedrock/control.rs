//! The build-time API of Bedrock's agents, as far as it tells of the one agent here:
//! [GetAgent](https://docs.aws.amazon.com/bedrock/latest/APIReference/API_agent_GetAgent.html) and
//! [GetAgentAlias](https://docs.aws.amazon.com/bedrock/latest/APIReference/API_agent_GetAgentAlias.html). At AWS it is another
//! host, `bedrock-agent`. Signatures are not checked, only that there is one.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::routing::get;
use axum::{Json, Router};
use http::HeaderMap;
use http::header::AUTHORIZATION;
use serde_json::{Value, json};

use super::refusal::Refusal;
use super::{Runtime, arn};
use crate::lambda::{ACCOUNT, REGION};

pub(super) fn routes(runtime: Arc<Runtime>) -> Router {
    Router::new()
        .route("/agents/{agent}/", get(agent))
        .route("/agents/{agent}/agentaliases/{alias}/", get(alias))
        .with_state(runtime)
}

async fn agent(
    State(runtime): State<Arc<Runtime>>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Json<Value>, Refusal> {
    signed(&headers)?;
    let agent = &runtime.agent;
    if agent.id != id {
        return Err(Refusal::NotFound(format!("there is no agent `{id}`")));
    }
    Ok(Json(json!({"agent": {
        "agentId": agent.id,
        "agentArn": arn(&agent.id),
        "agentName": agent.name,
        "agentVersion": "DRAFT",
        "agentStatus": "PREPARED",
        "agentResourceRoleArn": format!("arn:aws:iam::{ACCOUNT}:role/mandate-agent"),
        "idleSessionTTLInSeconds": 600,
    }})))
}

async fn alias(
    State(runtime): State<Arc<Runtime>>,
    Path((id, alias)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Json<Value>, Refusal> {
    signed(&headers)?;
    let agent = &runtime.agent;
    if (agent.id.as_str(), agent.alias_id.as_str()) != (id.as_str(), alias.as_str()) {
        return Err(Refusal::NotFound(format!("there is no alias `{alias}` of an agent `{id}`")));
    }
    Ok(Json(json!({"agentAlias": {
        "agentId": agent.id,
        "agentAliasId": agent.alias_id,
        "agentAliasArn": format!("arn:aws:bedrock:{REGION}:{ACCOUNT}:agent-alias/{id}/{alias}"),
        "agentAliasName": "live",
        "agentAliasStatus": "PREPARED",
        "aliasInvocationState": "ACCEPT_INVOCATIONS",
        "routingConfiguration": [{"agentVersion": agent.version}],
    }})))
}

fn signed(headers: &HeaderMap) -> Result<(), Refusal> {
    let is = headers.contains_key(AUTHORIZATION);
    is.then_some(()).ok_or_else(|| Refusal::AccessDenied("the request is not signed".to_owned()))
}
