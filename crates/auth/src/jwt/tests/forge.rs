//! Makes tokens, good and bad, with keys of this very run.

use std::sync::LazyLock;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair, RSA_PKCS1_SHA256, RsaKeyPair,
};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use crate::jwt::{Algorithm, Claims, KeySet, Policy, Refused, verify};
use crate::time::Timestamp;

pub(super) const NOW: u64 = 1_800_000_000;
pub(super) const ISSUER: &str = "https://login.example.com/";
pub(super) const API: &str = "https://api.example.com";
pub(super) const CLIENT: &str = "client-1";

pub(super) static RSA: LazyLock<RsaKeyPair> = LazyLock::new(|| RsaKeyPair::generate(KeySize::Rsa2048).unwrap());
static P256: LazyLock<EcdsaKeyPair> =
    LazyLock::new(|| EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap());
static ED: LazyLock<Ed25519KeyPair> = LazyLock::new(|| Ed25519KeyPair::generate().unwrap());

pub(super) const ALL: [Algorithm; 3] = [Algorithm::Rs256, Algorithm::Es256, Algorithm::EdDsa];

pub(super) fn now() -> Timestamp {
    Timestamp::from_seconds(NOW)
}

pub(super) fn b64(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// The kid that each key of [`keys`] has.
pub(super) fn kid(algorithm: Algorithm) -> &'static str {
    match algorithm {
        Algorithm::Rs256 => "rsa-1",
        Algorithm::Es256 => "ec-1",
        Algorithm::EdDsa => "ed-1",
    }
}

pub(super) fn jwk(algorithm: Algorithm) -> Value {
    let kid = kid(algorithm);
    match algorithm {
        Algorithm::Rs256 => {
            // DER of RSAPublicKey at 2048 bits: 8 bytes of framing and a zero byte, the modulus, a frame, the exponent.
            let der = RSA.public_key().as_ref();
            json!({"kty": "RSA", "kid": kid, "use": "sig", "alg": "RS256", "n": b64(&der[9..265]), "e": b64(&der[267..])})
        }
        Algorithm::Es256 => {
            let point = P256.public_key().as_ref();
            json!({"kty": "EC", "crv": "P-256", "kid": kid, "x": b64(&point[1..33]), "y": b64(&point[33..])})
        }
        Algorithm::EdDsa => {
            json!({"kty": "OKP", "crv": "Ed25519", "kid": kid, "x": b64(ED.public_key())})
        }
    }
}

pub(super) fn jwks(keys: &[Value]) -> Vec<u8> {
    json!({ "keys": keys }).to_string().into_bytes()
}

pub(super) fn keys() -> KeySet {
    KeySet::parse(&jwks(&ALL.map(jwk))).unwrap()
}

/// Signs whatever segments are given.
pub(super) fn sign(algorithm: Algorithm, signing_input: &str) -> Vec<u8> {
    match algorithm {
        Algorithm::Rs256 => {
            let mut signature = vec![0; RSA.public_modulus_len()];
            RSA.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), signing_input.as_bytes(), &mut signature).unwrap();
            signature
        }
        Algorithm::Es256 => P256.sign(&SystemRandom::new(), signing_input.as_bytes()).unwrap().as_ref().to_vec(),
        Algorithm::EdDsa => ED.sign(signing_input.as_bytes()).as_ref().to_vec(),
    }
}

pub(super) fn token_of_texts(algorithm: Algorithm, header: &str, claims: &str) -> String {
    let signing_input = format!("{}.{}", b64(header), b64(claims));
    let signature = b64(sign(algorithm, &signing_input));
    format!("{signing_input}.{signature}")
}

pub(super) fn token(algorithm: Algorithm, header: &Value, claims: &Value) -> String {
    token_of_texts(algorithm, &header.to_string(), &claims.to_string())
}

/// The header that an issuer would write, with `typ`.
pub(super) fn header_of(algorithm: Algorithm, typ: &str) -> Value {
    json!({"alg": algorithm.name(), "kid": kid(algorithm), "typ": typ})
}

pub(super) fn access_claims() -> Value {
    json!({
        "iss": ISSUER, "aud": API, "sub": "auth0|alice", "client_id": CLIENT, "jti": "t-1",
        "iat": NOW - 10, "exp": NOW + 600, "scope": "openid read:okta",
    })
}

pub(super) fn id_claims() -> Value {
    json!({
        "iss": ISSUER, "aud": CLIENT, "sub": "auth0|alice", "iat": NOW - 10, "exp": NOW + 600, "nonce": "n-1",
        "email": "alice@example.com", "email_verified": true,
    })
}

pub(super) const LOGOUT_EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";

/// As in Auth0's documentation.
pub(super) fn logout_claims() -> Value {
    json!({
        "iss": ISSUER, "aud": CLIENT, "sub": "auth0|alice", "sid": "s-1", "jti": "l-1", "iat": NOW - 10, "exp": NOW + 110,
        "events": {LOGOUT_EVENT: {}}, "trace_id": "81b336a94a4a5707",
    })
}

/// `base` with `name` set.
pub(super) fn with(mut base: Value, name: &str, value: impl Into<Value>) -> Value {
    base[name] = value.into();
    base
}

pub(super) fn without(mut base: Value, name: &str) -> Value {
    base.as_object_mut().unwrap().remove(name).unwrap();
    base
}

pub(super) fn access_policy() -> Policy {
    Policy::access_token(ISSUER, API)
}

pub(super) fn id_policy() -> Policy {
    Policy::id_token(ISSUER, CLIENT).nonce("n-1".to_owned())
}

/// What an access token with these claims comes to.
pub(super) fn access(claims: &Value) -> Result<Claims, Refused> {
    verify(&access_token(claims), &keys(), &access_policy(), now())
}

pub(super) fn access_token(claims: &Value) -> String {
    token(Algorithm::Rs256, &header_of(Algorithm::Rs256, "at+jwt"), claims)
}

/// What an ID token with these claims comes to.
pub(super) fn id(claims: &Value, policy: &Policy) -> Result<Claims, Refused> {
    verify(&token(Algorithm::Rs256, &header_of(Algorithm::Rs256, "JWT"), claims), &keys(), policy, now())
}
