//! The agent of Bedrock Agents Classic.

use super::super::evidence::Evidence;
use super::super::finding::{Finding, Judged, text};

pub(super) fn agent(evidence: &Evidence) -> Judged {
    let told = evidence
        .account
        .agent
        .or_wrong("the agent does not exist", "set AGENT_ID to the id of an agent of this region")?;
    match text(told, "/agent/agentStatus") {
        "PREPARED" => Ok(format!("`{}` is prepared", text(told, "/agent/agentName"))),
        _ => Err(Finding::wrong("the agent is not prepared", "prepare it (PrepareAgent)")),
    }
}

pub(super) fn alias(evidence: &Evidence) -> Judged {
    let told = evidence
        .account
        .alias
        .or_wrong("the agent has no such alias", "set AGENT_ALIAS_ID to the id of one of its aliases")?;
    match (text(told, "/agentAlias/agentAliasStatus"), text(told, "/agentAlias/aliasInvocationState")) {
        ("PREPARED", "REJECT_INVOCATIONS") => {
            Err(Finding::wrong("the alias rejects calls", "let it accept invocations (UpdateAgentAlias)"))
        }
        ("PREPARED", _) => Ok(format!("`{}` is prepared", text(told, "/agentAlias/agentAliasName"))),
        _ => Err(Finding::wrong("the alias is not prepared", "point it at a prepared version of the agent")),
    }
}
