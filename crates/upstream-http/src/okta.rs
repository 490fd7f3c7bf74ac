//! Okta, called as the person: with their own federated token, and only for the account that the mandate names.

mod acted;
mod group_id;
mod groups;
mod lifecycle;
mod membership;
mod pages;
mod resource;
#[cfg(test)]
mod tests;
mod user_id;
mod userinfo;

pub use acted::Acted;
pub use group_id::GroupId;
pub use resource::Resource;
pub use user_id::UserId;

use std::time::Duration;

use auth::audit::Upstream;
use auth::refusal::{Code, Refusal};
use auth::time::Clock;
use url::Url;

use crate::transport::{Reply, Transport, TransportError};

/// Each Okta request may take this long.
const CALL_LIMIT: Duration = Duration::from_secs(5);
/// The largest Okta answer that is read: 1 MiB.
const BODY_CAP: usize = 1024 * 1024;

/// A client for one Okta organization. Cloning it shares its connections.
#[derive(Clone)]
pub struct Okta {
    transport: Transport,
    base: Url,
    clock: Clock,
}

/// The names of somebody's groups, as Okta sent them: untrusted text.
#[derive(Debug, PartialEq, Eq)]
pub struct Groups {
    /// Names, in Okta's order.
    pub names: Vec<String>,
    /// Whether there are more than were read.
    pub truncated: bool,
}

/// What a call needs: in words, for whoever lacks it.
struct Right {
    scope: &'static str,
    role: &'static str,
}

const READ_USERS: Right = Right {
    scope: "the scope okta.users.read, granted to the Okta application",
    role: "an Okta administrator role that may read users and their groups",
};

/// Why something was not read or not done.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum OktaError {
    /// 401: the token has ended or was revoked. A fresh one may work.
    #[error("okta: the token was refused")]
    TokenRefused,
    /// 403: the person, or the token, lacks this right.
    #[error("okta: missing right: {0}")]
    MissingRight(&'static str),
    /// 404: there is no such user, or none that this person may see.
    #[error("okta: no such user")]
    NoSuchUser,
    /// No group of exactly this name, or none that this person may see; after a change also 404: no such group or user.
    #[error("okta: no such group")]
    NoSuchGroup,
    /// Several groups have exactly this name.
    #[error("okta: more than one group of this name")]
    AmbiguousGroup,
    /// The account or the group is not in a state in which this can be done.
    #[error("okta: not possible: {0}")]
    NotPossible(&'static str),
    /// The permit, or the ids, belong to another mandate. Nothing was sent.
    #[error("okta: the approval is for something else")]
    NotApproved,
    /// 429.
    #[error("okta: busy")]
    Busy {
        /// Seconds until the limit is reset, 1 to 120.
        seconds: u64,
    },
    /// No answer, or one that cannot be read or trusted.
    #[error("okta: not available: {0}")]
    Unavailable(&'static str),
}

impl Okta {
    /// `base` is the organization's origin, as in `https://acme.okta.com`.
    #[must_use]
    pub fn new(transport: Transport, base: Url, clock: Clock) -> Self {
        Self { transport: transport.to(Upstream::Okta), base, clock }
    }

    /// Opens the connection, while a sandbox starts.
    pub async fn open(&self, until: tokio::time::Instant) {
        self.transport.open(&self.base, until).await;
    }

    fn url(&self, resource: Resource<'_>) -> Result<Url, OktaError> {
        resource.url(&self.base).ok_or(OktaError::Unavailable("its address cannot carry a path"))
    }

    /// Sorts the answers to reading users and their groups that are not 200.
    fn refuse(&self, reply: &Reply) -> OktaError {
        self.refuse_for(reply, &READ_USERS)
    }

    /// Okta's error texts may change; its codes and statuses are the contract.
    fn refuse_for(&self, reply: &Reply, right: &Right) -> OktaError {
        match reply.status() {
            401 => OktaError::TokenRefused,
            403 if reply.headers("www-authenticate").any(|value| value.contains("insufficient_scope")) => {
                OktaError::MissingRight(right.scope)
            }
            403 => OktaError::MissingRight(right.role),
            404 => OktaError::NoSuchUser,
            429 => OktaError::Busy { seconds: self.seconds_to_reset(reply) },
            _ => OktaError::Unavailable("unexpected status"),
        }
    }

    /// Okta says when its limit is reset (epoch seconds) and sends no `Retry-After`.
    fn seconds_to_reset(&self, reply: &Reply) -> u64 {
        let reset = reply.header("x-rate-limit-reset").and_then(|value| value.parse::<u64>().ok()).unwrap_or(0);
        reset.saturating_sub(self.clock.now().seconds()).saturating_add(1).clamp(1, 120)
    }
}

fn unreached(error: TransportError) -> OktaError {
    OktaError::Unavailable(match error {
        TransportError::Unreachable => "no connection",
        TransportError::TimedOut => "no complete answer in time",
        TransportError::Broken => "the connection broke",
        TransportError::TooLarge => "the answer is too large",
        TransportError::OutOfTime => "no time left to ask",
    })
}

impl From<OktaError> for Refusal {
    fn from(error: OktaError) -> Self {
        let cause = error.to_string();
        match error {
            OktaError::TokenRefused => Self::auth_required(cause),
            OktaError::MissingRight(right) => {
                Self::new(Code::AccessDenied, cause).saying(format!("Access denied by Okta: this needs {right}."))
            }
            OktaError::NoSuchUser => {
                Self::invalid_input("Okta knows no such user, or none that you may see; check the login in `user`")
            }
            OktaError::NoSuchGroup => Self::invalid_input(
                "Okta knows no group of exactly this name, or none that you may see; check the name in `group`",
            ),
            OktaError::AmbiguousGroup => Self::invalid_input(
                "Okta has more than one group of this name, so it is not clear which is meant in `group`",
            ),
            OktaError::NotPossible(why) => {
                Self::new(Code::InvalidInput, cause).saying(format!("Okta cannot do this: {why}."))
            }
            OktaError::NotApproved => Self::new(Code::AccessDenied, cause),
            OktaError::Busy { seconds } => Self::busy(cause, seconds),
            OktaError::Unavailable(_) => Self::new(Code::Unavailable, cause),
        }
    }
}
