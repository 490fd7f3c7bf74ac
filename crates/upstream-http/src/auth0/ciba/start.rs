//! The backchannel authentication endpoint (CIBA Core section 7).

use auth::approval::{Binding, LONGEST_SECONDS, Started};
use auth::mandate::Mandate;
use auth::secret::Secret;
use auth::time::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::time::Instant;

use super::{Ciba, StartError};
use crate::auth0::LoginHint;
use crate::auth0::failure::{seconds_to_wait, sendable, unreached};
use crate::auth0::token_endpoint::REFUSED_SECRET;
use crate::transport::{Reply, TransportError};

/// The error codes of section 13 that lead to different outcomes.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum ErrorCode {
    InvalidRequest,
    UnknownUserId,
    InvalidBindingMessage,
    InvalidClient,
    UnauthorizedClient,
    AccessDenied,
    InvalidScope,
    ServerError,
    TemporarilyUnavailable,
    #[serde(other)]
    Unknown,
}

#[derive(Deserialize)]
struct ErrorBody {
    error: ErrorCode,
}

#[derive(Deserialize)]
struct Answer {
    auth_req_id: Secret,
    expires_in: u64,
    interval: Option<Value>,
}

impl Ciba {
    /// Asks the mandate's person to approve what `binding` says, with `label` before the code on the phone. The request
    /// lives as long as the binding at `now`, 1 to 300 seconds: a longer one would go by e-mail. Sent once, whatever
    /// comes of it.
    ///
    /// # Errors
    /// [`StartError`]. After all but `Unknown`, no push went out.
    pub async fn start<A>(
        &self,
        mandate: &Mandate<A>,
        binding: &Binding,
        label: &str,
        now: Timestamp,
        until: Instant,
    ) -> Result<Started, StartError> {
        let same = binding.subject == *mandate.subject()
            && binding.session == *mandate.session_hash()
            && binding.organization.as_ref() == mandate.organization()
            && binding.subject.issuer() == self.issuer;
        if !same {
            return Err(StartError::AnotherPerson);
        }
        let subject = mandate.subject();
        let client = &self.client;
        let hint = match client.provider.login_hint {
            LoginHint::IssuerAndSubject => {
                json!({"format": "iss_sub", "iss": subject.issuer(), "sub": subject.id()}).to_string()
            }
            LoginHint::Subject => subject.id().to_owned(),
            LoginHint::Email => mandate.session().email().ok_or(StartError::NoAddress)?.as_str().to_owned(),
        };
        let message = client.provider.binding_message.of(binding, label);
        let seconds = binding.expires_at.since(now).clamp(1, LONGEST_SECONDS).to_string();
        let call = |secret: &Secret| {
            let fields = [
                ("client_id", client.id.as_str()),
                ("client_secret", secret.expose()),
                ("scope", "openid"),
                ("login_hint", hint.as_str()),
                ("binding_message", message.as_str()),
                ("requested_expiry", seconds.as_str()),
            ];
            let call = self.transport.post(client.provider.backchannel.below(&client.base));
            call.header(http::header::ACCEPT, "application/json").form(&fields)
        };
        match client.secret.send(until, call).await.map_err(StartError::NotSent)? {
            Ok(reply) => read(&reply, client.secret.may_change(), now),
            Err(error @ (TransportError::Unreachable | TransportError::OutOfTime)) => {
                Err(StartError::NotSent(unreached(error)))
            }
            Err(error) => Err(StartError::Unknown(unreached(error))),
        }
    }
}

fn read(reply: &Reply, secret_may_change: bool, now: Timestamp) -> Result<Started, StartError> {
    match reply.status() {
        200 => started(reply).ok_or(StartError::Unknown("the answer cannot be read")),
        429 => Err(StartError::Busy { seconds: seconds_to_wait(reply, now) }),
        400..=499 => Err(match reply.json() {
            Some(ErrorBody { error: ErrorCode::InvalidClient }) if secret_may_change => {
                StartError::NotSent(REFUSED_SECRET)
            }
            Some(body) => refused(body),
            None => StartError::Unknown("the refusal cannot be read"),
        }),
        _ => Err(StartError::Unknown("unexpected status")),
    }
}

fn started(reply: &Reply) -> Option<Started> {
    let Answer { auth_req_id, expires_in, interval } = reply.json()?;
    let interval = interval.as_ref().and_then(Value::as_u64).filter(|seconds| *seconds > 0);
    sendable(auth_req_id.expose()).then_some(Started { auth_req_id, expires_in, interval })
}

fn refused(body: ErrorBody) -> StartError {
    StartError::Misconfigured(match body.error {
        ErrorCode::InvalidRequest => return StartError::NoDevice,
        ErrorCode::UnknownUserId => return StartError::UnknownPerson,
        ErrorCode::ServerError | ErrorCode::TemporarilyUnavailable => return StartError::Unknown("it says so"),
        ErrorCode::InvalidBindingMessage => "the message for the phone was refused",
        ErrorCode::InvalidClient => "the client id or secret is wrong",
        ErrorCode::UnauthorizedClient => "the client may not use the CIBA grant",
        ErrorCode::AccessDenied => "a rule of the tenant denies the client",
        ErrorCode::InvalidScope => "the client may not ask for the scope openid",
        ErrorCode::Unknown => "the request was refused with an unexpected code",
    })
}
