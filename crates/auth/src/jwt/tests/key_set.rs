use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use super::forge::{
    ALL, access_claims, access_policy, access_token, b64, header_of, jwk, jwks, keys, now, token, with, without,
};
use crate::jwt::{Algorithm, KeySet, KeySetError, Refused, verify};

fn refused(document: &[Value]) -> KeySetError {
    KeySet::parse(&jwks(document)).unwrap_err()
}

/// Whether the set takes this key beside a good one.
fn usable(key: Value) -> bool {
    let set = KeySet::parse(&jwks(&[with(jwk(Algorithm::EdDsa), "kid", "good"), key])).unwrap();
    set.kids().count() == 2
}

fn bytes(member: &Value) -> Vec<u8> {
    URL_SAFE_NO_PAD.decode(member.as_str().unwrap()).unwrap()
}

#[test]
fn the_keys_of_a_set_are_named_in_order_and_nothing_else_of_them_is_shown() {
    assert_eq!(format!("{:?}", keys()), r#"{"rsa-1", "ec-1", "ed-1"}"#);
    assert_eq!(keys().kids().collect::<Vec<_>>(), ["rsa-1", "ec-1", "ed-1"]);
}

// J08
#[test]
fn weak_rsa_keys_are_left_out() {
    let rsa = || jwk(Algorithm::Rs256);
    let modulus = |bytes: usize, first: u8, last: u8| {
        let mut number = vec![0xff; bytes];
        number[0] = first;
        number[bytes - 1] = last;
        b64(number)
    };
    assert!(usable(with(rsa(), "n", modulus(256, 0x80, 0xff))));
    assert!(!usable(with(rsa(), "n", modulus(256, 0x7f, 0xff))), "2047 bits");
    assert!(!usable(with(rsa(), "n", modulus(128, 0xff, 0xff))), "1024 bits");
    assert!(!usable(with(rsa(), "n", modulus(1025, 0xff, 0xff))), "8200 bits");
    assert!(!usable(with(rsa(), "n", modulus(256, 0xff, 0xfe))), "even");
    assert!(!usable(with(rsa(), "n", modulus(257, 0, 0xff))), "leading zero byte");
    assert!(usable(with(rsa(), "e", b64([3]))));
    assert!(usable(with(rsa(), "e", b64([1, 0, 0, 1]))), "four bytes");
    for exponent in [&[1][..], &[2], &[0], &[], &[0, 3], &[1, 0, 0], &[1, 0, 0, 0, 1], &[1, 0, 0, 1, 1]] {
        assert!(!usable(with(rsa(), "e", b64(exponent))), "{exponent:?}");
    }
    assert!(!usable(without(rsa(), "e")));
    assert!(!usable(with(rsa(), "n", 7)));
    assert!(!usable(with(rsa(), "n", format!("{}=", rsa()["n"].as_str().unwrap()))));
}

// J08
#[test]
fn a_point_off_the_curve_or_on_another_is_left_out() {
    let ec = || jwk(Algorithm::Es256);
    assert!(usable(ec()));
    assert!(!usable(with(ec(), "y", ec()["x"].clone())));
    assert!(!usable(with(ec(), "x", b64([0; 32]))));
    assert!(!usable(with(ec(), "x", b64([1; 31]))));
    let point: Vec<u8> = ["x", "y"].into_iter().flat_map(|name| bytes(&ec()[name])).collect();
    let shifted = with(with(ec(), "x", b64(&point[..33])), "y", b64(&point[33..]));
    assert!(!usable(shifted), "the same point, cut elsewhere");
    for curve in ["P-384", "secp256k1", "p-256", ""] {
        assert!(!usable(with(ec(), "crv", curve)), "{curve}");
    }
    assert!(!usable(without(ec(), "crv")));
    assert!(!usable(with(jwk(Algorithm::EdDsa), "crv", "Ed448")));
    assert!(!usable(with(jwk(Algorithm::EdDsa), "x", b64([1; 33]))));
}

// J08
#[test]
fn a_key_for_something_else_is_left_out() {
    for algorithm in ALL {
        let key = || jwk(algorithm);
        assert!(usable(with(with(key(), "use", "sig"), "key_ops", json!(["verify"]))));
        assert!(usable(with(with(key(), "alg", algorithm.name()), "x5c", json!(["AAAA"]))));
        for (name, value) in [
            ("use", json!("enc")),
            ("use", json!(null)),
            ("use", json!(["sig"])),
            ("key_ops", json!([])),
            ("key_ops", json!(["sign", "encrypt"])),
            ("key_ops", json!("verify")),
            ("alg", json!("RS512")),
            ("alg", json!("none")),
            ("alg", json!(null)),
            ("kty", json!("rsa")),
            ("kty", json!("AKP")),
            ("kid", json!(1)),
        ] {
            assert!(!usable(with(key(), name, value.clone())), "{name} {value}");
        }
    }
}

// J09
#[test]
fn two_keys_of_one_id_spoil_the_set() {
    let pair = [jwk(Algorithm::Rs256), with(jwk(Algorithm::EdDsa), "kid", "rsa-1")];
    assert_eq!(refused(&pair), KeySetError::DuplicateKid);
    let unusable = [jwk(Algorithm::Rs256), json!({"kty": "AKP", "kid": "rsa-1"})];
    assert_eq!(refused(&unusable), KeySetError::DuplicateKid);
}

// J09
#[test]
fn a_private_or_shared_key_spoils_the_set() {
    for name in ["d", "p", "q", "dp", "dq", "qi", "oth", "k"] {
        assert_eq!(
            refused(&[jwk(Algorithm::EdDsa), with(jwk(Algorithm::Rs256), name, "AAAA")]),
            KeySetError::PrivateKey
        );
    }
    let shared = json!({"kty": "oct", "kid": "s"});
    assert_eq!(refused(&[jwk(Algorithm::Rs256), shared]), KeySetError::PrivateKey);
}

// J09
#[test]
fn a_set_without_a_usable_key_is_no_set() {
    assert_eq!(refused(&[]), KeySetError::NoUsableKey);
    assert_eq!(refused(&[with(jwk(Algorithm::Rs256), "use", "enc")]), KeySetError::NoUsableKey);
}

#[test]
fn documents_of_other_shapes_and_sizes_are_refused() {
    for document in ["", "null", "[]", "{}", r#"{"keys":{}}"#, r#"{"keys":[1]}"#, r#"{"keys":[],"keys":[]}"#, "<html>"]
    {
        assert_eq!(KeySet::parse(document.as_bytes()).unwrap_err(), KeySetError::Malformed, "{document}");
    }
    let many: Vec<Value> = (0..65).map(|n| with(jwk(Algorithm::EdDsa), "kid", n.to_string())).collect();
    assert_eq!(refused(&many), KeySetError::TooLarge);
    assert_eq!(KeySet::parse(&jwks(&many[..64])).unwrap().kids().count(), 64);
    let mut large = jwks(&[jwk(Algorithm::EdDsa)]);
    large.resize(64 * 1024, b' ');
    assert_eq!(KeySet::parse(&large).unwrap().kids().count(), 1);
    large.push(b' ');
    assert_eq!(KeySet::parse(&large).unwrap_err(), KeySetError::TooLarge);
}

// I08
#[test]
fn after_a_rotation_both_keys_verify_until_the_old_one_is_gone() {
    let old = access_token(&access_claims());
    let new = token(Algorithm::EdDsa, &header_of(Algorithm::EdDsa, "at+jwt"), &access_claims());
    let policy = access_policy().algorithms(&ALL);
    let both = KeySet::parse(&jwks(&[jwk(Algorithm::Rs256), jwk(Algorithm::EdDsa)])).unwrap();
    assert!(verify(&old, &both, &policy, now()).is_ok());
    assert!(verify(&new, &both, &policy, now()).is_ok());
    let rotated = KeySet::parse(&jwks(&[jwk(Algorithm::EdDsa)])).unwrap();
    assert_eq!(verify(&old, &rotated, &policy, now()).unwrap_err(), Refused::UnknownKey);
    assert!(verify(&new, &rotated, &policy, now()).is_ok());
}
