use aws_lc_rs::encoding::{AsDer, PublicKeyX509Der};
use aws_lc_rs::hmac;
use aws_lc_rs::signature::KeyPair;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

use super::forge::{
    ALL, API, RSA, access_claims, access_policy, access_token, b64, header_of, jwk, jwks, keys, kid, now, sign, token,
    token_of_texts, with,
};
use crate::jwt::{Algorithm, KeySet, Policy, Refused, Rule, payload, verify};

#[test]
fn each_algorithm_is_taken_when_its_policy_allows_it() {
    for algorithm in ALL {
        let token = token(algorithm, &header_of(algorithm, "at+jwt"), &access_claims());
        let claims = verify(&token, &keys(), &access_policy().algorithms(&[algorithm]), now()).unwrap();
        assert_eq!(claims.subject(), "auth0|alice");
    }
}

// J01
#[test]
fn an_algorithm_outside_the_policy_is_refused_although_the_signature_holds() {
    for allowed in ALL {
        for used in ALL.into_iter().filter(|used| *used != allowed) {
            let token = token(used, &header_of(used, "at+jwt"), &access_claims());
            let outcome = verify(&token, &keys(), &access_policy().algorithms(&[allowed]), now());
            assert_eq!(outcome.unwrap_err(), Refused::Invalid(Rule::Algorithm));
        }
    }
    let outcome = verify(&access_token(&access_claims()), &keys(), &access_policy().algorithms(&[]), now());
    assert_eq!(outcome.unwrap_err(), Refused::Invalid(Rule::Algorithm));
}

// J01
#[test]
fn none_is_no_algorithm_in_any_letters() {
    for name in ["none", "None", "NONE", "nOnE", "rs256", "RS256 ", "", "HS256", "HS384", "HS512", "PS256", "RS512"] {
        let header = with(header_of(Algorithm::Rs256, "at+jwt"), "alg", name);
        let outcome = verify(&token(Algorithm::Rs256, &header, &access_claims()), &keys(), &access_policy(), now());
        assert_eq!(outcome.unwrap_err(), Refused::Invalid(Rule::Algorithm), "{name:?}");
    }
}

// J02
#[test]
fn a_hash_made_with_the_public_key_as_secret_is_no_signature() {
    let pkcs1 = RSA.public_key().as_ref().to_vec();
    let spki: PublicKeyX509Der<'_> = RSA.public_key().as_der().unwrap();
    let pem = |label: &str, der: &[u8]| {
        format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", STANDARD.encode(der)).into_bytes()
    };
    let secrets = [
        pem("PUBLIC KEY", spki.as_ref()),
        pem("RSA PUBLIC KEY", &pkcs1),
        spki.as_ref().to_vec(),
        pkcs1,
        jwk(Algorithm::Rs256).to_string().into_bytes(),
        jwks(&[jwk(Algorithm::Rs256)]),
    ];
    for secret in secrets {
        for (name, rule) in [("HS256", Rule::Algorithm), ("RS256", Rule::Signature)] {
            let header = with(header_of(Algorithm::Rs256, "at+jwt"), "alg", name);
            let signing_input = format!("{}.{}", b64(header.to_string()), b64(access_claims().to_string()));
            let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &secret), signing_input.as_bytes());
            let token = format!("{signing_input}.{}", b64(tag));
            assert_eq!(verify(&token, &keys(), &access_policy(), now()).unwrap_err(), Refused::Invalid(rule));
        }
    }
}

// J04, J08
#[test]
fn a_key_of_another_algorithm_is_not_used_though_its_id_is_named() {
    let header = with(header_of(Algorithm::Es256, "at+jwt"), "kid", kid(Algorithm::EdDsa));
    let policy = access_policy().algorithms(&[Algorithm::Es256, Algorithm::EdDsa]);
    let outcome = verify(&token(Algorithm::Es256, &header, &access_claims()), &keys(), &policy, now());
    assert_eq!(outcome.unwrap_err(), Refused::Invalid(Rule::KeyAlgorithm));
}

#[test]
fn a_signature_moves_to_no_other_claims() {
    let good = access_token(&access_claims());
    let other = access_token(&with(access_claims(), "sub", "auth0|bob"));
    let mixed = format!("{}.{}", other.rsplit_once('.').unwrap().0, good.rsplit_once('.').unwrap().1);
    let outcome = verify(&mixed, &keys(), &access_policy(), now());
    assert_eq!(outcome.unwrap_err(), Refused::Invalid(Rule::Signature));
}

