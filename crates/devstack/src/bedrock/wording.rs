//! The sentences that a model would make.

use std::fmt::Write as _;

use serde_json::Value;

use super::agent::Agent;

/// What the agent says about a tool's result: a list in words, otherwise the message as it stands, otherwise the text.
pub(super) fn result(body: &str, user: Option<&str>) -> String {
    let Ok(json) = serde_json::from_str::<Value>(body) else {
        return body.to_owned();
    };
    if let Some(groups) = json.get("groups").and_then(Value::as_array) {
        return group_list(groups, user);
    }
    if let Some(approvals) = json.get("approvals").and_then(Value::as_array) {
        return approval_list(approvals);
    }
    let told = ["/message", "/error/message", "/error"].iter().find_map(|pointer| json.pointer(pointer)?.as_str());
    told.map_or_else(|| body.to_owned(), str::to_owned)
}

fn approval_list(approvals: &[Value]) -> String {
    let lines: Vec<&str> = approvals.iter().filter_map(Value::as_str).collect();
    match lines.len() {
        0 => "You have no open approvals.".to_owned(),
        1 => format!("You have 1 open approval:\n{}", lines.join("\n")),
        count => format!("You have {count} open approvals:\n{}", lines.join("\n")),
    }
}

fn group_list(groups: &[Value], user: Option<&str>) -> String {
    let who = user.map_or_else(|| "You are".to_owned(), |user| format!("{user} is"));
    let names: Vec<&str> =
        groups.iter().filter_map(|group| group.as_str().or_else(|| group.get("name")?.as_str())).collect();
    let mut sentence = match names.len() {
        0 => return format!("{who} in no groups."),
        1 => format!("{who} in 1 group:"),
        count => format!("{who} in {count} groups:"),
    };
    for name in names {
        // Writing to a string does not fail.
        let _written = write!(sentence, "\n\"{name}\"");
    }
    sentence
}

pub(super) fn no_tool(tool: &str) -> String {
    format!("I cannot do that: this agent is configured with no tool `{tool}`.")
}

pub(super) fn what_is_missing(tool: &str, parameter: &str) -> String {
    format!("For `{tool}` I need to know `{parameter}`. Which is it?")
}

pub(super) fn help(agent: &Agent) -> String {
    let tools = agent.action_groups.iter().flat_map(|group| &group.tools);
    let names: Vec<String> = tools.map(|tool| format!("`{}`", tool.name)).collect();
    if names.is_empty() {
        return "I am configured with no tools.".to_owned();
    }
    format!("I can use these tools for you: {}. Ask me, for instance, which groups you are in.", names.join(", "))
}
