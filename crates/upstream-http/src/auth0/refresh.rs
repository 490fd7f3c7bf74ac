//! The refresh grant (RFC 6749 section 6), also for another API's token (Auth0: multi-resource refresh tokens).

mod id_token;

use auth::scope::Scopes;
use auth::secret::Secret;
use auth::subject::Subject;
use auth::time::Timestamp;
use tokio::time::Instant;

use super::Client;
use super::token_endpoint::{self, TokenError};
use crate::jwks::Keys;
use crate::transport::Transport;

/// The longest life of an access token that is believed: 30 days, Auth0's upper limit for an API.
const LONGEST_LIFE_SECONDS: u64 = 30 * 86_400;

/// What the new token is for. With neither, what the sign-in was for.
#[derive(Clone, Copy, Default)]
pub struct Ask<'a> {
    /// The API, as in `https://tenant.example/me/` for the My Account API; its trailing slash matters.
    pub audience: Option<&'a str>,
    /// What the token must be good for.
    pub scopes: Option<&'a Scopes>,
}

/// A refresh token, and whose it is.
#[derive(Clone, Copy)]
pub struct Held<'a> {
    /// The token.
    pub token: &'a Secret,
    /// Who signed in when it was given, by the issuer and subject of that ID token.
    pub subject: &'a Subject,
    /// The issuer's keys. They are asked for one only if an ID token comes along, and ask the issuer only if they lack it.
    pub keys: &'a Keys,
}

/// What came back. An ID token in the answer tells nothing new, so it is not here; it was held against who signed in.
pub struct Refreshed {
    /// The new access token.
    pub access_token: Secret,
    /// When it ends; a minute from now if the answer does not say.
    pub expires_at: Timestamp,
    /// What it was granted for; what was asked for, if the answer does not say (RFC 6749 section 5.1).
    pub scopes: Scopes,
    /// A refresh token that takes the place of the one that was used, if the provider rotates them.
    pub refresh_token: Option<Secret>,
}

/// Asks once. It is not repeated after a broken connection: where tokens rotate, the lost answer held the only good one.
///
/// # Errors
/// [`TokenError`]; `Grant` and `IdToken` mean that the person must sign in again, `Misconfigured` also that a scope was not
/// granted. After `IdToken` nothing of the answer is kept, a rotated refresh token neither: it may be somebody else's.
pub async fn refresh(
    transport: &Transport,
    client: &Client,
    held: Held<'_>,
    ask: Ask<'_>,
    now: Timestamp,
    until: Instant,
) -> Result<Refreshed, TokenError> {
    let asked = ask.scopes.map(Scopes::joined);
    let mut fields = vec![("grant_type", "refresh_token"), ("refresh_token", held.token.expose())];
    fields.extend(ask.audience.map(|audience| ("audience", audience)));
    fields.extend(asked.as_deref().map(|scopes| ("scope", scopes)));
    let call = |secret: &Secret| token_endpoint::call(transport, client, secret, &fields);
    let reply = token_endpoint::send(client, call, now, until).await?;
    let grant = token_endpoint::grant(&reply)?;
    id_token::check(&grant, client, held, now, until).await?;
    let needed = ask.scopes.cloned().unwrap_or_default();
    let scopes = grant.scope.as_deref().map_or_else(|| needed.clone(), Scopes::parse);
    if !scopes.cover(&needed) {
        return Err(TokenError::Misconfigured("a scope that was asked for was not granted"));
    }
    let life = grant.expires_in.unwrap_or(60).min(LONGEST_LIFE_SECONDS);
    Ok(Refreshed {
        access_token: grant.access_token,
        expires_at: now.plus(life),
        scopes,
        refresh_token: grant.refresh_token.filter(|token| !token.is_empty()),
    })
}

#[cfg(test)]
mod tests;
