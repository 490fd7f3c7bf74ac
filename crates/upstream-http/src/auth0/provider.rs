//! How one OpenID provider differs from another.

use url::Url;

/// Where a provider's endpoints are, and how a person is named to it. All of it is settings; [`Provider::default`] is Auth0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Provider {
    /// The authorization endpoint (RFC 6749 section 3.1).
    pub authorize: Path,
    /// The token endpoint (RFC 6749 section 3.2).
    pub token: Path,
    /// The revocation endpoint (RFC 7009 section 2).
    pub revoke: Path,
    /// The backchannel authentication endpoint (CIBA Core section 7).
    pub backchannel: Path,
    /// The key set (RFC 7517 section 5).
    pub keys: Path,
    /// Who is to be asked for an approval.
    pub login_hint: LoginHint,
}

/// The form of `login_hint` at the backchannel authentication endpoint, which CIBA Core section 7.1 leaves to the provider. Who
/// answers is told by the ID token and not by the hint: whoever else is asked by it cannot approve.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LoginHint {
    /// A JSON object with `format`, `iss` and `sub` (RFC 9493 section 3.2.4), as Auth0 takes it.
    IssuerAndSubject,
    /// The subject as it stands in `sub`.
    Subject,
    /// The verified address of the session's person. Who has none cannot be asked.
    Email,
}

/// The path of an endpoint below a provider's address: one to sixteen segments of letters, digits, `-`, `_`, `.` and `~`, none of
/// them `.` or `..`. No query: none of the providers tried has one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path(Vec<String>);

/// Segments of a path.
const MOST_SEGMENTS: usize = 16;

impl Path {
    /// From a text as `oauth/token`, without a slash at either end.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte);
        let good = |segment: &&str| !matches!(*segment, "" | "." | "..") && segment.bytes().all(plain);
        let segments: Vec<&str> = text.split('/').collect();
        let whole = segments.len() <= MOST_SEGMENTS && segments.iter().all(good);
        whole.then(|| Self(segments.into_iter().map(str::to_owned).collect()))
    }

    /// `base` with this after its own path.
    #[must_use]
    pub fn below(&self, base: &Url) -> Url {
        super::below(base, self.0.iter().map(String::as_str))
    }

    fn of(segments: &[&str]) -> Self {
        Self(segments.iter().map(|&segment| segment.to_owned()).collect())
    }
}

impl Default for Provider {
    fn default() -> Self {
        Self {
            authorize: Path::of(&["authorize"]),
            token: Path::of(&["oauth", "token"]),
            revoke: Path::of(&["oauth", "revoke"]),
            backchannel: Path::of(&["bc-authorize"]),
            keys: Path::of(&[".well-known", "jwks.json"]),
            login_hint: LoginHint::IssuerAndSubject,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Path, Provider, Url};

    #[test]
    fn the_default_is_auth0() {
        let base = Url::parse("https://tenant.example/").unwrap();
        let Provider { authorize, token, revoke, backchannel, keys, .. } = Provider::default();
        let places = [authorize, token, revoke, backchannel, keys].map(|path| path.below(&base).to_string());
        let paths = ["authorize", "oauth/token", "oauth/revoke", "bc-authorize", ".well-known/jwks.json"];
        assert_eq!(places, paths.map(|path| format!("https://tenant.example/{path}")));
    }

    #[test]
    fn a_path_goes_below_the_providers_own() {
        for base in ["https://sso.example/realms/house", "https://sso.example/realms/house/"] {
            let below = Path::parse("protocol/openid-connect/token").unwrap().below(&Url::parse(base).unwrap());
            assert_eq!(below.as_str(), "https://sso.example/realms/house/protocol/openid-connect/token");
        }
    }

    #[test]
    fn a_path_that_leads_elsewhere_is_none() {
        let long = ["a"; 17].join("/");
        for text in ["", "/", "/token", "token/", "a//b", "..", "a/../b", ".", "a?b", "a#b", "a b", "a\\b", "a%2e", &long]
        {
            assert_eq!(Path::parse(text), None, "{text}");
        }
    }
}
