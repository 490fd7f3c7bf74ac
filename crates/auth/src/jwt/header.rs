//! The header's rules. `jku`, `jwk`, `x5u`, `x5c` and `x5t` are not read at all: some issuers send them, and no key ever
//! comes from a token (RFC 8725 section 3.10).

use serde_json::Value;

use super::algorithm::Algorithm;
use super::refused::Rule;
use super::strict_json;

/// Members that change what the other segments mean (RFC 7515 section 4.1.11, RFC 7797, RFC 7516), and `cty`, which
/// announces another token inside (RFC 7519 section 5.2). None is supported, so any value is refused.
const REFUSED: [&str; 5] = ["crit", "b64", "zip", "enc", "cty"];

pub(super) struct Header {
    pub(super) algorithm: Algorithm,
    pub(super) kid: Option<String>,
    pub(super) typ: Option<String>,
}

impl Header {
    pub(super) fn parse(bytes: &[u8]) -> Result<Self, Rule> {
        let mut members = strict_json::object(bytes)?;
        if REFUSED.iter().any(|name| members.contains_key(*name)) {
            return Err(Rule::Header);
        }
        let mut text = |name| match members.remove(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(Rule::Header),
        };
        let (kid, typ) = (text("kid")?, text("typ")?);
        let algorithm = text("alg")?.and_then(|name| Algorithm::named(&name)).ok_or(Rule::Algorithm)?;
        Ok(Self { algorithm, kid, typ })
    }
}
