//! Making tokens, and looking them up when they come back.

use axum::Json;
use axum::response::{IntoResponse, Response};
use http::header::{AUTHORIZATION, CACHE_CONTROL};
use http::{HeaderMap, HeaderValue};
use serde_json::{Value, json};

use super::config::{Dialect, GrantType};
use super::grant::Grant;
use super::oauth_error::OauthError;
use super::rbac;
use super::tenant::Tenant;
use crate::{clock, random};

/// An access token that was issued.
#[derive(Clone)]
pub(crate) struct Access {
    pub(crate) grant: Grant,
    expires_at: u64,
}

/// An answer of the token endpoint. `Cache-Control` as RFC 6749, section 5.1 demands.
pub(crate) struct Answer(pub(crate) Value);

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        let mut response = Json(self.0).into_response();
        response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        response
    }
}

/// Access token and, with `openid`, ID token for `grant`.
pub(crate) fn answer(tenant: &Tenant, grant: &Grant) -> Result<Value, OauthError> {
    let mut body = json!({
        "access_token": access_token(tenant, grant)?,
        "expires_in": tenant.state().lifetimes.access_token,
        "token_type": "Bearer",
        "scope": grant.scope.join(" "),
    });
    if grant.has("openid") {
        put(&mut body, "id_token", id_token(tenant, grant)?.into());
    }
    Ok(body)
}

/// Adds a refresh token if the sign-in asked for offline access and the application may have it.
pub(crate) fn add_refresh_token(tenant: &Tenant, grant: &Grant, body: &mut Value) {
    let may = tenant.client(&grant.client_id).is_some_and(|client| client.grants.contains(&GrantType::RefreshToken));
    if may && grant.has("offline_access") {
        put(body, "refresh_token", refresh_token(tenant, grant).into());
    }
}

/// A refresh token; it carries no nonce, so no later ID token does.
pub(crate) fn refresh_token(tenant: &Tenant, grant: &Grant) -> String {
    let token = tenant.secret("v1.");
    tenant.state().refresh_tokens.insert(token.clone(), Grant { nonce: None, ..grant.clone() });
    token
}

/// Opaque without an audience, else a JWT.
fn access_token(tenant: &Tenant, grant: &Grant) -> Result<String, OauthError> {
    let (key, lifetime) = signer(tenant, |lifetimes| lifetimes.access_token)?;
    let now = clock::now();
    let token = match &grant.audience {
        None => random::token("opaque."),
        Some(audience) => {
            let mut claims = json!({
                "iss": tenant.issuer, "sub": grant.sub, "aud": audience, "iat": now, "exp": now.saturating_add(lifetime),
                "scope": grant.scope.join(" "),
            });
            if grant.has("openid") {
                put(&mut claims, "aud", json!([audience, tenant.at("userinfo")]));
            }
            if let Some(org) = &grant.org_id {
                put(&mut claims, "org_id", org.as_str().into());
            }
            if let Some(permissions) = rbac::claim(tenant, grant) {
                put(&mut claims, "permissions", json!(permissions));
            }
            match tenant.api(audience).map_or(Dialect::AccessToken, |api| api.dialect) {
                Dialect::AccessToken => {
                    put(&mut claims, "azp", grant.client_id.as_str().into());
                    key.sign("JWT", &claims)?
                }
                Dialect::Rfc9068 => {
                    put(&mut claims, "client_id", grant.client_id.as_str().into());
                    put(&mut claims, "jti", random::token("").into());
                    key.sign("at+jwt", &claims)?
                }
            }
        }
    };
    let token = tenant.hand_out(token);
    let access = Access { grant: grant.clone(), expires_at: now.saturating_add(lifetime) };
    tenant.state().access_tokens.insert(token.clone(), access);
    Ok(token)
}

/// OpenID Connect Core 1.0, section 2, with Auth0's `sid` and `org_id`.
pub(crate) fn id_token(tenant: &Tenant, grant: &Grant) -> Result<String, OauthError> {
    let (key, lifetime) = signer(tenant, |lifetimes| lifetimes.id_token)?;
    let now = clock::now();
    let mut claims = json!({
        "iss": tenant.issuer, "sub": grant.sub, "aud": grant.client_id, "iat": now, "exp": now.saturating_add(lifetime),
    });
    for (name, value) in profile(tenant, grant) {
        put(&mut claims, name, value);
    }
    if let Some(sid) = &grant.sid {
        put(&mut claims, "sid", sid.as_str().into());
    }
    if let Some(nonce) = &grant.nonce {
        put(&mut claims, "nonce", nonce.as_str().into());
    }
    if let Some(org) = &grant.org_id {
        put(&mut claims, "org_id", org.as_str().into());
    }
    if let Some(time) = grant.auth_time {
        put(&mut claims, "auth_time", time.into());
    }
    Ok(tenant.hand_out(key.sign("JWT", &claims)?))
}

/// What `email` and `profile` tell (OpenID Connect Core 1.0, section 5.4).
pub(crate) fn profile(tenant: &Tenant, grant: &Grant) -> Vec<(&'static str, Value)> {
    let mut claims = Vec::new();
    if let Some(user) = tenant.user(&grant.sub) {
        if grant.has("email") {
            claims.push(("email", user.email.as_str().into()));
            claims.push(("email_verified", user.email_verified.into()));
        }
        if grant.has("profile") {
            claims.push(("name", user.name.as_str().into()));
        }
    }
    claims
}

/// The live access token of an `Authorization: Bearer` header (RFC 6750, section 2.1).
pub(crate) fn bearer(tenant: &Tenant, headers: &HeaderMap) -> Option<Access> {
    let token = headers.get(AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ")?;
    tenant.state().access_tokens.get(token).filter(|access| access.expires_at > clock::now()).cloned()
}

fn signer(
    tenant: &Tenant,
    lifetime: impl FnOnce(&super::Lifetimes) -> u64,
) -> Result<(std::sync::Arc<super::keys::SigningKey>, u64), OauthError> {
    let state = tenant.state();
    let key = state.keys.first().cloned().ok_or(aws_lc_rs::error::Unspecified)?;
    Ok((key, lifetime(&state.lifetimes)))
}

fn put(object: &mut Value, name: &str, value: Value) {
    if let Value::Object(members) = object {
        members.insert(name.to_owned(), value);
    }
}
