//! A clock whose hands a test can move.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use auth::time::Clock;

/// Moves a clock away from the system's and back. The doubles keep the system's.
#[derive(Clone, Default)]
pub struct Hands(Arc<AtomicU64>);

impl Hands {
    /// The clock that these hands move.
    #[must_use]
    pub fn clock(&self) -> Clock {
        let (system, ahead) = (function::clock::system(), Arc::clone(&self.0));
        Clock::new(move || system.now().plus(ahead.load(Ordering::SeqCst)))
    }

    /// How far ahead it is, in seconds.
    #[must_use]
    pub fn by(&self) -> u64 {
        self.0.load(Ordering::SeqCst)
    }

    /// So many seconds ahead of the system's clock from now on; 0 is back in time.
    pub fn ahead(&self, seconds: u64) {
        self.0.store(seconds, Ordering::SeqCst);
    }
}
