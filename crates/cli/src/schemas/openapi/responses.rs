//! What an operation answers: its object, or a refusal by its public code.

use std::collections::BTreeMap;

use auth::refusal::Code;
use serde::Serialize;
use tool::catalog::Kind;
use tool::door;

/// By status, as text.
pub(super) type Responses = BTreeMap<String, Response>;

#[derive(Serialize)]
pub(super) struct Response {
    description: String,
    content: BTreeMap<&'static str, Content>,
}

#[derive(Serialize)]
struct Content {
    schema: Object,
}

#[derive(Serialize)]
struct Object {
    #[serde(rename = "type")]
    kind: &'static str,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    properties: BTreeMap<&'static str, Member>,
}

#[derive(Serialize)]
struct Member {
    #[serde(rename = "type")]
    kind: &'static str,
    description: &'static str,
}

/// One success, and every code that a tool of this kind may refuse with.
pub(super) fn of(kind: Kind) -> Responses {
    let success = Response::new("The answer of the tool.".to_owned(), BTreeMap::new());
    let mut responses = BTreeMap::from([(door::status(None).to_string(), success)]);
    for code in Code::ALL.into_iter().filter(|code| kind.tells_of_approvals() || !is_about_approvals(*code)) {
        let told = format!("{}: {}", code.name(), code.sentence());
        let refusal = responses
            .entry(door::status(Some(code)).to_string())
            .or_insert_with(|| Response::new(String::new(), members_of(code)));
        // Two codes may have one status.
        refusal.description = [refusal.description.as_str(), &told].join(" ").trim_start().to_owned();
    }
    responses
}

impl Response {
    fn new(description: String, properties: BTreeMap<&'static str, Member>) -> Self {
        let schema = Object { kind: "object", properties };
        Self { description, content: BTreeMap::from([("application/json", Content { schema })]) }
    }
}

const fn is_about_approvals(code: Code) -> bool {
    matches!(code, Code::ApprovalPending | Code::ApprovalDenied | Code::ApprovalExpired)
}

/// What an agent makes use of. Bedrock puts these into its prompts, so the rest of a refusal is not here.
fn members_of(code: Code) -> BTreeMap<&'static str, Member> {
    let text = |description| Member { kind: "string", description };
    let mut members =
        BTreeMap::from([("error", text("The public code.")), ("message", text("A sentence for the person."))]);
    if code == Code::Busy {
        members.insert("retry_after_seconds", Member { kind: "integer", description: "When to try again." });
    }
    if code == Code::ApprovalPending {
        members.insert("approval", Member { kind: "object", description: "The request on the person's phone." });
    }
    members
}
