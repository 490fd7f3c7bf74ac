//! Token Vault's exchange: the application's refresh token for the provider's access token.

use serde_json::{Value, json};

use super::config::{Client, GrantType, MfaPolicy};
use super::fields::{Fields, allowed};
use super::oauth_error::OauthError;
use super::provider::{self, ProviderFailure};
use super::refresh_grant;
use super::tenant::Tenant;
use super::vault::{self, Account, Cached};
use crate::clock;

const SUBJECT: &str = "urn:ietf:params:oauth:token-type:refresh_token";
const ISSUED: &str = "http://auth0.com/oauth/token-type/federated-connection-access-token";

const NOT_CONNECTED: OauthError = OauthError::unauthorized(
    "federated_connection_refresh_token_not_found",
    "Federated connection Refresh Token not found",
);
const REFUSED: OauthError = OauthError::unauthorized(
    "federated_connection_refresh_token_flow_failed",
    "Refresh Token flow for the Federated Connection failed",
);

/// Exchanges in the refresh-token form. The access-token form needs a Custom API Client, which is not modelled.
///
/// Auth0 documents the statuses 200, 401 and 403. These choices are ours, because no name is documented: an MFA policy
/// of "Always" gives 403 `mfa_required`, an unknown connection 403 `access_denied`, a provider that is down 503.
pub(crate) async fn exchange(tenant: &Tenant, client: &Client, fields: &Fields) -> Result<Value, OauthError> {
    allowed(client, GrantType::TokenVault)?;
    let asked = Asked::read(fields)?;
    let grant = refresh_grant::find(tenant, client, asked.subject_token)
        .ok_or(OauthError::unauthorized("invalid_grant", "Unknown or invalid refresh token."))?;
    let held = tenant.state().vault.iter().any(|account| account.connection == asked.connection);
    if asked.connection != tenant.upstream.connection && !held {
        return Err(OauthError::forbidden("access_denied", "The connection is not enabled for the client"));
    }
    if tenant.state().mfa_policy == MfaPolicy::Always {
        return Err(OauthError::forbidden("mfa_required", "Multifactor authentication required"));
    }
    let turn = account(tenant, &grant.sub, &asked)?.turn;
    let _mine = turn.lock().await;
    let account = account(tenant, &grant.sub, &asked)?;
    if let Some(cached) =
        account.cached.as_ref().filter(|cached| asked.scope.is_none() && clock::now() < cached.expires_at)
    {
        return Ok(answer(cached));
    }
    refreshed(tenant, &account, &asked).await
}

struct Asked<'f> {
    subject_token: &'f str,
    connection: &'f str,
    login_hint: Option<&'f str>,
    scope: Option<&'f str>,
}

impl<'f> Asked<'f> {
    fn read(fields: &'f Fields) -> Result<Self, OauthError> {
        if fields.get("audience").is_some() || fields.get("resource").is_some() {
            return Err(OauthError::bad("invalid_request", "audience and resource are not allowed for this grant"));
        }
        if fields.need("subject_token_type")? != SUBJECT {
            return Err(OauthError::bad("invalid_request", "Unsupported subject_token_type"));
        }
        if fields.need("requested_token_type")? != ISSUED {
            return Err(OauthError::bad("invalid_request", "Unsupported requested_token_type"));
        }
        Ok(Self {
            subject_token: fields.need("subject_token")?,
            connection: fields.need("connection")?,
            login_hint: fields.get("login_hint"),
            scope: fields.get("scope"),
        })
    }
}

async fn refreshed(tenant: &Tenant, account: &Account, asked: &Asked<'_>) -> Result<Value, OauthError> {
    let tokens =
        provider::refresh(tenant, &account.refresh_token, asked.scope).await.map_err(|failure| match failure {
            ProviderFailure::Refused => REFUSED,
            ProviderFailure::Down => OauthError::unavailable("The provider did not answer"),
        })?;
    let mut state = tenant.state();
    let lifetime = state.lifetimes.federated;
    let held = state.vault.iter_mut().find(|held| held.id == account.id).ok_or(NOT_CONNECTED)?;
    held.keep(&tokens, lifetime);
    // A token with fewer scopes than the account has is not kept for those who ask for all.
    let kept = if asked.scope.is_some() { held.cached.take() } else { held.cached.clone() };
    kept.as_ref().map(answer).ok_or(NOT_CONNECTED)
}

fn account(tenant: &Tenant, sub: &str, asked: &Asked<'_>) -> Result<Account, OauthError> {
    let mut state = tenant.state();
    vault::find(&mut state, sub, asked.connection, asked.login_hint).cloned().ok_or(NOT_CONNECTED)
}

/// `expires_in` is what is left of the provider's token, not a fixed life.
fn answer(cached: &Cached) -> Value {
    json!({
        "access_token": cached.access_token,
        "expires_in": cached.expires_at.saturating_sub(clock::now()),
        "scope": cached.scope,
        "issued_token_type": ISSUED,
        "token_type": "Bearer",
    })
}
