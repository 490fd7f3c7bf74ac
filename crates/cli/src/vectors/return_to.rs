//! Where a sign-in leads.

use serde::Deserialize;
use vectors::{Answer, Request};
use web::Place;

use super::Operation;

pub(super) const RETURN_TO: Operation = Operation {
    name: "return_to",
    told: "where somebody goes who signs in with this `return_to`: a page of ours, whatever it says. `kept` is false where it is \
           another.",
    example: (r#"{"op":"return_to","value":"//evil.test"}"#, r#"{"ok":true,"kept":false,"path":"/"}"#),
    answer: return_to,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Members {
    value: String,
}

fn return_to(request: &Request) -> Result<Answer, Answer> {
    let Members { value } = request.members()?;
    let path = Place::of(&value).path();
    Ok(Answer::good().with("path", path).with("kept", path == value))
}
