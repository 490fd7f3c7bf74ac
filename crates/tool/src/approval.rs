//! Tools that wait for the person's yes on their phone.
//!
//! The function that the agent calls only asks ([`Desk`]). A worker, woken by a queue, polls for the answer and does the
//! deed ([`Deeds`]): minutes later, with everything checked again, at most once for each approval.

mod desk;
mod resume;
#[cfg(test)]
mod tests;
pub mod told;

pub use desk::Desk;
pub use resume::{Deeds, Resumed, Worksite};

use auth::approval::Permit;
use auth::mandate::Asks;
use auth::refusal::Refusal;
use auth::scope::Scopes;
use serde::{Deserialize, Serialize};
use upstream_http::okta::Acted;

use crate::arguments::Undeclarable;
use crate::declaration::Declared;
use crate::tool::Acting;

/// A tool that waits for an approval. The label is the one line that makes it one; the rest says what is done.
pub trait Approvable: Declared<Args: Serialize> + Asks<Self::Args> {
    /// What the phone shows before the code, as in `Add to a group`: 1 to 50 ASCII letters, digits, spaces and
    /// `+ - _ . , : #`. It is the same for all arguments, so that nobody writes on somebody's phone.
    const LABEL: &'static str;

    /// What was found out before the approval is spent, as in the ids of a user and a group.
    type Prepared;

    /// What the person's token at the provider must be good for. [`Declared::SCOPES`] unless a setting decides.
    fn scopes(&self) -> Scopes {
        Scopes::parse(Self::SCOPES)
    }

    /// What is to be done, on what, as the beginning of a sentence: `Adding bob@example.com to the group "VPN users"`.
    fn describe(&self, args: &Self::Args) -> String;

    /// Finds out all that can be found out without changing anything: the token, ids, whether it is possible.
    ///
    /// # Errors
    /// A refusal: the approval is not spent. `busy` and `unavailable` are tried again while the approval lives.
    fn prepare(&self, acting: &mut Acting<'_, Self::Args>) -> impl Future<Output = Result<Self::Prepared, Refusal>>;

    /// Does it, once. The permit is used up, whatever comes of it.
    fn act(
        &self,
        acting: &Acting<'_, Self::Args>,
        prepared: Self::Prepared,
        permit: Permit,
    ) -> impl Future<Output = Deed>;
}

/// What is sealed in the row: the arguments, and what the person was told of them.
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Order<A> {
    args: A,
    described: String,
}

/// What became of the one attempt.
#[derive(Debug)]
pub enum Deed {
    /// It is done; one sentence says what happened and nothing else.
    Done {
        /// The sentence.
        words: String,
    },
    /// It was definitely not done.
    NotDone(Refusal),
    /// It may have been done or not.
    Unknown,
}

impl Deed {
    /// What Okta said of a change; `words` if it is done.
    #[must_use]
    pub fn of(acted: Acted, words: String) -> Self {
        match acted {
            Acted::Done => Self::Done { words },
            Acted::Refused(error) => Self::NotDone(error.into()),
            Acted::Unknown => Self::Unknown,
        }
    }
}

pub(crate) fn check_label(label: &'static str) -> Result<(), Undeclarable> {
    let fits = |letter: char| letter.is_ascii_alphanumeric() || " +-_.,:#".contains(letter);
    let good = (1..=50).contains(&label.len()) && label.trim() == label && label.chars().all(fits);
    if good { Ok(()) } else { Err(Undeclarable::Mislabelled(label)) }
}
