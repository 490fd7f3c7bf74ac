use auth::refusal::{Code, Refusal};
use auth::scope::Scopes;

use crate::auth0::token_endpoint::{ErrorCode, Failure, misconfiguration};

/// Why there is no token of the provider: one variant for each remedy.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VaultError {
    /// The person has not connected their account: `federated_connection_refresh_token_not_found`, or a 404.
    #[error("vault: no connected account")]
    Connect,
    /// The provider no longer accepts what the vault holds: `federated_connection_refresh_token_flow_failed`.
    #[error("vault: the provider refused the stored token")]
    Reconnect,
    /// The person's own refresh token is revoked or expired.
    #[error("vault: the subject token was refused")]
    SignIn,
    /// 429.
    #[error("vault: busy")]
    Busy {
        /// Seconds until the limit is reset, 1 to 120.
        seconds: u64,
    },
    /// No answer, or one that cannot be read or trusted.
    #[error("vault: not available: {0}")]
    Unavailable(&'static str),
    /// Client, grant, connection or tenant are set up wrongly.
    #[error("vault: misconfigured: {0}")]
    Misconfigured(&'static str),
    /// The token is not good for these scopes of the configuration.
    #[error("vault: the token lacks `{}`", .0.joined())]
    MissingScope(Scopes),
}

impl From<Failure> for VaultError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Busy { seconds } => Self::Busy { seconds },
            Failure::Unavailable(what) => Self::Unavailable(what),
            Failure::Refused { code: ErrorCode::FederatedConnectionRefreshTokenNotFound, .. }
            | Failure::Refused { status: 404, code: ErrorCode::Unknown } => Self::Connect,
            Failure::Refused { code: ErrorCode::FederatedConnectionRefreshTokenFlowFailed, .. } => Self::Reconnect,
            Failure::Refused { code: ErrorCode::InvalidGrant | ErrorCode::ExpiredToken, .. } => Self::SignIn,
            Failure::Refused { code, .. } => Self::Misconfigured(misconfiguration(code)),
        }
    }
}

impl From<VaultError> for Refusal {
    fn from(error: VaultError) -> Self {
        let cause = error.to_string();
        let reconnect = |cause, words: &str| Self::new(Code::ReconnectRequired, cause).saying(words);
        match error {
            VaultError::Connect => {
                reconnect(cause, "Your Okta account is not connected yet. Please connect it, then ask again.")
            }
            VaultError::Reconnect => reconnect(
                cause,
                "The connection to your Okta account has ended. Please connect it again, then ask once more.",
            ),
            VaultError::MissingScope(missing) => reconnect(
                cause,
                &format!(
                    "Your Okta account is connected without the right to `{}`. Please connect it again and agree to it.",
                    missing.joined()
                ),
            ),
            VaultError::SignIn => Self::auth_required(cause),
            VaultError::Busy { seconds } => Self::busy(cause, seconds),
            VaultError::Unavailable(_) => Self::new(Code::Unavailable, cause),
            VaultError::Misconfigured(_) => Self::new(Code::Internal, cause),
        }
    }
}
