//! Reading a 200 of the exchange.

use auth::scope::Scopes;
use auth::secret::Secret;
use auth::session::FederatedToken;
use auth::time::Timestamp;
use serde::Deserialize;

use super::{FEDERATED_TOKEN, VaultError};
use crate::auth0::failure::sendable;
use crate::transport::Reply;

/// The longest life that is believed: 30 days.
const LONGEST_LIFE_SECONDS: u64 = 30 * 86_400;

#[derive(Deserialize)]
struct Answer {
    access_token: Secret,
    token_type: String,
    expires_in: u64,
    scope: Option<String>,
    issued_token_type: Option<String>,
}

/// The token, if it is of the asked kind, ends, and says that it is good for `needed`. RFC 6749 section 5.1 lets an answer
/// leave out a scope that equals the request's; this request has none, so a missing scope says nothing and is refused
/// unless nothing is needed.
pub(super) fn read(
    reply: &Reply,
    connection: &str,
    needed: &Scopes,
    now: Timestamp,
) -> Result<FederatedToken, VaultError> {
    let answer: Answer = reply.json().ok_or(VaultError::Unavailable("the answer cannot be read"))?;
    if !answer.token_type.eq_ignore_ascii_case("bearer") || !sendable(answer.access_token.expose()) {
        return Err(VaultError::Unavailable("the answer is not a bearer token"));
    }
    if answer.issued_token_type.is_some_and(|issued| issued != FEDERATED_TOKEN) {
        return Err(VaultError::Unavailable("the answer is a token of another type"));
    }
    if !(1..=LONGEST_LIFE_SECONDS).contains(&answer.expires_in) {
        return Err(VaultError::Unavailable("the token's life is not between 1 second and 30 days"));
    }
    let scopes = match answer.scope.as_deref().map(Scopes::parse) {
        Some(scopes) => scopes,
        None if *needed == Scopes::default() => Scopes::default(),
        None => return Err(VaultError::Misconfigured("the provider's token comes without its scopes")),
    };
    if !scopes.cover(needed) {
        return Err(VaultError::MissingScope(scopes.missing(needed)));
    }
    Ok(FederatedToken {
        connection: connection.to_owned(),
        access_token: answer.access_token,
        expires_at: now.plus(answer.expires_in),
        scopes,
    })
}
