//! A logout token (OpenID Connect Back-Channel Logout 1.0, sections 2.4 and 2.6): the provider says that a session is over.

use std::fmt;

use serde_json::{Map, Value};

use super::keys::KeySet;
use super::parties::{self, non_empty};
use super::policy::{Kind, Policy};
use super::refused::{Refused, Rule};
use super::unverified::Unverified;
use super::{lifetime, strict_json, verify};
use crate::subject::Subject;
use crate::time::Timestamp;

/// The member of `events` that makes a token a logout token.
const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";

/// Whose sessions are over, after the signature and every rule held. Only [`verify_logout_token`] makes one.
///
/// ```compile_fail
/// use auth::jwt::LogoutToken;
/// fn forge(token: LogoutToken) -> LogoutToken {
///     LogoutToken { session: None, ..token }
/// }
/// ```
///
/// Nor do the claims of a token of another kind become one:
///
/// ```compile_fail
/// fn end(claims: auth::jwt::Claims) -> auth::jwt::LogoutToken {
///     claims.into()
/// }
/// ```
pub struct LogoutToken {
    id: String,
    ended: Ended,
    issued_at: Timestamp,
    expires_at: Timestamp,
}

/// What a logout token names: at least one of a session and a person.
#[derive(Clone, PartialEq, Eq)]
pub enum Ended {
    /// One session, by the provider's name for it (`sid`), of this person where the token says so.
    Session(String, Option<Subject>),
    /// Every session of a person.
    Person(Subject),
}

impl LogoutToken {
    /// `jti`: the same for each delivery of the same token, and unique at its issuer.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Whose sessions are over.
    #[must_use]
    pub fn ended(&self) -> &Ended {
        &self.ended
    }

    /// `iat`: what began later is not meant.
    #[must_use]
    pub fn issued_at(&self) -> Timestamp {
        self.issued_at
    }

    /// `exp`, without leeway: from then on nobody can send it once more.
    #[must_use]
    pub fn expires_at(&self) -> Timestamp {
        self.expires_at
    }
}

/// Shows nothing of the content: it names a person.
impl fmt::Debug for LogoutToken {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("LogoutToken").finish_non_exhaustive()
    }
}

/// Takes a logout token under a policy of [`Policy::logout_token`], or does not. Every other policy takes none.
///
/// # Errors
/// As [`super::verify()`].
pub fn verify_logout_token(
    token: &str,
    keys: &KeySet,
    policy: &Policy,
    now: Timestamp,
) -> Result<LogoutToken, Refused> {
    if !matches!(policy.kind, Kind::LogoutToken) {
        return Err(Rule::Type.into());
    }
    let token = verify::signed(token, keys, policy)?;
    Ok(said(&token, policy, now)?)
}

/// The specification's own type, or none, which it allows; `JWT` is what the verifier in Auth0's documentation demands. For the
/// last two, `events` and the absent `nonce` tell the token from an ID token (section 4.5).
pub(super) fn is_typ(typ: Option<&str>) -> bool {
    typ.is_none_or(|typ| {
        ["logout+jwt", "application/logout+jwt", "JWT"].iter().any(|known| typ.eq_ignore_ascii_case(known))
    })
}

/// The signature holds here.
fn said(token: &Unverified<'_>, policy: &Policy, now: Timestamp) -> Result<LogoutToken, Rule> {
    let json = strict_json::object(&token.payload)?;
    let issuer = parties::issuer(&json, policy.issuer.as_deref())?;
    parties::audiences(&json, &policy.audience)?;
    let lifetime = lifetime::check(&json, now, policy.leeway_seconds, policy.max_lifetime_seconds)?;
    if json.contains_key("nonce") || !is_logout(&json) {
        return Err(Rule::OtherKind);
    }
    let id = non_empty(&json, "jti").ok_or(Rule::RequiredClaim)?.to_owned();
    let subject = match json.get("sub") {
        None => None,
        Some(_) => Some(Subject::new(issuer, parties::subject(&json)?).map_err(|_| Rule::Subject)?),
    };
    let session = match json.get("sid") {
        None => None,
        Some(_) => Some(non_empty(&json, "sid").ok_or(Rule::RequiredClaim)?.to_owned()),
    };
    let ended = match (session, subject) {
        (Some(session), subject) => Ended::Session(session, subject),
        (None, Some(subject)) => Ended::Person(subject),
        (None, None) => return Err(Rule::RequiredClaim),
    };
    Ok(LogoutToken { id, ended, issued_at: lifetime.issued_at, expires_at: lifetime.expires_at })
}

/// `events` is an object whose member of that name is an object, which ought to be empty and may be not.
fn is_logout(json: &Map<String, Value>) -> bool {
    json.get("events").and_then(|events| events.get(EVENT)).is_some_and(Value::is_object)
}
