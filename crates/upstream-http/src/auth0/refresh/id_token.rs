//! The ID token that may come with a refresh (OpenID Connect Core section 12.2).

use auth::jwt::{self, Policy, Unverified};
use auth::time::Timestamp;
use tokio::time::Instant;

use super::Held;
use crate::auth0::Client;
use crate::auth0::token_endpoint::{Grant, TokenError};

/// How old it may be, in seconds: it was made for this request, and clocks differ.
const FRESH_SECONDS: u64 = 60;

/// No ID token is good, as the section allows. One that is there must be new, for this client and of the same issuer and
/// subject as at the sign-in. Its `nonce` is not compared: that of the sign-in was used up then and is kept nowhere. Being new
/// does what it is for, which is to tell an older token.
pub(super) async fn check(
    grant: &Grant,
    client: &Client,
    held: Held<'_>,
    now: Timestamp,
    until: Instant,
) -> Result<(), TokenError> {
    let Some(id_token) = grant.id_token.as_ref().map(auth::secret::Secret::expose) else { return Ok(()) };
    let kid = Unverified::parse(id_token).map_err(|_| TokenError::IdToken)?.kid().map(str::to_owned);
    let no_key = |_| TokenError::Unavailable("no key of the issuer fits the id token");
    let keys = held.keys.of(kid.as_deref(), until).await.map_err(no_key)?;
    let policy = Policy::id_token(held.subject.issuer(), client.id.as_str()).access_token_hash(&grant.access_token);
    let claims = jwt::verify(id_token, &keys, &policy, now).map_err(|_| TokenError::IdToken)?;
    let same = claims.issuer() == held.subject.issuer() && claims.subject() == held.subject.id();
    if same && claims.issued_at().plus(FRESH_SECONDS) >= now { Ok(()) } else { Err(TokenError::IdToken) }
}
