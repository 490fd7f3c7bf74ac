//! What the tests of all clients stand on: a server that says what it is told to, and a mandate.

pub(crate) mod approval;
mod clock;
mod connection;
pub(crate) mod issuer;
pub(crate) mod mandate;
mod request;
pub(crate) mod scripted;

pub(crate) use clock::Hands;
pub(crate) use request::Request;
pub(crate) use scripted::{Answer, Scripted};

use std::time::Duration;

use tokio::time::Instant;

use crate::transport::Transport;

pub(crate) fn transport() -> Transport {
    Transport::new(None).unwrap()
}

/// For calls that nobody answers.
pub(crate) fn brief() -> Instant {
    Instant::now() + Duration::from_millis(60)
}

/// Far enough away that no test depends on it.
pub(crate) fn until() -> Instant {
    Instant::now() + Duration::from_secs(60)
}
