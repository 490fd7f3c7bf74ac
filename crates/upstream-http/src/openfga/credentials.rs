//! The client's own token: bought once, kept until a minute before its end, never bought twice at once.

use std::time::Duration;

use auth::secret::Secret;
use auth::time::{Clock, Timestamp};
use serde::Deserialize;
use tokio::sync::Mutex;
use tokio::time::{Instant, timeout_at};
use url::Url;

use super::{CheckError, unreached};
use crate::client_secret::ClientSecret;
use crate::transport::Transport;

const TOKEN_LIMIT: Duration = Duration::from_secs(3);
/// A token is not used in its last minute.
const RESERVE_SECONDS: u64 = 60;
/// A longer life than a day is taken as a day.
const LONGEST_LIFE_SECONDS: u64 = 86_400;

/// Client credentials (RFC 6749 section 4.4) as Auth0 FGA takes them.
#[derive(Clone)]
pub struct Credentials {
    /// The token endpoint, as in `https://auth.fga.dev/oauth/token`.
    pub token_url: Url,
    /// The client's id.
    pub client_id: String,
    /// The client's secret.
    pub client_secret: ClientSecret,
    /// The API's audience; its trailing slash matters.
    pub audience: String,
}

pub(super) struct TokenSource {
    transport: Transport,
    credentials: Credentials,
    clock: Clock,
    kept: Mutex<Option<Kept>>,
}

struct Kept {
    token: Secret,
    until: Timestamp,
}

#[derive(Deserialize)]
struct Grant {
    access_token: Secret,
    expires_in: u64,
    token_type: String,
}

impl TokenSource {
    pub(super) fn new(transport: Transport, credentials: Credentials, clock: Clock) -> Self {
        Self { transport, credentials, clock, kept: Mutex::new(None) }
    }

    /// The kept token, or a new one. The lock is held while buying: a second caller waits and takes the same token.
    pub(super) async fn token(&self, until: Instant) -> Result<Secret, CheckError> {
        let waited = timeout_at(until, self.kept.lock()).await;
        let mut kept = waited.map_err(|_| CheckError::Unavailable("no token in time"))?;
        if let Some(current) = kept.as_ref().filter(|current| current.until > self.clock.now()) {
            return Ok(current.token.clone());
        }
        let (token, seconds) = self.buy(until).await?;
        let life = seconds.min(LONGEST_LIFE_SECONDS).saturating_sub(RESERVE_SECONDS);
        *kept = Some(Kept { token: token.clone(), until: self.clock.now().plus(life) });
        Ok(token)
    }

    /// Forgets `token` if it is still the kept one.
    pub(super) async fn reject(&self, token: Option<&Secret>) {
        let mut kept = self.kept.lock().await;
        let same = kept.as_ref().zip(token).is_some_and(|(kept, token)| kept.token.same_as(token));
        if same {
            *kept = None;
        }
    }

    async fn buy(&self, until: Instant) -> Result<(Secret, u64), CheckError> {
        let Credentials { token_url, client_id, client_secret, audience } = &self.credentials;
        let call = |secret: &Secret| {
            let fields = [
                ("grant_type", "client_credentials"),
                ("client_id", client_id.as_str()),
                ("client_secret", secret.expose()),
                ("audience", audience.as_str()),
            ];
            self.transport.post(token_url.clone()).form(&fields).at_most(TOKEN_LIMIT).repeatable()
        };
        let sent = client_secret.send(until, call).await.map_err(CheckError::Unavailable)?;
        let reply = sent.map_err(unreached)?;
        match reply.status() {
            200 => {}
            429 => return Err(CheckError::Busy { seconds: reply.retry_after_seconds().unwrap_or(2).clamp(1, 120) }),
            401 if client_secret.may_change() => {
                return Err(CheckError::Unavailable("the client's secret is refused, the newest that there is"));
            }
            400 | 401 | 403 => return Err(CheckError::Misconfigured("the client credentials were refused")),
            _ => return Err(CheckError::Unavailable("the token issuer answered with an unexpected status")),
        }
        let grant: Grant = reply.json().ok_or(CheckError::Unavailable("the token issuer's answer cannot be read"))?;
        if !grant.token_type.eq_ignore_ascii_case("bearer") || grant.access_token.is_empty() {
            return Err(CheckError::Unavailable("the token issuer's answer is not a bearer token"));
        }
        Ok((grant.access_token, grant.expires_in))
    }
}