#[test]
fn a_signature_of_another_length_or_of_zeros_is_refused() {
    for algorithm in ALL {
        let signing_input =
            format!("{}.{}", b64(header_of(algorithm, "at+jwt").to_string()), b64(access_claims().to_string()));
        let whole = sign(algorithm, &signing_input);
        let longer = [whole.as_slice(), &[0]].concat();
        for signature in [&whole[1..], &whole[..whole.len() - 1], &longer, &vec![0; whole.len()], &[0]] {
            let token = format!("{signing_input}.{}", b64(signature));
            let outcome = verify(&token, &keys(), &access_policy().algorithms(&ALL), now());
            assert_eq!(outcome.unwrap_err(), Refused::Invalid(Rule::Signature));
        }
    }
}

// J20: a caller sees the broken signature first, whatever else is wrong with the claims.
#[test]
fn claims_are_not_looked_at_before_the_signature_holds() {
    for claims in ["{", "null", r#"{"a":1,"a":2}"#, r#"{"iss":7,"exp":"x"}"#] {
        let header = b64(header_of(Algorithm::Rs256, "at+jwt").to_string());
        let token = format!("{header}.{}.{}", b64(claims), b64([1; 256]));
        let outcome = verify(&token, &keys(), &access_policy(), now());
        assert_eq!(outcome.unwrap_err(), Refused::Invalid(Rule::Signature), "{claims}");
    }
}

#[test]
fn our_own_tokens_are_told_from_all_others_by_their_type() {
    let policy = Policy::typed("mandate-ticket+jwt", API, &[Algorithm::EdDsa], 600);
    let claims =
        json!({"iss": "web", "aud": API, "sub": "auth0|alice", "iat": now().seconds(), "exp": now().seconds() + 600});
    let of_typ = |typ: &str| {
        verify(&token(Algorithm::EdDsa, &header_of(Algorithm::EdDsa, typ), &claims), &keys(), &policy, now())
    };
    assert_eq!(of_typ("mandate-ticket+jwt").unwrap().issuer(), "web");
    for typ in ["JWT", "at+jwt", "Mandate-Ticket+JWT", "application/mandate-ticket+jwt", ""] {
        assert_eq!(of_typ(typ).unwrap_err(), Refused::Invalid(Rule::Type), "{typ}");
    }
    let longer = with(claims.clone(), "exp", now().seconds() + 601);
    let outcome = verify(
        &token(Algorithm::EdDsa, &header_of(Algorithm::EdDsa, "mandate-ticket+jwt"), &longer),
        &keys(),
        &policy,
        now(),
    );
    assert_eq!(outcome.unwrap_err(), Refused::Invalid(Rule::Lifetime));
}

#[test]
fn a_payload_comes_back_as_it_was_signed_and_only_where_the_signature_holds() {
    let jws = token_of_texts(Algorithm::Es256, &header_of(Algorithm::Es256, "JWT").to_string(), "no claims");
    assert_eq!(payload(&jws, &keys(), &[Algorithm::Es256]), Ok(b"no claims".to_vec()));
    let other = payload(&jws, &keys(), &[Algorithm::Rs256, Algorithm::EdDsa]);
    assert_eq!(other, Err(Refused::Invalid(Rule::Algorithm)));
    let (signed, _) = jws.rsplit_once('.').unwrap();
    let forged = payload(&format!("{signed}.{}", b64([1; 64])), &keys(), &ALL);
    assert_eq!(forged, Err(Refused::Invalid(Rule::Signature)));
}

#[test]
fn a_refusal_names_its_rule_for_the_log() {
    for (rule, name) in [(Rule::DuplicateMember, "duplicate_member"), (Rule::Expiry, "expiry")] {
        assert_eq!((rule.name(), rule.to_string().as_str()), (name, name));
        assert_eq!(Refused::from(rule).to_string(), format!("token refused by rule `{name}`"));
    }
}

// J20
#[test]
fn a_refusal_says_nothing_of_the_token() {
    let refused = verify("secret.secret.secret", &keys(), &access_policy(), now()).unwrap_err();
    assert!(!format!("{refused} {refused:?}").contains("secret"));
    let claims = super::forge::access(&access_claims()).unwrap();
    assert_eq!(format!("{claims:?}"), "Claims { .. }");
}

#[test]
fn a_token_of_another_issuers_key_is_refused() {
    let set = KeySet::parse(&jwks(&[with(jwk(Algorithm::EdDsa), "kid", "x")])).unwrap();
    let outcome = verify(&access_token(&access_claims()), &set, &access_policy(), now());
    assert_eq!(outcome.unwrap_err(), Refused::UnknownKey);
}

#[test]
fn a_policy_with_a_rule_of_another_kind_takes_no_token() {
    let token = access_token(&access_claims());
    for policy in
        [access_policy().nonce("n-1".to_owned()), access_policy().organization(None), access_policy().max_age(60)]
    {
        assert_eq!(verify(&token, &keys(), &policy, now()).unwrap_err(), Refused::Invalid(Rule::Type));
    }
    let id_policy = super::forge::id_policy().also_typ_jwt();
    assert!(super::forge::id(&super::forge::id_claims(), &id_policy).is_err());
}
