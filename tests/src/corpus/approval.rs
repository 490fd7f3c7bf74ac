//! Approvals that are in the table before the event, on whatever part of their way.

mod after;
mod before;
mod errand;
mod lately;

pub(super) use after::{known, outcomes};
pub(super) use before::Before;
pub(super) use lately::Lately;

use std::time::Duration;

use auth::approval::{ApprovalReference, Ending};
use auth::refusal::Code;
use serde::{Deserialize, Deserializer};
use tokio::sync::OnceCell;
use tokio::time::Instant;
use upstream_aws::ApprovalStore;

use crate::World;

/// How long somebody has to answer, in seconds.
const SECONDS: u64 = 120;

/// The table of approvals as the functions read it: set up, which takes a while, for those cases only that look into it.
#[derive(Default)]
pub(super) struct Table(OnceCell<ApprovalStore>);

impl Table {
    pub(super) async fn of(&self, world: &World) -> &ApprovalStore {
        self.0.get_or_init(|| crate::approvals::built::store(world)).await
    }
}

/// Where an approval is.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum State {
    /// Written down, and nobody knows whether it was sent.
    Requested,
    /// On the person's phone.
    Pending,
    /// Approved.
    Approved,
    /// A worker spent it, and has a lease of 30 seconds.
    Acting,
    /// Done, with this sentence.
    Done(String),
    Denied,
    Expired,
    /// Not done, with this code and its own sentence.
    #[serde(deserialize_with = "code")]
    Failed(Code),
    Unknown,
}

impl State {
    /// Nothing if it is open.
    fn ending(&self) -> Option<Ending> {
        Some(match self {
            Self::Requested | Self::Pending | Self::Approved | Self::Acting => return None,
            Self::Done(words) => Ending::Done { words: words.clone() },
            Self::Denied => Ending::Denied,
            Self::Expired => Ending::Expired,
            Self::Failed(code) => Ending::failed(*code),
            Self::Unknown => Ending::Unknown,
        })
    }
}

fn code<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Code, D::Error> {
    let name = String::deserialize(deserializer)?;
    let code = Code::ALL.into_iter().find(|code| code.name() == name);
    code.ok_or_else(|| serde::de::Error::custom(format!("there is no code `{name}`")))
}

/// The approval's name that stands on this place of the list: `AAAAAAAAAAAAAAAA` is the first.
fn reference_of(place: usize) -> Result<ApprovalReference, String> {
    let letter = "ABCDEFGH".get(place..=place).ok_or("more than eight approvals")?;
    ApprovalReference::parse(&letter.repeat(16)).ok_or_else(|| "a reference".to_owned())
}

fn soon() -> Instant {
    Instant::now() + Duration::from_secs(10)
}
