use aws_lc_rs::digest;
use serde_json::{Value, json};

use super::forge::{CLIENT, ISSUER, NOW, b64, header_of, id, id_claims, id_policy, keys, now, token, with, without};
use crate::id::Organization;
use crate::jwt::{Algorithm, Policy, Refused, Rule, verify};
use crate::scope::Scopes;
use crate::secret::Secret;

fn rule(claims: &Value, policy: &Policy) -> Rule {
    match id(claims, policy).unwrap_err() {
        Refused::Invalid(rule) => rule,
        Refused::UnknownKey => panic!("the key is known"),
    }
}

#[test]
fn a_good_id_token_names_the_person() {
    let claims = id(&id_claims(), &id_policy()).unwrap();
    assert_eq!(claims.subject(), "auth0|alice");
    assert_eq!(claims.email(), Some("alice@example.com"));
}

#[test]
fn an_id_token_has_no_type_or_jwt() {
    let of_header =
        |header: &Value| verify(&token(Algorithm::Rs256, header, &id_claims()), &keys(), &id_policy(), now());
    assert!(of_header(&without(header_of(Algorithm::Rs256, "JWT"), "typ")).is_ok());
    assert!(of_header(&header_of(Algorithm::Rs256, "jwt")).is_ok());
    for typ in ["at+jwt", "logout+jwt", "dpop+jwt", "mandate-ticket+jwt", ""] {
        assert_eq!(of_header(&header_of(Algorithm::Rs256, typ)).unwrap_err(), Refused::Invalid(Rule::Type), "{typ}");
    }
    assert_eq!(rule(&with(id_claims(), "events", json!({})), &id_policy()), Rule::OtherKind);
}

// I02
#[test]
fn another_audience_needs_us_as_authorized_party() {
    let with_aud = |aud: Value| with(id_claims(), "aud", aud);
    assert!(id(&with_aud(json!([CLIENT])), &id_policy()).is_ok());
    assert!(id(&with(id_claims(), "azp", CLIENT), &id_policy()).is_ok());
    for aud in [json!([CLIENT, "other"]), json!([CLIENT, CLIENT])] {
        assert_eq!(rule(&with_aud(aud.clone()), &id_policy()), Rule::AuthorizedParty);
        assert!(id(&with(with_aud(aud.clone()), "azp", CLIENT), &id_policy()).is_ok());
        assert_eq!(rule(&with(with_aud(aud), "azp", "other"), &id_policy()), Rule::AuthorizedParty);
    }
    assert_eq!(rule(&with(with_aud(json!(["other"])), "azp", CLIENT), &id_policy()), Rule::Audience);
    for azp in [json!("other"), json!(null), json!([CLIENT]), json!(1)] {
        assert_eq!(rule(&with(id_claims(), "azp", azp), &id_policy()), Rule::AuthorizedParty);
    }
}

// I03
#[test]
fn the_nonce_is_that_of_this_sign_in() {
    for nonce in [json!("n-2"), json!("N-1"), json!("n-1 "), json!(""), json!(null), json!(1), json!(["n-1"])] {
        assert_eq!(rule(&with(id_claims(), "nonce", nonce), &id_policy()), Rule::Nonce);
    }
    assert_eq!(rule(&without(id_claims(), "nonce"), &id_policy()), Rule::Nonce);
}

// I04
#[test]
fn an_access_token_hash_must_be_that_of_the_token_beside_it() {
    let access_token = Secret::new("access-token-of-alice".to_owned());
    let policy = || id_policy().algorithms(&[Algorithm::Rs256, Algorithm::EdDsa]).access_token_hash(&access_token);
    let half = |algorithm, text: &str| {
        let hash = digest::digest(algorithm, text.as_bytes());
        b64(&hash.as_ref()[..hash.as_ref().len() / 2])
    };
    let right = half(&digest::SHA256, access_token.expose());
    assert!(id(&with(id_claims(), "at_hash", right.clone()), &policy()).is_ok());
    assert!(id(&id_claims(), &policy()).is_ok(), "it may be absent");
    for wrong in [
        json!(half(&digest::SHA256, "access-token-of-bob")),
        json!(half(&digest::SHA512, access_token.expose())),
        json!(format!("{right}=")),
        json!(""),
        json!(null),
        json!([right]),
    ] {
        assert_eq!(rule(&with(id_claims(), "at_hash", wrong), &policy()), Rule::AccessTokenHash);
    }
    let ed = |at_hash: String| {
        let claims = with(id_claims(), "at_hash", at_hash);
        verify(&token(Algorithm::EdDsa, &header_of(Algorithm::EdDsa, "JWT"), &claims), &keys(), &policy(), now())
    };
    assert!(ed(half(&digest::SHA512, access_token.expose())).is_ok());
    assert_eq!(ed(half(&digest::SHA256, access_token.expose())).unwrap_err(), Refused::Invalid(Rule::AccessTokenHash));
}

