//! The policy engine, in `ENFORCE`.
//! <https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/policy-authorization-flow.html>

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use serde::Serialize;
use serde_json::{Map, Value};

/// What the engine is asked.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Authorization {
    /// The inbound token's `sub`: the id of an `AgentCore::OAuthUser`.
    pub principal: String,
    /// The inbound token's claims: the principal's tags. What is no text is there as JSON text.
    pub tags: BTreeMap<String, String>,
    /// The full name of the tool, as in `okta___list_groups`: the id of an `AgentCore::Action`.
    pub action: String,
    /// The gateway's ARN: the id of an `AgentCore::Gateway`.
    pub resource: String,
    /// The arguments as the REQUEST interceptor left them: `context.input`. None when tools are listed, so that the policies
    /// can only be evaluated in part.
    pub input: Option<Map<String, Value>>,
}

/// What the engine answers.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Verdict {
    /// The tool may be called, or listed.
    Allow,
    /// It may not: the names of the policies that forbid it; empty if none permits it.
    Deny(Vec<String>),
    /// The evaluation failed.
    Failure,
}

/// A function that stands for the engine and its policies.
#[derive(Clone)]
pub struct PolicyEngine(Arc<dyn Fn(&Authorization) -> Verdict + Send + Sync>);

impl PolicyEngine {
    /// An engine that answers as `decide` does.
    #[must_use]
    pub fn new(decide: impl Fn(&Authorization) -> Verdict + Send + Sync + 'static) -> Self {
        Self(Arc::new(decide))
    }

    pub(super) fn decide(&self, authorization: &Authorization) -> Verdict {
        (self.0)(authorization)
    }
}

impl fmt::Debug for PolicyEngine {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("PolicyEngine")
    }
}

/// Claims as the policies see them.
pub(super) fn tags(claims: &Map<String, Value>) -> BTreeMap<String, String> {
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    claims.iter().map(|(name, value)| (name.clone(), text(value))).collect()
}

/// What a caller reads who was denied by these policies.
pub(super) fn sentence(forbidding: &[String]) -> String {
    let reason = if forbidding.is_empty() {
        "No policy applies to the request (denied by default).".to_owned()
    } else {
        format!("Policy evaluation denied due to {}", forbidding.join(", "))
    };
    format!("Tool Execution Denied: Tool call not allowed due to policy enforcement [{reason}]")
}

/// What a caller reads when an evaluation failed.
pub(super) const FAILURE: &str = "Tool Execution Denied: Policy Evaluation Internal Failure";
