use std::borrow::Cow;

use auth::secret::Secret;
use auth::time::Timestamp;
use serde::{Deserialize, Serialize};

use super::AccountsError;
use crate::auth0::random_text::same;

/// By how much the clocks of two sandboxes may differ, in seconds.
const LEEWAY_SECONDS: u64 = 60;

/// The query that the browser brings back. Untrusted; `error_description` is not even read.
#[derive(Deserialize)]
pub struct Callback {
    /// `connect_code`.
    pub connect_code: Option<Secret>,
    /// `state`.
    pub state: Option<String>,
    /// `error`.
    pub error: Option<String>,
}

/// An attempt that was begun. Completing takes it; whoever stores it must also forget it.
pub struct PendingConnect {
    pub(super) state: Secret,
    pub(super) verifier: Secret,
    pub(super) auth_session: Secret,
    pub(super) connection: String,
    pub(super) redirect_uri: String,
    pub(super) created_at: Timestamp,
    pub(super) expires_at: Timestamp,
}

/// The plain form: written here and nowhere else.
#[derive(Serialize, Deserialize)]
struct Plain<'a> {
    state: &'a str,
    verifier: &'a str,
    /// Chosen by Auth0, so it may hold characters that JSON escapes.
    #[serde(borrow)]
    auth_session: Cow<'a, str>,
    connection: String,
    redirect_uri: String,
    created_at: u64,
    expires_at: u64,
}

impl PendingConnect {
    /// The text to seal and store.
    #[must_use]
    pub fn to_plain(&self) -> Secret {
        let plain = Plain {
            state: self.state.expose(),
            verifier: self.verifier.expose(),
            auth_session: Cow::Borrowed(self.auth_session.expose()),
            connection: self.connection.clone(),
            redirect_uri: self.redirect_uri.clone(),
            created_at: self.created_at.seconds(),
            expires_at: self.expires_at.seconds(),
        };
        Secret::new(serde_json::to_string(&plain).unwrap_or_default())
    }

    /// From an unsealed text; nothing if it is not what [`PendingConnect::to_plain`] writes.
    #[must_use]
    pub fn from_plain(bytes: &[u8]) -> Option<Self> {
        let plain: Plain<'_> = serde_json::from_slice(bytes).ok()?;
        Some(Self {
            state: Secret::new(plain.state.to_owned()),
            verifier: Secret::new(plain.verifier.to_owned()),
            auth_session: Secret::new(plain.auth_session.into_owned()),
            connection: plain.connection,
            redirect_uri: plain.redirect_uri,
            created_at: Timestamp::from_seconds(plain.created_at),
            expires_at: Timestamp::from_seconds(plain.expires_at),
        })
    }

    /// When it was begun.
    #[must_use]
    pub fn created_at(&self) -> Timestamp {
        self.created_at
    }

    /// Whether a callback is of this attempt: it has its `state`. One that is not must leave it as it is.
    #[must_use]
    pub fn is_of(&self, callback: &Callback) -> bool {
        callback.state.as_deref().is_some_and(|state| same(&self.state, state))
    }

    pub(super) fn code_of(&self, callback: Callback, now: Timestamp) -> Result<Secret, AccountsError> {
        if !self.is_of(&callback) {
            return Err(AccountsError::State);
        }
        if now > self.expires_at || self.created_at.since(now) > LEEWAY_SECONDS {
            return Err(AccountsError::Expired);
        }
        match (callback.error.as_deref(), callback.connect_code) {
            (None, Some(code)) if !code.is_empty() => Ok(code),
            (Some("access_denied"), _) => Err(AccountsError::Declined),
            _ => Err(AccountsError::Failed),
        }
    }
}
