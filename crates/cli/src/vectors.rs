//! `mandate vectors`: the rules of the product for who has published test vectors, one JSON object a line. Each operation goes
//! through the function that a call goes through; nothing is decided here.

mod cedar;
mod cookie;
mod help;
mod keycard;
mod keys;
mod okta_path;
mod return_to;
mod scopes;
mod tokens;

use std::io::{stdin, stdout};

use vectors::{Answer, Request};

pub(crate) use help::help;

use crate::trouble::Trouble;

/// One operation.
struct Operation {
    /// Its `op`.
    name: &'static str,
    /// What it does, and which members there are besides those of the example.
    told: &'static str,
    /// A line that it answers with `ok`, and the answer.
    example: (&'static str, &'static str),
    answer: fn(&Request) -> Result<Answer, Answer>,
}

/// All but those of `mandate-cedar`.
const OPERATIONS: [&Operation; 8] = [
    &keys::JWS,
    &tokens::ACCESS_TOKEN,
    &tokens::ID_TOKEN,
    &cookie::OF_THE_SESSION,
    &return_to::RETURN_TO,
    &scopes::SCOPES,
    &keycard::KEYCARD,
    &okta_path::OKTA_PATH,
];

/// Answers the standard input on the standard output until it ends.
///
/// # Errors
/// One of the two cannot be used.
pub(crate) fn run() -> Result<(), Trouble> {
    let mut cedar = cedar::Cedar::default();
    let answered = vectors::serve(stdin().lock(), stdout().lock(), |request| {
        if cedar::OPERATIONS.contains(&request.op()) {
            return cedar.answer(request);
        }
        match OPERATIONS.iter().find(|operation| operation.name == request.op()) {
            Some(operation) => (operation.answer)(request).unwrap_or_else(|refused| refused),
            None => Answer::refused("unknown_op"),
        }
    });
    answered.map_err(|error| Trouble::because("the lines could not be read or answered", error))
}
