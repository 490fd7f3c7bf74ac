//! What is kept of a decision, allowed or not: one record in the form of the Open Cybersecurity Schema Framework.
//!
//! Class *API Activity* (`class_uid` 6003, category *Application Activity*, 6) of OCSF [`SCHEMA`]
//! (<https://schema.ocsf.io/1.3.0/classes/api_activity>). What the class has no place for goes into `unmapped`. People,
//! sessions, arguments and the ids of what was asked about appear as base64url SHA-256 only. A hash of something that can be
//! guessed can be guessed too: it keeps names out of sight, and is no encryption.

mod asked;
mod ocsf;
#[cfg(test)]
mod tests;

pub use asked::Asked;
pub use ocsf::SCHEMA;

use crate::approval::{ApprovalReference, PersonKey};
use crate::canonical::ArgumentsHash;
use crate::id::{Agent, Organization, Reference, SessionHash};
use crate::refusal::Code;
use crate::time::Moment;

/// The partition key of a person's own audit records in the table of approvals: `audit#` and the person's key.
#[must_use]
pub fn partition_of(person: &PersonKey) -> String {
    format!("audit#{}", person.as_str())
}

/// What a tool does to the world, as far as it is known which tool was called.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Activity {
    /// No tool of ours was named.
    #[default]
    Unknown,
    /// It only reads.
    Read,
    /// It changes something.
    Update,
}

/// What brought the call.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Source {
    /// An invocation of the function; by an agent if the record names one.
    #[default]
    Invocation,
    /// A message of the approvals' queue.
    Queue,
}

/// A service that is reached by HTTP. A closed list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Upstream {
    /// The tenant at Auth0: the vault, approvals, keys.
    Auth0,
    /// The Okta organization.
    Okta,
}

impl Upstream {
    /// The name in records.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Auth0 => "auth0",
            Self::Okta => "okta",
        }
    }
}

/// What the last request to a service came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reached {
    /// The service.
    pub upstream: Upstream,
    /// The HTTP status; nothing if no whole answer came.
    pub status: Option<u16>,
}

/// The keycards by which a call used AWS: what joins its record to CloudTrail's events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UsedKeycards {
    /// `RoleSessionName` and `SourceIdentity` of each: they are one person's.
    pub session_name: String,
    /// The ids of the access keys, in the order of their first use. They are no secret.
    pub access_key_ids: Vec<String>,
}

/// One decision. What is not known is `None`.
#[derive(Clone, Debug)]
pub struct Record<'a> {
    /// When the call was answered.
    pub at: Moment,
    /// By this name a person can ask about it.
    pub reference: &'a Reference,
    /// The trace, 32 hexadecimal digits.
    pub trace_id: &'a str,
    /// The tool, or what stands for one that is not known.
    pub tool: &'a str,
    /// What the tool does.
    pub activity: Activity,
    /// What brought the call.
    pub source: Source,
    /// Nothing for `ok`.
    pub code: Option<Code>,
    /// The private cause, in our own words.
    pub cause: Option<&'a str>,
    /// The agent, once a ticket has confirmed it.
    pub agent: Option<&'a Agent>,
    /// A hash of the subject, once a ticket or an approval's row has named it.
    pub subject: Option<&'a str>,
    /// The session that the call named.
    pub session: Option<&'a SessionHash>,
    /// The organization: the id of a tenant's customer, which names no person.
    pub organization: Option<&'a Organization>,
    /// The check.
    pub asked: Option<&'a Asked>,
    /// The approval that was asked for, or that the call was about.
    pub approval: Option<&'a ApprovalReference>,
    /// The arguments, once they were parsed.
    pub arguments: Option<&'a ArgumentsHash>,
    /// The keycards.
    pub keycards: Option<&'a UsedKeycards>,
    /// The services that were reached, the last one last.
    pub reached: &'a [Reached],
}
