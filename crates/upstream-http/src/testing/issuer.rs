//! An issuer with a key of this very run.

use std::sync::LazyLock;

use auth::jwt::KeySet;
use auth::time::Timestamp;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{KeyPair, RSA_PKCS1_SHA256, RsaKeyPair};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use super::approval::ISSUER;

pub(crate) const NOW: Timestamp = Timestamp::from_seconds(1_800_000_000);
pub(crate) const ACCESS_TOKEN: &str = "auth0-access-token";

static KEY: LazyLock<RsaKeyPair> = LazyLock::new(|| RsaKeyPair::generate(KeySize::Rsa2048).unwrap());

/// The issuer's key set, with its one key under this id.
pub(crate) fn keys(kid: &str) -> KeySet {
    KeySet::parse(key_set(kid).to_string().as_bytes()).unwrap()
}

/// The same as a document.
pub(crate) fn key_set(kid: &str) -> Value {
    // DER of RSAPublicKey at 2048 bits: 8 bytes of framing and a zero byte, the modulus, a frame, the exponent.
    let der = KEY.public_key().as_ref();
    let (modulus, exponent) = (URL_SAFE_NO_PAD.encode(&der[9..265]), URL_SAFE_NO_PAD.encode(&der[267..]));
    let key = json!({"kty": "RSA", "kid": kid, "use": "sig", "alg": "RS256", "n": modulus, "e": exponent});
    json!({"keys": [key]})
}

/// Good claims for this nonce.
pub(crate) fn claims(nonce: &str) -> Value {
    let now = NOW.seconds();
    json!({"iss": ISSUER, "aud": "client-1", "sub": "oidc|okta-oidc|00u1", "iat": now, "exp": now + 3600,
           "nonce": nonce, "name": "Alice", "email": "Alice@Example.com", "email_verified": true,
           "at_hash": at_hash(ACCESS_TOKEN)})
}

pub(crate) fn at_hash(access_token: &str) -> String {
    let hash = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, access_token.as_bytes());
    URL_SAFE_NO_PAD.encode(&hash.as_ref()[..16])
}

/// Signed by the key of id `rsa-1`.
pub(crate) fn signed(claims: &Value) -> String {
    let encode = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let message = format!("{}.{}", encode(&json!({"alg": "RS256", "kid": "rsa-1"})), encode(claims));
    let mut signature = vec![0; KEY.public_modulus_len()];
    KEY.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message.as_bytes(), &mut signature).unwrap();
    format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature))
}
