//! Data keys in memory: few, not for long, and each for its own place only.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use auth::encryption_context::EncryptionContext;
use auth::keycard::KeyArn;
use auth::time::{Clock, Timestamp};
use tokio::runtime::Handle;
use tokio::task::JoinHandle;
use tokio::time::sleep;

use super::form::Key;

/// How long a data key is used, in seconds, from when KMS gave it.
pub(super) const KEPT_SECONDS: u64 = 300;
/// How many there are at once; the oldest gives way.
pub(super) const MOST_KEPT: usize = 64;

/// The data keys of a seal and its clones. Nothing of them is shown, and each is wiped when it goes.
pub(super) struct DataKeys {
    clock: Clock,
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    /// The oldest first.
    keys: VecDeque<Aged>,
    /// Wipes what expires while nobody uses the seal. Lambda stops it with the sandbox; it goes on when that thaws, which is
    /// when the next use would wipe as well.
    sweeper: Option<JoinHandle<()>>,
}

/// A data key with all that it may be found by.
pub(super) struct DataKey {
    pub(super) arn: KeyArn,
    pub(super) context: EncryptionContext,
    /// The encrypted data key, as KMS gave or took it.
    pub(super) wrapped: Vec<u8>,
    pub(super) key: Key,
    /// Whether KMS made it for this process, which then may seal with it.
    pub(super) ours: bool,
}

struct Aged {
    since: Timestamp,
    data_key: DataKey,
}

impl DataKeys {
    pub(super) fn new(clock: Clock) -> Self {
        Self { clock, kept: Mutex::default() }
    }

    /// The key that opens what is under this encrypted data key, in this context.
    pub(super) fn to_open(&self, arn: &KeyArn, context: &EncryptionContext, wrapped: &[u8]) -> Option<Key> {
        self.find(|key| key.arn == *arn && key.context == *context && key.wrapped == wrapped).map(|(_, key)| key)
    }

    /// A key that was made for this context, with its encrypted form.
    pub(super) fn to_seal(&self, arn: &KeyArn, context: &EncryptionContext) -> Option<(Vec<u8>, Key)> {
        self.find(|key| key.ours && key.arn == *arn && key.context == *context)
    }

    /// Keeps a key that KMS has just given.
    pub(super) fn keep(self: &Arc<Self>, data_key: DataKey) {
        let since = self.clock.now();
        self.with(|kept| {
            kept.sweep(since);
            if kept.keys.len() >= MOST_KEPT {
                kept.keys.pop_front();
            }
            kept.keys.push_back(Aged { since, data_key });
            if kept.sweeper.as_ref().is_none_or(JoinHandle::is_finished) {
                kept.sweeper = self.sweeper();
            }
        });
    }

    /// Wipes what has expired.
    pub(super) fn sweep(&self) {
        let now = self.clock.now();
        self.with(|kept| kept.sweep(now));
    }

    /// How many there are, expired ones included.
    #[cfg(test)]
    pub(super) fn count(&self) -> usize {
        self.with(|kept| kept.keys.len())
    }

    /// Whether a timer looks after them.
    #[cfg(test)]
    pub(super) fn is_tended(&self) -> bool {
        self.with(|kept| kept.sweeper.is_some())
    }

    fn find(&self, fits: impl Fn(&DataKey) -> bool) -> Option<(Vec<u8>, Key)> {
        let now = self.clock.now();
        self.with(|kept| {
            kept.sweep(now);
            let found = kept.keys.iter().rev().map(|aged| &aged.data_key).find(|key| fits(key))?;
            Some((found.wrapped.clone(), found.key.clone()))
        })
    }

    fn sweeper(self: &Arc<Self>) -> Option<JoinHandle<()>> {
        let keys = Arc::downgrade(self);
        let sweep = async move {
            while let Some(pause) = keys.upgrade().and_then(|keys| keys.swept()) {
                sleep(pause).await;
            }
        };
        Handle::try_current().ok().map(|runtime| runtime.spawn(sweep))
    }

    /// Wipes what has expired. Returns how long the oldest of the others still has; if there is none, the sweeper's work is
    /// over.
    pub(super) fn swept(&self) -> Option<Duration> {
        let now = self.clock.now();
        self.with(|kept| {
            kept.sweep(now);
            if kept.keys.is_empty() {
                kept.sweeper = None;
            }
            kept.keys.front().map(|oldest| Duration::from_secs(oldest.since.plus(KEPT_SECONDS).since(now).max(1)))
        })
    }

    fn with<T>(&self, act: impl FnOnce(&mut Kept) -> T) -> T {
        act(&mut self.kept.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Kept {
    /// A key from the future says that the clock was set back: its age is not known.
    fn sweep(&mut self, now: Timestamp) {
        self.keys.retain(|aged| aged.since <= now && now < aged.since.plus(KEPT_SECONDS));
    }
}
