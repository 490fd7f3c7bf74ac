use auth::jwt::Rule;

use crate::auth0::TokenError;

/// Why nobody is signed in. Nothing of the callback and nothing of the provider's answer is in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LoginError {
    /// The callback has no `state`, or that of another sign-in.
    #[error("sign-in: the callback belongs to another sign-in")]
    State,
    /// The sign-in was begun more than ten minutes ago.
    #[error("sign-in: begun too long ago")]
    Expired,
    /// The callback's `iss` is missing or another issuer's (RFC 9207 section 2.4).
    #[error("sign-in: the callback is another issuer's")]
    Issuer,
    /// The callback says `access_denied`: the person, or a rule of the provider, said no.
    #[error("sign-in: declined")]
    Declined,
    /// The callback has another error, or no code.
    #[error("sign-in: failed at the provider")]
    Failed,
    /// The code could not be exchanged. It is spent all the same.
    #[error("sign-in: {0}")]
    Exchange(#[from] TokenError),
    /// The ID token's key is not in the set. Fetch the set anew and verify once more.
    #[error("sign-in: the id token's key is not known")]
    UnknownKey,
    /// The ID token breaks a rule.
    #[error("sign-in: the id token is refused by rule `{0}`")]
    IdToken(Rule),
}
