use super::access_token::{AccessTokenRules, Actor};
use super::algorithm::Algorithm;
use super::id_token::IdTokenRules;
use super::provider::Provider;
use crate::id::Organization;
use crate::secret::Secret;

/// Difference between two clocks that is forgiven, in seconds, unless the policy says another.
const LEEWAY_SECONDS: u64 = 30;

/// The largest leeway that can be set.
pub(super) const MAX_LEEWAY_SECONDS: u64 = 60;

/// A day: what Auth0 gives an access token by default, and more than it gives an ID token.
const PROVIDER_LIFETIME_SECONDS: u64 = 86_400;

/// Auth0 gives a logout token two minutes, as the specification advises.
const LOGOUT_LIFETIME_SECONDS: u64 = 600;

/// What a token must be to be taken, one constructor for each kind of token. A method that belongs to one kind, called on
/// another, makes a policy that takes no token at all: a rule that was asked for is never silently left out.
#[derive(Clone)]
pub struct Policy {
    pub(super) kind: Kind,
    pub(super) issuer: Option<String>,
    pub(super) audience: String,
    pub(super) algorithms: Vec<Algorithm>,
    pub(super) leeway_seconds: u64,
    pub(super) max_lifetime_seconds: u64,
}

#[derive(Clone)]
pub(super) enum Kind {
    IdToken(IdTokenRules),
    AccessToken(AccessTokenRules),
    LogoutToken,
    Typed(&'static str),
    /// A rule was set that the kind does not have.
    Contradiction,
}

impl Policy {
    /// An ID token (OpenID Connect Core section 3.1.3.7) for `client_id`, signed RS256, of at most a day. `issuer` is
    /// compared byte for byte, so a trailing slash counts.
    #[must_use]
    pub fn id_token(issuer: impl Into<String>, client_id: impl Into<String>) -> Self {
        Self::of_provider(Kind::IdToken(IdTokenRules::default()), issuer.into(), client_id.into())
    }

    /// An access token of RFC 9068 for the API `audience`, signed RS256, of at most a day, and of a person.
    #[must_use]
    pub fn access_token(issuer: impl Into<String>, audience: impl Into<String>) -> Self {
        Self::of_provider(Kind::AccessToken(AccessTokenRules::default()), issuer.into(), audience.into())
    }

    /// A logout token (OpenID Connect Back-Channel Logout 1.0 section 2.6) for `client_id`, signed RS256, of at most ten minutes.
    /// Only [`super::verify_logout_token`] takes one.
    #[must_use]
    pub fn logout_token(issuer: impl Into<String>, client_id: impl Into<String>) -> Self {
        let policy = Self::of_provider(Kind::LogoutToken, issuer.into(), client_id.into());
        Self { max_lifetime_seconds: LOGOUT_LIFETIME_SECONDS, ..policy }
    }

    /// A token that this system signs itself, told from all others by exactly this `typ`. Its `iss` must be a string but
    /// is compared with nothing: the key says who signed, so keep these keys in a set of their own.
    #[must_use]
    pub fn typed(
        typ: &'static str,
        audience: impl Into<String>,
        algorithms: &[Algorithm],
        max_lifetime_seconds: u64,
    ) -> Self {
        Self {
            kind: Kind::Typed(typ),
            issuer: None,
            audience: audience.into(),
            algorithms: algorithms.to_vec(),
            leeway_seconds: LEEWAY_SECONDS,
            max_lifetime_seconds,
        }
    }

    fn of_provider(kind: Kind, issuer: String, audience: String) -> Self {
        Self {
            kind,
            issuer: Some(issuer),
            audience,
            algorithms: vec![Algorithm::Rs256],
            leeway_seconds: LEEWAY_SECONDS,
            max_lifetime_seconds: PROVIDER_LIFETIME_SECONDS,
        }
    }

