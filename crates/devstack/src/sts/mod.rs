//! AWS STS: sessions of roles.
//!
//! Followed are the [Query protocol](https://docs.aws.amazon.com/STS/latest/APIReference/CommonParameters.html),
//! [AssumeRole](https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html) and
//! [GetCallerIdentity](https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html). Every call is
//! `POST /`; among the actions a call's request line is `POST /ACTION`, as in `POST /AssumeRole`.
//!
//! - The caller is known by the access key id of the Signature Version 4 header and by the session token. The signature
//!   itself is not checked.
//! - A caller is always a role's session, as Lambda's functions are, so every role is assumed by a chained one: for 900 to
//!   3,600 seconds, and for 3,600 if none are asked for.
//! - What may be sent is `RoleArn`, `RoleSessionName`, `DurationSeconds`, `Policy`, `SourceIdentity`, `Tags`,
//!   `TransitiveTagKeys` and `ExternalId`. Every other parameter is refused: managed policies (`PolicyArns`), a second
//!   factor and provided contexts are not here.
//! - How AWS packs a policy and tags is not documented. Here their characters are counted, without the white space
//!   between a policy's members, and [`Sts::pack_into`] says how many there is room for.

mod admin;
mod api;
mod assume;
mod controls;
mod form;
mod problem;
mod rules;
#[cfg(test)]
mod tests;
mod wish;
mod xml;

use std::io;
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;

use tokio::net::TcpListener;

pub use controls::Sts;
pub use problem::refusing;

use crate::iam::Iam;
use crate::operations::Observed;

/// Room for policy and tags, in characters, unless a test says otherwise.
const ROOM: usize = 4096;

/// Serves STS on `listener`, for the roles of an account.
///
/// # Errors
/// When the listener has no local address.
pub async fn start(listener: TcpListener, iam: Iam) -> io::Result<Sts> {
    let observed = Observed::default();
    let room = Arc::new(AtomicUsize::new(ROOM));
    let desk = assume::Desk { iam: iam.clone(), room: Arc::clone(&room) };
    let router = api::routes(desk, &observed).merge(admin::routes(iam.clone()));
    Ok(Sts { operations: observed.serve("sts", listener, router)?, iam, room })
}
