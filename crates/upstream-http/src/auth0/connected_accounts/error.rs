use auth::time::Timestamp;

use crate::auth0::failure::seconds_to_wait;
use crate::transport::Reply;

/// Why nothing was connected, listed or removed. Auth0's problem texts are not in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AccountsError {
    /// The callback has no `state`, or that of another attempt.
    #[error("connected accounts: the callback belongs to another attempt")]
    State,
    /// The attempt was begun too long ago.
    #[error("connected accounts: begun too long ago")]
    Expired,
    /// The callback says `access_denied`.
    #[error("connected accounts: declined")]
    Declined,
    /// The callback has another error, or no `connect_code`.
    #[error("connected accounts: failed at the provider")]
    Failed,
    /// 401: the token is not one of the My Account API's, or has ended.
    #[error("connected accounts: the token was refused")]
    TokenRefused,
    /// 403: the token lacks the scope, or the client may not use this API.
    #[error("connected accounts: not allowed by scope or policy")]
    MissingRight,
    /// 404.
    #[error("connected accounts: no such account or connection")]
    NotFound,
    /// 409: another attempt was completed first.
    #[error("connected accounts: conflict with another attempt")]
    Conflict,
    /// 400 or 422: Auth0 does not take the request, for example because the connection is not active for the vault.
    #[error("connected accounts: the request was refused as invalid")]
    Invalid,
    /// 429.
    #[error("connected accounts: busy")]
    Busy {
        /// Seconds until the limit is reset, 1 to 120.
        seconds: u64,
    },
    /// No answer, or one that cannot be read or trusted.
    #[error("connected accounts: not available: {0}")]
    Unavailable(&'static str),
}

impl AccountsError {
    /// By status: the API's problem documents (RFC 9457) say the same again, in words.
    pub(super) fn of(reply: &Reply, now: Timestamp) -> Self {
        match reply.status() {
            400 | 422 => Self::Invalid,
            401 => Self::TokenRefused,
            403 => Self::MissingRight,
            404 => Self::NotFound,
            409 => Self::Conflict,
            429 => Self::Busy { seconds: seconds_to_wait(reply, now) },
            _ => Self::Unavailable("unexpected status"),
        }
    }
}
