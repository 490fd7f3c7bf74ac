use super::access_token::scope_claim;
use super::algorithm::Algorithm;
use super::claims::Claims;
use super::keys::KeySet;
use super::policy::{Kind, Policy};
use super::refused::{Refused, Rule};
use super::unverified::Unverified;
use super::{lifetime, logout_token, parties, strict_json};
use crate::scope::Scopes;
use crate::time::Timestamp;

/// Takes a token, or does not. The order is: shape, header, key, signature, and only then the claims.
///
/// # Errors
/// [`Refused::UnknownKey`] if the set has no key of the token's `kid`; the caller may fetch the set anew, if
/// [`super::KeyCache::decide`] says so, and try once more. [`Refused::Invalid`] for all else.
pub fn verify(token: &str, keys: &KeySet, policy: &Policy, now: Timestamp) -> Result<Claims, Refused> {
    let token = signed(token, keys, policy)?;
    Ok(claims(&token, policy, now)?)
}

/// Shape, header, key and signature: all but the claims.
pub(super) fn signed<'a>(token: &'a str, keys: &KeySet, policy: &Policy) -> Result<Unverified<'a>, Refused> {
    let token = Unverified::parse(token)?;
    check_algorithm(&token, &policy.algorithms)?;
    check_typ(policy, token.typ())?;
    check_signature(&token, keys)?;
    Ok(token)
}

/// The payload of a JWS (RFC 7515) whose signature holds, whatever it is. No claim of it is checked, so nobody is let in by it:
/// this is for who has a JWS that is no token, and for published test vectors.
///
/// # Errors
/// As [`verify`], for the shape, the header, the key and the signature.
pub fn payload(jws: &str, keys: &KeySet, algorithms: &[Algorithm]) -> Result<Vec<u8>, Refused> {
    let jws = Unverified::parse(jws)?;
    check_algorithm(&jws, algorithms)?;
    check_signature(&jws, keys)?;
    Ok(jws.payload)
}

fn check_algorithm(token: &Unverified<'_>, allowed: &[Algorithm]) -> Result<(), Rule> {
    if allowed.contains(&token.algorithm()) { Ok(()) } else { Err(Rule::Algorithm) }
}

fn check_signature(token: &Unverified<'_>, keys: &KeySet) -> Result<(), Refused> {
    let key = keys.find(token.kid(), token.algorithm())?;
    let holds = key.signed(token.signing_input.as_bytes(), &token.signature);
    if holds { Ok(()) } else { Err(Rule::Signature.into()) }
}

/// Kinds of token that share a key are told apart by `typ` first (RFC 8725 section 3.11). OpenID Connect gives an ID
/// token none, or `JWT`, so any other is a token of another kind.
fn check_typ(policy: &Policy, typ: Option<&str>) -> Result<(), Rule> {
    let holds = match &policy.kind {
        Kind::AccessToken(rules) => return rules.check_typ(typ),
        Kind::IdToken(_) => typ.is_none_or(|typ| typ.eq_ignore_ascii_case("JWT")),
        Kind::LogoutToken => logout_token::is_typ(typ),
        Kind::Typed(own) => typ == Some(own),
        Kind::Contradiction => false,
    };
    if holds { Ok(()) } else { Err(Rule::Type) }
}

/// The signature holds here.
fn claims(token: &Unverified<'_>, policy: &Policy, now: Timestamp) -> Result<Claims, Rule> {
    let json = strict_json::object(&token.payload)?;
    let issuer = parties::issuer(&json, policy.issuer.as_deref())?.to_owned();
    let audiences = match &policy.kind {
        Kind::AccessToken(rules) if rules.audience_is_the_client(&json) => parties::client(&json, &policy.audience)?,
        Kind::AccessToken(_) | Kind::IdToken(_) | Kind::LogoutToken | Kind::Typed(_) | Kind::Contradiction => {
            parties::audiences(&json, &policy.audience)?
        }
    };
    let lifetime = lifetime::check(&json, now, policy.leeway_seconds, policy.max_lifetime_seconds)?;
    let subject = parties::subject(&json)?.to_owned();
    if json.get("org_id").is_some_and(|organization| !organization.is_string()) {
        return Err(Rule::Organization);
    }
    let scopes = match &policy.kind {
        Kind::IdToken(rules) => {
            rules.check(&json, &audiences, token.algorithm(), policy, now)?;
            Scopes::default()
        }
        Kind::AccessToken(rules) => {
            rules.check(&json, token.typ(), &subject)?;
            rules.scopes(&json)
        }
        Kind::Typed(_) => scope_claim(&json, "scope"),
        Kind::LogoutToken | Kind::Contradiction => return Err(Rule::Type),
    };
    Ok(Claims::verified(json, (issuer, subject), lifetime, scopes))
}
