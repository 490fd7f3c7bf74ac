use std::fmt;

use serde_json::{Map, Value};

use super::lifetime::Lifetime;
use crate::id::Organization;
use crate::scope::Scopes;
use crate::time::Timestamp;

/// What a token says, after its signature and every rule of a policy held. Only [`super::verify()`] makes one.
///
/// ```compile_fail
/// use auth::jwt::Claims;
/// fn forge(claims: Claims) -> Claims {
///     Claims { subject: "auth0|bob".to_owned(), ..claims }
/// }
/// ```
///
/// Nor can one be read from a text:
///
/// ```compile_fail
/// let claims: auth::jwt::Claims = serde_json::from_str("{}").unwrap();
/// ```
///
/// And a token that is not verified has none:
///
/// ```compile_fail
/// let token = auth::jwt::Unverified::parse("").unwrap();
/// token.text("sub");
/// ```
#[derive(Clone)]
pub struct Claims {
    json: Map<String, Value>,
    issuer: String,
    subject: String,
    lifetime: Lifetime,
    scopes: Scopes,
}

impl Claims {
    /// Visible to `verify` alone.
    pub(super) fn verified(
        json: Map<String, Value>,
        (issuer, subject): (String, String),
        lifetime: Lifetime,
        scopes: Scopes,
    ) -> Self {
        Self { json, issuer, subject, lifetime, scopes }
    }

    /// `iss`: who says so. With a policy that names an issuer, that one.
    #[must_use]
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// `sub`: about whom, 1 to 255 characters. Names a person only together with the issuer.
    #[must_use]
    pub fn subject(&self) -> &str {
        &self.subject
    }

    /// `exp`: the first second at which the token is no longer good, without leeway.
    #[must_use]
    pub fn expires_at(&self) -> Timestamp {
        self.lifetime.expires_at
    }

    /// `iat`: when it was issued.
    #[must_use]
    pub fn issued_at(&self) -> Timestamp {
        self.lifetime.issued_at
    }

    /// A claim that is a string, as it stands.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&str> {
        self.json.get(name)?.as_str()
    }

    /// `org_id`, as Auth0 sends it, if it is a string.
    #[must_use]
    pub fn organization(&self) -> Option<Organization> {
        self.text("org_id").map(|id| Organization(id.to_owned()))
    }

    /// `email`, only if `email_verified` is the JSON value `true`. A contact, and never the key of a person.
    #[must_use]
    pub fn email(&self) -> Option<&str> {
        if self.json.get("email_verified") == Some(&Value::Bool(true)) { self.text("email") } else { None }
    }

    /// The scopes of an access token or of a ticket; none for an ID token, which grants nothing.
    #[must_use]
    pub fn scopes(&self) -> &Scopes {
        &self.scopes
    }

    /// All claims.
    #[must_use]
    pub fn json(&self) -> &Map<String, Value> {
        &self.json
    }
}

/// Shows nothing of the content: claims name a person.
impl fmt::Debug for Claims {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Claims").finish_non_exhaustive()
    }
}
