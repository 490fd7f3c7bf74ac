use proptest::prelude::*;
use serde_json::Value;

use super::forge::{ALL, access_claims, access_policy, b64, header_of, keys, now, token, token_of_texts};
use crate::jwt::{Algorithm, KeySet, Unverified, verify};

proptest! {
    #[test]
    fn a_token_with_any_one_byte_changed_is_refused(pick in 0..3_usize, place in any::<prop::sample::Index>(), byte in 0..128_u8) {
        let algorithm = ALL[pick];
        let good = token(algorithm, &header_of(algorithm, "at+jwt"), &access_claims());
        let policy = access_policy().algorithms(&ALL);
        prop_assert!(verify(&good, &keys(), &policy, now()).is_ok());
        let mut bytes = good.into_bytes();
        let place = place.index(bytes.len());
        prop_assume!(bytes[place] != byte);
        bytes[place] = byte;
        let changed = String::from_utf8(bytes).unwrap();
        prop_assert!(verify(&changed, &keys(), &policy, now()).is_err());
    }

    #[test]
    fn a_token_cut_anywhere_is_refused(place in any::<prop::sample::Index>()) {
        let good = token(Algorithm::EdDsa, &header_of(Algorithm::EdDsa, "at+jwt"), &access_claims());
        let policy = access_policy().algorithms(&ALL);
        let (head, tail) = good.split_at(place.index(good.len()));
        prop_assert!(verify(head, &keys(), &policy, now()).is_err());
        prop_assert!(head.is_empty() || verify(tail, &keys(), &policy, now()).is_err());
    }

    #[test]
    fn no_text_is_a_token_and_none_makes_it_panic(text in any::<String>()) {
        prop_assert!(verify(&text, &keys(), &access_policy(), now()).is_err());
        let framed = format!("{}.{}.{}", b64(&text), b64(&text), b64(&text));
        prop_assert!(verify(&framed, &keys(), &access_policy(), now()).is_err());
    }

    #[test]
    fn no_signed_bytes_make_it_panic(claims in any::<String>(), name in "iss|aud|exp|iat|nbf|sub|gty|scope|org_id|azp|jti", value in json()) {
        let header = header_of(Algorithm::EdDsa, "at+jwt");
        let policy = access_policy().algorithms(&ALL);
        let strange = token_of_texts(Algorithm::EdDsa, &header.to_string(), &claims);
        prop_assert!(verify(&strange, &keys(), &policy, now()).is_err());
        let mut claims = access_claims();
        claims[name] = value;
        let _ = verify(&token(Algorithm::EdDsa, &header, &claims), &keys(), &policy, now());
    }

    #[test]
    fn no_header_and_no_key_set_make_it_panic(value in json(), bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let header = serde_json::json!({"alg": "RS256", "kid": value, "typ": "at+jwt"});
        prop_assert!(Unverified::parse(&token(Algorithm::Rs256, &header, &access_claims())).is_ok() == header["kid"].is_string());
        prop_assert!(KeySet::parse(&bytes).is_err());
        prop_assert!(KeySet::parse(&super::forge::jwks(&[header["kid"].clone()])).is_err());
    }
}

fn json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,8}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
            prop::collection::hash_map("[a-z]{1,3}", inner, 0..3).prop_map(|map| map.into_iter().collect()),
        ]
    })
}
