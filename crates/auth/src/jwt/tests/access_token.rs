use serde_json::{Value, json};

use super::forge::{
    API, CLIENT, access, access_claims, access_policy, access_token, header_of, keys, now, token, with, without,
};
use crate::jwt::{Algorithm, Claims, Policy, Refused, Rule, verify};
use crate::scope::Scopes;

fn of_typ(typ: &str, claims: &Value, policy: &Policy) -> Result<Claims, Refused> {
    verify(&token(Algorithm::Rs256, &header_of(Algorithm::Rs256, typ), claims), &keys(), policy, now())
}

// J10
#[test]
fn an_access_token_says_that_it_is_one() {
    for typ in ["at+jwt", "AT+JWT", "application/at+jwt", "Application/At+Jwt"] {
        assert!(of_typ(typ, &access_claims(), &access_policy()).is_ok(), "{typ}");
    }
    let kinds =
        ["JWT", "jwt", "logout+jwt", "dpop+jwt", "client-authentication+jwt", "oauth-id-jag+jwt", "", "at+jwt "];
    for typ in kinds {
        let outcome = of_typ(typ, &access_claims(), &access_policy());
        assert_eq!(outcome.unwrap_err(), Refused::Invalid(Rule::Type), "{typ:?}");
    }
    let nameless = without(header_of(Algorithm::Rs256, "at+jwt"), "typ");
    for policy in [access_policy(), access_policy().also_typ_jwt()] {
        let outcome = verify(&token(Algorithm::Rs256, &nameless, &access_claims()), &keys(), &policy, now());
        assert_eq!(outcome.unwrap_err(), Refused::Invalid(Rule::Type));
    }
}

// D03
#[test]
fn a_token_that_is_bound_to_a_key_is_no_bearer_token() {
    let switched = access_policy().also_typ_jwt();
    for cnf in
        [json!({ "jkt": "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I" }), json!({ "x5t#S256": "bwcK" }), json!(null)]
    {
        for (typ, policy) in [("at+jwt", &access_policy()), ("JWT", &switched)] {
            let outcome = of_typ(typ, &with(access_claims(), "cnf", cnf.clone()), policy);
            assert_eq!(outcome.unwrap_err(), Refused::Invalid(Rule::OtherKind), "{typ} {cnf}");
        }
    }
    for policy in [access_policy(), switched] {
        assert_eq!(of_typ("dpop+jwt", &access_claims(), &policy).unwrap_err(), Refused::Invalid(Rule::Type));
    }
}

// J10
#[test]
fn an_issuer_that_sends_jwt_needs_the_switch_and_is_then_told_by_its_claims() {
    let switched = access_policy().also_typ_jwt();
    let auth0 = with(without(without(access_claims(), "jti"), "client_id"), "azp", CLIENT);
    assert!(of_typ("JWT", &auth0, &switched).is_ok());
    assert!(of_typ("at+jwt", &access_claims(), &switched).is_ok());
    assert_eq!(of_typ("at+jwt", &auth0, &switched).unwrap_err(), Refused::Invalid(Rule::RequiredClaim));
    assert_eq!(of_typ("dpop+jwt", &auth0, &switched).unwrap_err(), Refused::Invalid(Rule::Type));
    for name in ["nonce", "at_hash", "c_hash", "s_hash", "events", "htm", "htu"] {
        let outcome = of_typ("JWT", &with(auth0.clone(), name, "x"), &switched);
        assert_eq!(outcome.unwrap_err(), Refused::Invalid(Rule::OtherKind), "{name}");
    }
    let outcome = of_typ("JWT", &without(auth0, "azp"), &switched);
    assert_eq!(outcome.unwrap_err(), Refused::Invalid(Rule::RequiredClaim));
}

// J10
#[test]
fn an_id_token_is_no_access_token() {
    let outcome =
        of_typ("JWT", &super::forge::id_claims(), &Policy::access_token(super::forge::ISSUER, CLIENT).also_typ_jwt());
    assert_eq!(outcome.unwrap_err(), Refused::Invalid(Rule::OtherKind));
}