    /// The algorithms that this issuer signs with, instead of those before. None of them: no token is taken.
    #[must_use]
    pub fn algorithms(self, algorithms: &[Algorithm]) -> Self {
        Self { algorithms: algorithms.to_vec(), ..self }
    }

    /// Seconds that the issuer's clock may differ, cut to 60. Used for `exp`, `nbf`, `iat` and `auth_time` alike; 30
    /// unless set.
    #[must_use]
    pub fn leeway_seconds(self, seconds: u64) -> Self {
        Self { leeway_seconds: seconds.min(MAX_LEEWAY_SECONDS), ..self }
    }

    /// The longest time from `iat` to `exp`, in seconds.
    #[must_use]
    pub fn max_lifetime_seconds(self, seconds: u64) -> Self {
        Self { max_lifetime_seconds: seconds, ..self }
    }

    /// ID token: the nonce that this sign-in sent. Set it for every sign-in in a browser; without it a `nonce` is not
    /// looked at, which is right only for tokens from a refresh or a CIBA answer.
    #[must_use]
    pub fn nonce(self, nonce: String) -> Self {
        self.with_id_token(|rules| rules.nonce = Some(nonce))
    }

    /// ID token: `org_id` must be this organization, or with `None` must be absent. Without this call it may be either.
    #[must_use]
    pub fn organization(self, organization: Option<Organization>) -> Self {
        self.with_id_token(|rules| rules.organization = Some(organization))
    }

    /// ID token: the person signed in at most so many seconds ago. Set it if the request had a `max_age`.
    #[must_use]
    pub fn max_age(self, seconds: u64) -> Self {
        self.with_id_token(|rules| rules.max_age_seconds = Some(seconds))
    }

    /// ID token: an `at_hash` must belong to the access token that came in the same answer.
    #[must_use]
    pub fn access_token_hash(self, access_token: &Secret) -> Self {
        self.with_id_token(|rules| rules.expect_access_token(access_token))
    }

    /// Access token: this issuer still sends `typ` `JWT`, as Auth0 does in its default profile. Then `azp` or `cid` may
    /// stand for `client_id`, `jti` may be absent, and whatever looks like a token of another kind is refused by its claims.
    #[must_use]
    pub fn also_typ_jwt(self) -> Self {
        self.with_access_token(|rules| rules.also_typ_jwt = true)
    }

    /// Access token: this issuer sends its scopes as the array `scp`, as Okta does.
    #[must_use]
    pub fn scopes_from_scp(self) -> Self {
        self.with_access_token(|rules| rules.scopes_from_scp = true)
    }

    /// Access token: an `act` (RFC 8693 section 4.1), if there, must name this agent in its `sub`. Without this call or
    /// [`Policy::delegated_to`] it is not looked at. The last of the two calls counts.
    #[must_use]
    pub fn actor(self, agent: impl Into<String>) -> Self {
        let actor = Actor { agent: agent.into(), required: false };
        self.with_access_token(|rules| rules.actor = Some(actor))
    }

    /// Access token: the person must have delegated to this agent: `act` is there and names it.
    #[must_use]
    pub fn delegated_to(self, agent: impl Into<String>) -> Self {
        let actor = Actor { agent: agent.into(), required: true };
        self.with_access_token(|rules| rules.actor = Some(actor))
    }

    /// Access token: it is this provider's, whose claims say how to read it.
    #[must_use]
    pub fn provider(self, provider: Provider) -> Self {
        self.with_access_token(|rules| rules.provider = Some(provider))
    }

    fn with_id_token(mut self, set: impl FnOnce(&mut IdTokenRules)) -> Self {
        if let Kind::IdToken(rules) = &mut self.kind {
            set(rules);
        } else {
            self.kind = Kind::Contradiction;
        }
        self
    }

    fn with_access_token(mut self, set: impl FnOnce(&mut AccessTokenRules)) -> Self {
        if let Kind::AccessToken(rules) = &mut self.kind {
            set(rules);
        } else {
            self.kind = Kind::Contradiction;
        }
        self
    }
}
