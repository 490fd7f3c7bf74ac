use auth::id::Organization;
use auth::scope::Scopes;
use auth::secret::Secret;
use auth::time::Timestamp;
use serde::{Deserialize, Serialize};
use tokio::time::Instant;

use super::{Exchanged, LoginError};
use crate::auth0::random_text::same;
use crate::auth0::{Settings, TokenError, token_endpoint};
use crate::transport::Transport;

/// A sign-in must come back within this time.
const LONGEST_SECONDS: u64 = 600;
/// By how much the clocks of two sandboxes may differ.
const LEEWAY_SECONDS: u64 = 60;

/// The query of the callback. Everything in it is untrusted; `error_description` is not even read.
#[derive(Deserialize)]
pub struct Callback {
    /// `code`.
    pub code: Option<Secret>,
    /// `state`.
    pub state: Option<String>,
    /// `iss`.
    pub iss: Option<String>,
    /// `error`.
    pub error: Option<String>,
}

/// A sign-in that was begun. It can be exchanged once, because that takes it; whoever stores it must also forget it.
pub struct PendingLogin {
    pub(super) state: Secret,
    pub(super) nonce: Secret,
    pub(super) verifier: Secret,
    pub(super) scopes: Scopes,
    pub(super) organization: Option<Organization>,
    pub(super) max_age_seconds: Option<u64>,
    pub(super) created_at: Timestamp,
}

/// The plain form: written here and nowhere else.
#[derive(Serialize, Deserialize)]
struct Plain<'a> {
    state: &'a str,
    nonce: &'a str,
    verifier: &'a str,
    scope: String,
    organization: Option<Organization>,
    max_age: Option<u64>,
    created_at: u64,
}

impl PendingLogin {
    /// The text to seal and store, or to put into a sealed cookie.
    #[must_use]
    pub fn to_plain(&self) -> Secret {
        let plain = Plain {
            state: self.state.expose(),
            nonce: self.nonce.expose(),
            verifier: self.verifier.expose(),
            scope: self.scopes.joined(),
            organization: self.organization.clone(),
            max_age: self.max_age_seconds,
            created_at: self.created_at.seconds(),
        };
        Secret::new(serde_json::to_string(&plain).unwrap_or_default())
    }

    /// From an unsealed text; nothing if it is not what [`PendingLogin::to_plain`] writes.
    #[must_use]
    pub fn from_plain(bytes: &[u8]) -> Option<Self> {
        let plain: Plain<'_> = serde_json::from_slice(bytes).ok()?;
        Some(Self {
            state: Secret::new(plain.state.to_owned()),
            nonce: Secret::new(plain.nonce.to_owned()),
            verifier: Secret::new(plain.verifier.to_owned()),
            scopes: Scopes::parse(&plain.scope),
            organization: plain.organization,
            max_age_seconds: plain.max_age,
            created_at: Timestamp::from_seconds(plain.created_at),
        })
    }

    /// When it was begun.
    #[must_use]
    pub fn created_at(&self) -> Timestamp {
        self.created_at
    }

    /// Checks the callback and exchanges its code (RFC 6749 section 4.1.3), once and never again. State, age and issuer
    /// come first: until they hold, nothing else of the callback is looked at.
    ///
    /// # Errors
    /// [`LoginError`]; no request was made unless it is `Exchange`.
    pub async fn exchange(
        self,
        callback: Callback,
        transport: &Transport,
        settings: &Settings,
        now: Timestamp,
        until: Instant,
    ) -> Result<Exchanged, LoginError> {
        let code = self.code_of(callback, settings, now)?;
        let redirect_uri = settings.redirect_uri.as_str();
        let fields = [
            ("grant_type", "authorization_code"),
            ("code", code.expose()),
            ("redirect_uri", redirect_uri),
            ("code_verifier", self.verifier.expose()),
        ];
        let call = |secret: &Secret| token_endpoint::call(transport, &settings.client, secret, &fields);
        let reply = token_endpoint::send(&settings.client, call, now, until).await.map_err(TokenError::from)?;
        Exchanged::of(token_endpoint::grant(&reply)?, self, settings)
    }

    /// Whether a callback is of this sign-in: it has its `state`. One that is not must leave it as it is.
    #[must_use]
    pub fn is_of(&self, callback: &Callback) -> bool {
        callback.state.as_deref().is_some_and(|state| same(&self.state, state))
    }

    fn code_of(&self, callback: Callback, settings: &Settings, now: Timestamp) -> Result<Secret, LoginError> {
        if !self.is_of(&callback) {
            return Err(LoginError::State);
        }
        if now.since(self.created_at) > LONGEST_SECONDS || self.created_at.since(now) > LEEWAY_SECONDS {
            return Err(LoginError::Expired);
        }
        match callback.iss {
            Some(iss) if iss == settings.issuer => {}
            None if !settings.expects_iss => {}
            Some(_) | None => return Err(LoginError::Issuer),
        }
        match (callback.error.as_deref(), callback.code) {
            (None, Some(code)) if !code.is_empty() => Ok(code),
            (Some("access_denied"), _) => Err(LoginError::Declined),
            _ => Err(LoginError::Failed),
        }
    }
}
