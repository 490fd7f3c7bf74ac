//! The built-in tool that searches the others. No model runs here: it counts the words of the query that a tool's name or
//! description has.
//! <https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/gateway-using-mcp-semantic-search.html>

use std::collections::BTreeSet;

use http::StatusCode;
use serde_json::{Map, Value, json};

use super::config::Config;
use super::reply::{INVALID_PARAMS, Reply};
use super::{SEARCH, catalog};

/// The most tools that a search finds.
const MOST: usize = 10;

/// The tool as clients read it.
pub(super) fn definition() -> Value {
    json!({
        "name": SEARCH,
        "description": "A special tool that returns a trimmed down list of tools given a context. Use this tool only when \
                        there are many tools available and you want to get a subset that matches the provided context.",
        "inputSchema": {
            "type": "object",
            "properties": { "query": { "type": "string", "description": "What the tool should do" } },
            "required": ["query"],
        },
    })
}

pub(super) fn answer(config: &Config, arguments: &Map<String, Value>, id: &Value) -> Reply {
    let Some(query) = arguments.get("query").and_then(Value::as_str) else {
        return Reply::error(StatusCode::OK, id, INVALID_PARAMS, "`query` is missing");
    };
    let found = json!({ "tools": find(config, query) });
    let content = json!([{ "type": "text", "text": found.to_string() }]);
    Reply::result(id, &json!({ "content": content, "structuredContent": found, "isError": false }))
}

fn find(config: &Config, query: &str) -> Vec<Value> {
    let sought = words(query);
    let mut found: Vec<(usize, Value)> = catalog::tools(config)
        .map(|(target, tool)| {
            let there = words(&format!("{} {}", tool.name, tool.description));
            (sought.intersection(&there).count(), catalog::definition(target, tool))
        })
        .filter(|(hits, _)| *hits > 0)
        .collect();
    found.sort_by_key(|(hits, _)| std::cmp::Reverse(*hits));
    found.into_iter().map(|(_, tool)| tool).take(MOST).collect()
}

fn words(text: &str) -> BTreeSet<String> {
    let parts = text.split(|letter: char| !letter.is_alphanumeric());
    parts.filter(|word| !word.is_empty()).map(str::to_lowercase).collect()
}
