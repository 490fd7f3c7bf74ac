//! What a test reads and turns, in this process.

use serde::Serialize;

use super::super::Auth0;
use super::super::controls::ControlError;
use super::super::tenant::Tenant;
use super::book::Unanswerable;
use super::phone;
use super::request::{Poll, Request, Standing};
use crate::clock;

/// A request that waits for its person. The id is a live secret.
#[derive(Clone, Serialize)]
pub struct Pending {
    /// By which the application polls.
    pub auth_req_id: String,
    /// What the phone shows.
    pub binding_message: String,
    /// Seconds, as asked; 300 if nothing was.
    pub requested_expiry: u64,
    /// Seconds since 1970, rounded up.
    pub expires_at: u64,
    /// `guardian-push`: there is no other here.
    pub channel: &'static str,
}

impl Auth0 {
    /// What waits for that person's answer, oldest first.
    #[must_use]
    pub fn pending(&self, sub: &str) -> Vec<Pending> {
        self.tenant.pending(sub)
    }

    /// The address of that person's phone, a page that shows what waits and takes the answers.
    #[must_use]
    pub fn phone(&self, sub: &str) -> String {
        format!("{}{}", self.double.url(), phone::address(sub))
    }

    /// The person approves.
    ///
    /// # Errors
    /// [`ControlError::NoRequest`], or [`ControlError::Over`] if it was answered or has expired.
    pub fn approve(&self, auth_req_id: &str) -> Result<(), ControlError> {
        self.tenant.approve(auth_req_id, None)
    }

    /// Another person approves: the ID token will name `sub` instead of the subject that was asked for.
    ///
    /// # Errors
    /// As [`Auth0::approve`], and [`ControlError::NoUser`].
    pub fn approve_as(&self, auth_req_id: &str, sub: &str) -> Result<(), ControlError> {
        self.tenant.approve(auth_req_id, Some(sub))
    }

    /// The person refuses.
    ///
    /// # Errors
    /// As [`Auth0::approve`].
    pub fn deny(&self, auth_req_id: &str) -> Result<(), ControlError> {
        self.tenant.deny(auth_req_id)
    }

    /// Lets the request expire now, whether it waits or was approved and not redeemed.
    ///
    /// # Errors
    /// As [`Auth0::approve`].
    pub fn expire(&self, auth_req_id: &str) -> Result<(), ControlError> {
        self.tenant.expire(auth_req_id)
    }

    /// The polls for that request, oldest first; those of the right application only.
    #[must_use]
    pub fn polls(&self, auth_req_id: &str) -> Vec<Poll> {
        self.tenant.polls(auth_req_id)
    }

    /// Requests that were accepted since the start, which is how many notifications were sent.
    #[must_use]
    pub fn starts(&self) -> usize {
        self.tenant.state().ciba.requests.len()
    }

    /// Every `auth_req_id` that was handed out, oldest first.
    #[must_use]
    pub fn auth_req_ids(&self) -> Vec<String> {
        self.tenant.state().ciba.requests.iter().map(|request| request.auth_req_id.clone()).collect()
    }

    /// How many notifications one user gets in a minute, instead of Auth0's 5.
    pub fn set_notification_limit(&self, limit: usize) {
        self.tenant.state().ciba.limit = limit;
    }
}

impl Tenant {
    pub(crate) fn pending(&self, sub: &str) -> Vec<Pending> {
        let now = clock::now_ms();
        let pending = |request: &Request| Pending {
            auth_req_id: request.auth_req_id.clone(),
            binding_message: request.binding_message.clone(),
            requested_expiry: request.requested_expiry,
            expires_at: request.expires_at.div_ceil(1000),
            channel: "guardian-push",
        };
        self.state().ciba.of(sub).filter(|request| request.open(now)).map(pending).collect()
    }

    /// `by` another user, if named.
    pub(crate) fn approve(&self, auth_req_id: &str, by: Option<&str>) -> Result<(), ControlError> {
        if by.is_some_and(|sub| self.user(sub).is_none()) {
            return Err(ControlError::NoUser);
        }
        let now = clock::now_ms();
        let approved = |request: &Request| Standing::Approved(by.unwrap_or(&request.grant.sub).to_owned(), now);
        Ok(self.state().ciba.answer(now, |request| request.auth_req_id == auth_req_id, approved)?)
    }

    pub(crate) fn deny(&self, auth_req_id: &str) -> Result<(), ControlError> {
        let which = |request: &Request| request.auth_req_id == auth_req_id;
        Ok(self.state().ciba.answer(clock::now_ms(), which, |_| Standing::Denied)?)
    }

    pub(crate) fn expire(&self, auth_req_id: &str) -> Result<(), ControlError> {
        let now = clock::now_ms();
        let mut state = self.state();
        let request = state.ciba.find(auth_req_id).ok_or(ControlError::NoRequest)?;
        if request.expired(now) || matches!(request.standing, Standing::Denied | Standing::Redeemed) {
            return Err(ControlError::Over);
        }
        request.expires_at = now;
        Ok(())
    }

    pub(crate) fn polls(&self, auth_req_id: &str) -> Vec<Poll> {
        self.state().ciba.find(auth_req_id).map(|request| request.polls.clone()).unwrap_or_default()
    }
}

impl From<Unanswerable> for ControlError {
    fn from(why: Unanswerable) -> Self {
        match why {
            Unanswerable::Unknown => Self::NoRequest,
            Unanswerable::Over => Self::Over,
        }
    }
}
