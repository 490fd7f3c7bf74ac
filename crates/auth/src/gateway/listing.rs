//! Lists of tools, without what a caller may not call.

use serde_json::{Map, Value};

use super::{SEARCH, TICKET_ARGUMENT};

/// Takes entries out of `tools` and of `structuredContent.tools`, whichever are there; all other members stay, the cursor
/// of a page included. Whether there was a list at all.
pub(super) fn filter(result: &mut Map<String, Value>, may: &impl Fn(&str) -> bool) -> bool {
    let listed = filter_tools(result, may);
    let structured = match result.get_mut("structuredContent") {
        Some(Value::Object(content)) => filter_tools(content, may),
        Some(_) => {
            result.remove("structuredContent");
            false
        }
        None => false,
    };
    listed || structured
}

/// The same for a search, which repeats its list as text: a block that is no such text goes.
pub(super) fn filter_search(result: &mut Map<String, Value>, may: &impl Fn(&str) -> bool) -> bool {
    let listed = filter(result, may);
    let Some(content) = result.get_mut("content") else { return listed };
    let blocks = std::mem::take(content);
    // What is no array of blocks tells nothing.
    let blocks = if let Value::Array(blocks) = blocks { blocks } else { Vec::new() };
    *content = Value::Array(blocks.into_iter().filter_map(|block| text_block(block, may)).collect());
    true
}

fn text_block(mut block: Value, may: &impl Fn(&str) -> bool) -> Option<Value> {
    let members = block.as_object_mut()?;
    if members.get("type").and_then(Value::as_str) != Some("text") {
        return None;
    }
    let mut list: Map<String, Value> = serde_json::from_str(members.get("text")?.as_str()?).ok()?;
    if !filter_tools(&mut list, may) {
        return None;
    }
    let text = Value::Object(list).to_string();
    Some(Value::Object(Map::from_iter([("type".to_owned(), "text".into()), ("text".to_owned(), text.into())])))
}

fn filter_tools(holder: &mut Map<String, Value>, may: &impl Fn(&str) -> bool) -> bool {
    match holder.get_mut("tools") {
        Some(Value::Array(tools)) => {
            tools.retain(|tool| {
                tool.get("name").and_then(Value::as_str).is_some_and(|name| name == SEARCH || may(name))
            });
            tools.iter_mut().for_each(hide_ticket);
            true
        }
        // A list of no known form is none.
        Some(_) => {
            holder.remove("tools");
            false
        }
        None => false,
    }
}

fn hide_ticket(tool: &mut Value) {
    for name in ["inputSchema", "input_schema"] {
        let Some(schema) = tool.get_mut(name) else { continue };
        if let Some(Value::Object(properties)) = schema.get_mut("properties") {
            properties.remove(TICKET_ARGUMENT);
        }
        if let Some(Value::Array(required)) = schema.get_mut("required") {
            required.retain(|argument| argument != TICKET_ARGUMENT);
        }
    }
}
