//! What a person is told of their approvals.

use auth::approval::{Ending, Notice};
use auth::refusal::{Code, Refusal};
use auth::time::Timestamp;
use serde_json::{Map, json};
use upstream_aws::{EndedApproval, OpenApproval, OpenState};

use crate::answer::Answer;

/// An approval that is not over.
#[must_use]
pub fn open(found: &OpenApproval, now: Timestamp) -> Refusal {
    let OpenApproval { tool, code, state, .. } = found;
    let notice = notice(found, now);
    let seconds = notice.expires_in_seconds;
    let words = match state {
        OpenState::Requested | OpenState::Pending if seconds == 0 => {
            format!(
                "The time for the request with the code {code} ({tool}) is over. How it ended is not written down yet."
            )
        }
        OpenState::Requested => format!(
            "The request with the code {code} ({tool}) is on its way. Whether it has reached your phone is not known yet. \
             Nothing is done before you answer it."
        ),
        OpenState::Pending => format!(
            "The request with the code {code} ({tool}) waits for your answer on your phone, for another {seconds} \
             seconds. Nothing is done before that."
        ),
        OpenState::Approved => {
            format!("You have approved the request with the code {code} ({tool}). It is about to be done.")
        }
        OpenState::Acting => format!("You have approved the request with the code {code} ({tool}). It is being done."),
    };
    Refusal::approval_pending(format!("approval: {}", state.name()), notice).saying(words)
}

/// How an approval ended.
///
/// # Errors
/// `approval_denied` and `approval_expired`. Every other ending is an answer with a `status`: `done`, `unknown`, or `failed`
/// with the `reason`, a public code.
pub fn ended(found: &EndedApproval) -> Result<Answer, Refusal> {
    let EndedApproval { tool, code, ending, .. } = found;
    let refused = |code: Code, words: String| Err(Refusal::new(code, "approval: how it ended").saying(words));
    let (status, message) = match ending {
        Ending::Done { words } => ("done", words.clone()),
        Ending::Unknown => (
            "unknown",
            format!(
                "The request with the code {code} ({tool}) was approved, but it is not known whether it was done. It is \
                 not tried again. Please look whether it happened before you ask again."
            ),
        ),
        Ending::Denied => {
            let words = format!("The request with the code {code} ({tool}) was declined, so nothing was done.");
            return refused(Code::ApprovalDenied, words);
        }
        Ending::Expired => {
            let words = format!(
                "No answer to the request with the code {code} ({tool}) had reached us in time, so nothing was done."
            );
            return refused(Code::ApprovalExpired, words);
        }
        // Its code is that of the request, and not of the question how it went: `auth_required` would say that whoever asks
        // is not signed in.
        Ending::Failed { code: Code::AuthRequired, .. } => (
            "failed",
            format!(
                "The request with the code {code} ({tool}) was not carried out: the sign-in that it needs was no longer \
                 valid by then. Nothing was done."
            ),
        ),
        Ending::Failed { words, .. } => {
            ("failed", format!("The request with the code {code} ({tool}) was not carried out. {words}"))
        }
    };
    let reason = match ending {
        Ending::Failed { code, .. } => Some(code.name()),
        Ending::Done { .. } | Ending::Denied | Ending::Expired | Ending::Unknown => None,
    };
    let approval = json!({ "reference": found.reference, "code": code });
    let mut members = Map::from_iter([
        ("status".to_owned(), json!(status)),
        ("message".to_owned(), json!(message)),
        ("tool".to_owned(), json!(tool)),
        ("approval".to_owned(), approval),
    ]);
    members.extend(reason.map(|reason| ("reason".to_owned(), json!(reason))));
    Answer::object(members)
}

/// An open approval in one line of a list.
#[must_use]
pub fn line(found: &OpenApproval, now: Timestamp) -> String {
    let OpenApproval { reference, tool, code, state, .. } = found;
    let left = found.expires_at.since(now);
    format!("{code} {tool}: {}, {left} s left, reference {}", state.name(), reference.as_str())
}

pub(super) fn notice(found: &OpenApproval, now: Timestamp) -> Notice {
    let expires_in_seconds = found.expires_at.since(now);
    Notice { reference: found.reference.clone(), code: found.code.clone(), expires_in_seconds }
}
