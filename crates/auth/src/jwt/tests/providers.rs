//! One token of each provider as its documentation shows them, and what becomes of it.

use serde_json::{Value, json};

use super::forge::{NOW, header_of, keys, now, token, with, without};
use crate::jwt::{Algorithm, Caller, Issuers, Refused, Rule, Unverified};

const AUDIENCE: &str = "https://gateway-api";

pub(super) fn issuer_of(provider: &str) -> &'static str {
    match provider {
        "auth0" => "https://tenant.eu.auth0.com/",
        "okta" => "https://dev-1.okta.com/oauth2/default",
        "entra-id" => "https://login.microsoftonline.com/7b7c1f6e-0000-4000-8000-000000000001/v2.0",
        _ => "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_AbCdEfGhI",
    }
}

fn setting_of(provider: &str) -> Value {
    let audience = if provider == "cognito" { "client-1" } else { AUDIENCE };
    let issuer = issuer_of(provider);
    json!({"issuer": issuer, "provider": provider, "audience": audience, "jwks": format!("{issuer}/keys"),
           "sign_in": provider == "auth0"})
}

pub(super) fn all() -> Issuers {
    let issuers = ["auth0", "okta", "entra-id", "cognito"].map(setting_of);
    Issuers::parse(&json!({ "issuers": issuers }).to_string()).unwrap()
}

pub(super) fn claims_of(provider: &str) -> Value {
    let (iss, iat, exp) = (issuer_of(provider), NOW - 10, NOW + 600);
    match provider {
        "auth0" => {
            json!({"iss": iss, "sub": "auth0|alice", "aud": [AUDIENCE, "https://tenant.eu.auth0.com/userinfo"],
            "iat": iat, "exp": exp, "azp": "client-1", "scope": "openid api/read", "org_id": "org_acme",
            "permissions": ["api/read", "api/admin"]})
        }
        "okta" => {
            json!({"ver": 1, "jti": "AT.1", "iss": iss, "aud": AUDIENCE, "iat": iat, "exp": exp, "cid": "client-1",
            "uid": "00u1", "scp": ["openid", "api/read"], "auth_time": iat, "sub": "alice@example.com",
            "groups": ["Everyone", "Support"]})
        }
        "entra-id" => json!({"aud": AUDIENCE, "iss": iss, "iat": iat, "nbf": iat, "exp": exp, "azp": "client-1",
            "azpacr": "1", "oid": "0b8c", "scp": "openid api/read", "sub": "AAAAalice", "roles": ["Reader"],
            "groups": ["6e1a"], "tid": "7b7c1f6e-0000-4000-8000-000000000001", "uti": "u-1", "ver": "2.0"}),
        _ => {
            json!({"sub": "3f2a-alice", "cognito:groups": ["support"], "iss": iss, "version": 2, "client_id": "client-1",
            "event_id": "e-1", "token_use": "access", "scope": "openid api/read", "auth_time": iat, "exp": exp,
            "iat": iat, "jti": "j-1", "username": "alice"})
        }
    }
}

/// As the provider signs it: Okta and Cognito write no `typ`.
pub(super) fn signed(provider: &str, claims: &Value) -> String {
    let header = header_of(Algorithm::Rs256, "JWT");
    let header = if ["okta", "cognito"].contains(&provider) { without(header, "typ") } else { header };
    token(Algorithm::Rs256, &header, claims)
}

pub(super) fn caller(token: &str) -> Result<Caller, Refused> {
    let issuers = all();
    let (_, issuer) = issuers.of(&Unverified::parse(token)?)?;
    issuer.verify(token, &keys(), now())
}

fn refused(provider: &str, claims: &Value) -> Rule {
    match caller(&signed(provider, claims)).unwrap_err() {
        Refused::Invalid(rule) => rule,
        Refused::UnknownKey => panic!("the key is known"),
    }
}

fn words(names: &std::collections::BTreeSet<String>) -> String {
    names.iter().map(String::as_str).collect::<Vec<_>>().join(" ")
}

// J01, J11, J12, J17
#[test]
fn every_providers_token_comes_to_the_same_form() {
    for (provider, subject, groups, roles, organization) in [
        ("auth0", "auth0|alice", "", "api/admin api/read", Some("org_acme")),
        ("okta", "alice@example.com", "Everyone Support", "", None),
        ("entra-id", "AAAAalice", "6e1a", "Reader", None),
        ("cognito", "3f2a-alice", "support", "", None),
    ] {
        let caller = caller(&signed(provider, &claims_of(provider))).unwrap();
        assert_eq!(caller.subject().issuer(), issuer_of(provider));
        assert_eq!(caller.subject().id(), subject);
        assert_eq!(caller.client(), "client-1", "{provider}");
        assert_eq!(caller.scopes().joined(), "api/read openid", "{provider}");
        assert_eq!(words(caller.groups()), groups, "{provider}");
        assert_eq!(words(caller.roles()), roles, "{provider}");
        assert_eq!(caller.organization().map(|organization| organization.0.as_str()), organization);
        assert_eq!(caller.expires_at().seconds(), NOW + 600);
        assert_eq!(caller.signs_in_here(), provider == "auth0");
    }
}

