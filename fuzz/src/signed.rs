//! Tokens that are signed by a key of our own, so that the input gets past the signature.

use std::sync::LazyLock;

use auth::jwt::KeySet;
use auth::ticket::Minter;
use aws_lc_rs::signature::Ed25519KeyPair;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::json;

const SEED: [u8; 32] = [9; 32];

static PAIR: LazyLock<Ed25519KeyPair> = LazyLock::new(|| Ed25519KeyPair::from_seed_unchecked(&SEED).unwrap());

/// The set with the one key, `k1`.
pub static KEYS: LazyLock<KeySet> = LazyLock::new(|| {
    let minter = Minter::from_seed("idp", "k1", &SEED).unwrap();
    KeySet::parse(json!({"keys": [minter.public_jwk()]}).to_string().as_bytes()).unwrap()
});

/// A token of exactly these bytes.
pub fn token(header: &[u8], payload: &[u8]) -> String {
    let input = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(payload));
    let signature = PAIR.sign(input.as_bytes());
    format!("{input}.{}", URL_SAFE_NO_PAD.encode(signature.as_ref()))
}
