//! The token endpoint with the CIBA grant (CIBA Core section 10.1).

use auth::approval::{Pending, Poll};
use auth::secret::Secret;
use auth::time::Timestamp;
use serde::Deserialize;
use serde_json::Value;
use tokio::time::Instant;

use super::Ciba;
use crate::auth0::token_endpoint;
use crate::transport::Reply;

const GRANT: &str = "urn:openid:params:grant-type:ciba";

/// The error codes of section 11 that lead to different outcomes.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum ErrorCode {
    AuthorizationPending,
    SlowDown,
    AccessDenied,
    ExpiredToken,
    ServerError,
    TemporarilyUnavailable,
    InvalidClient,
    /// `invalid_grant`, `invalid_request`, `unauthorized_client`, `transaction_failed`, and whatever
    /// nobody has heard of: RFC 8628 section 3.5 ends polling at any code but the known ones.
    #[serde(other)]
    Final,
}

#[derive(Deserialize)]
struct ErrorBody {
    error: ErrorCode,
    interval: Option<Value>,
}

impl Ciba {
    /// Asks once what became of `pending`. When to ask is the caller's business: not before its `next_poll_at`.
    ///
    /// The answer that brings the tokens is given once only, so it is not asked for while there are no keys to check it
    /// with: `Unavailable` then, and nothing was sent. If it cannot be read, or names a key that cannot be had, the
    /// approval is lost: `Broken`.
    pub async fn poll(&self, pending: &Pending, now: Timestamp, until: Instant) -> Poll {
        if self.keys.of(None, until).await.is_err() {
            return Poll::Unavailable;
        }
        let fields = [("grant_type", GRANT), ("auth_req_id", pending.auth_req_id.expose())];
        let call = |secret: &Secret| token_endpoint::call(&self.transport, &self.client, secret, &fields);
        match self.client.secret.send(until, call).await {
            Ok(Ok(reply)) if reply.status() == 200 => self.redeemed(&reply, &pending.binding, now, until).await,
            Ok(Ok(reply)) => refused(&reply, self.client.secret.may_change()),
            Ok(Err(_)) | Err(_) => Poll::Unavailable,
        }
    }
}

/// `secret_may_change`: a refused client does not end the approval.
fn refused(reply: &Reply, secret_may_change: bool) -> Poll {
    if !(400..=499).contains(&reply.status()) {
        return Poll::Unavailable;
    }
    let body: Option<ErrorBody> = reply.json();
    if reply.status() == 429 {
        return slow_down(reply, body.as_ref());
    }
    match &body {
        Some(body) => match body.error {
            ErrorCode::AuthorizationPending => Poll::Pending,
            ErrorCode::SlowDown => slow_down(reply, Some(body)),
            ErrorCode::AccessDenied => Poll::Refused,
            ErrorCode::ExpiredToken => Poll::Expired,
            ErrorCode::ServerError | ErrorCode::TemporarilyUnavailable => Poll::Unavailable,
            ErrorCode::InvalidClient if secret_may_change => Poll::Unavailable,
            ErrorCode::InvalidClient | ErrorCode::Final => Poll::Broken,
        },
        None => Poll::Unavailable,
    }
}

/// `Retry-After`, else `interval` in the body; only a positive number of seconds counts as a wish.
fn slow_down(reply: &Reply, body: Option<&ErrorBody>) -> Poll {
    let interval = || body?.interval.as_ref()?.as_u64();
    let positive = |seconds: &u64| *seconds > 0;
    Poll::SlowDown { seconds: reply.retry_after_seconds().filter(positive).or_else(|| interval().filter(positive)) }
}
