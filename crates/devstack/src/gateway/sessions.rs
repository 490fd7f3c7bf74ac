//! Sessions: who began them, and when they end.
//! <https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/gateway-sessions.html>

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use http::{HeaderMap, StatusCode};
use serde_json::Value;

use super::reply::{INVALID_REQUEST, Reply, SESSION};
use crate::{clock, random};

struct Session {
    /// None where nobody is authenticated.
    subject: Option<String>,
    ends_at: u64,
}

pub(super) struct Sessions {
    /// None: there are no sessions.
    seconds: Option<u64>,
    open: Mutex<BTreeMap<String, Session>>,
}

impl Sessions {
    pub(super) fn lasting(seconds: Option<u64>) -> Self {
        Self { seconds, open: Mutex::default() }
    }

    pub(super) fn begin(&self, subject: Option<&str>) -> Option<String> {
        let session =
            Session { subject: subject.map(str::to_owned), ends_at: clock::now().saturating_add(self.seconds?) };
        let id = random::token("");
        self.open.lock().unwrap_or_else(PoisonError::into_inner).insert(id.clone(), session);
        Some(id)
    }

    /// The request's session.
    ///
    /// # Errors
    /// 400 if it names none, 404 if there is none of this name for this subject.
    pub(super) fn check(&self, headers: &HeaderMap, subject: Option<&str>, id: &Value) -> Result<(), Reply> {
        if self.seconds.is_none() {
            return Ok(());
        }
        let refused = |status, message| Err(Reply::error(status, id, INVALID_REQUEST, message));
        let Some(named) = headers.get(SESSION) else {
            return refused(StatusCode::BAD_REQUEST, "Missing Mcp-Session-Id header");
        };
        let open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let session = named.to_str().ok().and_then(|named| open.get(named));
        match session {
            Some(session) if session.ends_at > clock::now() && session.subject.as_deref() == subject => Ok(()),
            Some(_) | None => refused(StatusCode::NOT_FOUND, "Session not found"),
        }
    }

    /// Ends the session that a request was checked for.
    pub(super) fn end(&self, headers: &HeaderMap) {
        if let Some(named) = headers.get(SESSION).and_then(|named| named.to_str().ok()) {
            self.open.lock().unwrap_or_else(PoisonError::into_inner).remove(named);
        }
    }

    pub(super) fn are_kept(&self) -> bool {
        self.seconds.is_some()
    }

    pub(super) fn forget(&self) {
        self.open.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}
