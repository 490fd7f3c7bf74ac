//! `POST /me/v1/connected-accounts/complete`: puts the account into the vault.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use http::{HeaderMap, StatusCode};
use serde::Deserialize;
use serde_json::Value;

use super::connect::{Connecting, Step};
use super::{CREATE, Problem, authorized};
use crate::auth0::grant::words;
use crate::auth0::provider::ProviderTokens;
use crate::auth0::tenant::Tenant;
use crate::auth0::{pkce, vault};
use crate::clock;

const WRONG: Problem = Problem::bad("Invalid auth_session, connect_code, redirect_uri or code_verifier");

#[derive(Deserialize)]
struct Request {
    auth_session: String,
    connect_code: String,
    redirect_uri: String,
    code_verifier: Option<String>,
}

/// 400 for whatever does not fit; the first attempt of the same user uses the `auth_session` up.
pub(super) async fn complete(
    State(tenant): State<Arc<Tenant>>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<(StatusCode, Json<Value>), Problem> {
    let grant = authorized(&tenant, &headers, CREATE)?;
    let request: Request = serde_json::from_slice(&body).map_err(|_| Problem::bad("Invalid request body"))?;
    let connecting = take(&tenant, &request.auth_session, &grant.sub)?;
    let tokens = check(&connecting, &request)?;
    let scopes = tokens.scope.as_deref().map_or_else(|| connecting.scopes.clone(), words);
    let refresh_token = tokens.refresh_token.clone().ok_or(WRONG)?;
    let account = vault::connect(&tenant, &grant.sub, &connecting.connection, &connecting.login, scopes, refresh_token)
        .map_err(|_| Problem::conflict())?;
    let mut state = tenant.state();
    let lifetime = state.lifetimes.federated;
    if let Some(held) = vault::find(&mut state, &grant.sub, &connecting.connection, None) {
        held.keep(tokens, lifetime);
    }
    Ok((StatusCode::CREATED, Json(account.to_json())))
}

fn take(tenant: &Tenant, session: &str, sub: &str) -> Result<Connecting, Problem> {
    let mut state = tenant.state();
    let own = state.connecting.get(session).is_some_and(|connecting| connecting.sub == sub);
    own.then(|| state.connecting.remove(session)).flatten().ok_or(WRONG)
}

fn check<'c>(connecting: &'c Connecting, request: &Request) -> Result<&'c ProviderTokens, Problem> {
    let Step::Returned(code, tokens) = &connecting.step else {
        return Err(WRONG);
    };
    let proven = match (&connecting.challenge, &request.code_verifier) {
        (None, None) => true,
        (Some(challenge), Some(verifier)) => pkce::matches(verifier, challenge),
        (Some(_), None) | (None, Some(_)) => false,
    };
    let fits = *code == request.connect_code && connecting.back.redirect_uri == request.redirect_uri;
    if fits && proven && clock::now() < connecting.expires_at { Ok(tokens) } else { Err(WRONG) }
}
