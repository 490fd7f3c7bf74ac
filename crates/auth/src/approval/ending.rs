//! How an approval ended, and what its person is told of one that has not.

use serde::Serialize;

use super::binding::{ApprovalReference, Binding};
use crate::refusal::{Code, Refusal};
use crate::time::Timestamp;

/// How an approval ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ending {
    /// It was approved and done; one sentence says what happened.
    Done {
        /// Says what was done and nothing else.
        words: String,
    },
    /// The person said no, or somebody else answered.
    Denied,
    /// Nobody answered in time.
    Expired,
    /// It was not done, for this reason.
    Failed {
        /// The public code.
        code: Code,
        /// The sentence for a person.
        words: String,
    },
    /// A worker died while acting, or its answer was lost: it may have happened or not, and is never done again.
    Unknown,
}

impl Ending {
    /// It was not done, with the code's own sentence.
    #[must_use]
    pub fn failed(code: Code) -> Self {
        Self::Failed { code, words: code.sentence().to_owned() }
    }
}

/// Not done, for the refusal's reason; a refusal for want of an answer in time is [`Ending::Expired`].
impl From<&Refusal> for Ending {
    fn from(refusal: &Refusal) -> Self {
        match refusal.code() {
            Code::ApprovalExpired => Self::Expired,
            code @ (Code::AuthRequired
            | Code::ReconnectRequired
            | Code::AccessDenied
            | Code::ApprovalPending
            | Code::ApprovalDenied
            | Code::Busy
            | Code::Unavailable
            | Code::InvalidInput
            | Code::Internal) => Self::Failed { code, words: refusal.sentence().to_owned() },
        }
    }
}

/// What the chat shows of an open approval, so that the person can tell it on their phone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Notice {
    /// By this name it can be asked for.
    pub reference: ApprovalReference,
    /// [`Binding::code`]: the phone shows the same.
    pub code: String,
    /// How long it can still be answered, in seconds; 0 to 300.
    pub expires_in_seconds: u64,
}

impl Notice {
    /// Of the approval with this binding.
    #[must_use]
    pub fn of(binding: &Binding, now: Timestamp) -> Self {
        let expires_in_seconds = binding.expires_at.since(now);
        Self { reference: binding.reference.clone(), code: binding.code(), expires_in_seconds }
    }
}
