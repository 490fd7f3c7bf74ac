//! Who shall approve: `login_hint` in Auth0's form.

use serde::Deserialize;

use super::super::fields::Fields;
use super::super::oauth_error::OauthError;
use super::super::tenant::Tenant;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Hint {
    format: String,
    iss: String,
    sub: String,
}

/// The hinted user's subject. Exactly one hint may be there (section 7.1), and of the three Auth0 takes `login_hint`.
///
/// Unlike Auth0, for all that is known, this refuses members beside the three: a subject that broke out of its quotes
/// would bring some.
///
/// # Errors
/// `invalid_request` for a hint of another form; `unknown_user_id`.
pub(crate) fn subject(tenant: &Tenant, fields: &Fields) -> Result<String, OauthError> {
    if ["login_hint_token", "id_token_hint"].iter().any(|name| fields.get(name).is_some()) {
        return Err(OauthError::bad("invalid_request", "login_hint must be the only hint"));
    }
    // Only the error codes below are Auth0's; the sentences of the two `invalid_request` are not known.
    let hint: Hint = serde_json::from_str(fields.need("login_hint")?)
        .map_err(|_| OauthError::bad("invalid_request", "login_hint must be JSON with format, iss and sub"))?;
    if hint.format != "iss_sub" || hint.iss != tenant.issuer {
        return Err(OauthError::bad("invalid_request", "login_hint must have the format iss_sub and this issuer"));
    }
    match tenant.user(&hint.sub) {
        Some(user) => Ok(user.sub.clone()),
        None => Err(OauthError::bad("unknown_user_id", "User ID is malformed or unknown")),
    }
}