// J15
#[test]
fn a_client_that_signed_in_as_itself_is_no_person() {
    for claims in [
        with(access_claims(), "sub", CLIENT),
        with(access_claims(), "sub", format!("{CLIENT}@clients")),
        with(access_claims(), "sub", "another@clients"),
        with(with(access_claims(), "azp", "m2m"), "sub", "m2m"),
        with(access_claims(), "gty", "client-credentials"),
        with(access_claims(), "gty", json!(["client-credentials"])),
        with(access_claims(), "gty", json!(["refresh_token", 1])),
        with(access_claims(), "gty", json!(null)),
        with(access_claims(), "gty", json!({})),
    ] {
        assert_eq!(access(&claims).unwrap_err(), Refused::Invalid(Rule::NotAPerson), "{claims}");
    }
    let of_a_person = json!(["refresh_token", "urn:openid:params:grant-type:ciba"]);
    assert!(access(&with(access_claims(), "gty", of_a_person)).is_ok());
}

// J16
#[test]
fn every_claim_of_rfc_9068_is_needed() {
    for (name, rule) in [
        ("iss", Rule::Issuer),
        ("exp", Rule::Expiry),
        ("aud", Rule::Audience),
        ("sub", Rule::Subject),
        ("client_id", Rule::RequiredClaim),
        ("iat", Rule::IssuedAt),
        ("jti", Rule::RequiredClaim),
    ] {
        assert_eq!(access(&without(access_claims(), name)).unwrap_err(), Refused::Invalid(rule), "{name}");
    }
    for name in ["client_id", "jti"] {
        for value in [json!(""), json!(1), json!(null), json!(["x"])] {
            let outcome = access(&with(access_claims(), name, value));
            assert_eq!(outcome.unwrap_err(), Refused::Invalid(Rule::RequiredClaim));
        }
    }
}

// J17
#[test]
fn scopes_are_whole_words_in_their_own_case() {
    let scopes = |scope: Value| access(&with(access_claims(), "scope", scope)).unwrap().scopes().clone();
    let needed = Scopes::parse("api/read");
    assert!(scopes(json!("openid api/read")).cover(&needed));
    for scope in [
        json!("api/readonly"),
        json!("API/read"),
        json!("api/read,write"),
        json!("x,api/read"),
        json!(["api/read"]),
        json!(null),
        json!(1),
        json!({"api/read": true}),
        json!(""),
    ] {
        assert!(!scopes(scope.clone()).cover(&needed), "{scope}");
    }
    assert_eq!(access(&without(access_claims(), "scope")).unwrap().scopes(), &Scopes::default());
}

// J17
#[test]
fn the_array_scp_is_read_only_where_the_issuer_is_known_to_send_it() {
    let token_with = |scp: Value| access_token(&with(without(access_claims(), "scope"), "scp", scp));
    let read = |token: &str, policy: &Policy| verify(token, &keys(), policy, now()).unwrap().scopes().joined();
    let okta = access_policy().scopes_from_scp();
    assert_eq!(read(&token_with(json!(["b", "a"])), &okta), "a b");
    assert_eq!(read(&token_with(json!(["b", "a"])), &access_policy()), "");
    assert_eq!(read(&access_token(&access_claims()), &okta), "");
    for ill_typed in [json!("a b"), json!(["a", 1]), json!(["a b"]), json!(["a,b"]), json!({"a": 1})] {
        assert_eq!(read(&token_with(ill_typed), &okta), "");
    }
}

#[test]
fn what_a_verified_token_says_can_be_read() {
    let claims = access(&with(access_claims(), "org_id", "org_acme")).unwrap();
    assert_eq!(claims.issuer(), super::forge::ISSUER);
    assert_eq!(claims.subject(), "auth0|alice");
    assert_eq!(claims.text("jti"), Some("t-1"));
    assert_eq!(claims.text("exp"), None, "not a text");
    assert_eq!(claims.organization().unwrap().0, "org_acme");
    assert_eq!(claims.json().get("aud"), Some(&json!(API)));
    assert_eq!(claims.scopes().joined(), "openid read:okta");
    assert_eq!(access(&access_claims()).unwrap().organization(), None);
}

#[test]
fn an_organization_of_the_wrong_type_is_not_taken_for_none() {
    for value in [json!(null), json!(1), json!(["org_acme"])] {
        let outcome = access(&with(access_claims(), "org_id", value));
        assert_eq!(outcome.unwrap_err(), Refused::Invalid(Rule::Organization));
    }
}