// J10
#[test]
fn a_token_of_another_kind_is_refused_by_each_providers_own_marks() {
    for use_ in [json!("id"), json!(null), json!(["access"])] {
        assert_eq!(refused("cognito", &with(claims_of("cognito"), "token_use", use_)), Rule::OtherKind);
    }
    assert_eq!(refused("cognito", &without(claims_of("cognito"), "token_use")), Rule::OtherKind);
    for provider in ["auth0", "okta", "entra-id", "cognito"] {
        assert_eq!(refused(provider, &with(claims_of(provider), "nonce", "n-1")), Rule::OtherKind, "{provider}");
        let client = ["azp", "cid", "client_id"].into_iter().find(|name| claims_of(provider).get(name).is_some());
        let rule = if provider == "cognito" { Rule::Audience } else { Rule::RequiredClaim };
        assert_eq!(refused(provider, &without(claims_of(provider), client.unwrap())), rule, "{provider}");
    }
}

// J10
#[test]
fn only_okta_and_cognito_may_leave_the_type_out() {
    let untyped = without(header_of(Algorithm::Rs256, "JWT"), "typ");
    for (provider, taken) in [("auth0", false), ("okta", true), ("entra-id", false), ("cognito", true)] {
        let outcome = caller(&token(Algorithm::Rs256, &untyped, &claims_of(provider)));
        assert_eq!(outcome.is_ok(), taken, "{provider}");
        for typ in ["application/okta-internal-at+jwt", "dpop+jwt", "logout+jwt", ""] {
            let outcome = caller(&token(Algorithm::Rs256, &header_of(Algorithm::Rs256, typ), &claims_of(provider)));
            assert_eq!(outcome.unwrap_err(), Refused::Invalid(Rule::Type), "{provider} {typ}");
        }
    }
}

// J15
#[test]
fn an_application_that_signed_in_as_itself_is_no_person_at_any_provider() {
    for (provider, claims) in [
        ("auth0", with(claims_of("auth0"), "sub", "client-1@clients")),
        ("auth0", with(claims_of("auth0"), "gty", "client-credentials")),
        ("okta", with(claims_of("okta"), "sub", "client-1")),
        ("entra-id", without(claims_of("entra-id"), "scp")),
        ("entra-id", with(claims_of("entra-id"), "idtyp", "app")),
        ("entra-id", with(claims_of("entra-id"), "sub", "client-1")),
        ("cognito", with(claims_of("cognito"), "sub", "client-1")),
    ] {
        assert_eq!(refused(provider, &claims), Rule::NotAPerson, "{provider} {claims}");
    }
    let version_1 = with(without(claims_of("entra-id"), "azp"), "appid", "client-1");
    assert_eq!(caller(&signed("entra-id", &version_1)).unwrap().client(), "client-1");
    assert_eq!(refused("entra-id", &with(version_1, "sub", "client-1")), Rule::NotAPerson);
}

// J12
#[test]
fn cognitos_client_stands_for_the_audience_only_where_there_is_none() {
    let cognito = claims_of("cognito");
    assert_eq!(refused("cognito", &with(cognito.clone(), "client_id", "client-2")), Rule::Audience);
    for audience in [json!(AUDIENCE), json!(null), json!([]), json!(1)] {
        assert_eq!(refused("cognito", &with(cognito.clone(), "aud", audience)), Rule::Audience);
    }
    assert!(caller(&signed("cognito", &with(cognito, "aud", "client-1"))).is_ok());
    for provider in ["auth0", "okta", "entra-id"] {
        assert_eq!(refused(provider, &without(claims_of(provider), "aud")), Rule::Audience, "{provider}");
    }
}

// J17
#[test]
fn scopes_of_a_form_that_the_provider_does_not_send_grant_nothing() {
    for (provider, name, value) in [
        ("auth0", "scope", json!(["api/read"])),
        ("okta", "scp", json!("api/read")),
        ("okta", "scp", json!(["api/read", 1])),
        ("entra-id", "scp", json!(["api/read"])),
        ("cognito", "scope", json!(["api/read"])),
    ] {
        let caller = caller(&signed(provider, &with(claims_of(provider), name, value))).unwrap();
        assert_eq!(caller.scopes().joined(), "", "{provider}");
    }
    for (provider, name) in [("okta", "scope"), ("entra-id", "scope"), ("auth0", "scp"), ("cognito", "scp")] {
        let caller = caller(&signed(provider, &with(claims_of(provider), name, "api/admin"))).unwrap();
        assert_eq!(caller.scopes().joined(), "api/read openid", "{provider}");
    }
    for (provider, name) in [("okta", "groups"), ("entra-id", "groups"), ("cognito", "cognito:groups")] {
        for value in [json!("admins"), json!(["a", 1]), json!(null)] {
            let caller = caller(&signed(provider, &with(claims_of(provider), name, value))).unwrap();
            assert!(caller.groups().is_empty(), "{provider}");
        }
    }
}
