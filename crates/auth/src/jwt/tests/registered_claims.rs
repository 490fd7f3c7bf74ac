use serde_json::{Value, json};

use super::forge::{API, ISSUER, NOW, access, access_claims, access_policy, access_token, keys, now, with, without};
use crate::jwt::{Refused, Rule, verify};
use crate::time::Timestamp;

fn rule(claims: &Value) -> Rule {
    match access(claims).unwrap_err() {
        Refused::Invalid(rule) => rule,
        Refused::UnknownKey => panic!("the key is known"),
    }
}

fn not_text() -> [Value; 6] {
    [json!(null), json!(7), json!(true), json!(""), json!([ISSUER]), json!({"a": ISSUER})]
}

// J11
#[test]
fn an_issuer_is_one_text_equal_to_the_byte() {
    for other in [
        "https://login.example.com",
        "https://LOGIN.example.com/",
        "http://login.example.com/",
        "https://login.example.com//",
    ] {
        assert_eq!(rule(&with(access_claims(), "iss", other)), Rule::Issuer, "{other}");
    }
    for value in not_text() {
        assert_eq!(rule(&with(access_claims(), "iss", value)), Rule::Issuer);
    }
    assert_eq!(rule(&without(access_claims(), "iss")), Rule::Issuer);
}

// J12
#[test]
fn the_audience_names_us_as_a_text_or_in_an_array_of_texts() {
    assert!(access(&with(access_claims(), "aud", json!([API]))).is_ok());
    assert!(access(&with(access_claims(), "aud", json!(["https://login.example.com/userinfo", API]))).is_ok());
    for value in [
        json!(null),
        json!(7),
        json!(true),
        json!(""),
        json!([]),
        json!(["https://other.example.com"]),
        json!([API, 7]),
        json!([API, null]),
        json!([[API]]),
        json!({"aud": API}),
        json!(format!("{API}/")),
        json!(format!("{API} other")),
        json!("HTTPS://API.EXAMPLE.COM"),
    ] {
        assert_eq!(rule(&with(access_claims(), "aud", value.clone())), Rule::Audience, "{value}");
    }
    assert_eq!(rule(&without(access_claims(), "aud")), Rule::Audience);
}

// J13
#[test]
fn a_time_of_the_wrong_type_or_out_of_range_is_never_taken_for_absent() {
    for value in [
        json!(null),
        json!((NOW + 600).to_string()),
        json!(""),
        json!(true),
        json!([NOW + 600]),
        json!({}),
        json!(-1),
        json!(-0.0),
        json!(-1.5),
        json!(1e300),
        json!(253_402_300_800_u64),
        json!(u64::MAX),
        json!(i64::MIN),
        json!((NOW + 600) * 1000),
    ] {
        assert_eq!(rule(&with(access_claims(), "exp", value.clone())), Rule::Expiry, "exp {value}");
        assert_eq!(rule(&with(access_claims(), "iat", value.clone())), Rule::IssuedAt, "iat {value}");
        assert_eq!(rule(&with(access_claims(), "nbf", value.clone())), Rule::NotBefore, "nbf {value}");
    }
    assert_eq!(rule(&without(access_claims(), "exp")), Rule::Expiry);
    assert_eq!(rule(&without(access_claims(), "iat")), Rule::IssuedAt);
    assert_eq!(rule(&with(access_claims(), "exp", 253_402_300_799_u64)), Rule::Lifetime, "a date, the last one");
}

// J13
#[test]
fn a_time_with_a_fraction_counts_whole_seconds() {
    let claims = access(&with(access_claims(), "exp", json!(1_800_000_100.9))).unwrap();
    assert_eq!(claims.expires_at(), Timestamp::from_seconds(1_800_000_100));
    assert_eq!(claims.issued_at(), Timestamp::from_seconds(NOW - 10));
}

