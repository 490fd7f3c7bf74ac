//! All requests for approval since the start, oldest first.

use super::request::{Request, Standing};

/// Milliseconds within which notifications to one user are counted.
const WINDOW: u64 = 60_000;

pub(crate) struct Book {
    pub(crate) requests: Vec<Request>,
    /// Notifications that one user gets in a minute.
    pub(crate) limit: usize,
}

/// Why an answer of the phone does not count.
pub(crate) enum Unanswerable {
    Unknown,
    /// Answered before, or expired.
    Over,
}

impl Book {
    /// Auth0's limit is 5 notifications a minute for each user.
    pub(crate) fn new() -> Self {
        Self { requests: Vec::new(), limit: 5 }
    }

    pub(crate) fn find(&mut self, auth_req_id: &str) -> Option<&mut Request> {
        self.requests.iter_mut().find(|request| request.auth_req_id == auth_req_id)
    }

    pub(crate) fn of<'a>(&'a self, sub: &'a str) -> impl DoubleEndedIterator<Item = &'a Request> {
        self.requests.iter().filter(move |request| request.grant.sub == sub)
    }

    /// Seconds until the user may be notified again; `None`: now.
    pub(crate) fn busy(&self, sub: &str, now: u64) -> Option<u64> {
        let recent: Vec<u64> =
            self.of(sub).map(|request| request.started_at.saturating_add(WINDOW)).filter(|end| *end > now).collect();
        if recent.len() < self.limit {
            return None;
        }
        // The earliest that makes room, when the limit was lowered in between.
        let end = recent.get(recent.len().saturating_sub(self.limit)).copied().unwrap_or(now.saturating_add(WINDOW));
        Some(end.saturating_sub(now).div_ceil(1000))
    }

    /// The first answer counts. `which` finds the request.
    pub(crate) fn answer(
        &mut self,
        now: u64,
        which: impl Fn(&Request) -> bool,
        answer: impl FnOnce(&Request) -> Standing,
    ) -> Result<(), Unanswerable> {
        let request = self.requests.iter_mut().find(|request| which(request)).ok_or(Unanswerable::Unknown)?;
        if !request.open(now) {
            return Err(Unanswerable::Over);
        }
        request.standing = answer(request);
        Ok(())
    }
}
