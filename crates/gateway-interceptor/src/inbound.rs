//! The caller's token, verified by the policy of its issuer.

use auth::gateway::Denial;
use auth::jwt::{Caller, Issuers, Refused, Unverified};
use auth::refusal::{Code, Refusal};
use auth::secret::Secret;
use auth::time::Clock;
use function::serve::Invocation;
use serde_json::Value;
use upstream_http::jwks::Keys;
use upstream_http::transport::Transport;
use url::Url;

pub(crate) struct Inbound {
    issuers: Issuers,
    keys: Vec<Keys>,
    clock: Clock,
}

impl Inbound {
    pub(crate) fn new(issuers: Issuers, jwks: Vec<Url>, transport: &Transport, clock: &Clock) -> Self {
        let keys = jwks.into_iter().map(|url| Keys::new(transport.clone(), url, clock.clone())).collect();
        Self { issuers, keys, clock: clock.clone() }
    }

    /// Who sent the message. A token whose keys are cached causes no request.
    pub(crate) async fn caller(&self, token: &Secret, id: &Value, invocation: &Invocation) -> Result<Caller, Denial> {
        let refused = |cause: &str| Denial::unauthorized(id, Refusal::auth_required(format!("token: {cause}")), true);
        let told = |error: Refused| refused(&error.to_string());
        let token = token.expose();
        let unverified = Unverified::parse(token).map_err(told)?;
        let (place, issuer) = self.issuers.of(&unverified).map_err(told)?;
        let keys = self.keys.get(place).ok_or_else(|| refused("no keys of its issuer"))?;
        let found = invocation.steps.time("jwks", keys.of(unverified.kid(), invocation.until)).await;
        let found = found.map_err(|error| match keys.serves() {
            true => refused(&error.to_string()),
            // Not the token's fault: a client must not be sent to sign in anew for it.
            false => Denial::broken(id, Refusal::new(Code::Unavailable, "token: the issuer's keys cannot be had")),
        })?;
        issuer.verify(token, &found, self.clock.now()).map_err(told)
    }
}
