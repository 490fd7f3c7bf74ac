//! The token endpoint (RFC 6749 section 3.2): one form, one answer, errors sorted by code.

use auth::secret::Secret;
use auth::time::Timestamp;
use serde::Deserialize;
use tokio::time::Instant;

use super::Client;
use super::failure::{seconds_to_wait, sendable, unreached};
use crate::transport::{Call, Reply, Transport};

/// Why no token was given, for the grants of RFC 6749.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// `invalid_grant`: the code or refresh token is used, revoked, expired or another client's.
    #[error("the code or refresh token was refused")]
    Grant,
    /// The ID token that came with a refresh is not a new one of the person who signed in.
    #[error("the id token that came with the refresh is not this person's")]
    IdToken,
    /// 429.
    #[error("auth0 is busy")]
    Busy {
        /// Seconds until the limit is reset, 1 to 120.
        seconds: u64,
    },
    /// No answer, or one that cannot be read.
    #[error("auth0 is not available: {0}")]
    Unavailable(&'static str),
    /// Our client, or what it may ask for, is set up wrongly.
    #[error("auth0 is misconfigured: {0}")]
    Misconfigured(&'static str),
}

/// The error codes that lead to different outcomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum ErrorCode {
    InvalidGrant,
    ExpiredToken,
    InvalidClient,
    UnauthorizedClient,
    AccessDenied,
    MfaRequired,
    InvalidScope,
    ServerError,
    TemporarilyUnavailable,
    FederatedConnectionRefreshTokenNotFound,
    FederatedConnectionRefreshTokenFlowFailed,
    #[serde(other)]
    Unknown,
}

/// Where the secret is kept elsewhere: the right one may be there any moment.
pub(super) const REFUSED_SECRET: &str = "the client's secret is refused, the newest that there is";

/// Any answer of the endpoint but a 200.
pub(super) enum Failure {
    Busy { seconds: u64 },
    Unavailable(&'static str),
    Refused { status: u16, code: ErrorCode },
}

#[derive(Deserialize)]
struct ErrorBody {
    error: ErrorCode,
}

/// A good answer (RFC 6749 section 5.1) of a grant that gives the client's own tokens.
#[derive(Deserialize)]
pub(super) struct Grant {
    pub(super) access_token: Secret,
    pub(super) token_type: String,
    pub(super) expires_in: Option<u64>,
    pub(super) scope: Option<String>,
    pub(super) refresh_token: Option<Secret>,
    pub(super) id_token: Option<Secret>,
}

/// The request with our client's credentials in it, not yet sent.
pub(super) fn call<'a>(
    transport: &'a Transport,
    client: &Client,
    secret: &Secret,
    fields: &[(&str, &str)],
) -> Call<'a> {
    let credentials = [("client_id", client.id.as_str()), ("client_secret", secret.expose())];
    let form: Vec<(&str, &str)> = fields.iter().copied().chain(credentials).collect();
    let url = client.provider.token.below(&client.base);
    transport.post(url).header(http::header::ACCEPT, "application/json").form(&form)
}

/// Sends a call with our client's secret, made by [`call`]; only a 200 comes back as a reply.
pub(super) async fn send<'t>(
    client: &Client,
    call: impl Fn(&Secret) -> Call<'t>,
    now: Timestamp,
    until: Instant,
) -> Result<Reply, Failure> {
    let sent = client.secret.send(until, call).await.map_err(Failure::Unavailable)?;
    let reply = sent.map_err(|error| Failure::Unavailable(unreached(error)))?;
    match reply.status() {
        200 => Ok(reply),
        429 => Err(Failure::Busy { seconds: seconds_to_wait(&reply, now) }),
        status @ 400..=499 => match reply.json::<ErrorBody>() {
            Some(ErrorBody { error: ErrorCode::ServerError | ErrorCode::TemporarilyUnavailable }) => {
                Err(Failure::Unavailable("it says so"))
            }
            Some(ErrorBody { error: ErrorCode::InvalidClient }) if client.secret.may_change() => {
                Err(Failure::Unavailable(REFUSED_SECRET))
            }
            Some(ErrorBody { error: code }) => Err(Failure::Refused { status, code }),
            None => Err(Failure::Unavailable("the refusal cannot be read")),
        },
        _ => Err(Failure::Unavailable("unexpected status")),
    }
}

/// Reads a 200 of a code or refresh grant.
pub(super) fn grant(reply: &Reply) -> Result<Grant, TokenError> {
    let grant: Grant = reply.json().ok_or(TokenError::Unavailable("the answer cannot be read"))?;
    if grant.token_type.eq_ignore_ascii_case("bearer") && sendable(grant.access_token.expose()) {
        Ok(grant)
    } else {
        Err(TokenError::Unavailable("the answer is not a bearer token"))
    }
}

/// The configuration's fault, by code.
pub(super) fn misconfiguration(code: ErrorCode) -> &'static str {
    match code {
        ErrorCode::InvalidClient => "the client id or secret is wrong",
        ErrorCode::UnauthorizedClient => "the client may not use this grant or connection",
        ErrorCode::AccessDenied => "a rule of the tenant denies the client",
        ErrorCode::MfaRequired => "the tenant asks for a second factor where nobody can answer",
        ErrorCode::InvalidScope => "the client may not ask for these scopes",
        ErrorCode::InvalidGrant
        | ErrorCode::ExpiredToken
        | ErrorCode::ServerError
        | ErrorCode::TemporarilyUnavailable
        | ErrorCode::FederatedConnectionRefreshTokenNotFound
        | ErrorCode::FederatedConnectionRefreshTokenFlowFailed
        | ErrorCode::Unknown => "the request was refused with an unexpected code",
    }
}

impl From<Failure> for TokenError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Busy { seconds } => Self::Busy { seconds },
            Failure::Unavailable(what) => Self::Unavailable(what),
            Failure::Refused { code: ErrorCode::InvalidGrant | ErrorCode::ExpiredToken, .. } => Self::Grant,
            Failure::Refused { code, .. } => Self::Misconfigured(misconfiguration(code)),
        }
    }
}
