//! Ending a refresh token at sign-out (RFC 7009; Auth0's Authentication API, "Revoke refresh token"). Where the tenant's setting
//! "Refresh Token Revocation Deletes Grant" is on, which it is not on tenants made since 2021, all refresh tokens of the same
//! person, application and audience end with it: their other sessions must sign in again.

use std::time::Duration;

use auth::secret::Secret;
use auth::time::Timestamp;
use tokio::time::Instant;

use super::failure::{seconds_to_wait, unreached};
use super::{Client, TokenError};
use crate::transport::Transport;

/// Whoever signs out does not wait longer than this.
const LIMIT: Duration = Duration::from_secs(2);

/// Tells Auth0 that `refresh_token` is over: one attempt, of at most two seconds. Repeating it is harmless. A token that Auth0
/// does not know is over already.
///
/// # Errors
/// [`TokenError`], for the log: the session ends whether or not this works.
pub async fn revoke(
    transport: &Transport,
    client: &Client,
    refresh_token: &Secret,
    now: Timestamp,
    until: Instant,
) -> Result<(), TokenError> {
    let until = until.min(Instant::now() + LIMIT);
    let call = |secret: &Secret| {
        let fields =
            [("client_id", client.id.as_str()), ("client_secret", secret.expose()), ("token", refresh_token.expose())];
        transport.post(client.provider.revoke.below(&client.base)).form(&fields)
    };
    let sent = client.secret.send(until, call).await.map_err(TokenError::Unavailable)?;
    let reply = sent.map_err(|error| TokenError::Unavailable(unreached(error)))?;
    match reply.status() {
        200 | 204 => Ok(()),
        429 => Err(TokenError::Busy { seconds: seconds_to_wait(&reply, now) }),
        400..=499 => Err(TokenError::Misconfigured("the client may not revoke this token")),
        _ => Err(TokenError::Unavailable("unexpected status")),
    }
}
