//! When a token is good (RFC 7519 sections 4.1.4 to 4.1.6). A claim of the wrong type is an error and never an absence.

use serde_json::{Map, Value};

use super::refused::Rule;
use crate::time::Timestamp;

/// 9999-12-31T23:59:59Z. Larger numbers are milliseconds or mischief.
const LAST_SECOND: f64 = 253_402_300_799.0;

#[derive(Clone, Copy)]
pub(super) struct Lifetime {
    pub(super) issued_at: Timestamp,
    pub(super) expires_at: Timestamp,
}

/// `exp` and `iat` are there and `nbf` may be; all three with the same leeway.
pub(super) fn check(
    claims: &Map<String, Value>,
    now: Timestamp,
    leeway_seconds: u64,
    max_lifetime_seconds: u64,
) -> Result<Lifetime, Rule> {
    let expires_at = numeric_date(claims.get("exp")).ok_or(Rule::Expiry)?;
    let issued_at = numeric_date(claims.get("iat")).ok_or(Rule::IssuedAt)?;
    if now >= expires_at.plus(leeway_seconds) {
        return Err(Rule::Expiry);
    }
    if issued_at > now.plus(leeway_seconds) {
        return Err(Rule::IssuedAt);
    }
    if let Some(not_before) = claims.get("nbf") {
        let not_before = numeric_date(Some(not_before)).ok_or(Rule::NotBefore)?;
        if not_before > now.plus(leeway_seconds) {
            return Err(Rule::NotBefore);
        }
    }
    if expires_at < issued_at || expires_at.since(issued_at) > max_lifetime_seconds {
        return Err(Rule::Lifetime);
    }
    Ok(Lifetime { issued_at, expires_at })
}

/// A JSON number from 0 to the year 9999; a fraction of a second is cut off.
pub(super) fn numeric_date(value: Option<&Value>) -> Option<Timestamp> {
    let number = value?.as_number()?;
    let seconds = number.as_f64()?;
    if seconds.is_sign_negative() || seconds > LAST_SECOND {
        return None;
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "not negative and below 2^38, and the fraction is meant to go"
    )]
    let whole = number.as_u64().unwrap_or(seconds as u64);
    Some(Timestamp::from_seconds(whole))
}
