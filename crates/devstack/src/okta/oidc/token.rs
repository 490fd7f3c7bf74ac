//! `POST /oauth2/v1/token` and `POST /oauth2/v1/revoke`.

use aws_lc_rs::digest::{SHA256, digest};
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::{Form, Json};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::header::CACHE_CONTROL;
use http::{HeaderMap, HeaderValue, StatusCode};
use serde::Deserialize;
use serde_json::json;

use super::{OAuthError, client};
use crate::okta::grants::Grant;
use crate::okta::world::{Shared, World};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Request {
    grant_type: String,
    client_id: Option<String>,
    client_secret: Option<String>,
    code: Option<String>,
    redirect_uri: Option<String>,
    code_verifier: Option<String>,
    refresh_token: Option<String>,
    scope: Option<String>,
    token: Option<String>,
}

/// Grants `authorization_code` and `refresh_token`.
pub(super) async fn token(
    State(shared): State<Shared>,
    headers: HeaderMap,
    Form(request): Form<Request>,
) -> Result<Response, OAuthError> {
    let mut world = shared.lock();
    let (id, secret) = (request.client_id.as_deref(), request.client_secret.as_deref());
    let client = client::authenticate(&world, &headers, id, secret)?.id.clone();
    let (grant, refresh) = match request.grant_type.as_str() {
        "authorization_code" => by_code(&mut world, &client, &request)?,
        "refresh_token" => by_refresh(&world, &client, &request)?,
        _ => return Err(OAuthError::request("unsupported_grant_type", "The grant type is not supported.")),
    };
    let user = world.directory.user(&grant.user);
    if !user.is_some_and(|user| user.status.may_sign_in()) {
        return Err(invalid("The user is not active."));
    }
    let (lifetime, now) = (world.grants.lifetime, crate::clock::now());
    let access = world.grants.issue_access(&grant.user, &grant.scopes, lifetime, now);
    let mut body = json!({
        "token_type": "Bearer",
        "expires_in": lifetime,
        "access_token": access,
        "scope": grant.scopes.join(" "),
    });
    if let (Some(refresh), Some(members)) = (refresh, body.as_object_mut()) {
        members.insert("refresh_token".to_owned(), refresh.into());
    }
    let mut response = Json(body).into_response();
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-cache, no-store"));
    Ok(response)
}

fn by_code(world: &mut World, client: &str, request: &Request) -> Result<(Grant, Option<String>), OAuthError> {
    let now = crate::clock::now();
    let code = world.grants.redeem(request.code.as_deref().unwrap_or_default(), now);
    let code = code.filter(|code| code.grant.client == client);
    let code = code.ok_or_else(|| invalid("The authorization code is invalid or has expired."))?;
    if request.redirect_uri.as_deref() != Some(code.redirect_uri.as_str()) {
        return Err(invalid(
            "The 'redirect_uri' does not match the redirection URI used in the authorization request.",
        ));
    }
    if code.challenge != request.code_verifier.as_deref().map(challenge) {
        return Err(invalid("PKCE verification failed."));
    }
    let offline = code.grant.scopes.iter().any(|scope| scope == "offline_access");
    let refresh = offline.then(|| world.grants.issue_refresh(code.grant.clone()));
    Ok((code.grant, refresh))
}

fn by_refresh(world: &World, client: &str, request: &Request) -> Result<(Grant, Option<String>), OAuthError> {
    let token = request.refresh_token.as_deref().unwrap_or_default();
    let grant = world.grants.refresh(token).filter(|grant| grant.client == client);
    let mut grant = grant.ok_or_else(|| invalid("The refresh token is invalid or expired."))?.clone();
    if let Some(narrower) = &request.scope {
        let asked: Vec<String> = narrower.split_whitespace().map(str::to_owned).collect();
        if !asked.iter().all(|scope| grant.scopes.contains(scope)) {
            return Err(OAuthError::request(
                "invalid_scope",
                "The requested scopes exceed those of the refresh token.",
            ));
        }
        grant.scopes = asked;
    }
    Ok((grant, Some(token.to_owned())))
}

/// RFC 7009: an unknown token is a success too.
pub(super) async fn revoke(
    State(shared): State<Shared>,
    headers: HeaderMap,
    Form(request): Form<Request>,
) -> Result<StatusCode, OAuthError> {
    let mut world = shared.lock();
    let (id, secret) = (request.client_id.as_deref(), request.client_secret.as_deref());
    client::authenticate(&world, &headers, id, secret)?;
    world.grants.revoke(request.token.as_deref().unwrap_or_default());
    Ok(StatusCode::OK)
}

fn invalid(description: &'static str) -> OAuthError {
    OAuthError::request("invalid_grant", description)
}

/// `S256` of RFC 7636, section 4.2.
fn challenge(verifier: &str) -> String {
    URL_SAFE_NO_PAD.encode(digest(&SHA256, verifier.as_bytes()))
}
