//! `POST /bc-authorize`.

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::routing::post;
use http::HeaderMap;
use serde_json::json;

use super::super::config::{Client, GrantType};
use super::super::fields::{Fields, allowed};
use super::super::grant::{Grant, words};
use super::super::oauth_error::OauthError;
use super::super::refresh_grant::{is_oidc, scopes_of};
use super::super::tenant::Tenant;
use super::super::tokens::Answer;
use super::hint;
use super::request::{Pace, Request, Standing, after};
use crate::{clock, random};

/// Seconds; also what holds when the application asks for nothing.
const LONGEST_PUSH: u64 = 300;
const LONGEST_MESSAGE: usize = 64;

pub(crate) fn routes() -> Router<Arc<Tenant>> {
    Router::new().route("/bc-authorize", post(start))
}

async fn start(State(tenant): State<Arc<Tenant>>, headers: HeaderMap, body: Bytes) -> Result<Answer, OauthError> {
    let fields = Fields::form(&headers, &body)?;
    let client = fields.client(&tenant, &headers)?;
    allowed(client, GrantType::Ciba)?;
    let mut grant = grant(&tenant, client, &fields)?;
    grant.sub = hint::subject(&tenant, &fields)?;
    let binding_message = binding_message(&fields)?;
    let requested_expiry = requested_expiry(&fields)?;
    if fields.get("authorization_details").is_some() {
        return Err(OauthError::bad("invalid_request", "authorization_details are not supported for this API"));
    }
    let (auth_req_id, notice) = (random::token(""), random::token(""));
    let now = clock::now_ms();
    let mut state = tenant.state();
    if !state.enrolled.contains(&grant.sub) {
        // Auth0's status and code; its sentence is not known.
        return Err(OauthError::bad("invalid_request", "The user is not enrolled for push notifications"));
    }
    if let Some(seconds) = state.ciba.busy(&grant.sub, now) {
        return Err(OauthError::too_many(seconds));
    }
    let (interval, lifetime) = (state.lifetimes.ciba_interval, state.lifetimes.ciba_expiry.unwrap_or(requested_expiry));
    state.handed_out.push(auth_req_id.clone());
    state.ciba.requests.push(Request {
        auth_req_id: auth_req_id.clone(),
        notice,
        grant,
        binding_message,
        requested_expiry,
        started_at: now,
        expires_at: after(now, lifetime),
        pace: Pace::new(interval, now),
        standing: Standing::Waiting,
        polls: Vec::new(),
    });
    Ok(Answer(json!({"auth_req_id": auth_req_id, "expires_in": lifetime, "interval": interval})))
}

/// The grant without its subject. No nonce and no `sid`: there is no browser and no session.
fn grant(tenant: &Tenant, client: &Client, fields: &Fields) -> Result<Grant, OauthError> {
    let asked = words(fields.get("scope").unwrap_or_default());
    if !asked.iter().any(|scope| scope == "openid") {
        return Err(OauthError::bad("invalid_request", "openid scope must be requested"));
    }
    let audience = fields.get("audience").map(str::to_owned);
    let api = match &audience {
        None => Vec::new(),
        Some(audience) => {
            scopes_of(tenant, audience).ok_or(OauthError::forbidden("access_denied", "Service not found"))?
        }
    };
    let offline = client.grants.contains(&GrantType::RefreshToken);
    let granted = |scope: &String| match scope.as_str() {
        "offline_access" => offline,
        word => is_oidc(word) || api.iter().any(|known| known == word),
    };
    Ok(Grant {
        sub: String::new(),
        client_id: client.client_id.clone(),
        scope: asked.into_iter().filter(granted).collect(),
        audience,
        org_id: None,
        nonce: None,
        sid: None,
        auth_time: None,
    })
}

/// Letters, digits, spaces and `+-_.,:#`, at most 64. The code of the refusal is the specification's (section 13): Auth0's
/// is not known.
fn binding_message(fields: &Fields) -> Result<String, OauthError> {
    let message = fields.need("binding_message")?;
    let may = |character: char| character.is_ascii_alphanumeric() || " +-_.,:#".contains(character);
    if message.chars().count() > LONGEST_MESSAGE || !message.chars().all(may) {
        return Err(OauthError::bad("invalid_binding_message", "binding_message is too long or has other characters"));
    }
    Ok(message.to_owned())
}

fn requested_expiry(fields: &Fields) -> Result<u64, OauthError> {
    let Some(text) = fields.get("requested_expiry") else {
        return Ok(LONGEST_PUSH);
    };
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    match text.parse() {
        Ok(seconds) if digits && (1..=LONGEST_PUSH).contains(&seconds) => Ok(seconds),
        _ => Err(OauthError::bad("invalid_request", "requested_expiry must be 1 to 300 seconds")),
    }
}
