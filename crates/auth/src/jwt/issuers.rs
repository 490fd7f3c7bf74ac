//! Several issuers at once, from one setting.

use serde::Deserialize;
use serde_json::Value;

use super::algorithm::Algorithm;
use super::caller::Caller;
use super::keys::KeySet;
use super::policy::{MAX_LEEWAY_SECONDS, Policy};
use super::provider::Provider;
use super::refused::{Refused, Rule};
use super::strict_json;
use super::unverified::Unverified;
use super::verify::verify;
use crate::time::Timestamp;

/// One issuer whose access tokens are taken.
pub struct Issuer {
    name: String,
    provider: Provider,
    jwks: String,
    clients: Vec<String>,
    signs_in_here: bool,
    policy: Policy,
}

/// The issuers whose access tokens are taken. Never empty.
pub struct Issuers(Vec<Issuer>);

/// What is wrong with the setting. It says where and never what stands there; an issuer is named by its position, the
/// first being 1.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum IssuersProblem {
    /// Not the expected JSON.
    #[error(
        "must be JSON of the form {{\"issuers\":[{{\"issuer\":…,\"provider\":…,\"audience\":…,\"jwks\":…}}]}}; it is not at line {line} column {column}"
    )]
    Shape {
        /// From 1.
        line: usize,
        /// From 1; 0 before the first.
        column: usize,
    },
    /// No token could be taken.
    #[error("must name at least one issuer")]
    None,
    /// A text that must say something is empty.
    #[error("`issuer`, `audience` and `jwks` of issuer {0} must not be empty")]
    Empty(usize),
    /// Two policies for one `iss`: which one holds could not be told.
    #[error("issuer {0} is there twice")]
    Twice(usize),
    /// Not a provider whose claims are known.
    #[error("`provider` of issuer {0} must be `auth0`, `okta`, `entra-id` or `cognito`")]
    Provider(usize),
    /// Not an algorithm that is supported, or none.
    #[error("`algorithms` of issuer {0} must be some of `RS256`, `ES256` and `EdDSA`")]
    Algorithms(usize),
    /// More than a minute.
    #[error("`leeway_seconds` of issuer {0} must be at most 60")]
    Leeway(usize),
    /// People can sign in with one issuer only.
    #[error("issuer {0} is the second with `sign_in`")]
    SignIn(usize),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Setting {
    issuers: Vec<IssuerSetting>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct IssuerSetting {
    issuer: String,
    provider: String,
    audience: String,
    jwks: String,
    leeway_seconds: Option<u64>,
    max_lifetime_seconds: Option<u64>,
    algorithms: Option<Vec<String>>,
    #[serde(default)]
    clients: Vec<String>,
    #[serde(default)]
    sign_in: bool,
}

impl Issuers {
    /// Reads the setting: `{"issuers":[{"issuer","provider","audience","jwks","leeway_seconds"?,"max_lifetime_seconds"?,
    /// "algorithms"?,"clients"?,"sign_in"?}]}`. Leeway is 30 s and life a day unless told, the algorithm RS256. `clients`
    /// lists the applications whose tokens are taken; none: all. `sign_in` marks the one issuer that session rows are of.
    ///
    /// # Errors
    /// The first problem found.
    pub fn parse(json: &str) -> Result<Self, IssuersProblem> {
        let setting: Setting = serde_json::from_str(json)
            .map_err(|error| IssuersProblem::Shape { line: error.line(), column: error.column() })?;
        let mut issuers: Vec<Issuer> = Vec::new();
        for (place, setting) in (1..).zip(setting.issuers) {
            let issuer = Issuer::of(setting, place)?;
            if issuers.iter().any(|other| other.name == issuer.name) {
                return Err(IssuersProblem::Twice(place));
            }
            if issuer.signs_in_here && issuers.iter().any(|other| other.signs_in_here) {
                return Err(IssuersProblem::SignIn(place));
            }
            issuers.push(issuer);
        }
        if issuers.is_empty() { Err(IssuersProblem::None) } else { Ok(Self(issuers)) }
    }

    /// All of them, in the order of the setting.
    pub fn iter(&self) -> impl Iterator<Item = &Issuer> {
        self.0.iter()
    }

    /// Whose policy this token is to be verified with. Its `iss` is compared with what is configured and used for nothing
    /// else: [`Issuer::verify`] compares it again, once the signature holds.
    ///
    /// # Errors
    /// [`Refused::Invalid`]: the claims are not JSON, or their `iss` is nobody's that is configured.
    pub fn of(&self, token: &Unverified<'_>) -> Result<(usize, &Issuer), Refused> {
        let claims = strict_json::object(&token.payload).map_err(Rule::from)?;
        let named = claims.get("iss").and_then(Value::as_str).ok_or(Rule::Issuer)?;
        let found = self.0.iter().enumerate().find(|(_, issuer)| issuer.name == named);
        Ok(found.ok_or(Rule::Issuer)?)
    }
}

impl Issuer {
    fn of(setting: IssuerSetting, place: usize) -> Result<Self, IssuersProblem> {
        let IssuerSetting { issuer, audience, jwks, clients, sign_in, .. } = setting;
        if [&issuer, &audience, &jwks].into_iter().chain(&clients).any(String::is_empty) {
            return Err(IssuersProblem::Empty(place));
        }
        let provider = Provider::named(&setting.provider).ok_or(IssuersProblem::Provider(place))?;
        let mut policy = Policy::access_token(issuer.clone(), audience).provider(provider);
        if let Some(names) = &setting.algorithms {
            let algorithms: Option<Vec<_>> = names.iter().map(|name| Algorithm::named(name)).collect();
            let algorithms = algorithms.filter(|some| !some.is_empty()).ok_or(IssuersProblem::Algorithms(place))?;
            policy = policy.algorithms(&algorithms);
        }
        if let Some(seconds) = setting.leeway_seconds {
            if seconds > MAX_LEEWAY_SECONDS {
                return Err(IssuersProblem::Leeway(place));
            }
            policy = policy.leeway_seconds(seconds);
        }
        if let Some(seconds) = setting.max_lifetime_seconds {
            policy = policy.max_lifetime_seconds(seconds);
        }
        Ok(Self { name: issuer, provider, jwks, clients, signs_in_here: sign_in, policy })
    }

    /// `iss` of its tokens.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Where its keys are, as configured.
    #[must_use]
    pub fn jwks(&self) -> &str {
        &self.jwks
    }

    /// Verifies a token by this issuer's policy.
    ///
    /// # Errors
    /// As [`super::verify()`]; a token of an application that is not listed is invalid too.
    pub fn verify(&self, token: &str, keys: &KeySet, now: Timestamp) -> Result<Caller, Refused> {
        let claims = verify(token, keys, &self.policy, now)?;
        let caller = Caller::of(claims, self.provider, self.signs_in_here).map_err(|_| Rule::Subject)?;
        if self.clients.is_empty() || self.clients.iter().any(|client| client == caller.client()) {
            Ok(caller)
        } else {
            Err(Rule::Client.into())
        }
    }
}
