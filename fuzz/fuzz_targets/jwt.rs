//! Claims behind a good signature. The first line is the header, the rest the payload.
#![no_main]

use auth::jwt::{Algorithm, Claims, Policy, verify};
use libfuzzer_sys::fuzz_target;
use mandate_fuzz::NOW;
use mandate_fuzz::signed::{KEYS, token};
use serde_json::{Value, json};

const ISSUER: &str = "https://tenant.example/";
const AUDIENCE: &str = "api";
const LEEWAY: u64 = 30;
const DAY: u64 = 86_400;

fuzz_target!(|input: &[u8]| {
    let end = input.iter().position(|byte| *byte == b'\n').unwrap_or(0);
    let (header, payload) = (&input[..end], input.get(end + 1..).unwrap_or_default());
    let token = token(header, payload);
    let access = Policy::access_token(ISSUER, AUDIENCE).algorithms(&[Algorithm::EdDsa]);
    if let Ok(claims) = verify(&token, &KEYS, &access, NOW) {
        let header: Value = serde_json::from_slice(header).expect("a header that is no JSON");
        let typ = header["typ"].as_str().expect("no `typ`").to_ascii_lowercase();
        assert!(["at+jwt", "application/at+jwt"].contains(&typ.as_str()));
        holds(&claims, &header, payload);
    }
    let id = Policy::id_token(ISSUER, AUDIENCE).algorithms(&[Algorithm::EdDsa]).nonce("n1".to_owned());
    if let Ok(claims) = verify(&token, &KEYS, &id, NOW) {
        let header: Value = serde_json::from_slice(header).expect("a header that is no JSON");
        assert_eq!(claims.text("nonce"), Some("n1"));
        holds(&claims, &header, payload);
    }
    // An algorithm that is not listed is never taken, nor a key that is not there.
    let other = Policy::access_token(ISSUER, AUDIENCE);
    assert!(verify(&token, &KEYS, &other, NOW).is_err());
});

fn holds(claims: &Claims, header: &Value, payload: &[u8]) {
    let said: Value = serde_json::from_slice(payload).expect("claims that are no JSON");
    assert_eq!(header["alg"], "EdDSA");
    assert!(header.get("crit").is_none());
    assert_eq!((claims.issuer(), &said["iss"]), (ISSUER, &json!(ISSUER)));
    let audience = match &said["aud"] {
        Value::Array(all) => all.contains(&json!(AUDIENCE)),
        one => *one == json!(AUDIENCE),
    };
    assert!(audience, "another audience");
    assert!(!claims.subject().is_empty());
    assert_eq!(said["sub"], claims.subject());
    let (issued, ends, now) = (claims.issued_at().seconds(), claims.expires_at().seconds(), NOW.seconds());
    assert!(ends + LEEWAY > now, "ended");
    assert!(issued <= now + LEEWAY, "of the future");
    assert!(issued <= ends && ends - issued <= DAY, "lives too long");
}
