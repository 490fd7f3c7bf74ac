//! The answer to an action group with function details.

use serde_json::{Value, json};

/// A normal answer, or with `reprompt` one that sends the model back to its arguments. `FAILURE` is never used: it
/// would end the agent's turn in an exception, and the sentence would be lost.
pub(super) fn answer(action_group: &str, function: &str, body: &str, reprompt: bool) -> Value {
    let body = json!({"TEXT": {"body": body}});
    let response = if reprompt {
        json!({"responseState": "REPROMPT", "responseBody": body})
    } else {
        json!({"responseBody": body})
    };
    json!({
        "messageVersion": "1.0",
        "response": {"actionGroup": action_group, "function": function, "functionResponse": response},
    })
}
