//! Client authentication: `client_secret_basic` and `client_secret_post` (RFC 6749, section 2.3.1).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::HeaderMap;
use http::header::AUTHORIZATION;
use percent_encoding::percent_decode_str;

use super::OAuthError;
use crate::okta::config::Client;
use crate::okta::world::World;

/// The client that the request proves to be. Sending both ways at once is refused.
pub(super) fn authenticate<'a>(
    world: &'a World,
    headers: &HeaderMap,
    id: Option<&str>,
    secret: Option<&str>,
) -> Result<&'a Client, OAuthError> {
    let (id, secret) = match (basic(headers), id, secret) {
        (Some(_), _, Some(_)) => {
            return Err(OAuthError::request("invalid_request", "Cannot supply multiple client credentials."));
        }
        (Some(pair), _, None) => pair,
        (None, Some(id), Some(secret)) => (id.to_owned(), secret.to_owned()),
        (None, _, _) => return Err(OAuthError::client()),
    };
    let found = world.clients.iter().find(|client| client.id == id && client.secret == secret);
    found.ok_or_else(OAuthError::client)
}

fn basic(headers: &HeaderMap) -> Option<(String, String)> {
    let (scheme, encoded) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let text = String::from_utf8(STANDARD.decode(encoded.trim()).ok()?).ok()?;
    let (id, secret) = text.split_once(':')?;
    let decode = |part: &str| percent_decode_str(part).decode_utf8_lossy().into_owned();
    Some((decode(id), decode(secret)))
}

/// Scopes that Okta knows without a grant by an administrator.
const OPEN: [&str; 7] = ["openid", "profile", "email", "address", "phone", "groups", "offline_access"];

/// Splits a `scope` parameter and refuses what the client was not granted.
pub(super) fn scopes(client: &Client, text: &str) -> Result<Vec<String>, OAuthError> {
    let scopes: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
    let granted = |scope: &String| match &client.granted_scopes {
        _ if OPEN.contains(&scope.as_str()) => true,
        _ if !scope.starts_with("okta.") => false,
        None => true,
        Some(granted) => granted.contains(scope),
    };
    if scopes.is_empty() || !scopes.iter().all(granted) {
        return Err(OAuthError::request(
            "invalid_scope",
            "One or more scopes are not configured for the authorization server resource.",
        ));
    }
    Ok(scopes)
}
