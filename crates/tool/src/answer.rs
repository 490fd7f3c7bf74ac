//! What a tool gives back, and how long it may be.

#[cfg(test)]
mod tests;
mod text;

pub use text::clean_text;

use std::fmt;

use auth::id::Reference;
use auth::refusal::{Code, Refusal};
use serde_json::{Map, Value, json};

/// The longest answer of any door, in bytes of compact JSON. Older AWS documentation limits it to 25 KB; the limit has
/// left the documentation, and a model gains nothing from more.
pub const LONGEST_ANSWER: usize = 24_000;

/// What is left for the body, counted as it stands in the answer: as a JSON string, escapes included. The rest is for
/// the names that the answer repeats.
const LONGEST_BODY: usize = 20_000;

/// The longest sentence of a refusal, in characters.
const LONGEST_SENTENCE: usize = 600;

/// A JSON object that fits into an answer. What is in it can be read by the model and in the agent's traces.
#[derive(Clone, PartialEq)]
pub struct Answer(Map<String, Value>);

impl Answer {
    /// A success as it is.
    ///
    /// # Errors
    /// `internal` if it takes more than 20,000 bytes as a JSON string in the answer.
    pub fn object(body: Map<String, Value>) -> Result<Self, Refusal> {
        let answer = Self(body);
        if answer.fits() { Ok(answer) } else { Err(too_long()) }
    }

    /// `more` with `items` under `field` and the member `truncated`, which is true if there are more items than the
    /// answer has: because the caller says so, or because they would not fit and were cut off from the end.
    ///
    /// # Errors
    /// `internal` if `more` alone takes more than 20,000 bytes as a JSON string in the answer.
    pub fn list(
        field: &str,
        items: Vec<String>,
        mut more: Map<String, Value>,
        truncated: bool,
    ) -> Result<Self, Refusal> {
        more.insert(field.to_owned(), json!([]));
        more.insert("truncated".to_owned(), json!(false));
        let left = LONGEST_BODY.checked_sub(Self(more.clone()).length()).ok_or_else(too_long)?;
        let all = items.len();
        let mut used = 0_usize;
        let kept: Vec<String> = items
            .into_iter()
            .take_while(|item| {
                // One more byte for the comma.
                used = used.saturating_add(length_as_text(&json!(item).to_string())).saturating_add(1);
                used <= left
            })
            .collect();
        more.insert("truncated".to_owned(), json!(truncated || kept.len() < all));
        more.insert(field.to_owned(), json!(kept));
        Ok(Self(more))
    }

    /// The members.
    #[must_use]
    pub fn body(&self) -> &Map<String, Value> {
        &self.0
    }

    /// The members as compact JSON, which is the text that a door carries.
    #[must_use]
    pub fn text(&self) -> String {
        Value::Object(self.0.clone()).to_string()
    }

    fn length(&self) -> usize {
        length_as_text(&self.text())
    }

    fn fits(&self) -> bool {
        self.length() <= LONGEST_BODY
    }
}

/// Shows the members' names only: what they hold is somebody's data.
impl fmt::Debug for Answer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_set().entries(self.0.keys()).finish()
    }
}

/// The body of a refusal: `error`, `message`, `reference`, with `busy` `retry_after_seconds`, and with `approval_pending`
/// `approval`, whose members are those of [`auth::approval::Notice`].
pub(crate) fn refused(refusal: &Refusal, reference: &Reference) -> String {
    let code = Map::from_iter([("error".to_owned(), refusal.code().name().into())]);
    Value::Object(explained(code, refusal, reference)).to_string()
}

/// The same beside any members.
pub(crate) fn explained(mut body: Map<String, Value>, refusal: &Refusal, reference: &Reference) -> Map<String, Value> {
    body.insert("message".to_owned(), clean_text(refusal.sentence(), LONGEST_SENTENCE).into());
    body.insert("reference".to_owned(), reference.as_str().into());
    if let Some(seconds) = refusal.retry_after_seconds() {
        body.insert("retry_after_seconds".to_owned(), seconds.into());
    }
    if let Some(approval) = refusal.approval() {
        body.insert("approval".to_owned(), json!(approval));
    }
    body
}

fn length_as_text(text: &str) -> usize {
    json!(text).to_string().len()
}

fn too_long() -> Refusal {
    Refusal::new(Code::Internal, "answer: too long")
}
