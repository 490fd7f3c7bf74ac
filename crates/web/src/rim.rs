//! What stands around every request.

mod answer;
mod headers;
mod limits;
mod network;
mod origin;

pub(crate) use answer::{Shown, finish};
pub(crate) use headers::secure;
pub(crate) use limits::{CHANGES, Limits, MESSAGES, SIGN_INS};
pub(crate) use network::Block;
pub use network::Proxies;
pub(crate) use origin::{led_here, same_origin};

use std::net::IpAddr;

use tokio::time::Instant;

/// When a request and its stream must be over at the latest: an extension that a server puts on it which has such a limit.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Until(pub(crate) Instant);

/// The address of whoever sent a request: an extension that the server puts on it. Limits are kept by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Peer(pub IpAddr);
