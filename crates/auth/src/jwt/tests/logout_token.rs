use proptest::prelude::*;
use serde_json::{Value, json};

use super::forge::{
    ALL, CLIENT, ISSUER, LOGOUT_EVENT, NOW, access_claims, header_of, id_claims, id_policy, keys, logout_claims, now,
    token, with, without,
};
use crate::jwt::{Algorithm, Ended, LogoutToken, Policy, Refused, Rule, verify, verify_logout_token};
use crate::subject::Subject;
use crate::time::Timestamp;

fn policy() -> Policy {
    Policy::logout_token(ISSUER, CLIENT)
}

fn signed(claims: &Value) -> String {
    token(Algorithm::Rs256, &header_of(Algorithm::Rs256, "logout+jwt"), claims)
}

fn of(claims: &Value) -> Result<LogoutToken, Refused> {
    verify_logout_token(&signed(claims), &keys(), &policy(), now())
}

fn rule(claims: &Value) -> Rule {
    match of(claims).unwrap_err() {
        Refused::Invalid(rule) => rule,
        Refused::UnknownKey => panic!("the key is known"),
    }
}

#[test]
fn a_good_logout_token_names_a_session_a_person_or_both() {
    let alice = Subject::new(ISSUER, "auth0|alice").unwrap();
    let both = of(&logout_claims()).unwrap();
    assert!(*both.ended() == Ended::Session("s-1".to_owned(), Some(alice.clone())));
    assert_eq!((both.id(), both.expires_at()), ("l-1", Timestamp::from_seconds(NOW + 110)));
    assert_eq!(both.issued_at(), Timestamp::from_seconds(NOW - 10));
    assert_eq!(format!("{both:?}"), "LogoutToken { .. }");
    assert!(*of(&without(logout_claims(), "sub")).unwrap().ended() == Ended::Session("s-1".to_owned(), None));
    assert!(*of(&without(logout_claims(), "sid")).unwrap().ended() == Ended::Person(alice));
    assert_eq!(rule(&without(without(logout_claims(), "sid"), "sub")), Rule::RequiredClaim);
}

#[test]
fn its_type_is_the_specifications_or_jwt_or_absent_and_no_other() {
    let of_header = |header: &Value| {
        verify_logout_token(&token(Algorithm::Rs256, header, &logout_claims()), &keys(), &policy(), now())
    };
    for typ in ["logout+jwt", "LOGOUT+JWT", "application/logout+jwt", "JWT"] {
        assert!(of_header(&header_of(Algorithm::Rs256, typ)).is_ok(), "{typ}");
    }
    assert!(of_header(&without(header_of(Algorithm::Rs256, "JWT"), "typ")).is_ok());
    for typ in ["at+jwt", "dpop+jwt", "secevent+jwt", "mandate-ticket+jwt", ""] {
        assert_eq!(of_header(&header_of(Algorithm::Rs256, typ)).unwrap_err(), Refused::Invalid(Rule::Type), "{typ}");
    }
}

#[test]
fn each_claim_that_is_missing_or_wrong_is_refused() {
    for (name, expected) in [
        ("iss", Rule::Issuer),
        ("aud", Rule::Audience),
        ("exp", Rule::Expiry),
        ("iat", Rule::IssuedAt),
        ("jti", Rule::RequiredClaim),
        ("events", Rule::OtherKind),
    ] {
        assert_eq!(rule(&without(logout_claims(), name)), expected, "{name}");
        for wrong in [json!(null), json!(""), json!([]), json!(true), json!({"a": 1})] {
            assert_eq!(rule(&with(logout_claims(), name, wrong.clone())), expected, "{name} {wrong}");
        }
    }
    for (name, expected) in [("sub", Rule::Subject), ("sid", Rule::RequiredClaim)] {
        for wrong in [json!(null), json!(""), json!(7), json!(["s-1"])] {
            assert_eq!(rule(&with(logout_claims(), name, wrong.clone())), expected, "{name} {wrong}");
        }
    }
    assert_eq!(rule(&with(logout_claims(), "iss", "https://login.example.com")), Rule::Issuer);
    assert_eq!(rule(&with(logout_claims(), "aud", "another-client")), Rule::Audience);
    assert!(of(&with(logout_claims(), "aud", json!(["another-client", CLIENT]))).is_ok());
}

#[test]
fn a_token_that_is_over_from_the_future_or_too_long_is_refused() {
    assert_eq!(rule(&with(logout_claims(), "exp", NOW - 30)), Rule::Expiry);
    assert_eq!(rule(&with(logout_claims(), "iat", NOW + 31)), Rule::IssuedAt);
    assert_eq!(rule(&with(logout_claims(), "nbf", NOW + 31)), Rule::NotBefore);
    assert_eq!(rule(&with(logout_claims(), "exp", NOW - 10 + 601)), Rule::Lifetime);
}

