//! The states, and the ways between them.

use super::binding::Binding;
use super::ending::Ending;
use super::poll::{Due, Poll, Polled};
use super::{LONGEST_INTERVAL, LONGEST_SECONDS, USUAL_INTERVAL};
use crate::refusal::Code;
use crate::secret::Secret;
use crate::time::Timestamp;

/// One approval, in whatever state its row is.
pub enum Approval {
    /// Written down, and perhaps sent: nobody knows yet.
    Requested(Requested),
    /// On the person's phone.
    Pending(Pending),
    /// The person said yes.
    Approved(Approved),
    /// A worker is doing it, or died doing it.
    Acting(Acting),
    /// Over.
    Ended(Ended),
}

/// Written down before the provider is asked, so that the same request is never sent twice.
pub struct Requested {
    /// What it is about.
    pub binding: Binding,
    /// The row's version.
    pub version: u64,
}

/// On the person's phone.
pub struct Pending {
    /// What it is about.
    pub binding: Binding,
    /// The provider's id of the request.
    pub auth_req_id: Secret,
    /// Seconds between two polls, 1 to [`LONGEST_INTERVAL`].
    pub interval: u64,
    /// No poll before this.
    pub next_poll_at: Timestamp,
    /// The row's version.
    pub version: u64,
}

/// The person said yes. Only a poll makes one, or the store, of a row that it has unsealed.
pub struct Approved {
    pub(super) binding: Binding,
    pub(super) version: u64,
}

/// A worker holds the permit.
pub struct Acting {
    /// What it is about.
    pub binding: Binding,
    /// Random id of the worker's invocation.
    pub holder: String,
    /// After this the worker is taken for dead, and what it did for unknown.
    pub lease_until: Timestamp,
    /// The row's version.
    pub version: u64,
}

/// Over.
pub struct Ended {
    /// What it was about.
    pub binding: Binding,
    /// How it ended.
    pub ending: Ending,
    /// When.
    pub at: Timestamp,
    /// The row's version.
    pub version: u64,
}

impl Approval {
    /// What it is about.
    #[must_use]
    pub fn binding(&self) -> &Binding {
        match self {
            Self::Requested(Requested { binding, .. })
            | Self::Pending(Pending { binding, .. })
            | Self::Approved(Approved { binding, .. })
            | Self::Acting(Acting { binding, .. })
            | Self::Ended(Ended { binding, .. }) => binding,
        }
    }
}

/// What the provider answers to a request (CIBA Core section 7.3).
pub struct Started {
    /// Its id of the request.
    pub auth_req_id: Secret,
    /// How long the request lives, in seconds.
    pub expires_in: u64,
    /// Seconds between two polls, if it says.
    pub interval: Option<u64>,
}

impl Pending {
    /// What is to be done about it at `now`. Whoever polls takes the poll first: `seconds` long nobody else does, because
    /// the answer that brings the approval is given once only.
    #[must_use]
    pub fn due(self, now: Timestamp, seconds: u64) -> Due {
        let end = self.binding.expires_at;
        if now >= end {
            Due::Ended(self.end(Ending::Expired, now))
        } else if now < self.next_poll_at {
            Due::Later { seconds: self.next_poll_at.min(end).since(now) }
        } else {
            let next_poll_at = now.plus(seconds.max(self.interval));
            Due::Poll(Self { next_poll_at, version: self.version + 1, ..self })
        }
    }

    /// Takes the provider's answer to a poll at `now`.
    #[must_use]
    pub fn polled(self, poll: Poll, now: Timestamp) -> Polled {
        let over = now >= self.binding.expires_at;
        match poll {
            Poll::Approved if !over => Polled::Approved(Approved { binding: self.binding, version: self.version + 1 }),
            Poll::Approved | Poll::Expired => Polled::Ended(self.end(Ending::Expired, now)),
            Poll::Refused => Polled::Ended(self.end(if over { Ending::Expired } else { Ending::Denied }, now)),
            Poll::SomebodyElse => Polled::Ended(self.end(Ending::Denied, now)),
            Poll::Broken => Polled::Ended(self.end(Ending::failed(Code::Internal), now)),
            Poll::Pending | Poll::Unavailable | Poll::SlowDown { .. } if over => {
                Polled::Ended(self.end(Ending::Expired, now))
            }
            Poll::Pending | Poll::Unavailable => Polled::StillPending(self.later(0, None, now)),
            Poll::SlowDown { seconds } => Polled::StillPending(self.later(USUAL_INTERVAL, seconds, now)),
        }
    }

