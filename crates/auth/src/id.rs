//! Names of things, parsed once at the edge.

use std::fmt;

use aws_lc_rs::digest;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

use crate::refusal::Refusal;

/// The agent's session id, as the caller of `InvokeAgent` chose it. Whoever knows it can name the row, so it has no
/// `Debug` and never leaves the process: rows, tickets and logs hold its [`SessionHash`].
#[derive(Clone)]
pub struct SessionReference(String);

impl SessionReference {
    /// 2 to 100 characters of `0-9 a-z A-Z . _ : -`, the pattern of the `InvokeAgent` API.
    ///
    /// # Errors
    /// `auth_required` for anything else: such a session cannot exist.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let fits = (2..=100).contains(&text.len())
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._:-".contains(&byte));
        if fits {
            Ok(Self(text.to_owned()))
        } else {
            Err(Refusal::auth_required("session reference: not of the API's form"))
        }
    }

    /// The hash that stands for this session everywhere else.
    #[must_use]
    pub fn hash(&self) -> SessionHash {
        SessionHash(sha256_base64url(self.0.as_bytes()))
    }

    /// The id itself, for the `InvokeAgent` request.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

/// Base64url SHA-256 of a session id, 43 characters: the partition key of the session table.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct SessionHash(String);

impl SessionHash {
    /// From 43 characters of base64url, as a ticket or a row has them.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let fits = text.len() == 43 && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
        fits.then(|| Self(text.to_owned()))
    }

    /// The 43 characters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A short id that a person can read out and an operator can search for: 12 characters of base32, made from the
/// invocation's request id.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Reference(String);

impl Reference {
    /// The reference of the invocation with this request id.
    #[must_use]
    pub fn of_request(request_id: &str) -> Self {
        const LETTERS: &[u8; 32] = b"ABCDEFGHJKMNPQRSTVWXYZ0123456789";
        let hash = digest::digest(&digest::SHA256, request_id.as_bytes());
        let letter = |byte: &u8| LETTERS.get(usize::from(*byte) % 32).map_or('0', |letter| char::from(*letter));
        Self(hash.as_ref().iter().take(12).map(letter).collect())
    }

    /// The 12 characters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// The agent that calls: its id and the alias it was called by. Both come from the event and are untrusted until a
/// ticket says the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agent {
    /// The agent's id, as in `AGENT12345`.
    pub id: String,
    /// The alias id, as in `ALIAS67890`.
    pub alias: String,
}

/// The id of an agent as the authorizer names it: 1 to 64 ASCII letters, digits, `_` or `-`; Bedrock's have 10 letters and
/// digits. Not `every`, which stands for every agent there.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct AgentId(String);

impl AgentId {
    /// What stands for every agent at the authorizer.
    pub const EVERY: &str = "every";

    /// Nothing for another form.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let fits = (1..=64).contains(&text.len())
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte));
        (fits && text != Self::EVERY).then(|| Self(text.to_owned()))
    }

    /// The id.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// An organization's id, as in `org_acme`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Organization(pub String);

/// A full Okta login in canonical form: ASCII, lower case, one `@`, no character that means something in a URL path, in
/// an FGA object or in JSON. The same text goes into the FGA object and into the path.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Login(String);

impl From<Login> for String {
    fn from(login: Login) -> Self {
        login.0
    }
}

impl TryFrom<String> for Login {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Self::parse(&text).map_err(|refusal| refusal.sentence().to_owned())
    }
}

impl Login {
    /// Lower-cases and checks: 3 to 100 characters of `a-z 0-9 . _ + -` around one `@`.
    ///
    /// # Errors
    /// A sentence that says what a login looks like. The given text is not repeated.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let login = text.to_ascii_lowercase();
        let allowed = |part: &str| {
            !part.is_empty()
                && !part.starts_with('.')
                && !part.ends_with('.')
                && !part.contains("..")
                && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._+-".contains(&byte))
        };
        match login.split_once('@') {
            Some((name, domain)) if login.len() <= 100 && allowed(name) && allowed(domain) => Ok(Self(login)),
            _ => Err(Refusal::invalid_input(
                "`user` must be a full login with one @, such as alice@example.com, of letters, digits and . _ + -",
            )),
        }
    }

    /// The canonical text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Base64url SHA-256 of `bytes`, 43 characters without padding.
#[must_use]
pub fn sha256_base64url(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, bytes))
}

#[cfg(test)]
mod tests {
    use super::{AgentId, Login, Reference, SessionReference};

    #[test]
    fn a_login_has_one_canonical_form() {
        assert_eq!(Login::parse("Alice.B+x@Example.COM").unwrap().as_str(), "alice.b+x@example.com");
    }

    #[test]
    fn texts_that_would_mean_something_elsewhere_are_no_logins() {
        for text in [
            "",
            "alice",
            "@",
            "a@",
            "@b",
            "a@b@c",
            "a/../b@example.com",
            "a@example.com/groups",
            "a%2f@example.com",
            "a b@example.com",
            "a:b@example.com",
            "a#b@example.com",
            "a\u{430}@example.com",
            "a@example..com",
            "..@example.com",
            "a\n@example.com",
            "a@exam\u{0}ple.com",
            "a?x@example.com",
            "\u{212a}@example.com",
        ] {
            assert!(Login::parse(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn an_agents_id_is_letters_and_digits_and_never_stands_for_every_agent() {
        assert_eq!(AgentId::parse("AGENT12345").unwrap().as_str(), "AGENT12345");
        let long = "A".repeat(65);
        for text in ["", "every", "*", "a:b", "a#stopped", "a b", "a@b", "\u{e9}", "a\n", "a/b", long.as_str()] {
            assert!(AgentId::parse(text).is_none(), "{text:?}");
        }
    }

    #[test]
    fn a_session_reference_is_named_by_its_hash() {
        let hash = SessionReference::parse("2f0d7a9e").unwrap().hash();
        assert_eq!(hash.as_str().len(), 43);
        assert!(SessionReference::parse("a").is_err());
        assert!(SessionReference::parse("a b").is_err());
    }

    #[test]
    fn a_reference_is_the_same_for_the_same_request() {
        assert_eq!(Reference::of_request("r-1"), Reference::of_request("r-1"));
        assert_ne!(Reference::of_request("r-1"), Reference::of_request("r-2"));
        assert_eq!(Reference::of_request("r-1").as_str().len(), 12);
    }
}
