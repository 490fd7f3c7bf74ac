//! The tools of all targets, and `tools/list`.
//! <https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/gateway-using-mcp-list.html>

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::StatusCode;
use serde_json::{Value, json};

use super::config::{Config, Target, Tool};
use super::exchange::Inbound;
use super::message::Message;
use super::methods::{decide, refused};
use super::policy::Verdict;
use super::propagation::Injected;
use super::reply::{INVALID_PARAMS, Reply};
use super::{Runtime, search};

/// A tool's name with its target's.
pub(super) fn full_name(target: &Target, tool: &Tool) -> String {
    format!("{}___{}", target.name, tool.name)
}

pub(super) fn tools(config: &Config) -> impl Iterator<Item = (&Target, &Tool)> {
    config.targets.iter().flat_map(|target| target.tools.iter().map(move |tool| (target, tool)))
}

/// The tool of this full name.
pub(super) fn find<'c>(config: &'c Config, name: &str) -> Option<(&'c Target, &'c Tool)> {
    tools(config).find(|(target, tool)| full_name(target, tool) == name)
}

/// A tool as clients read it.
pub(super) fn definition(target: &Target, tool: &Tool) -> Value {
    json!({ "name": full_name(target, tool), "description": tool.description, "inputSchema": tool.input_schema })
}

pub(super) fn list(gateway: &Runtime, inbound: &Inbound, message: &Message, injected: &Injected, id: &Value) -> Reply {
    let cursor = message.params.get("cursor").filter(|cursor| !cursor.is_null());
    let Some(start) = cursor.map_or(Some(0), |cursor| cursor.as_str().and_then(place)) else {
        return Reply::error(StatusCode::OK, id, INVALID_PARAMS, "Invalid cursor");
    };
    let mut listed: Vec<Value> = gateway.config.search.then(search::definition).into_iter().collect();
    for (target, tool) in tools(&gateway.config) {
        match decide(gateway, inbound, injected, &full_name(target, tool), None) {
            Verdict::Allow => listed.push(definition(target, tool)),
            Verdict::Deny(_) => {}
            Verdict::Failure => return refused(&Verdict::Failure, id).unwrap_or_else(|| Reply::internal(id)),
        }
    }
    let end = start.saturating_add(gateway.config.page_size);
    let is_more = end < listed.len();
    let page: Vec<Value> = listed.into_iter().skip(start).take(gateway.config.page_size).collect();
    let mut result = json!({ "tools": page });
    if let (Some(members), true) = (result.as_object_mut(), is_more) {
        members.insert("nextCursor".to_owned(), json!(URL_SAFE_NO_PAD.encode(end.to_string())));
    }
    Reply::result(id, &result)
}

fn place(cursor: &str) -> Option<usize> {
    String::from_utf8(URL_SAFE_NO_PAD.decode(cursor).ok()?).ok()?.parse().ok()
}
