//! What RFC 9068 asks of an access token beside signature, issuer, audience and time.

use serde_json::{Map, Value};

use super::parties::non_empty;
use super::provider::Provider;
use super::refused::Rule;
use crate::scope::Scopes;

/// Claims that an ID token, a logout token or a DPoP proof has and an access token has not (OpenID Connect Core
/// section 2, Back-Channel Logout section 2.4, RFC 9449 section 4.2). Looked at where `typ` does not tell them apart.
const OF_OTHER_KINDS: [&str; 7] = ["nonce", "at_hash", "c_hash", "s_hash", "events", "htm", "htu"];

#[derive(Clone, Default)]
pub(super) struct AccessTokenRules {
    pub(super) also_typ_jwt: bool,
    pub(super) scopes_from_scp: bool,
    pub(super) actor: Option<Actor>,
    pub(super) provider: Option<Provider>,
}

/// Who must be named as acting for the person.
#[derive(Clone)]
pub(super) struct Actor {
    pub(super) agent: String,
    pub(super) required: bool,
}

impl AccessTokenRules {
    pub(super) fn check_typ(&self, typ: Option<&str>) -> Result<(), Rule> {
        let also_jwt = self.also_typ_jwt || self.provider.is_some();
        let holds = match typ {
            Some(typ) => is_rfc_9068(typ) || (also_jwt && typ.eq_ignore_ascii_case("JWT")),
            None => self.provider.is_some_and(Provider::leaves_typ_out),
        };
        if holds { Ok(()) } else { Err(Rule::Type) }
    }

    pub(super) fn check(&self, claims: &Map<String, Value>, typ: Option<&str>, subject: &str) -> Result<(), Rule> {
        // Bound to a key (RFC 9449 section 6, RFC 8705 section 3): good only with a proof, which nobody here asks for.
        if claims.contains_key("cnf") {
            return Err(Rule::OtherKind);
        }
        let client = if typ.is_some_and(is_rfc_9068) {
            non_empty(claims, "jti").ok_or(Rule::RequiredClaim)?;
            non_empty(claims, "client_id")
        } else {
            if OF_OTHER_KINDS.iter().any(|name| claims.contains_key(*name)) {
                return Err(Rule::OtherKind);
            }
            match self.provider {
                Some(provider) => provider.client(claims),
                None => ["client_id", "azp", "cid"].iter().find_map(|name| non_empty(claims, name)),
            }
        };
        client.ok_or(Rule::RequiredClaim)?;
        self.check_actor(claims)?;
        if let Some(provider) = self.provider {
            provider.check(claims)?;
        }
        if is_a_client(claims, subject) { Err(Rule::NotAPerson) } else { Ok(()) }
    }

    /// The outermost `act` is who acts now; those inside it acted before and decide nothing (RFC 8693 section 4.1).
    fn check_actor(&self, claims: &Map<String, Value>) -> Result<(), Rule> {
        let Some(Actor { agent, required }) = &self.actor else { return Ok(()) };
        let acts = match claims.get("act") {
            None => !required,
            Some(act) => act.get("sub").and_then(Value::as_str) == Some(agent.as_str()),
        };
        if acts { Ok(()) } else { Err(Rule::Actor) }
    }

    pub(super) fn scopes(&self, claims: &Map<String, Value>) -> Scopes {
        match self.provider {
            Some(provider) => provider.scopes(claims),
            None if self.scopes_from_scp => words_of(claims, "scp"),
            None => scope_claim(claims, "scope"),
        }
    }

    pub(super) fn audience_is_the_client(&self, claims: &Map<String, Value>) -> bool {
        self.provider.is_some_and(|provider| provider.audience_is_the_client(claims))
    }
}

/// Scopes in an array of strings; of any other type it grants nothing.
pub(super) fn words_of(claims: &Map<String, Value>, name: &str) -> Scopes {
    let words = claims.get(name).and_then(Value::as_array).map(|words| words.iter().map(Value::as_str).collect());
    words.and_then(|words: Option<Vec<&str>>| words).map_or_else(Scopes::default, whole_words)
}

/// Scopes as RFC 8693 section 4.2 has them, in a string; of any other type it grants nothing.
pub(super) fn scope_claim(claims: &Map<String, Value>, name: &str) -> Scopes {
    claims.get(name).and_then(Value::as_str).map_or_else(Scopes::default, |list| whole_words(list.split(' ').collect()))
}

/// A comma is part of a scope here (RFC 6749 section 3.3), and so is a space inside an element of `scp`: a word that has
/// one is left out rather than cut in two.
fn whole_words(words: Vec<&str>) -> Scopes {
    Scopes::parse(&words.into_iter().filter(|word| !word.contains([' ', ','])).collect::<Vec<_>>().join(" "))
}

fn is_rfc_9068(typ: &str) -> bool {
    typ.eq_ignore_ascii_case("at+jwt") || typ.eq_ignore_ascii_case("application/at+jwt")
}

/// A client that signed in as itself: the subject is a client's id (RFC 9068 section 5), in Auth0 with `@clients`
/// behind it, or `gty` says so.
fn is_a_client(claims: &Map<String, Value>, subject: &str) -> bool {
    let named = subject.strip_suffix("@clients").unwrap_or(subject);
    let own = ["client_id", "azp", "cid", "appid"]
        .iter()
        .any(|name| claims.get(*name).and_then(Value::as_str) == Some(named));
    let by_grant = match claims.get("gty") {
        None => false,
        Some(Value::String(grant)) => is_client_grant(Some(grant)),
        Some(Value::Array(grants)) => grants.iter().any(|grant| is_client_grant(grant.as_str())),
        Some(_) => true,
    };
    own || by_grant || subject.ends_with("@clients")
}

fn is_client_grant(grant: Option<&str>) -> bool {
    grant.is_none_or(|grant| grant == "client-credentials" || grant == "client_credentials")
}
