//! Token Vault: the person's Auth0 refresh token for the provider's access token (Auth0: "Refresh token exchange with
//! Token Vault"; the shape is RFC 8693's).

mod answer;
mod error;
#[cfg(test)]
mod tests;

pub use error::VaultError;

use auth::audit::Upstream;
use auth::mandate::Mandate;
use auth::scope::Scopes;
use auth::secret::Secret;
use auth::session::FederatedToken;
use auth::time::Timestamp;
use tokio::time::Instant;

use super::{Client, token_endpoint};
use crate::transport::Transport;

const GRANT: &str = "urn:auth0:params:oauth:grant-type:token-exchange:federated-connection-access-token";
const REFRESH_TOKEN: &str = "urn:ietf:params:oauth:token-type:refresh_token";
const FEDERATED_TOKEN: &str = "http://auth0.com/oauth/token-type/federated-connection-access-token";

/// The vault's door for one connection.
pub struct Vault {
    transport: Transport,
    client: Client,
    connection: String,
    needed: Scopes,
}

impl Vault {
    /// `connection` is Auth0's name of the connection, as in `okta-oidc`; `needed` is what every token must be good for.
    /// Both come from the configuration and from nowhere else.
    #[must_use]
    pub fn new(transport: Transport, client: Client, connection: String, needed: Scopes) -> Self {
        Self { transport: transport.to(Upstream::Auth0), client, connection, needed }
    }

    /// The connection whose tokens it exchanges for.
    #[must_use]
    pub fn connection(&self) -> &str {
        &self.connection
    }

    /// What every token of this vault is good for, at least.
    #[must_use]
    pub fn needed(&self) -> &Scopes {
        &self.needed
    }

    /// Opens the connection and reads the client's secret, while a sandbox starts.
    pub async fn open(&self, until: Instant) {
        tokio::join!(self.transport.open(&self.client.base, until), self.client.secret.open(until));
    }

    /// A fresh token of the provider for the person of this mandate. Repeated once after a broken or refused connection,
    /// a time-out or a 500, 502, 503 or 504: the vault demands that refresh tokens do not rotate, so a lost answer costs
    /// nothing.
    ///
    /// # Errors
    /// [`VaultError`].
    pub async fn exchange<A>(
        &self,
        mandate: &Mandate<A>,
        now: Timestamp,
        until: Instant,
    ) -> Result<FederatedToken, VaultError> {
        let fields = [
            ("grant_type", GRANT),
            ("subject_token_type", REFRESH_TOKEN),
            ("subject_token", mandate.refresh_token().expose()),
            ("requested_token_type", FEDERATED_TOKEN),
            ("connection", self.connection.as_str()),
        ];
        let call = |secret: &Secret| token_endpoint::call(&self.transport, &self.client, secret, &fields).repeatable();
        let reply = token_endpoint::send(&self.client, call, now, until).await?;
        answer::read(&reply, &self.connection, &self.needed, now)
    }
}