// I04
#[test]
fn a_sign_in_longer_ago_than_asked_for_is_refused() {
    let policy = || id_policy().max_age(300);
    let signed_in = |auth_time: Value| with(id_claims(), "auth_time", auth_time);
    assert!(id(&signed_in(json!(NOW - 330)), &policy()).is_ok());
    assert_eq!(rule(&signed_in(json!(NOW - 331)), &policy()), Rule::AuthTime);
    assert!(id(&signed_in(json!(NOW + 30)), &policy()).is_ok());
    assert_eq!(rule(&signed_in(json!(NOW + 31)), &policy()), Rule::AuthTime);
    for ill_typed in [json!(null), json!(NOW.to_string()), json!(-1), json!([NOW])] {
        assert_eq!(rule(&signed_in(ill_typed), &policy()), Rule::AuthTime);
    }
    assert_eq!(rule(&id_claims(), &policy()), Rule::AuthTime);
}

// I07
#[test]
fn each_missing_claim_alone_fails_the_sign_in() {
    for (name, expected) in [
        ("iss", Rule::Issuer),
        ("aud", Rule::Audience),
        ("exp", Rule::Expiry),
        ("iat", Rule::IssuedAt),
        ("sub", Rule::Subject),
    ] {
        assert_eq!(rule(&without(id_claims(), name), &id_policy()), expected, "{name}");
        assert_eq!(rule(&with(id_claims(), name, json!(null)), &id_policy()), expected, "{name} null");
    }
}

#[test]
fn the_organization_is_the_one_asked_for_or_none() {
    let acme = || Some(Organization("org_acme".to_owned()));
    let of_acme = with(id_claims(), "org_id", "org_acme");
    assert!(id(&of_acme, &id_policy()).is_ok(), "nothing was asked for");
    assert!(id(&of_acme, &id_policy().organization(acme())).is_ok());
    assert!(id(&id_claims(), &id_policy().organization(None)).is_ok());
    assert_eq!(rule(&of_acme, &id_policy().organization(None)), Rule::Organization);
    assert_eq!(rule(&id_claims(), &id_policy().organization(acme())), Rule::Organization);
    for other in [json!("org_other"), json!("ORG_ACME"), json!(""), json!(null), json!(["org_acme"])] {
        assert_eq!(rule(&with(id_claims(), "org_id", other), &id_policy().organization(acme())), Rule::Organization);
    }
}

// I09
#[test]
fn an_address_that_is_not_verified_is_no_address() {
    for unverified in [json!(false), json!("true"), json!(1), json!(null), json!([true])] {
        let claims = id(&with(id_claims(), "email_verified", unverified), &id_policy()).unwrap();
        assert_eq!(claims.email(), None);
    }
    assert_eq!(id(&without(id_claims(), "email_verified"), &id_policy()).unwrap().email(), None);
    assert_eq!(id(&with(id_claims(), "email", json!(["a@example.com"])), &id_policy()).unwrap().email(), None);
}

#[test]
fn an_id_token_grants_no_scope() {
    let claims = id(&with(id_claims(), "scope", "read:okta"), &id_policy()).unwrap();
    assert_eq!(claims.scopes(), &Scopes::default());
}

#[test]
fn an_access_token_is_no_id_token() {
    let outcome = verify(
        &super::forge::access_token(&super::forge::access_claims()),
        &keys(),
        &Policy::id_token(ISSUER, super::forge::API),
        now(),
    );
    assert_eq!(outcome.unwrap_err(), Refused::Invalid(Rule::Type));
}
