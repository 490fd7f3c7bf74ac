//! `GET /oauth2/v1/authorize`: signs the hinted person in without a page.

use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use http::header::LOCATION;
use http::{HeaderValue, StatusCode};
use serde::Deserialize;
use url::Url;

use super::{OAuthError, client};
use crate::okta::grants::Grant;
use crate::okta::world::{Shared, World};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Request {
    client_id: String,
    response_type: String,
    redirect_uri: String,
    scope: String,
    state: Option<String>,
    login_hint: Option<String>,
    code_challenge: Option<String>,
    code_challenge_method: Option<String>,
}

/// Redirects with `code`, or with an error. A client or address that is not registered gets no redirect.
pub(super) async fn authorize(
    State(shared): State<Shared>,
    Query(request): Query<Request>,
) -> Result<Response, OAuthError> {
    let mut world = shared.lock();
    let known = world.clients.iter().find(|client| client.id == request.client_id);
    let known =
        known.ok_or_else(|| OAuthError::request("invalid_client", "Invalid value for 'client_id' parameter."))?;
    let refused = || {
        let description = "The 'redirect_uri' parameter must be a Login redirect URI in the client app settings.";
        OAuthError::request("invalid_request", description)
    };
    if !known.redirect_uris.contains(&request.redirect_uri) {
        return Err(refused());
    }
    let mut address = Url::parse(&request.redirect_uri).map_err(|_| refused())?;
    let outcome = code(&mut world, &request);
    {
        let mut query = address.query_pairs_mut();
        match outcome {
            Ok(code) => query.append_pair("code", &code),
            Err(error) => query.append_pair("error", error.code).append_pair("error_description", error.description),
        };
        if let Some(state) = &request.state {
            query.append_pair("state", state);
        }
    }
    let mut response = StatusCode::FOUND.into_response();
    if let Ok(location) = HeaderValue::from_str(address.as_str()) {
        response.headers_mut().insert(LOCATION, location);
    }
    Ok(response)
}

fn code(world: &mut World, request: &Request) -> Result<String, OAuthError> {
    let known = world.clients.iter().find(|client| client.id == request.client_id).ok_or_else(OAuthError::client)?;
    if request.response_type != "code" {
        return Err(OAuthError::request("unsupported_response_type", "The response type is not supported."));
    }
    if request.code_challenge.is_some() && request.code_challenge_method.as_deref() != Some("S256") {
        return Err(OAuthError::request("invalid_request", "The 'code_challenge_method' must be S256."));
    }
    let scopes = client::scopes(known, &request.scope)?;
    let hint = request.login_hint.as_deref();
    let hint = hint.ok_or_else(|| OAuthError::request("login_required", "The client specified not to prompt."))?;
    let user = world.directory.users().find(|user| user.login == hint && user.status.may_sign_in());
    let user =
        user.ok_or_else(|| OAuthError::request("access_denied", "User is not assigned to the client application."))?;
    let grant = Grant { user: user.id.clone(), client: known.id.clone(), scopes };
    let now = crate::clock::now();
    Ok(world.grants.issue_code(grant, request.redirect_uri.clone(), request.code_challenge.clone(), now))
}
