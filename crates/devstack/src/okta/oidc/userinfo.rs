//! `GET /oauth2/v1/userinfo`.

use axum::Json;
use axum::extract::State;
use http::{HeaderMap, StatusCode};
use serde_json::{Value, json};

use super::OAuthError;
use crate::okta::rights::bearer;
use crate::okta::world::Shared;

/// More groups than this, and a request for the `groups` claim fails.
const CLAIMABLE: usize = 100;

/// The claims that the token's scopes open; `groups` holds names.
///
/// That a person with more than 100 groups gets an error is documented for custom authorization servers; the shape of
/// that error is not, and neither is the limit of the org authorization server.
pub(super) async fn userinfo(State(shared): State<Shared>, headers: HeaderMap) -> Result<Json<Value>, OAuthError> {
    let world = shared.lock();
    let refused = || OAuthError::bearer(StatusCode::UNAUTHORIZED, "invalid_token", "The access token is invalid.");
    let token = bearer(&headers).and_then(|token| world.grants.access(token, crate::clock::now()));
    let token = token.ok_or_else(refused)?;
    let user = world.directory.user(&token.user).filter(|user| user.status.may_sign_in()).ok_or_else(refused)?;
    let holds = |name: &str| token.scopes.iter().any(|scope| scope == name);
    if !holds("openid") {
        let description = "The access token must provide the 'openid' scope.";
        return Err(OAuthError::bearer(StatusCode::FORBIDDEN, "insufficient_scope", description));
    }
    let mut claims = serde_json::Map::new();
    claims.insert("sub".to_owned(), json!(user.id));
    if holds("email") {
        claims.insert("email".to_owned(), json!(user.login));
        claims.insert("email_verified".to_owned(), json!(true));
    }
    if holds("profile") {
        claims.insert("preferred_username".to_owned(), json!(user.login));
        claims.insert("name".to_owned(), json!(format!("{} {}", user.first_name, user.last_name).trim()));
    }
    if holds("groups") {
        let groups = world.directory.groups_of(&user.id);
        if groups.len() > CLAIMABLE {
            return Err(OAuthError::request("invalid_request", "The groups claim holds more than 100 groups."));
        }
        let names: Vec<&str> = groups.iter().map(|stored| stored.group.name.as_str()).collect();
        claims.insert("groups".to_owned(), json!(names));
    }
    Ok(Json(Value::Object(claims)))
}
