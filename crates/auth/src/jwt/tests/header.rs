use serde_json::{Value, json};

use super::forge::{
    access_claims, access_policy, header_of, jwk, jwks, keys, kid, now, token, token_of_texts, with, without,
};
use crate::jwt::{Algorithm, Claims, KeySet, Refused, Rule, Unverified, verify};

const RS: Algorithm = Algorithm::Rs256;

fn under(header: &Value) -> Result<Claims, Refused> {
    verify(&token(RS, header, &access_claims()), &keys(), &access_policy(), now())
}

// J03
#[test]
fn a_key_inside_the_token_or_at_a_url_of_its_own_is_never_used() {
    let attacker = with(jwk(Algorithm::EdDsa), "kid", "mine");
    for (name, value) in [
        ("jwk", attacker.clone()),
        ("jku", json!("https://attacker.example.com/jwks.json")),
        ("x5u", json!("https://attacker.example.com/chain.pem")),
        ("x5c", json!(["AAAA"])),
        ("x5t", json!("AAAA")),
    ] {
        let header = with(json!({"alg": "EdDSA", "typ": "at+jwt", "kid": "mine"}), name, value.clone());
        let forged = token(Algorithm::EdDsa, &header, &access_claims());
        let policy = access_policy().algorithms(&[Algorithm::EdDsa]);
        let trusted = KeySet::parse(&jwks(&[jwk(RS)])).unwrap();
        assert_eq!(verify(&forged, &trusted, &policy, now()).unwrap_err(), Refused::UnknownKey);

        let beside_a_good_key = with(header_of(RS, "at+jwt"), name, value);
        assert!(under(&beside_a_good_key).is_ok(), "{name} changes nothing");
    }
}

// J04
#[test]
fn a_kid_is_compared_and_nothing_else() {
    for strange in
        ["../../etc/keys", "' OR 1=1 --", "rsa-1\u{0}", "rsa-1 ", "RSA-1", "", "https://attacker.example.com"]
    {
        assert_eq!(
            under(&with(header_of(RS, "at+jwt"), "kid", strange)).unwrap_err(),
            Refused::UnknownKey,
            "{strange:?}"
        );
    }
    let long = "k".repeat(64 * 1024);
    assert_eq!(under(&with(header_of(RS, "at+jwt"), "kid", long)).unwrap_err(), Refused::Invalid(Rule::Size));
    for ill_typed in [json!(1), json!(null), json!(["rsa-1"]), json!({"rsa-1": 1})] {
        let header = with(header_of(RS, "at+jwt"), "kid", ill_typed);
        assert_eq!(under(&header).unwrap_err(), Refused::Invalid(Rule::Header));
    }
}

// J04
#[test]
fn without_a_kid_there_must_be_exactly_one_candidate() {
    let nameless = token(RS, &without(header_of(RS, "at+jwt"), "kid"), &access_claims());
    let verified = |keys: &[Value]| verify(&nameless, &KeySet::parse(&jwks(keys)).unwrap(), &access_policy(), now());
    assert!(verified(&[jwk(RS), jwk(Algorithm::EdDsa)]).is_ok());
    assert!(verified(&[without(jwk(RS), "kid")]).is_ok());
    let two = verified(&[jwk(RS), with(jwk(RS), "kid", "rsa-2")]);
    assert_eq!(two.unwrap_err(), Refused::Invalid(Rule::MissingKeyId));
    assert_eq!(verified(&[jwk(Algorithm::EdDsa)]).unwrap_err(), Refused::Invalid(Rule::MissingKeyId));
}

// J05
#[test]
fn members_that_change_the_meaning_are_refused_whatever_they_say() {
    for (name, value) in [
        ("crit", json!([])),
        ("crit", json!(["exp"])),
        ("crit", json!(null)),
        ("b64", json!(false)),
        ("b64", json!(true)),
        ("zip", json!("DEF")),
        ("enc", json!("A256GCM")),
        ("cty", json!("JWT")),
        ("cty", json!("jwt")),
    ] {
        let header = with(header_of(RS, "at+jwt"), name, value);
        assert_eq!(under(&header).unwrap_err(), Refused::Invalid(Rule::Header), "{name}");
    }
}

// J18
#[test]
fn a_member_named_twice_in_the_header_is_refused() {
    let (alg, kid) = (RS.name(), kid(RS));
    for header in [
        format!(r#"{{"alg":"{alg}","alg":"{alg}","kid":"{kid}","typ":"at+jwt"}}"#),
        format!(r#"{{"alg":"none","alg":"{alg}","kid":"{kid}","typ":"at+jwt"}}"#),
        format!(r#"{{"alg":"{alg}","kid":"{kid}","typ":"at+jwt","typ":"JWT"}}"#),
        format!(r#"{{"alg":"{alg}","kid":"{kid}","typ":"at+jwt","\u0061lg":"{alg}"}}"#),
    ] {
        let token = token_of_texts(RS, &header, &access_claims().to_string());
        let outcome = verify(&token, &keys(), &access_policy(), now());
        assert_eq!(outcome.unwrap_err(), Refused::Invalid(Rule::DuplicateMember), "{header}");
    }
}

#[test]
fn a_header_that_is_no_object_or_has_no_algorithm_is_refused() {
    for (header, rule) in [
        ("", Rule::Segments),
        ("[]", Rule::Json),
        ("null", Rule::Json),
        ("\"RS256\"", Rule::Json),
        ("{} ", Rule::Algorithm),
        ("{}{}", Rule::Json),
        ("\u{feff}{}", Rule::Json),
        (r#"{"alg":null}"#, Rule::Header),
        (r#"{"alg":["RS256"]}"#, Rule::Header),
        (r#"{"alg":"RS256","typ":1}"#, Rule::Header),
    ] {
        let token = token_of_texts(RS, header, &access_claims().to_string());
        assert_eq!(Unverified::parse(&token).err().unwrap(), Refused::Invalid(rule), "{header:?}");
    }
}

#[test]
fn an_unverified_token_gives_what_finds_a_key() {
    let token = token(RS, &header_of(RS, "at+jwt"), &access_claims());
    let unverified = Unverified::parse(&token).unwrap();
    assert_eq!(unverified.algorithm(), RS);
    assert_eq!(unverified.kid(), Some("rsa-1"));
    assert_eq!(unverified.typ(), Some("at+jwt"));
}
