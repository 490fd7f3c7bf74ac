//! Tokens of an issuer, by the policies that the interceptor and the sign-in have.

use auth::id::Organization;
use auth::jwt::{Caller, Claims, Issuers, KeySet, Policy, Refused, Unverified, verify};
use auth::scope::Scopes;
use auth::secret::Secret;
use auth::time::Timestamp;
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;
use serde_json::{Value, json};
use vectors::{Answer, Request};

use super::Operation;
use super::keys::{key_set, named, refused};

pub(super) const ACCESS_TOKEN: Operation = Operation {
    name: "access_token",
    told: "validates an access token as the interceptor does. `provider` says whose form it has: auth0, okta, entra-id \
           or cognito; without it,\nRFC 9068 is kept to the letter. Perhaps also: `algorithms` (RS256 unless told), \
           `leeway_seconds` (30, at most 60), `max_lifetime_seconds`\n(86400), `clients` (those whose tokens are taken).",
    example: (include_str!("access_token.json"), include_str!("access_token.answer.json")),
    answer: access_token,
};

pub(super) const ID_TOKEN: Operation = Operation {
    name: "id_token",
    told: "validates an ID token as a sign-in does (OpenID Connect Core 3.1.3.7). Perhaps also: `nonce`, `max_age` \
           (seconds), `access_token`\n(for `at_hash`), `organization` (null: there must be none), `algorithms` (RS256 unless \
           told), `leeway_seconds`, `max_lifetime_seconds`.",
    example: (include_str!("id_token.json"), include_str!("id_token.answer.json")),
    answer: id_token,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AccessToken {
    token: String,
    jwks: Box<RawValue>,
    issuer: String,
    audience: String,
    now: u64,
    provider: Option<String>,
    algorithms: Option<Vec<String>>,
    leeway_seconds: Option<u64>,
    max_lifetime_seconds: Option<u64>,
    clients: Option<Vec<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct IdToken {
    token: String,
    jwks: Box<RawValue>,
    issuer: String,
    client_id: String,
    now: u64,
    nonce: Option<String>,
    max_age: Option<u64>,
    access_token: Option<Secret>,
    #[serde(default, deserialize_with = "even_null")]
    organization: Option<Option<String>>,
    algorithms: Option<Vec<String>>,
    leeway_seconds: Option<u64>,
    max_lifetime_seconds: Option<u64>,
}

fn even_null<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<String>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

fn access_token(request: &Request) -> Result<Answer, Answer> {
    let members: AccessToken = request.members()?;
    let (keys, now) = (key_set(&members.jwks)?, Timestamp::from_seconds(members.now));
    if members.provider.is_some() {
        return of_provider(members, &keys, now);
    }
    if members.clients.is_some() {
        return Err(Answer::refused("malformed").with("message", "`clients` belongs to a `provider`"));
    }
    let policy = Policy::access_token(members.issuer, members.audience);
    let policy = limited(policy, members.algorithms, members.leeway_seconds, members.max_lifetime_seconds)?;
    let claims = verify(&members.token, &keys, &policy, now).map_err(refused)?;
    Ok(said(&claims).with("scopes", words(claims.scopes())))
}

/// By the setting of the interceptor, read and used as it does.
fn of_provider(members: AccessToken, keys: &KeySet, now: Timestamp) -> Result<Answer, Answer> {
    let mut issuer = json!({
        "issuer": members.issuer, "audience": members.audience, "provider": members.provider, "jwks": "given",
    });
    for (name, value) in [
        ("algorithms", members.algorithms.map(Value::from)),
        ("leeway_seconds", members.leeway_seconds.map(Value::from)),
        ("max_lifetime_seconds", members.max_lifetime_seconds.map(Value::from)),
        ("clients", members.clients.map(Value::from)),
    ] {
        if let (Some(object), Some(value)) = (issuer.as_object_mut(), value) {
            object.insert(name.to_owned(), value);
        }
    }
    let issuers = Issuers::parse(&json!({ "issuers": [issuer] }).to_string())
        .map_err(|problem| Answer::refused("bad_issuer").with("message", problem.to_string()))?;
    let caller = caller(&issuers, &members.token, keys, now).map_err(refused)?;
    Ok(said(caller.claims())
        .with("client", caller.client())
        .with("scopes", words(caller.scopes()))
        .with("groups", caller.groups().iter().cloned().collect::<Vec<_>>())
        .with("roles", caller.roles().iter().cloned().collect::<Vec<_>>()))
}

fn caller(issuers: &Issuers, token: &str, keys: &KeySet, now: Timestamp) -> Result<Caller, Refused> {
    let (_, issuer) = issuers.of(&Unverified::parse(token)?)?;
    issuer.verify(token, keys, now)
}

fn id_token(request: &Request) -> Result<Answer, Answer> {
    let members: IdToken = request.members()?;
    let (keys, now) = (key_set(&members.jwks)?, Timestamp::from_seconds(members.now));
    let mut policy = Policy::id_token(members.issuer, members.client_id);
    if let Some(nonce) = members.nonce {
        policy = policy.nonce(nonce);
    }
    if let Some(seconds) = members.max_age {
        policy = policy.max_age(seconds);
    }
    if let Some(access_token) = &members.access_token {
        policy = policy.access_token_hash(access_token);
    }
    if let Some(organization) = members.organization {
        policy = policy.organization(organization.map(Organization));
    }
    let policy = limited(policy, members.algorithms, members.leeway_seconds, members.max_lifetime_seconds)?;
    let claims = verify(&members.token, &keys, &policy, now).map_err(refused)?;
    Ok(said(&claims).with("verified_email", claims.email()))
}

fn limited(
    mut policy: Policy,
    algorithms: Option<Vec<String>>,
    leeway_seconds: Option<u64>,
    max_lifetime_seconds: Option<u64>,
) -> Result<Policy, Answer> {
    if let Some(algorithms) = algorithms {
        policy = policy.algorithms(&named(&algorithms)?);
    }
    if let Some(seconds) = leeway_seconds {
        policy = policy.leeway_seconds(seconds);
    }
    if let Some(seconds) = max_lifetime_seconds {
        policy = policy.max_lifetime_seconds(seconds);
    }
    Ok(policy)
}

fn said(claims: &Claims) -> Answer {
    Answer::good()
        .with("issuer", claims.issuer())
        .with("subject", claims.subject())
        .with("organization", claims.organization().map(|organization| organization.0))
        .with("issued_at", claims.issued_at().seconds())
        .with("expires_at", claims.expires_at().seconds())
}

fn words(scopes: &Scopes) -> Vec<String> {
    scopes.iter().map(str::to_owned).collect()
}
