//! The authorizer CUSTOM_JWT.
//! <https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/inbound-jwt-authorizer.html>

use http::HeaderMap;
use http::header::AUTHORIZATION;
use serde_json::{Map, Value};

use super::config::Authorizer;
use super::issuer::{Issuer, Unavailable};
use super::jws::{self, Jws};
use crate::clock;

/// Why a token does not pass.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Refusal {
    Missing,
    Invalid,
    /// The client or the scopes are not among those that may call.
    Insufficient,
    /// The issuer could not be asked.
    Unavailable,
}

impl From<Unavailable> for Refusal {
    fn from(_: Unavailable) -> Self {
        Self::Unavailable
    }
}

/// Verifies tokens.
pub(super) struct Inspector {
    rules: Authorizer,
    issuer: Issuer,
}

impl Inspector {
    pub(super) fn new(rules: Authorizer) -> Self {
        Self { issuer: Issuer::at(rules.discovery_url.clone()), rules }
    }

    /// The claims of the request's token.
    pub(super) async fn inspect(&self, headers: &HeaderMap) -> Result<Map<String, Value>, Refusal> {
        let value = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
        let token = value.and_then(jws::bearer).ok_or(Refusal::Missing)?;
        let jws = Jws::parse(token).ok_or(Refusal::Invalid)?;
        let (issuer, key) = self.issuer.key(jws.key_id()).await?;
        if !key.is_some_and(|key| jws.is_signed_by(&key)) || !self.is_valid(&jws.claims, &issuer) {
            return Err(Refusal::Invalid);
        }
        if !self.is_sufficient(&jws.claims) {
            return Err(Refusal::Insufficient);
        }
        Ok(jws.claims)
    }

    pub(super) async fn issuer(&self) -> Result<String, Unavailable> {
        self.issuer.name().await
    }

    pub(super) fn scopes(&self) -> &[String] {
        &self.rules.allowed_scopes
    }

    fn is_valid(&self, claims: &Map<String, Value>, issuer: &str) -> bool {
        let now = clock::now();
        let lives = claims.get("exp").and_then(Value::as_f64).is_some_and(|end| end > seconds(now));
        let began = claims.get("nbf").is_none_or(|begin| begin.as_f64().is_some_and(|begin| begin <= seconds(now)));
        let named = claims.get("iss").and_then(Value::as_str) == Some(issuer);
        lives && began && named && any(&self.rules.allowed_audience, &words(claims.get("aud"), |aud| vec![aud]))
    }

    fn is_sufficient(&self, claims: &Map<String, Value>) -> bool {
        let client = words(claims.get("client_id"), |id| vec![id]);
        let mut scopes = words(claims.get("scope"), |scope| scope.split(' ').collect());
        scopes.extend(words(claims.get("scp"), |scope| scope.split(' ').collect()));
        any(&self.rules.allowed_clients, &client) && any(&self.rules.allowed_scopes, &scopes)
    }
}

/// Whether one of `allowed` is there, or nothing is asked for.
fn any(allowed: &[String], there: &[&str]) -> bool {
    allowed.is_empty() || allowed.iter().any(|allowed| there.contains(&allowed.as_str()))
}

/// The texts of a claim that is one text or a list of them.
fn words<'c>(claim: Option<&'c Value>, split: impl Fn(&'c str) -> Vec<&'c str>) -> Vec<&'c str> {
    match claim {
        Some(Value::String(text)) => split(text),
        Some(Value::Array(texts)) => texts.iter().filter_map(Value::as_str).collect(),
        Some(_) | None => Vec::new(),
    }
}

#[expect(clippy::cast_precision_loss, reason = "seconds since 1970 are far below 2^53")]
fn seconds(whole: u64) -> f64 {
    whole as f64
}
