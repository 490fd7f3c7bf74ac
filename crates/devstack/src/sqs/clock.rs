//! The queues' clock: real time, scaled, and what a test put on top of it.

use std::time::Duration;

use tokio::time::Instant;

#[derive(Debug)]
pub(super) struct Clock {
    started: Instant,
    /// Milliseconds since 1970 at the start.
    epoch_ms: u64,
    scale: u32,
    advanced: Duration,
}

impl Clock {
    pub(super) fn new(scale: u32) -> Self {
        Self { started: Instant::now(), epoch_ms: crate::clock::now_ms(), scale, advanced: Duration::ZERO }
    }

    /// Queue time since the start.
    pub(super) fn now(&self) -> Duration {
        self.started.elapsed().saturating_mul(self.scale).saturating_add(self.advanced)
    }

    pub(super) fn advance(&mut self, seconds: u64) {
        self.advanced = self.advanced.saturating_add(Duration::from_secs(seconds));
    }

    /// Real time until `due` in queue time. None: the clock stands still before it.
    pub(super) fn until(&self, due: Duration) -> Option<Duration> {
        let left = due.saturating_sub(self.now());
        if left.is_zero() { Some(left) } else { left.checked_div(self.scale) }
    }

    /// Milliseconds since 1970 of a queue time. Ahead of the functions' clock when the queues' was.
    pub(super) fn epoch_ms(&self, at: Duration) -> u64 {
        self.epoch_ms.saturating_add(u64::try_from(at.as_millis()).unwrap_or(u64::MAX))
    }
}
