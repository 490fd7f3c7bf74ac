//! The grant type by which the application asks how it went.

use serde_json::Value;

use super::super::config::{Client, GrantType};
use super::super::fields::{Fields, allowed};
use super::super::oauth_error::OauthError;
use super::super::tenant::Tenant;
use super::super::{rbac, tokens};
use super::request::Told;
use crate::clock;

/// The grant type of a poll.
pub(crate) const GRANT_TYPE: &str = "urn:openid:params:grant-type:ciba";

const PENDING: OauthError = OauthError::bad("authorization_pending", "The end-user authorization is pending");
/// One sentence for both, as at Auth0.
const DENIED: OauthError =
    OauthError::bad("access_denied", "The end-user denied the authorization request or it has been expired");
/// Auth0's sentence is not known.
const UNKNOWN: OauthError = OauthError::forbidden("invalid_grant", "Invalid or already used auth_req_id");

/// Answers one poll; the tokens are given once.
pub(crate) fn poll(tenant: &Tenant, client: &Client, fields: &Fields) -> Result<Value, OauthError> {
    allowed(client, GrantType::Ciba)?;
    let auth_req_id = fields.need("auth_req_id")?;
    let told = tenant
        .state()
        .ciba
        .find(auth_req_id)
        .filter(|request| request.grant.client_id == client.client_id)
        .map(|request| request.poll(clock::now_ms()));
    match told {
        None | Some(Told::Used) => Err(UNKNOWN),
        Some(Told::Pending) => Err(PENDING),
        Some(Told::Denied) => Err(DENIED),
        Some(Told::SlowDown(seconds)) => Err(OauthError::slow_down(seconds)),
        Some(Told::Approved(grant)) => {
            let grant = rbac::within(tenant, *grant);
            let mut body = tokens::answer(tenant, &grant)?;
            tokens::add_refresh_token(tenant, &grant, &mut body);
            Ok(body)
        }
    }
}
