//! An issuer's published keys (RFC 7517), fetched when `auth::jwt`'s cache rules say so.

#[cfg(test)]
mod tests;

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use auth::jwt::{Decision, KeyCache, KeySet, Limits};
use auth::time::Clock;
use tokio::time::{Instant, timeout_at};
use url::Url;

use crate::transport::Transport;

const FETCH_LIMIT: Duration = Duration::from_secs(2);
/// Fresh for ten minutes, usable for an hour if the issuer is down, at most one fetch in half a minute.
const LIMITS: Limits = Limits { fresh_seconds: 600, hard_seconds: 3600, cooldown_seconds: 30 };

/// There is no key for this token, or none can be fetched now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no key of the issuer fits this token")]
pub struct NoKey;

/// The keys of one issuer. The address comes from settings, never from a token.
pub struct Keys {
    transport: Transport,
    url: Url,
    clock: Clock,
    cache: Mutex<KeyCache>,
    fetching: tokio::sync::Mutex<()>,
}

impl Keys {
    /// An empty cache for the key set at `url`.
    #[must_use]
    pub fn new(transport: Transport, url: Url, clock: Clock) -> Self {
        let cache = Mutex::new(KeyCache::new(LIMITS));
        Self { transport, url, clock, cache, fetching: tokio::sync::Mutex::new(()) }
    }

    /// Keys for a token whose header names `kid`. Tokens whose key is cached never wait; of all others, one fetches and
    /// the rest wait for it.
    ///
    /// # Errors
    /// [`NoKey`].
    pub async fn of(&self, kid: Option<&str>, until: Instant) -> Result<Arc<KeySet>, NoKey> {
        if let Some(keys) = self.with(|cache| cache.ready(kid, self.clock.now())) {
            return Ok(keys);
        }
        let _one_at_a_time = timeout_at(until, self.fetching.lock()).await.map_err(|_| NoKey)?;
        match self.with(|cache| cache.decide(kid, self.clock.now())) {
            Decision::Use(keys) => return Ok(keys),
            Decision::Refuse => return Err(NoKey),
            Decision::Fetch => {}
        }
        let fetched = self.fetch(until).await;
        match self.with(|cache| {
            cache.fetched(fetched, self.clock.now());
            cache.decide(kid, self.clock.now())
        }) {
            Decision::Use(keys) => Ok(keys),
            Decision::Fetch | Decision::Refuse => Err(NoKey),
        }
    }

    /// Whether the issuer's keys are here at all; asks nobody.
    #[must_use]
    pub fn serves(&self) -> bool {
        self.with(|cache| cache.serves(self.clock.now()))
    }

    async fn fetch(&self, until: Instant) -> Result<KeySet, ()> {
        let reply = self.transport.get(self.url.clone()).at_most(FETCH_LIMIT).send(until).await.map_err(|_| ())?;
        if reply.status() == 200 { KeySet::parse(reply.body()).map_err(|_| ()) } else { Err(()) }
    }

    fn with<T>(&self, use_it: impl FnOnce(&mut KeyCache) -> T) -> T {
        use_it(&mut self.cache.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
