//! What catches a handler that does not answer.

use std::panic::AssertUnwindSafe;

use auth::refusal::{Code, Refusal};
use futures_util::FutureExt as _;
use serde_json::value::RawValue;
use tokio::time::timeout_at;

use super::invocation::Invocation;

/// Why a handler did not answer. What it had begun may have happened or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// It panicked.
    Panicked,
    /// The time of the call was used up.
    OutOfTime,
}

impl Trouble {
    /// The public code of the answer: `internal` or `unavailable`.
    #[must_use]
    pub const fn code(self) -> Code {
        match self {
            Self::Panicked => Code::Internal,
            Self::OutOfTime => Code::Unavailable,
        }
    }

    /// A refusal whose sentence does not claim that nothing was done, because that is not known here. `steps` are those
    /// that had begun and not ended.
    #[must_use]
    pub fn refusal(self, steps: &[&str]) -> Refusal {
        let (what, words) = match self {
            Self::Panicked => ("panicked", "Something went wrong on our side before this was finished."),
            Self::OutOfTime => ("out of time", "This took too long and was stopped. Please try again later."),
        };
        Refusal::new(self.code(), format!("handler: {what} in [{}]", steps.join(", "))).saying(words)
    }
}

pub(super) struct Caught<T> {
    /// `None` if there is not even a fallback.
    pub(super) answer: Option<T>,
    pub(super) trouble: Option<(Trouble, Invocation)>,
}

/// The handler's answer if it gives one in time, otherwise the fallback's.
pub(super) async fn answered<T, H, B>(event: &RawValue, invocation: Invocation, handler: &H, fallback: &B) -> Caught<T>
where
    H: AsyncFn(&RawValue, Invocation) -> T,
    B: Fn(&RawValue, Trouble, &Invocation) -> T,
{
    let kept = invocation.clone();
    // Nothing that the handler left half-changed is looked at after a panic except the stopwatch, which stands that.
    let answer = AssertUnwindSafe(async { handler(event, invocation).await }).catch_unwind();
    let trouble = match timeout_at(kept.until, Box::pin(answer)).await {
        Ok(Ok(answer)) => return Caught { answer: Some(answer), trouble: None },
        Ok(Err(_)) => Trouble::Panicked,
        Err(_) => Trouble::OutOfTime,
    };
    let answer = std::panic::catch_unwind(AssertUnwindSafe(|| fallback(event, trouble, &kept))).ok();
    Caught { answer, trouble: Some((trouble, kept)) }
}
