//! How one OpenID provider differs from another.

use auth::approval::Binding;
use url::Url;

use super::Logout;

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
    /// Where a browser ends its session there.
    pub logout: Logout,
    /// Who is to be asked for an approval.
    pub login_hint: LoginHint,
    /// What they are told then.
    pub binding_message: BindingMessage,
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

/// The form of `binding_message`: CIBA Core section 7.1 leaves to the provider which characters it takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BindingMessage {
    /// With spaces, of at most 64 characters, as Auth0 takes it: [`Binding::message`].
    Sentence,
    /// Without, of at most 50 characters out of letters, digits and `-._+/!?#`, as Keycloak takes it.
    Word,
}

/// Characters of a label before the code in a message without spaces.
const LABEL_OF_A_WORD: usize = 43;

impl BindingMessage {
    /// `label` and the code of `binding`. Characters of the label that the provider does not take are left out.
    #[must_use]
    pub fn of(self, binding: &Binding, label: &str) -> String {
        match self {
            Self::Sentence => binding.message(label),
            Self::Word => {
                let taken = |letter: char| letter.is_ascii_alphanumeric() || "-._+/!?#".contains(letter);
                let label = label.trim().chars().map(|letter| if letter == ' ' { '-' } else { letter });
                let label: String = label.filter(|&letter| taken(letter)).take(LABEL_OF_A_WORD).collect();
                format!("{label}-{}", binding.code())
            }
        }
    }
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
            logout: Logout::Auth0,
            login_hint: LoginHint::IssuerAndSubject,
            binding_message: BindingMessage::Sentence,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{BindingMessage, Path, Provider, Url};
    use crate::testing::approval::{ALICE, binding_of};

    #[test]
    fn the_default_is_auth0() {
        let base = Url::parse("https://tenant.example/").unwrap();
        let Provider { authorize, token, revoke, backchannel, keys, .. } = Provider::default();
        let places = [authorize, token, revoke, backchannel, keys].map(|path| path.below(&base).to_string());
        let paths = ["authorize", "oauth/token", "oauth/revoke", "bc-authorize", ".well-known/jwks.json"];
        assert_eq!(places, paths.map(|path| format!("https://tenant.example/{path}")));
    }

    #[test]
    fn a_message_without_spaces_keeps_the_code_whole() {
        let binding = binding_of(ALICE, &json!({}));
        for (label, word) in [
            ("Reset the password", "Reset-the-password".to_owned()),
            (" Add bob@example.com: \u{e9}, \"Sales\" ", "Add-bobexample.com--Sales".to_owned()),
            ("", String::new()),
            (&"a ".repeat(40), format!("{}a", "a-".repeat(21))),
        ] {
            let message = BindingMessage::Word.of(&binding, label);
            assert_eq!(message, format!("{word}-{}", binding.code()));
            assert!(message.len() <= 50, "{message}");
        }
        assert_eq!(BindingMessage::Sentence.of(&binding, "Reset it"), binding.message("Reset it"));
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
        for text in
            ["", "/", "/token", "token/", "a//b", "..", "a/../b", ".", "a?b", "a#b", "a b", "a\\b", "a%2e", &long]
        {
            assert_eq!(Path::parse(text), None, "{text}");
        }
    }
}
