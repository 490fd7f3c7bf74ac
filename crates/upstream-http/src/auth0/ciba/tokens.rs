//! Reading the tokens of an approval. They are dropped here: an approval is a yes, and gives no access to anything.

use auth::approval::{Binding, Poll};
use auth::jwt::{self, Policy, Refused, Unverified};
use auth::secret::Secret;
use auth::time::Timestamp;
use serde::Deserialize;
use tokio::time::Instant;

use super::Ciba;
use crate::transport::Reply;

/// What of a token answer matters here. Its scope, life and type say nothing about who approved.
#[derive(Deserialize)]
struct Tokens {
    id_token: Secret,
    access_token: Option<Secret>,
}

impl Ciba {
    /// Takes a 200. Only a valid ID token of the asked person is an approval; one of somebody else is a denial, and what breaks
    /// a rule is neither.
    pub(super) async fn redeemed(&self, reply: &Reply, binding: &Binding, now: Timestamp, until: Instant) -> Poll {
        let Some(tokens) = reply.json::<Tokens>() else { return Poll::Broken };
        let Ok(unverified) = Unverified::parse(tokens.id_token.expose()) else { return Poll::Broken };
        let Ok(keys) = self.keys.of(unverified.kid(), until).await else { return Poll::Broken };
        let mut policy = Policy::id_token(self.issuer.as_str(), self.client.id.as_str());
        if let Some(access_token) = &tokens.access_token {
            policy = policy.access_token_hash(access_token);
        }
        match jwt::verify(tokens.id_token.expose(), &keys, &policy, now) {
            Ok(claims) if claims.issuer() == binding.subject.issuer() && claims.subject() == binding.subject.id() => {
                Poll::Approved
            }
            Ok(_) => Poll::SomebodyElse,
            Err(Refused::Invalid(_) | Refused::UnknownKey) => Poll::Broken,
        }
    }
}
