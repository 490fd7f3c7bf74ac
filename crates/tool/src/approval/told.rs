//! What a person is told of their approvals.

use auth::approval::{Ending, Notice};
use auth::refusal::{Code, Refusal};
use auth::time::Timestamp;
use serde_json::{Map, Value, json};
use upstream_aws::{EndedApproval, OpenApproval, OpenState};

use crate::answer::Answer;

const HOW_IT_ENDED: &str = "approval: how it ended";

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
        OpenState::Requested | OpenState::Pending => format!(
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
/// The refusal that the ending comes to. Only what was done, and what may have been done, is a success.
pub fn ended(found: &EndedApproval) -> Result<Answer, Refusal> {
    let EndedApproval { tool, code, ending, .. } = found;
    let refused = |code: Code, words: String| Err(Refusal::new(code, HOW_IT_ENDED).saying(words));
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
            let words =
                format!("The request with the code {code} ({tool}) was not answered in time, so nothing was done.");
            return refused(Code::ApprovalExpired, words);
        }
        Ending::Failed { code: why, words } => {
            let words = format!("The request with the code {code} ({tool}) was not carried out. {words}");
            // Whoever was busy then may be asked at once: that was a while ago.
            return match why {
                Code::Busy => Err(Refusal::busy(HOW_IT_ENDED, 1).saying(words)),
                _ => refused(*why, words),
            };
        }
    };
    let body = json!({
        "status": status, "message": message, "tool": tool, "code": code, "approval": found.reference.as_str(),
    });
    Answer::object(match body {
        Value::Object(members) => members,
        _ => Map::new(),
    })
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
