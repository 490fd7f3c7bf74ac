//! Token Vault's content: connected accounts with the provider's tokens.

use std::sync::Arc;

use serde_json::{Value, json};

use super::provider::ProviderTokens;
use super::tenant::{State, Tenant};
use crate::{clock, random};

/// One account of a user at the provider.
#[derive(Clone)]
pub(crate) struct Account {
    /// As in `cac_…`.
    pub(crate) id: String,
    pub(crate) sub: String,
    pub(crate) connection: String,
    /// The login at the provider.
    pub(crate) login: String,
    pub(crate) scopes: Vec<String>,
    created_at: u64,
    pub(crate) refresh_token: String,
    pub(crate) cached: Option<Cached>,
    /// Held while the provider is asked, so that a rotated refresh token is not used twice.
    pub(crate) turn: Arc<tokio::sync::Mutex<()>>,
}

/// The provider's access token.
#[derive(Clone)]
pub(crate) struct Cached {
    pub(crate) access_token: String,
    pub(crate) scope: String,
    /// Seconds since 1970.
    pub(crate) expires_at: u64,
}

/// The account at the provider already belongs to somebody else.
#[derive(Debug)]
pub(crate) struct Conflict;

impl Account {
    /// The My Account API's shape.
    pub(crate) fn to_json(&self) -> Value {
        json!({
            "id": self.id, "connection": self.connection, "access_type": "offline", "scopes": self.scopes,
            "created_at": date(self.created_at),
        })
    }

    /// Takes over what the provider just gave.
    pub(crate) fn keep(&mut self, tokens: &ProviderTokens, lifetime: Option<u64>) {
        if let Some(rotated) = &tokens.refresh_token {
            rotated.clone_into(&mut self.refresh_token);
        }
        self.cached = Some(Cached {
            access_token: tokens.access_token.clone(),
            scope: tokens.scope.clone().unwrap_or_else(|| self.scopes.join(" ")),
            expires_at: clock::now().saturating_add(lifetime.unwrap_or(tokens.expires_in)),
        });
    }
}

/// Puts an account into the vault. The same user connecting again replaces what was there.
pub(crate) fn connect(
    tenant: &Tenant,
    sub: &str,
    connection: &str,
    login: &str,
    scopes: Vec<String>,
    refresh_token: String,
) -> Result<Account, Conflict> {
    let account = Account {
        id: random::token("cac_"),
        sub: sub.to_owned(),
        connection: connection.to_owned(),
        login: login.to_owned(),
        scopes,
        created_at: clock::now(),
        refresh_token,
        cached: None,
        turn: Arc::default(),
    };
    let mut state = tenant.state();
    let taken = |held: &Account| held.connection == connection && held.login == login && held.sub != sub;
    if state.vault.iter().any(taken) {
        return Err(Conflict);
    }
    state.vault.retain(|held| held.sub != sub || held.connection != connection);
    state.vault.push(account.clone());
    Ok(account)
}

/// Puts an account of a provider that has no double into the vault, with an access token.
pub(crate) fn hold(tenant: &Tenant, sub: &str, connection: &str, (token, scope): (&str, &str)) {
    let mut state = tenant.state();
    state.vault.retain(|held| held.sub != sub || held.connection != connection);
    state.vault.push(Account {
        id: random::token("cac_"),
        sub: sub.to_owned(),
        connection: connection.to_owned(),
        login: sub.to_owned(),
        scopes: scope.split(' ').map(str::to_owned).collect(),
        created_at: clock::now(),
        refresh_token: String::new(),
        cached: Some(Cached {
            access_token: token.to_owned(),
            scope: scope.to_owned(),
            expires_at: clock::now().saturating_add(3600),
        }),
        turn: Arc::default(),
    });
}

/// The user's account on a connection; with `login`, only the one with that login at the provider.
pub(crate) fn find<'s>(
    state: &'s mut State,
    sub: &str,
    connection: &str,
    login: Option<&str>,
) -> Option<&'s mut Account> {
    state.vault.iter_mut().find(|account| {
        account.sub == sub && account.connection == connection && login.is_none_or(|login| login == account.login)
    })
}

/// RFC 3339, as the API writes it.
fn date(seconds: u64) -> String {
    let date = aws_smithy_types::DateTime::from_secs(i64::try_from(seconds).unwrap_or_default());
    date.fmt(aws_smithy_types::date_time::Format::DateTime).unwrap_or_default()
}
