//! The approval table: what a person has been asked on their phone, and what came of it.
//!
//! Partition key `person` (S): [`PersonKey`]. Sort key `sort` (S), of three kinds:
//!
//! | `sort` | what it holds |
//! |---|---|
//! | `open#TOOL` | the one open approval of this person and tool |
//! | `starts#TOOL#MINUTE` | `starts` (N): how many were begun in this minute since 1970; a denial fills it up and sets `declined` (BOOL) |
//! | `done#REFERENCE` | how an approval ended |
//!
//! An open row has `reference`, `tool`, `issuer`, `subject`, `session`, `org_id` (may be absent), `agent_id`, `agent_alias` and
//! `arguments_hash` (S), which never change, `arguments` (B, sealed), `created_at` and `ttl` (N), and what its state has: `state` (S: `requested`, `pending`,
//! `approved`, `acting`), `version`, `expires_at` (N), `interval` and `next_poll_at` (N, pending), `holder` and `lease_until`
//! (S, N, acting), and `sealed` (B). The last is sealed over all the others, so that nobody makes an approved row of a
//! pending one without the key; what is inside is the provider's id of the request while it is pending, and nothing after.
//!
//! A done row has `reference`, `tool`, `shown_code`, `session`, `ending` (S), `ended_at`, `version`, `ttl` (N) and `sealed`
//! (B): the sentence or the code that belongs to the ending.
//!
//! Every write moves the row by one version and is conditional on the one before it. A condition that turns out false means
//! that somebody else was there, which is no error. A write whose answer was lost is looked up before anything is said of
//! it. `ttl` is for DynamoDB to clear up by, days after a row has lost its meaning; no rule rests on it.

mod attributes;
mod ending;
mod panel;
mod reading;
mod record;
mod request;
mod row;
mod sealing;
mod sweep;
#[cfg(test)]
mod tests;
mod write;

pub use panel::{OpenRequest, Panel, Unread};
pub use reading::{EndedApproval, OpenApproval, OpenState};
pub use record::{Recording, Spent};
pub use request::Requesting;
pub use sweep::{Sweep, Swept};

use auth::refusal::{Code, Refusal};
use aws_sdk_dynamodb::Client;

use crate::connection::Aws;
use crate::seal::{Seal, SealError};
use upstream_secrets::failure::Failure;

/// How many approvals a person may begin with one tool in one minute. Auth0 itself allows five.
pub const STARTS_A_MINUTE: u64 = 3;

const SECONDS_A_DAY: u64 = 86_400;
/// How long an outcome can be asked for.
const DAYS_KEPT: u64 = 7;

/// The table of approvals.
pub struct ApprovalStore {
    client: Client,
    table: String,
    seal: Seal,
}

/// Why a row was not read or written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ApprovalError {
    /// An attribute is missing or ill-typed, or what is sealed does not open: the row stands for nothing.
    #[error("approval store: the row cannot be read")]
    Unreadable,
    /// A limit of the table's or of KMS's was reached, or others kept writing to the same rows.
    #[error("approval store: throttled")]
    Busy,
    /// DynamoDB or KMS did not answer well or in time. A write may have been applied all the same.
    #[error("approval store: no answer")]
    Unavailable,
    /// The table, the sealing key, the function's rights or the request are wrong.
    #[error("approval store: table, key, rights or tool name are wrong")]
    Misconfigured,
}

impl From<ApprovalError> for Refusal {
    fn from(error: ApprovalError) -> Self {
        let cause = error.to_string();
        match error {
            ApprovalError::Busy => Self::busy(cause, 2),
            ApprovalError::Unavailable => Self::new(Code::Unavailable, cause),
            ApprovalError::Unreadable | ApprovalError::Misconfigured => Self::new(Code::Internal, cause),
        }
    }
}

impl From<Failure> for ApprovalError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Throttled => Self::Busy,
            Failure::Setup => Self::Misconfigured,
            Failure::Condition | Failure::Connection | Failure::Unknown => Self::Unavailable,
        }
    }
}

impl From<SealError> for ApprovalError {
    fn from(error: SealError) -> Self {
        match error {
            SealError::Unreadable => Self::Unreadable,
            SealError::Busy => Self::Busy,
            SealError::Unavailable => Self::Unavailable,
            SealError::Misconfigured => Self::Misconfigured,
        }
    }
}

impl ApprovalStore {
    /// The rows of `table`, whose sealed attributes `seal` opens.
    #[must_use]
    pub fn new(aws: &Aws, table: String, seal: Seal) -> Self {
        Self { client: aws.dynamodb.clone(), table, seal }
    }
}