// J13
#[test]
fn a_lifetime_beyond_the_maximum_or_backwards_is_refused() {
    let of = |iat: u64, exp: u64| with(with(access_claims(), "iat", iat), "exp", exp);
    assert!(access(&of(NOW, NOW + 86_400)).is_ok());
    assert_eq!(rule(&of(NOW, NOW + 86_401)), Rule::Lifetime);
    assert_eq!(rule(&of(NOW + 20, NOW + 10)), Rule::Lifetime);
    assert!(access(&of(NOW, NOW)).is_ok(), "while the leeway lasts");
    let token = access_token(&of(NOW, NOW + 61));
    let outcome = verify(&token, &keys(), &access_policy().max_lifetime_seconds(60), now());
    assert_eq!(outcome.unwrap_err(), Refused::Invalid(Rule::Lifetime));
}

// J14
#[test]
fn the_leeway_is_the_same_for_every_time_and_ends_to_the_second() {
    for leeway in [0, 1, 30, 60] {
        let outcome = |name: &str, value: u64| {
            let base = with(access_claims(), "iat", NOW - 100);
            let token = access_token(&with(base, name, value));
            verify(&token, &keys(), &access_policy().leeway_seconds(leeway), now()).map(|_| ())
        };
        assert_eq!(outcome("exp", NOW - leeway + 1), Ok(()));
        assert_eq!(outcome("exp", NOW - leeway), Err(Refused::Invalid(Rule::Expiry)));
        assert_eq!(outcome("nbf", NOW + leeway), Ok(()));
        assert_eq!(outcome("nbf", NOW + leeway + 1), Err(Refused::Invalid(Rule::NotBefore)));
        assert_eq!(outcome("iat", NOW + leeway), Ok(()));
        assert_eq!(outcome("iat", NOW + leeway + 1), Err(Refused::Invalid(Rule::IssuedAt)));
    }
}

// J14
#[test]
fn the_leeway_is_thirty_seconds_unless_set_and_never_above_sixty() {
    let expired = |seconds: u64| access_token(&with(access_claims(), "exp", NOW - seconds));
    let early = |token: &str| verify(token, &keys(), &access_policy(), Timestamp::from_seconds(NOW)).map(|_| ());
    let old = with(access_claims(), "iat", NOW - 1000);
    assert_eq!(early(&access_token(&with(old.clone(), "exp", NOW - 29))), Ok(()));
    assert_eq!(early(&expired(30)), Err(Refused::Invalid(Rule::Expiry)));
    let generous = access_policy().leeway_seconds(3600);
    assert!(verify(&access_token(&with(old.clone(), "exp", NOW - 59)), &keys(), &generous, now()).is_ok());
    assert!(verify(&access_token(&with(old, "exp", NOW - 60)), &keys(), &generous, now()).is_err());
}

// J15
#[test]
fn a_subject_is_a_text_of_one_to_255_characters() {
    for value in not_text() {
        assert_eq!(rule(&with(access_claims(), "sub", value)), Rule::Subject);
    }
    assert_eq!(rule(&without(access_claims(), "sub")), Rule::Subject);
    assert_eq!(rule(&with(access_claims(), "sub", "\u{e9}".repeat(256))), Rule::Subject);
    assert!(access(&with(access_claims(), "sub", "\u{e9}".repeat(255))).is_ok());
}

// J23
#[test]
fn a_clock_that_stands_before_the_token_or_at_1970_denies() {
    let token = access_token(&access_claims());
    for seconds in [0, 1, NOW - 3600] {
        let outcome = verify(&token, &keys(), &access_policy(), Timestamp::from_seconds(seconds));
        assert_eq!(outcome.unwrap_err(), Refused::Invalid(Rule::IssuedAt));
    }
    let outcome = verify(&token, &keys(), &access_policy(), Timestamp::from_seconds(u64::MAX));
    assert_eq!(outcome.unwrap_err(), Refused::Invalid(Rule::Expiry));
}
