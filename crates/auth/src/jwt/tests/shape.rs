use serde_json::json;

use super::forge::{
    access, access_claims, access_policy, access_token, b64, header_of, keys, now, sign, token_of_texts, with,
};
use crate::jwt::{Algorithm, Refused, Rule, verify};

const RS: Algorithm = Algorithm::Rs256;

fn rule(token: &str) -> Rule {
    match verify(token, &keys(), &access_policy(), now()).unwrap_err() {
        Refused::Invalid(rule) => rule,
        Refused::UnknownKey => panic!("the key is known"),
    }
}

fn with_claims(claims: &str) -> String {
    token_of_texts(RS, &header_of(RS, "at+jwt").to_string(), claims)
}

// J06
#[test]
fn only_three_segments_with_something_in_each_are_a_token() {
    let good = access_token(&access_claims());
    let [header, payload, signature] = good.split('.').collect::<Vec<_>>().try_into().unwrap();
    for bad in [
        String::new(),
        ".".to_owned(),
        "..".to_owned(),
        "...".to_owned(),
        format!("{header}.{payload}"),
        format!("{header}.{payload}."),
        format!("{header}..{signature}"),
        format!(".{payload}.{signature}"),
        format!("{good}."),
        format!(".{good}"),
        format!("{good}.{signature}"),
        format!("{header}.{payload}.{signature}.{signature}.{signature}"),
    ] {
        assert_eq!(rule(&bad), Rule::Segments, "{bad}");
    }
    let as_json = json!({"protected": header, "payload": payload, "signature": signature}).to_string();
    assert_eq!(rule(&as_json), Rule::Segments);
}

// J06
#[test]
fn a_token_inside_a_token_is_refused() {
    let inner = access_token(&access_claims());
    assert_eq!(rule(&with_claims(&inner)), Rule::Json);
    assert_eq!(rule(&with_claims(&format!("\"{inner}\""))), Rule::Json);
}

// J07
#[test]
fn base64url_has_one_form() {
    let good = access_token(&access_claims());
    let parts: Vec<&str> = good.split('.').collect();
    for position in 0..3 {
        for bad in ["=", "==", " ", "\n", "+", "/", "%3D", "\u{0}", "\u{e9}"] {
            let mut changed = parts.clone();
            let segment = format!("{}{bad}", parts[position]);
            changed[position] = &segment;
            assert_eq!(rule(&changed.join(".")), Rule::Base64, "segment {position}, {bad:?}");
        }
    }
}

// J07
#[test]
fn spare_bits_that_are_not_zero_are_refused_in_every_segment() {
    // 2048-bit signatures leave four spare bits; spaces are put behind the JSON until each segment has some too.
    let padded = |text: String| if text.len().is_multiple_of(3) { format!("{text} ") } else { text };
    let header = padded(header_of(RS, "at+jwt").to_string());
    let claims = padded(access_claims().to_string());
    let good = token_of_texts(RS, &header, &claims);
    assert!(verify(&good, &keys(), &access_policy(), now()).is_ok());
    let parts: Vec<&str> = good.split('.').collect();
    for position in 0..3 {
        let (rest, last) = parts[position].split_at(parts[position].len() - 1);
        let spare = char::from(last.as_bytes()[0] + 1);
        let segment = format!("{rest}{spare}");
        let mut changed = parts.clone();
        changed[position] = &segment;
        assert_eq!(rule(&changed.join(".")), Rule::Base64, "segment {position}");
    }
}

// J18
#[test]
fn a_member_named_twice_in_the_claims_is_refused_at_any_depth() {
    let claims = access_claims().to_string();
    let open = claims.strip_suffix('}').unwrap();
    for added in [r#""sub":"auth0|bob""#, r#""exp":1"#, r#""x":{"a":1,"a":1}"#, r#""x":[{"y":{"a":1,"\u0061":2}}]"#] {
        assert_eq!(rule(&with_claims(&format!("{open},{added}}}"))), Rule::DuplicateMember, "{added}");
    }
    assert!(access(&with(access_claims(), "x", json!([{"a": 1}, {"a": 1}]))).is_ok());
}

// J19
#[test]
fn depth_is_limited_to_thirty_two_levels() {
    let nested = |levels: usize| {
        let claims = access_claims().to_string();
        let open = claims.strip_suffix('}').unwrap();
        with_claims(&format!("{open},\"x\":{}{}}}", "[".repeat(levels), "]".repeat(levels)))
    };
    assert!(verify(&nested(31), &keys(), &access_policy(), now()).is_ok());
    assert_eq!(rule(&nested(32)), Rule::Depth);
    assert_eq!(rule(&nested(2500)), Rule::Depth);
    assert_eq!(rule(&with_claims(&"[".repeat(5000))), Rule::Depth);
    assert_eq!(rule(&with_claims(&"{\"a\":".repeat(1000))), Rule::Depth);
}

// J19
#[test]
fn size_is_looked_at_before_anything_else() {
    assert_eq!(rule(&".".repeat(1_000_000)), Rule::Size);
    assert_eq!(rule(&"a".repeat(8 * 1024 + 1)), Rule::Size);
    assert_eq!(rule(&".".repeat(8 * 1024)), Rule::Segments);
    assert_eq!(rule(&"a".repeat(8 * 1024)), Rule::Segments);
    assert_eq!(rule(&access_token(&with(access_claims(), "x", "y".repeat(8 * 1024)))), Rule::Size);
    assert!(access(&with(access_claims(), "x", "y".repeat(4 * 1024))).is_ok());
}

#[test]
fn every_value_is_read_as_it_was_signed() {
    let value = json!([null, true, false, 0, 1, -1, i64::MIN, u64::MAX, 1.5, "a", "", [], {}, {"b": [-2]}]);
    assert_eq!(access(&with(access_claims(), "x", value.clone())).unwrap().json()["x"], value);
}

#[test]
fn claims_that_are_no_single_object_of_text_are_refused() {
    for claims in ["[]", "null", "1", "\"a\"", "{", "{} {}", "{\"a\":1e999}", "{\"a\":NaN}", "{\"a\":\"\\ud800\"}"] {
        assert_eq!(rule(&with_claims(claims)), Rule::Json, "{claims}");
    }
    let signing_input = format!("{}.{}", b64(header_of(RS, "at+jwt").to_string()), b64(b"{\"a\":\"\xff\"}"));
    assert_eq!(rule(&format!("{signing_input}.{}", b64(sign(RS, &signing_input)))), Rule::Json);
}