#[test]
fn events_holds_the_logout_event_and_a_nonce_is_never_there() {
    for events in [
        json!({}),
        json!({"http://schemas.openid.net/event/backchannel-logout/": {}}),
        json!({LOGOUT_EVENT: null}),
        json!({LOGOUT_EVENT: true}),
        json!({LOGOUT_EVENT: []}),
        json!([LOGOUT_EVENT]),
        json!(LOGOUT_EVENT),
    ] {
        assert_eq!(rule(&with(logout_claims(), "events", events.clone())), Rule::OtherKind, "{events}");
    }
    assert!(of(&with(logout_claims(), "events", json!({LOGOUT_EVENT: {}, "urn:other": {}}))).is_ok());
    for nonce in [json!("n-1"), json!(""), json!(null)] {
        assert_eq!(rule(&with(logout_claims(), "nonce", nonce)), Rule::OtherKind);
    }
}

#[test]
fn another_key_or_algorithm_is_refused() {
    let other = token(Algorithm::Es256, &header_of(Algorithm::Es256, "logout+jwt"), &logout_claims());
    let refused = verify_logout_token(&other, &keys(), &policy(), now()).unwrap_err();
    assert_eq!(refused, Refused::Invalid(Rule::Algorithm));
    let unknown = with(header_of(Algorithm::Rs256, "logout+jwt"), "kid", "rsa-9");
    let refused = verify_logout_token(&token(Algorithm::Rs256, &unknown, &logout_claims()), &keys(), &policy(), now());
    assert_eq!(refused.unwrap_err(), Refused::UnknownKey);
    let none = "eyJhbGciOiJub25lIiwidHlwIjoibG9nb3V0K2p3dCJ9.e30.AA";
    assert!(verify_logout_token(none, &keys(), &policy(), now()).is_err());
}

#[test]
fn a_token_of_one_kind_is_none_of_the_other() {
    let typed_jwt = |claims: &Value| token(Algorithm::Rs256, &header_of(Algorithm::Rs256, "JWT"), claims);
    for claims in [id_claims(), without(id_claims(), "nonce"), access_claims()] {
        assert!(verify_logout_token(&typed_jwt(&claims), &keys(), &policy(), now()).is_err());
    }
    let with_nonce = with(logout_claims(), "nonce", "n-1");
    assert!(verify(&typed_jwt(&with_nonce), &keys(), &id_policy(), now()).is_err());
    let access = Policy::access_token(ISSUER, CLIENT).also_typ_jwt();
    for claims in [logout_claims(), with(logout_claims(), "azp", CLIENT)] {
        assert!(verify(&typed_jwt(&claims), &keys(), &access, now()).is_err());
        assert!(verify(&signed(&claims), &keys(), &Policy::id_token(ISSUER, CLIENT), now()).is_err());
    }
    for other in [access, Policy::id_token(ISSUER, CLIENT), policy().nonce("n-1".to_owned())] {
        assert!(verify_logout_token(&signed(&logout_claims()), &keys(), &other, now()).is_err());
    }
    assert!(verify(&signed(&logout_claims()), &keys(), &policy(), now()).is_err(), "it gives no claims");
}

proptest! {
    #[test]
    fn a_logout_token_with_any_one_byte_changed_is_refused(place in any::<prop::sample::Index>(), byte in 0..128_u8) {
        let mut bytes = token(ALL[2], &header_of(ALL[2], "logout+jwt"), &logout_claims()).into_bytes();
        let place = place.index(bytes.len());
        prop_assume!(bytes[place] != byte);
        bytes[place] = byte;
        let changed = String::from_utf8(bytes).unwrap();
        prop_assert!(verify_logout_token(&changed, &keys(), &policy().algorithms(&ALL), now()).is_err());
    }

    #[test]
    fn no_claim_makes_it_panic_and_none_but_the_right_one_names_more_than_it_says(
        name in "iss|aud|exp|iat|nbf|sub|sid|jti|events|nonce", value in ".{0,12}"
    ) {
        let claims = with(logout_claims(), &name, value.clone());
        let taken = verify_logout_token(
            &token(ALL[2], &header_of(ALL[2], "logout+jwt"), &claims), &keys(), &policy().algorithms(&ALL), now(),
        );
        let harmless = ["sub", "sid", "jti"].contains(&name.as_str()) && !value.is_empty();
        prop_assert_eq!(taken.is_ok(), harmless, "{} {}", name, value);
    }
}
