//! What the application that calls the agent put beside the session.

use auth::id::SessionReference;
use auth::refusal::Refusal;
use auth::secret::Secret;

use super::shape::Texts;

/// The session attributes that are read: `mandate_ticket`, `session_id` and `traceparent`. All others are dropped, and
/// none is ever sent back.
pub(super) struct Attributes {
    pub(super) ticket: Option<Secret>,
    pub(super) trace_parent: Option<String>,
}

impl Attributes {
    pub(super) fn read(texts: Option<Texts>, session: &SessionReference) -> Result<Self, Refusal> {
        let mut texts = texts.map(|texts| texts.0).unwrap_or_default();
        if texts.get("session_id").is_some_and(|id| id != session.expose()) {
            return Err(Refusal::auth_required("door: attribute `session_id` names another session"));
        }
        Ok(Self {
            ticket: texts.remove("mandate_ticket").map(Secret::new),
            trace_parent: texts.remove("traceparent").filter(|text| is_trace_parent(text)),
        })
    }
}

fn is_trace_parent(text: &str) -> bool {
    let hex = |part: &str, length: usize| {
        part.len() == length && part.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
    };
    let named = |part: &str| part.bytes().any(|byte| byte != b'0');
    match *text.split('-').collect::<Vec<_>>() {
        ["00", trace, span, flags] => hex(trace, 32) && named(trace) && hex(span, 16) && named(span) && hex(flags, 2),
        _ => false,
    }
}