    /// `slow_down` raises the interval for good by at least five seconds; a larger wish of the provider wins.
    fn later(self, more: u64, wish: Option<u64>, now: Timestamp) -> Self {
        let interval = (self.interval + more).max(wish.unwrap_or(0)).clamp(1, LONGEST_INTERVAL);
        let next_poll_at = now.plus(interval);
        Self { interval, next_poll_at, version: self.version + 1, ..self }
    }

    /// Ends it so.
    #[must_use]
    pub fn end(self, ending: Ending, now: Timestamp) -> Ended {
        Ended { binding: self.binding, ending, at: now, version: self.version + 1 }
    }
}

impl Requested {
    /// The provider has sent the push. Its times are cut to ours: no longer than was asked for, and no longer than
    /// [`LONGEST_SECONDS`]. The life counts from when the request was `sent`, so that ours never outlasts the provider's; the
    /// first poll from `now`, when the answer was here.
    #[must_use]
    pub fn started(self, answer: Started, sent: Timestamp, now: Timestamp) -> Pending {
        let mut binding = self.binding;
        let life = answer.expires_in.clamp(1, LONGEST_SECONDS);
        binding.expires_at = binding.expires_at.min(sent.plus(life));
        let interval = answer.interval.unwrap_or(USUAL_INTERVAL).clamp(1, LONGEST_INTERVAL);
        let next_poll_at = now.plus(interval);
        Pending { binding, auth_req_id: answer.auth_req_id, interval, next_poll_at, version: self.version + 1 }
    }

    /// What is to be done about it at `now`: its starter may still be at work, and after its time it is over.
    #[must_use]
    pub fn due(self, now: Timestamp) -> Due {
        let end = self.binding.expires_at;
        if now < end {
            return Due::Later { seconds: end.since(now).min(USUAL_INTERVAL) };
        }
        let words = "Whether the request reached your phone is not known. Nothing was done.".to_owned();
        Due::Ended(self.end(Ending::Failed { code: Code::Unavailable, words }, now))
    }

    /// The provider said no, or nobody knows whether it got the request: it is not sent again.
    #[must_use]
    pub fn end(self, ending: Ending, now: Timestamp) -> Ended {
        Ended { binding: self.binding, ending, at: now, version: self.version + 1 }
    }
}

impl Approved {
    /// As an unsealed row says it. Only the store calls this: whoever can, can resume a mandate.
    #[must_use]
    pub fn stored(binding: Binding, version: u64) -> Self {
        Self { binding, version }
    }

    /// What it is about.
    #[must_use]
    pub fn binding(&self) -> &Binding {
        &self.binding
    }

    /// The row's version.
    #[must_use]
    pub fn version(&self) -> u64 {
        self.version
    }

    /// It is not spent: a check after the approval said no.
    #[must_use]
    pub fn end(self, ending: Ending, now: Timestamp) -> Ended {
        Ended { binding: self.binding, ending, at: now, version: self.version + 1 }
    }
}

impl Acting {
    /// The worker's own report of what came of the act.
    #[must_use]
    pub fn end(self, ending: Ending, now: Timestamp) -> Ended {
        Ended { binding: self.binding, ending, at: now, version: self.version + 1 }
    }

    /// What anybody else finds: nothing while the worker may be alive, and unknown after that.
    ///
    /// # Errors
    /// The state itself, while the lease lasts.
    pub fn abandoned(self, now: Timestamp) -> Result<Ended, Box<Self>> {
        if now < self.lease_until { Err(Box::new(self)) } else { Ok(self.end(Ending::Unknown, now)) }
    }

    /// The same as what is to be done about it at `now`.
    #[must_use]
    pub fn due(self, now: Timestamp) -> Due {
        match self.abandoned(now) {
            Ok(ended) => Due::Ended(ended),
            Err(acting) => Due::Later { seconds: acting.lease_until.since(now) },
        }
    }
}
