//! Authorization codes (RFC 6749, section 4.1.3, with PKCE).

use serde_json::Value;

use super::config::{Client, GrantType};
use super::fields::{Fields, allowed};
use super::grant::Grant;
use super::oauth_error::OauthError;
use super::tenant::Tenant;
use super::{pkce, tokens};
use crate::clock;

const NO_CODE: OauthError = OauthError::forbidden("invalid_grant", "Invalid authorization code");

/// A code that was not redeemed yet.
pub(crate) struct Code {
    pub(crate) grant: Grant,
    pub(crate) redirect_uri: String,
    pub(crate) challenge: String,
    /// Seconds since 1970.
    pub(crate) expires_at: u64,
}

/// Redeems a code. The first attempt of the right application consumes it, successful or not.
pub(crate) fn redeem(tenant: &Tenant, client: &Client, fields: &Fields) -> Result<Value, OauthError> {
    allowed(client, GrantType::AuthorizationCode)?;
    let code = take(tenant, client, fields.need("code")?)?;
    if code.expires_at <= clock::now() {
        return Err(NO_CODE);
    }
    if fields.need("redirect_uri")? != code.redirect_uri {
        return Err(OauthError::forbidden("invalid_grant", "The redirect URI is wrong."));
    }
    if !pkce::matches(fields.need("code_verifier")?, &code.challenge) {
        return Err(OauthError::forbidden("invalid_grant", "Failed to verify code verifier"));
    }
    let mut body = tokens::answer(tenant, &code.grant)?;
    tokens::add_refresh_token(tenant, &code.grant, &mut body);
    Ok(body)
}

fn take(tenant: &Tenant, client: &Client, code: &str) -> Result<Code, OauthError> {
    let mut state = tenant.state();
    if state.codes.get(code).is_none_or(|code| code.grant.client_id != client.client_id) {
        return Err(NO_CODE);
    }
    state.codes.remove(code).ok_or(NO_CODE)
}
