//! What callers send: `{"user","relation","object","agent"?,"context"?}`.

use auth::decision::Check;
use auth::id::AgentId;
use serde::Deserialize;
use serde_json::{Map, Value};

/// A caller's question, checked.
#[derive(Debug)]
pub struct Question {
    /// User, relation, object and agent, in OpenFGA's field rules.
    pub check: Check,
    /// Values for the model's conditions, if any.
    pub context: Option<Map<String, Value>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wire {
    user: String,
    relation: String,
    object: String,
    agent: Option<String>,
    context: Option<Map<String, Value>>,
}

impl Question {
    /// Reads an event. `user` is an id without `user:`, which is put before it here.
    ///
    /// # Errors
    /// A sentence that names the field and what it takes. Nothing was asked then.
    pub fn parse(event: &str) -> Result<Self, String> {
        // serde's derived structs take an array of their fields as well.
        let object = event.trim_ascii_start().starts_with('{').then(|| serde_json::from_str::<Wire>(event).ok());
        let wire = object.flatten().ok_or(
            "the event must be an object with the texts `user`, `relation` and `object`, and optionally a text `agent` \
             and an object `context`, each once and nothing else",
        )?;
        let mut check = Check::new(&wire.user, &wire.relation, &wire.object)?;
        if let Some(agent) = &wire.agent {
            let agent = AgentId::parse(agent);
            check = check
                .asked_by(agent.ok_or("`agent` must have 1 to 64 letters, digits, `_` or `-`, and not be `every`")?);
        }
        Ok(Self { check, context: wire.context })
    }
}

#[cfg(test)]
mod tests {
    use super::Question;

    #[test]
    fn the_guides_event_is_a_question() {
        let event = r#"{"user":"alice@example.com","relation":"read_okta","object":"okta:groups"}"#;
        let question = Question::parse(event).unwrap();
        assert_eq!(question.check.user(), "alice@example.com");
        assert_eq!(question.check.relation(), "read_okta");
        assert_eq!(question.check.object(), "okta:groups");
        assert!(question.context.is_none() && question.check.agent().is_none());
    }

    #[test]
    fn an_agent_is_part_of_the_question_and_no_other_text_is_one() {
        let event = |agent: &str| {
            format!(r#"{{"user":"alice","relation":"read_okta","object":"okta:groups","agent":{agent}}}"#)
        };
        let question = Question::parse(&event(r#""AGENT12345""#)).unwrap();
        assert_eq!(question.check.agent().map(auth::id::AgentId::as_str), Some("AGENT12345"));
        for agent in [r#""""#, r#""every""#, r#""agent:A""#, r#""A#stopped""#, r#""*""#, r#""A B""#, "7", r#"["A"]"#] {
            assert!(Question::parse(&event(agent)).is_err(), "{agent}");
        }
    }

    #[test]
    fn an_event_with_a_field_missing_doubled_unknown_or_ill_typed_is_none() {
        for event in [
            r#"{"relation":"read_okta","object":"okta:groups"}"#,
            r#"{"user":"alice","object":"okta:groups"}"#,
            r#"{"user":"alice","relation":"read_okta"}"#,
            r#"{"user":"alice","user":"bob","relation":"read_okta","object":"okta:groups"}"#,
            r#"{"user":"alice","relation":"read_okta","object":"okta:groups","contextual_tuples":[]}"#,
            r#"{"user":["alice"],"relation":"read_okta","object":"okta:groups"}"#,
            r#"{"user":"alice","relation":"read_okta","object":"okta:groups","context":"x"}"#,
            r#"["alice","read_okta","okta:groups"]"#,
            r#"["alice","read_okta","okta:groups",null]"#,
            r#" ["alice","read_okta","okta:groups",{}]"#,
            r#"{"user":"alice","relation":"read_okta","object":"okta:groups","context":[]}"#,
            "null",
        ] {
            assert!(Question::parse(event).is_err(), "{event}");
        }
    }

    #[test]
    fn the_problem_names_the_field() {
        let event = r#"{"user":"user:alice","relation":"read_okta","object":"okta:groups"}"#;
        assert!(Question::parse(event).unwrap_err().contains("`user`"));
    }
}
