//! Who a token is from, for and about (RFC 7519 sections 4.1.1 to 4.1.3).

use serde_json::{Map, Value};

use super::refused::Rule;

/// Characters of a subject (OpenID Connect Core section 2).
const MAX_SUBJECT_CHARACTERS: usize = 255;

pub(super) fn issuer<'a>(claims: &'a Map<String, Value>, expected: Option<&str>) -> Result<&'a str, Rule> {
    let issuer = non_empty(claims, "iss").ok_or(Rule::Issuer)?;
    if expected.is_none_or(|expected| expected == issuer) { Ok(issuer) } else { Err(Rule::Issuer) }
}

/// The audiences, ours among them.
pub(super) fn audiences<'a>(claims: &'a Map<String, Value>, ours: &str) -> Result<Vec<&'a str>, Rule> {
    let audiences = match claims.get("aud") {
        Some(Value::String(one)) => vec![one.as_str()],
        Some(Value::Array(several)) => {
            several.iter().map(|one| one.as_str().ok_or(Rule::Audience)).collect::<Result<_, _>>()?
        }
        _ => return Err(Rule::Audience),
    };
    if audiences.contains(&ours) { Ok(audiences) } else { Err(Rule::Audience) }
}

/// The application in place of the audience, for an issuer whose tokens name no other.
pub(super) fn client<'a>(claims: &'a Map<String, Value>, ours: &str) -> Result<Vec<&'a str>, Rule> {
    let client = non_empty(claims, "client_id").filter(|client| *client == ours).ok_or(Rule::Audience)?;
    Ok(vec![client])
}

pub(super) fn subject(claims: &Map<String, Value>) -> Result<&str, Rule> {
    let subject = non_empty(claims, "sub").ok_or(Rule::Subject)?;
    if subject.chars().count() <= MAX_SUBJECT_CHARACTERS { Ok(subject) } else { Err(Rule::Subject) }
}

/// The text of a claim that is a string with at least one character.
pub(super) fn non_empty<'a>(claims: &'a Map<String, Value>, name: &str) -> Option<&'a str> {
    claims.get(name)?.as_str().filter(|text| !text.is_empty())
}
