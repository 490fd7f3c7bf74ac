//! What the issuer tells everybody, and our client.

use serde_json::Value;
use url::Url;

use super::super::evidence::Evidence;
use super::super::finding::{Finding, Judged, text};

/// A function takes tokens that are this many seconds off.
const MOST_SKEW: u64 = 30;

pub(super) fn discovery(evidence: &Evidence) -> Judged {
    let what = "the issuer has no discovery document";
    let document =
        evidence.tenant.discovery.or_wrong(what, "look at AUTH0_ISSUER: scheme, host, and the slash at its end")?;
    for name in ["token_endpoint", "authorization_endpoint", "jwks_uri"] {
        if document.get(name).and_then(Value::as_str).is_none() {
            return Err(Finding::wrong(format!("the discovery document lacks `{name}`"), "look at AUTH0_ISSUER"));
        }
    }
    Ok("the discovery document is there".to_owned())
}

/// Byte for byte, as the functions compare a token's `iss`.
pub(super) fn issuer(evidence: &Evidence) -> Judged {
    let document = evidence.tenant.discovery.there()?;
    let identity = evidence.tenant.identity.as_ref().map_err(Clone::clone)?;
    let (told, ours) = (text(document, "/issuer"), identity.issuer.as_str());
    if told == ours {
        return Ok(format!("{ours} on both sides"));
    }
    if Url::parse(told).is_ok_and(|told| told == identity.base)
        || told.trim_end_matches('/') == ours.trim_end_matches('/')
    {
        return Err(Finding::wrong(
            "the document spells the issuer otherwise, as by the slash at the end",
            "set OIDC_ISSUER to the document's `issuer`, byte for byte, and AUTH0_ISSUER to the same address",
        ));
    }
    Err(Finding::wrong("AUTH0_ISSUER is not the issuer of the document", "set AUTH0_ISSUER to the document's `issuer`"))
}

pub(super) fn keys(evidence: &Evidence) -> Judged {
    const MEND: &str = "have the tenant sign with RS256; look at its signing keys";
    let set = evidence
        .tenant
        .keys
        .or_wrong("the key set is not there", "set OIDC_JWKS_PATH to what `jwks_uri` has below the issuer")?;
    let keys = set.get("keys").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let fits = |key: &&Value| {
        let of = |name: &str| key.get(name).and_then(Value::as_str);
        let signs = of("use").is_none_or(|purpose| purpose == "sig") && of("alg").is_none_or(|alg| alg == "RS256");
        of("kty") == Some("RSA") && signs && of("kid").is_some_and(|kid| !kid.is_empty())
    };
    match keys.iter().filter(fits).count() {
        0 if keys.is_empty() => Err(Finding::wrong("the key set is empty", MEND)),
        0 => Err(Finding::wrong("no key of the set is RSA for RS256 with a `kid`", MEND)),
        count => Ok(format!("{count} of {} keys are RSA for RS256", keys.len())),
    }
}

/// Tokens are dated by the tenant, and judged by this clock's like.
pub(super) fn clock(evidence: &Evidence) -> Judged {
    let Some(theirs) = evidence.tenant.date else {
        return Err(Finding::unasked("the tenant told no time", "mend auth0.discovery"));
    };
    let apart = theirs.abs_diff(evidence.now);
    if apart > MOST_SKEW {
        let mend = "set this machine's clock (NTP); tokens and signatures are refused by clocks that differ";
        return Err(Finding::wrong(format!("this clock and the tenant's are {apart} s apart"), mend));
    }
    Ok(format!("{apart} s apart"))
}

/// A token that is nobody's is refused in other words to a client that is known.
pub(super) fn client(evidence: &Evidence) -> Judged {
    let answer = evidence
        .tenant
        .client
        .or_wrong("there is no token endpoint", "set OIDC_TOKEN_PATH to what `token_endpoint` has below the issuer")?;
    match text(answer, "/error") {
        "invalid_client" => Err(Finding::wrong(
            "the tenant does not take the client's secret",
            "compare AUTH0_CLIENT_ID and AUTH0_CLIENT_SECRET with the application",
        )),
        "unauthorized_client" => {
            Err(Finding::wrong("the client may not redeem refresh tokens", "switch the grant Refresh Token on"))
        }
        "invalid_grant" => Ok("the tenant knows the client by its secret".to_owned()),
        _ => Err(Finding::unasked("the token endpoint answered in words that are not known", "try again")),
    }
}

pub(super) fn okta(evidence: &Evidence) -> Judged {
    const MEND: &str = "set OKTA_DOMAIN to the organization's origin, as in https://acme.okta.com";
    let document = evidence.okta.or_wrong("there is no Okta organization at OKTA_DOMAIN", MEND)?;
    let (told, ours) = (text(document, "/issuer"), evidence.given.or("OKTA_DOMAIN", ""));
    if told.trim_end_matches('/') == ours.trim_end_matches('/') {
        return Ok(format!("{ours} is an Okta organization"));
    }
    Err(Finding::wrong("the organization at OKTA_DOMAIN has another name", MEND))
}
