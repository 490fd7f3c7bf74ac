//! A raw JWS, on the first line, and the key set, after it.
#![no_main]

use std::collections::HashSet;

use auth::jwt::{Algorithm, KeySet, Unverified, payload};
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

const ALL: [Algorithm; 3] = [Algorithm::Rs256, Algorithm::Es256, Algorithm::EdDsa];

fuzz_target!(|input: &[u8]| {
    let end = input.iter().position(|byte| *byte == b'\n').unwrap_or(0);
    let Ok(token) = std::str::from_utf8(&input[..end]) else { return };
    let read = Unverified::parse(token).map(|read| read.algorithm());
    let document = input.get(end + 1..).unwrap_or_default();
    let Ok(keys) = KeySet::parse(document) else { return };
    let said: Value = serde_json::from_slice(document).expect("a key set that is no JSON");
    let listed = said["keys"].as_array().expect("no `keys`");
    for secret in ["d", "p", "q", "dp", "dq", "qi", "oth", "k"] {
        assert!(listed.iter().all(|key| key.get(secret).is_none()), "a private member");
    }
    let mut kids = HashSet::new();
    assert!(keys.kids().all(|kid| kids.insert(kid.to_owned())), "one `kid` twice");
    if payload(token, &keys, &ALL).is_ok() {
        let algorithm = read.expect("verified and yet of no form");
        assert_eq!(token.split('.').count(), 3);
        let others: Vec<Algorithm> = ALL.into_iter().filter(|other| *other != algorithm).collect();
        assert!(payload(token, &keys, &others).is_err(), "another algorithm than allowed");
    }
});
