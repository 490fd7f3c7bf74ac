//! Time as a value. The one place that reads the system clock is `function::clock`.

use std::sync::Arc;

/// Seconds since 1970-01-01T00:00:00Z, as RFC 7519 `NumericDate` counts them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(u64);

impl Timestamp {
    /// From seconds since 1970.
    #[must_use]
    pub const fn from_seconds(seconds: u64) -> Self {
        Self(seconds)
    }

    /// Seconds since 1970.
    #[must_use]
    pub const fn seconds(self) -> u64 {
        self.0
    }

    /// This time and `seconds` more; stays at the end of time rather than wrapping.
    #[must_use]
    pub const fn plus(self, seconds: u64) -> Self {
        Self(self.0.saturating_add(seconds))
    }

    /// This time less `seconds`; stays at 1970 rather than wrapping.
    #[must_use]
    pub const fn minus(self, seconds: u64) -> Self {
        Self(self.0.saturating_sub(seconds))
    }

    /// Seconds from `earlier` to this time, or 0 if it is not earlier.
    #[must_use]
    pub const fn since(self, earlier: Self) -> u64 {
        self.0.saturating_sub(earlier.0)
    }
}

/// A time to the millisecond, which puts records in order. Rules compare a [`Timestamp`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment(u64);

impl Moment {
    /// From milliseconds since 1970.
    #[must_use]
    pub const fn from_milliseconds(milliseconds: u64) -> Self {
        Self(milliseconds)
    }

    /// Milliseconds since 1970.
    #[must_use]
    pub const fn milliseconds(self) -> u64 {
        self.0
    }

    /// The second that it is in.
    #[must_use]
    pub const fn second(self) -> Timestamp {
        Timestamp(self.0 / 1000)
    }
}

/// The beginning of that second.
impl From<Timestamp> for Moment {
    fn from(second: Timestamp) -> Self {
        Self(second.0.saturating_mul(1000))
    }
}

/// Where the time comes from: passed in, so that a test can hold it still.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> Moment + Send + Sync>);

impl Clock {
    /// A clock that asks `read`, and knows no more than whole seconds.
    pub fn new(read: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        Self::of_moments(move || read().into())
    }

    /// A clock that asks `read`.
    pub fn of_moments(read: impl Fn() -> Moment + Send + Sync + 'static) -> Self {
        Self(Arc::new(read))
    }

    /// The time now, in whole seconds: what every rule goes by.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.moment().second()
    }

    /// The time now, for a record.
    #[must_use]
    pub fn moment(&self) -> Moment {
        (self.0)()
    }
}
