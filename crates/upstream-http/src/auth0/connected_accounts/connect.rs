use auth::id::sha256_base64url;
use auth::scope::Scopes;
use auth::secret::Secret;
use auth::time::Timestamp;
use serde::Deserialize;
use serde_json::json;
use tokio::time::Instant;
use url::Url;

use super::{Account, AccountBody, AccountsError, Callback, ConnectedAccounts, PendingConnect, body_of, send};
use crate::auth0::Settings;
use crate::auth0::random_text::random_text;
use crate::transport::Object;

/// An attempt lasts at most this long, whatever the answer says.
const LONGEST_SECONDS: u64 = 600;

/// What to connect.
pub struct Connect<'a> {
    /// Auth0's name of the connection, at most 128 characters.
    pub connection: &'a str,
    /// Where the browser comes back to; must be registered with the client.
    pub redirect_uri: &'a Url,
    /// What to ask the provider for; none: what the connection is set to.
    pub scopes: &'a Scopes,
}

#[derive(Deserialize)]
struct Begun {
    auth_session: Secret,
    connect_uri: Url,
    connect_params: Object<ConnectParams>,
    expires_in: u64,
}

#[derive(Deserialize)]
struct ConnectParams {
    ticket: Secret,
}

impl ConnectedAccounts {
    /// Begins an attempt: the address to send the browser to, and what must be kept, sealed, for the callback. `random`
    /// becomes the PKCE verifier and the state.
    ///
    /// # Errors
    /// [`AccountsError`].
    pub async fn begin(
        &self,
        token: &Secret,
        ask: Connect<'_>,
        random: [[u8; 32]; 2],
        now: Timestamp,
        until: Instant,
    ) -> Result<(Url, PendingConnect), AccountsError> {
        let [verifier, state] = random.map(random_text);
        let mut body = json!({
            "connection": ask.connection,
            "redirect_uri": ask.redirect_uri.as_str(),
            "state": state.expose(),
            "code_challenge": sha256_base64url(verifier.expose().as_bytes()),
            "code_challenge_method": "S256",
        });
        let scopes = ask.scopes.joined();
        if let (Some(body), false) = (body.as_object_mut(), scopes.is_empty()) {
            body.insert("scopes".to_owned(), scopes.split(' ').collect());
        }
        let url = self.settings.client.endpoint(&["me", "v1", "connected-accounts", "connect"]);
        let reply = send(self.transport.post(url).bearer(token).json(&body), now, until).await?;
        let begun: Begun = body_of(&reply, 201)?;
        if begun.auth_session.is_empty() {
            return Err(AccountsError::Unavailable("the answer names no session to end"));
        }
        let address = browser_address(&self.settings, begun.connect_uri, &begun.connect_params.0.ticket)?;
        let pending = PendingConnect {
            state,
            verifier,
            auth_session: begun.auth_session,
            connection: ask.connection.to_owned(),
            redirect_uri: ask.redirect_uri.as_str().to_owned(),
            created_at: now,
            expires_at: now.plus(begun.expires_in.min(LONGEST_SECONDS)),
        };
        Ok((address, pending))
    }

    /// Ends an attempt: the code of the callback for the account. Sent once. The state and the age come first.
    ///
    /// # Errors
    /// [`AccountsError`]; `State`, `Expired`, `Declined` and `Failed` without any request.
    pub async fn complete(
        &self,
        token: &Secret,
        pending: PendingConnect,
        callback: Callback,
        now: Timestamp,
        until: Instant,
    ) -> Result<Account, AccountsError> {
        let code = pending.code_of(callback, now)?;
        let body = json!({
            "auth_session": pending.auth_session.expose(),
            "connect_code": code.expose(),
            "redirect_uri": pending.redirect_uri,
            "code_verifier": pending.verifier.expose(),
        });
        let url = self.settings.client.endpoint(&["me", "v1", "connected-accounts", "complete"]);
        let reply = send(self.transport.post(url).bearer(token).json(&body), now, until).await?;
        let account = Account::from(body_of::<AccountBody>(&reply, 201)?);
        if account.connection == pending.connection {
            Ok(account)
        } else {
            Err(AccountsError::Unavailable("the answer is about another connection"))
        }
    }
}

/// `connect_uri?ticket=…`, if it is the tenant's: the browser is sent nowhere else, whatever an answer says.
fn browser_address(settings: &Settings, mut address: Url, ticket: &Secret) -> Result<Url, AccountsError> {
    let issuer = Url::parse(&settings.issuer).ok();
    let ours = address.origin() == settings.client.base.origin()
        || issuer.is_some_and(|issuer| address.origin() == issuer.origin());
    if !ours || !address.origin().is_tuple() {
        return Err(AccountsError::Unavailable("the address for the browser is not the tenant's"));
    }
    address.query_pairs_mut().append_pair("ticket", ticket.expose());
    Ok(address)
}
