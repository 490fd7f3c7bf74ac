//! What the agent is doing, in words. Of a trace only the names of our own tools and codes are looked at.

use aws_sdk_bedrockagentruntime::types::{Observation, OrchestrationTrace, Trace};
use serde_json::Value;

use super::conversation::Mark;

/// One step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// Making something of the message.
    Thinking,
    /// A tool was called that asks whether the person may, and only then reads in Okta.
    AskingOkta,
    /// A tool was called that asks whether the person may, and only then asks their phone.
    AskingYou,
    /// The tool looks at the person's approvals.
    Approvals,
    /// A tool that is none of ours.
    Other,
    /// The tool has answered.
    Reading,
    /// The tool's answer is that the account must be connected.
    Reconnect,
    /// The tool's answer is that a right is missing.
    Denied,
}

impl Step {
    /// For the person.
    pub(crate) const fn words(self) -> &'static str {
        match self {
            Self::Thinking => "Reading your message",
            Self::AskingOkta => "Checking that you may, then asking Okta",
            Self::AskingYou => "Checking that you may, then asking for your approval",
            Self::Approvals => "Looking at your approvals",
            Self::Other => "Using a tool",
            Self::Reading => "Putting the answer into words",
            Self::Reconnect => "Your Okta account has to be connected",
            Self::Denied => "A right is missing",
        }
    }

    /// What stays of it once the answer is there.
    pub(crate) const fn mark(self) -> Option<Mark> {
        match self {
            Self::Reconnect => Some(Mark::Reconnect),
            Self::Denied => Some(Mark::Denied),
            Self::Thinking | Self::AskingOkta | Self::AskingYou | Self::Approvals | Self::Other | Self::Reading => None,
        }
    }
}

/// The steps that this trace tells of.
pub(crate) fn steps_of(trace: Option<&Trace>) -> Vec<Step> {
    let Some(Trace::OrchestrationTrace(trace)) = trace else { return Vec::new() };
    match trace {
        OrchestrationTrace::Rationale(_) => vec![Step::Thinking],
        OrchestrationTrace::InvocationInput(input) => {
            let called = input.action_group_invocation_input().and_then(|input| input.function());
            called.map(of_tool).into_iter().collect()
        }
        OrchestrationTrace::Observation(observation) => observed(observation),
        OrchestrationTrace::ModelInvocationInput(_) | OrchestrationTrace::ModelInvocationOutput(_) | _ => Vec::new(),
    }
}

/// One step: that the tool is called is all that the trace tells until it has answered.
fn of_tool(name: &str) -> Step {
    match name {
        "list_groups" => Step::AskingOkta,
        "reset_password" | "add_to_group" | "remove_from_group" | "unlock_user" => Step::AskingYou,
        "check_approval" | "list_approvals" => Step::Approvals,
        _ => Step::Other,
    }
}

fn observed(observation: &Observation) -> Vec<Step> {
    let Some(text) = observation.action_group_invocation_output().and_then(|output| output.text()) else {
        return Vec::new();
    };
    let answer: Value = serde_json::from_str(text).unwrap_or_default();
    match answer.get("error").and_then(Value::as_str) {
        Some("reconnect_required") => vec![Step::Reconnect],
        Some("access_denied") => vec![Step::Denied],
        _ => vec![Step::Reading],
    }
}
