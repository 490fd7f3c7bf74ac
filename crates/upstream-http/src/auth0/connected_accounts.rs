//! Connected accounts: how a person gives the vault what it exchanges (Auth0: My Account API, `/me/v1`).
//!
//! Every call takes a token of the person for the audience `https://TENANT/me/` with the scopes
//! `create:`, `read:` or `delete:me:connected_accounts`; the refresh grant gives one.

mod connect;
mod error;
mod pending;
#[cfg(test)]
mod tests;

pub use connect::Connect;
pub use error::AccountsError;
pub use pending::{Callback, PendingConnect};

use auth::scope::Scopes;
use auth::secret::Secret;
use auth::time::Timestamp;
use http::Method;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use tokio::time::Instant;

use super::Settings;
use super::failure::unreached;
use crate::transport::{Call, Object, Reply, Transport};

/// The client.
pub struct ConnectedAccounts {
    transport: Transport,
    settings: Settings,
}

/// An account that the vault can exchange for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Auth0's id of it, as in `cac_…`.
    pub id: String,
    /// The connection.
    pub connection: String,
    /// What the person agreed to.
    pub scopes: Scopes,
}

/// A connection that the person may connect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Connection {
    /// Its name, as in `okta-oidc`.
    pub name: String,
    /// Its strategy, as in `oidc`.
    pub strategy: String,
    /// What it asks for.
    pub scopes: Scopes,
}

#[derive(Deserialize)]
struct AccountBody {
    id: String,
    connection: String,
    #[serde(default)]
    scopes: Vec<String>,
}

#[derive(Deserialize)]
struct Accounts {
    accounts: Vec<Object<AccountBody>>,
}

#[derive(Deserialize)]
struct ConnectionBody {
    name: String,
    strategy: String,
    #[serde(default)]
    scopes: Vec<String>,
}

#[derive(Deserialize)]
struct Connections {
    connections: Vec<Object<ConnectionBody>>,
}

impl From<AccountBody> for Account {
    fn from(body: AccountBody) -> Self {
        Self { id: body.id, connection: body.connection, scopes: Scopes::parse(&body.scopes.join(" ")) }
    }
}

impl From<ConnectionBody> for Connection {
    fn from(body: ConnectionBody) -> Self {
        Self { name: body.name, strategy: body.strategy, scopes: Scopes::parse(&body.scopes.join(" ")) }
    }
}

impl ConnectedAccounts {
    /// A client for one tenant.
    #[must_use]
    pub fn new(transport: Transport, settings: Settings) -> Self {
        Self { transport, settings }
    }

    /// The person's connected accounts, of one connection if given.
    ///
    /// # Errors
    /// [`AccountsError`].
    pub async fn list(
        &self,
        token: &Secret,
        connection: Option<&str>,
        now: Timestamp,
        until: Instant,
    ) -> Result<Vec<Account>, AccountsError> {
        let mut url = self.settings.client.endpoint(&["me", "v1", "connected-accounts", "accounts"]);
        if let Some(connection) = connection {
            url.query_pairs_mut().append_pair("connection", connection);
        }
        let reply = send(self.transport.get(url).bearer(token), now, until).await?;
        let body: Accounts = body_of(&reply, 200)?;
        Ok(body.accounts.into_iter().map(|Object(account)| account.into()).collect())
    }

    /// The connections that the person may connect.
    ///
    /// # Errors
    /// [`AccountsError`].
    pub async fn connections(
        &self,
        token: &Secret,
        now: Timestamp,
        until: Instant,
    ) -> Result<Vec<Connection>, AccountsError> {
        let url = self.settings.client.endpoint(&["me", "v1", "connected-accounts", "connections"]);
        let reply = send(self.transport.get(url).bearer(token), now, until).await?;
        let body: Connections = body_of(&reply, 200)?;
        Ok(body.connections.into_iter().map(|Object(connection)| connection.into()).collect())
    }

    /// Removes an account from the vault. Auth0 does not revoke it at the provider. Repeating this is harmless, so one that
    /// is gone already counts as removed.
    ///
    /// # Errors
    /// [`AccountsError`].
    pub async fn delete(
        &self,
        token: &Secret,
        account_id: &str,
        now: Timestamp,
        until: Instant,
    ) -> Result<(), AccountsError> {
        let url = self.settings.client.endpoint(&["me", "v1", "connected-accounts", "accounts", account_id]);
        let call = self.transport.request(Method::DELETE, url).bearer(token).repeatable();
        match send(call, now, until).await {
            Ok(reply) if reply.status() == 204 => Ok(()),
            Ok(_) => Err(AccountsError::Unavailable("unexpected status")),
            Err(AccountsError::NotFound) => Ok(()),
            Err(error) => Err(error),
        }
    }
}

/// Sends it; only a 2xx comes back as a reply.
async fn send(call: Call<'_>, now: Timestamp, until: Instant) -> Result<Reply, AccountsError> {
    let reply = call.send(until).await.map_err(|error| AccountsError::Unavailable(unreached(error)))?;
    if (200..300).contains(&reply.status()) { Ok(reply) } else { Err(AccountsError::of(&reply, now)) }
}

fn body_of<T: DeserializeOwned>(reply: &Reply, status: u16) -> Result<T, AccountsError> {
    if reply.status() != status {
        return Err(AccountsError::Unavailable("unexpected status"));
    }
    reply.json().ok_or(AccountsError::Unavailable("the answer cannot be read"))
}
