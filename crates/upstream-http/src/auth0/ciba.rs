//! Approvals on the person's phone: OpenID Connect CIBA Core 1.0 in poll mode, as Auth0 speaks it (Auth0: "Client-Initiated
//! Backchannel Authentication Flow").
//!
//! Neither request is ever repeated here. A second start is a second push on the phone, and the answer to the last poll
//! is given once only.

mod error;
mod poll;
mod start;
#[cfg(test)]
mod tests;
mod tokens;

pub use error::StartError;

use std::sync::Arc;

use tokio::time::Instant;

use super::Client;
use crate::jwks::Keys;
use crate::transport::Transport;
use auth::audit::Upstream;

/// Asks a person on their phone and looks what they said. Its client must have the CIBA grant, and the tenant the push
/// channel.
pub struct Ciba {
    transport: Transport,
    issuer: String,
    client: Client,
    keys: Arc<Keys>,
}

impl Ciba {
    /// `issuer` is byte for byte as in its tokens, `keys` are its keys.
    #[must_use]
    pub fn new(transport: Transport, issuer: String, client: Client, keys: Arc<Keys>) -> Self {
        Self { transport: transport.to(Upstream::Auth0), issuer, client, keys }
    }

    /// Opens the connection, while a sandbox starts.
    pub async fn open(&self, until: Instant) {
        self.transport.open(&self.client.base, until).await;
    }
}
