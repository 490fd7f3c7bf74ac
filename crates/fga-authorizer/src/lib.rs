//! The Lambda that asks OpenFGA whether somebody may do something, and the only one that holds its credentials.
//!
//! Called by name by the tools' functions, with `{"user","relation","object","context"?}`. Answers
//! `{"statusCode","isAuthorized","reason","modelId","check"}`; `isAuthorized` is true only if OpenFGA said so just now.

pub mod answer;
pub mod question;
pub mod settings;

use answer::Answer;
use auth::decision::Reason;
use question::Question;
use tokio::time::Instant;
use upstream_http::openfga::OpenFga;

/// Answers one event. Never fails: every outcome is an answer.
pub async fn handle(openfga: &OpenFga, event: &str, until: Instant) -> Answer {
    let question = match Question::parse(event) {
        Ok(question) => question,
        Err(problem) => return Answer::malformed(&problem, openfga.model_id()),
    };
    match openfga.check(&question.check, question.context.as_ref(), until).await {
        Ok(allowed) => Answer::decided(&question.check, allowed, openfga.model_id()),
        Err(error) => Answer::failed(&error, openfga.model_id()),
    }
}

/// The answer to an event whose handling panicked or ran out of time.
#[must_use]
pub fn give_up(out_of_time: bool) -> Answer {
    if out_of_time {
        Answer::broken(Reason::Unavailable, "no time left")
    } else {
        Answer::broken(Reason::Misconfigured, "the handling of this event panicked")
    }
}
