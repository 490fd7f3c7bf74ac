//! The secret of a client of ours: a text of the settings, or one that is kept elsewhere and read when it is needed.
//!
//! A secret that is kept elsewhere can be changed while we run. It is read anew once it has been used for an hour, and at once when
//! the service refuses it; where nothing but a refused secret could be read, the refusal stands.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use auth::secret::Secret;
use auth::time::{Clock, Timestamp};
use serde::Deserialize;
use tokio::sync::Mutex;
use tokio::time::{Instant, timeout_at};

use crate::transport::{Call, Reply, TransportError};

/// A secret that was read longer ago than this is read anew.
const DUE_SECONDS: u64 = 3_600;
/// Where that fails, it is used on, but no longer than this.
const LONGEST_SECONDS: u64 = 12 * 3_600;
/// Between two readings because of a refusal, or after one that failed. A wrong secret would otherwise double every call.
const PAUSE_SECONDS: u64 = 60;

type Reading = Pin<Box<dyn Future<Output = Result<Secret, &'static str>> + Send>>;

/// The secret, wherever it is. Clones share what was read.
#[derive(Clone)]
pub struct ClientSecret(Source);

#[derive(Clone)]
enum Source {
    Given(Secret),
    Stored(Arc<Stored>),
}

struct Stored {
    read: Box<dyn Fn(Instant) -> Reading + Send + Sync>,
    clock: Clock,
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    secret: Option<(Secret, Timestamp)>,
    /// When it was last read because of a refusal, or could not be read when it was due.
    tried: Option<Timestamp>,
}

impl From<Secret> for ClientSecret {
    fn from(secret: Secret) -> Self {
        Self(Source::Given(secret))
    }
}

impl ClientSecret {
    /// One that `read` reads, which ends by the moment that it is given, or says why there is none. The clock says when it is due.
    pub fn stored<F>(read: impl Fn(Instant) -> F + Send + Sync + 'static, clock: Clock) -> Self
    where
        F: Future<Output = Result<Secret, &'static str>> + Send + 'static,
    {
        let read = Box::new(move |until| -> Reading { Box::pin(read(until)) });
        Self(Source::Stored(Arc::new(Stored { read, clock, kept: Mutex::default() })))
    }

    /// Reads it, while a sandbox starts. A failure is left to the first call.
    pub async fn open(&self, until: Instant) {
        let _read = self.current(until).await;
    }

    /// Whether another secret may come to be the right one by itself.
    pub(crate) fn may_change(&self) -> bool {
        matches!(self.0, Source::Stored(_))
    }

    /// Sends what `call` makes of the secret. If the service says that the client is not authenticated, which it says before it does
    /// anything else (RFC 6749 section 5.2), and reading anew gives another secret, it is sent once more with that.
    ///
    /// # Errors
    /// Why there is no secret. Nothing was sent then.
    pub(crate) async fn send<'t>(
        &self,
        until: Instant,
        call: impl Fn(&Secret) -> Call<'t>,
    ) -> Result<Result<Reply, TransportError>, &'static str> {
        let secret = self.current(until).await?;
        let first = call(&secret).send(until).await;
        if !first.as_ref().is_ok_and(refused) {
            return Ok(first);
        }
        Ok(match self.another(&secret, until).await {
            None => first,
            Some(secret) => match call(&secret).send(until).await {
                Err(TransportError::OutOfTime) => first,
                second => second,
            },
        })
    }

    async fn current(&self, until: Instant) -> Result<Secret, &'static str> {
        let stored = match &self.0 {
            Source::Given(secret) => return Ok(secret.clone()),
            Source::Stored(stored) => stored,
        };
        // Held while reading: a second caller waits and takes the same secret.
        let waited = timeout_at(until, stored.kept.lock()).await;
        let mut kept = waited.map_err(|_| "the client's secret could not be read in time")?;
        let now = stored.clock.now();
        let (usable, due) = match &kept.secret {
            None => (None, true),
            Some((secret, read_at)) => {
                let age = now.since(*read_at);
                (Some(secret).filter(|_| age < LONGEST_SECONDS).cloned(), age >= DUE_SECONDS && kept.may_try(now))
            }
        };
        match usable {
            Some(secret) if !due => Ok(secret),
            usable => match ((stored.read)(until).await, usable) {
                (Ok(secret), _) => {
                    kept.secret = Some((secret.clone(), now));
                    Ok(secret)
                }
                (Err(_), Some(secret)) => {
                    kept.tried = Some(now);
                    Ok(secret)
                }
                (Err(cause), None) => {
                    kept.secret = None;
                    Err(cause)
                }
            },
        }
    }

    /// Another secret than the one that was refused: read by somebody else since, or by us now, at most once a minute.
    async fn another(&self, refused: &Secret, until: Instant) -> Option<Secret> {
        let Source::Stored(stored) = &self.0 else { return None };
        let mut kept = timeout_at(until, stored.kept.lock()).await.ok()?;
        if let Some((secret, _)) = kept.secret.as_ref().filter(|(secret, _)| !secret.same_as(refused)) {
            return Some(secret.clone());
        }
        let now = stored.clock.now();
        if !kept.may_try(now) {
            return None;
        }
        kept.tried = Some(now);
        let secret = (stored.read)(until).await.ok()?;
        kept.secret = Some((secret.clone(), now));
        Some(secret).filter(|secret| !secret.same_as(refused))
    }
}

impl Kept {
    fn may_try(&self, now: Timestamp) -> bool {
        self.tried.is_none_or(|tried| now.since(tried) >= PAUSE_SECONDS)
    }
}

#[derive(Deserialize)]
struct Problem {
    error: String,
}

/// `invalid_client`; also a 401 without a code, or with `access_denied`, which Auth0 answers to the client credentials grant.
fn refused(reply: &Reply) -> bool {
    let code = reply.json::<Problem>().map(|problem| problem.error);
    matches!(
        (reply.status(), code.as_deref()),
        (400 | 401 | 403, Some("invalid_client")) | (401, None | Some("access_denied"))
    )
}
