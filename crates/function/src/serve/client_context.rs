//! What the caller of the function says beside the event.

use std::collections::BTreeMap;

use serde_json::Value;

/// The texts in `custom` of the client context (Lambda `Invoke` API, `ClientContext`). AgentCore Gateway names the tool
/// there. Whoever may invoke the function can write it, so it is as untrusted as the event.
///
/// Only texts are kept: the gateway may put whole request headers there as a nested object, tokens among them, and a
/// context of an unexpected shape must not cost the call its answer.
#[derive(Clone, Default)]
pub struct ClientContext(BTreeMap<String, String>);

impl ClientContext {
    /// From the `Lambda-Runtime-Client-Context` header. What is not JSON, or has no `custom` object, is empty.
    #[must_use]
    pub fn parse(header: &[u8]) -> Self {
        let Ok(Value::Object(mut context)) = serde_json::from_slice(header) else { return Self::default() };
        let Some(Value::Object(custom)) = context.remove("custom") else { return Self::default() };
        let texts = custom.into_iter().filter_map(|(key, value)| match value {
            Value::String(text) => Some((key, text)),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => None,
        });
        Self(texts.collect())
    }

    /// The text under this key of `custom`, as in `bedrockAgentCoreToolName`.
    #[must_use]
    pub fn custom(&self, key: &str) -> Option<&str> {
        self.0.get(key).map(String::as_str)
    }

    /// Whether there is a text under a key that begins so, as in `bedrockAgentCore`.
    #[must_use]
    pub fn has(&self, prefix: &str) -> bool {
        self.0.keys().any(|key| key.starts_with(prefix))
    }
}

/// The texts of `custom` as they are.
impl FromIterator<(String, String)> for ClientContext {
    fn from_iter<I: IntoIterator<Item = (String, String)>>(texts: I) -> Self {
        Self(texts.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::ClientContext;

    #[test]
    fn texts_are_kept_and_nested_values_are_not() {
        let header = r#"{"client":null,"custom":{"bedrockAgentCoreToolName":"okta___list_groups",
            "bedrockAgentCorePropagatedHeaders":{"Authorization":"Bearer x"},"n":1,"e":{}},"env":{"a":1}}"#;
        let context = ClientContext::parse(header.as_bytes());
        assert_eq!(context.custom("bedrockAgentCoreToolName"), Some("okta___list_groups"));
        for key in ["bedrockAgentCorePropagatedHeaders", "Authorization", "n", "e", "a"] {
            assert_eq!(context.custom(key), None, "{key}");
        }
    }

    #[test]
    fn a_context_of_another_shape_is_empty() {
        for header in ["", "null", "[]", "x", "{}", r#"{"custom":null}"#, r#"{"custom":[]}"#, "\u{fffd}"] {
            assert_eq!(ClientContext::parse(header.as_bytes()).custom("traceparent"), None, "{header}");
        }
        assert!(ClientContext::parse(b"{\"custom\":{\"a\":\"\xff\"}}").custom("a").is_none());
    }
}
