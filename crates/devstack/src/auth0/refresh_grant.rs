//! Refresh tokens (RFC 6749, section 6). They are not rotated: Token Vault does not support rotation.

use serde_json::Value;

use super::config::{Client, GrantType};
use super::fields::{Fields, allowed};
use super::grant::{Grant, words};
use super::my_account;
use super::oauth_error::OauthError;
use super::tenant::Tenant;
use super::{rbac, tokens};

/// Redeems a refresh token, for the sign-in's own audience or, with `audience`, for another API (multi-resource refresh
/// tokens; the policy here names every API and the My Account API).
pub(crate) fn redeem(tenant: &Tenant, client: &Client, fields: &Fields) -> Result<Value, OauthError> {
    allowed(client, GrantType::RefreshToken)?;
    let grant = find(tenant, client, fields.need("refresh_token")?)
        .ok_or(OauthError::forbidden("invalid_grant", "Unknown or invalid refresh token."))?;
    let asked = fields.get("scope").map(words);
    let offered = match fields.get("audience").filter(|audience| grant.audience.as_deref() != Some(*audience)) {
        None => Grant { scope: narrow(grant.scope.clone(), asked), ..grant },
        Some(audience) => {
            let known =
                scopes_of(tenant, audience).ok_or(OauthError::forbidden("access_denied", "Service not found"))?;
            let openid = grant.scope.iter().filter(|scope| is_oidc(scope)).cloned();
            let scope = narrow(openid.chain(known).collect(), asked);
            Grant { scope, audience: Some(audience.to_owned()), ..grant }
        }
    };
    tokens::answer(tenant, &rbac::within(tenant, offered))
}

/// The grant of a refresh token that belongs to `client`.
pub(crate) fn find(tenant: &Tenant, client: &Client, token: &str) -> Option<Grant> {
    tenant.state().refresh_tokens.get(token).filter(|grant| grant.client_id == client.client_id).cloned()
}

/// The scopes of an API, the My Account API included.
pub(crate) fn scopes_of(tenant: &Tenant, audience: &str) -> Option<Vec<String>> {
    if audience == tenant.my_account() {
        return Some(my_account::SCOPES.iter().map(|&scope| scope.to_owned()).collect());
    }
    tenant.api(audience).map(|api| api.scopes.clone())
}

/// Scopes that belong to sign-in and not to an API.
pub(crate) fn is_oidc(scope: &str) -> bool {
    matches!(scope, "openid" | "profile" | "email" | "offline_access")
}

fn narrow(granted: Vec<String>, asked: Option<Vec<String>>) -> Vec<String> {
    match asked {
        None => granted,
        Some(asked) => asked.into_iter().filter(|scope| granted.contains(scope)).collect(),
    }
}
