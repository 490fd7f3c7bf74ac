//! One member of a JWKS (RFC 7517 section 4, RFC 7518 section 6, RFC 8037 section 2).

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ED25519, ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents,
};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::DecodingKey;
use serde_json::{Map, Value};

use super::algorithm::Algorithm;
use super::segments;

/// A public key that can check signatures of one algorithm.
pub(super) struct Key {
    pub(super) kid: Option<String>,
    pub(super) algorithm: Algorithm,
    public: DecodingKey,
}

impl Key {
    /// The key, or none if it is not for checking signatures, is weak, or is of a kind that is not taken. `kid`, `use`,
    /// `key_ops` and `alg` may be absent; of the wrong type they make the key unusable.
    pub(super) fn usable(jwk: &Map<String, Value>) -> Option<Self> {
        let algorithm = match (text(jwk, "kty")?, jwk.get("crv").map(Value::as_str)) {
            ("RSA", None) => Algorithm::Rs256,
            ("EC", Some(Some("P-256"))) => Algorithm::Es256,
            ("OKP", Some(Some("Ed25519"))) => Algorithm::EdDsa,
            _ => return None,
        };
        let for_signatures = absent_or(jwk, "use", |value| value.as_str() == Some("sig"))
            && absent_or(jwk, "key_ops", may_verify)
            && absent_or(jwk, "alg", |value| value.as_str() == Some(algorithm.name()));
        if !for_signatures {
            return None;
        }
        let kid = match jwk.get("kid") {
            None => None,
            Some(kid) => Some(kid.as_str()?.to_owned()),
        };
        let public = match algorithm {
            Algorithm::Rs256 => {
                let (modulus, exponent) = (bytes(jwk, "n")?, bytes(jwk, "e")?);
                rsa(&modulus, &exponent)?;
                DecodingKey::from_rsa_raw_components(&modulus, &exponent)
            }
            Algorithm::Es256 => {
                p256(&bytes(jwk, "x")?, &bytes(jwk, "y")?)?;
                DecodingKey::from_ec_components(text(jwk, "x")?, text(jwk, "y")?).ok()?
            }
            Algorithm::EdDsa => {
                ed25519(&bytes(jwk, "x")?)?;
                DecodingKey::from_ed_components(text(jwk, "x")?).ok()?
            }
        };
        Some(Self { kid, algorithm, public })
    }

    /// The one thing that `jsonwebtoken` does here: the signature, by aws-lc.
    pub(super) fn signed(&self, message: &[u8], signature: &[u8]) -> bool {
        let algorithm = match self.algorithm {
            Algorithm::Rs256 => jsonwebtoken::Algorithm::RS256,
            Algorithm::Es256 => jsonwebtoken::Algorithm::ES256,
            Algorithm::EdDsa => jsonwebtoken::Algorithm::EdDSA,
        };
        let signature = URL_SAFE_NO_PAD.encode(signature);
        jsonwebtoken::crypto::verify(&signature, message, &self.public, algorithm).unwrap_or(false)
    }
}

/// 2048 to 8192 bits, an odd exponent of at least 3 in at most four bytes, no leading zero bytes. aws-lc looks at the
/// size only when it verifies, and at the exponent's size hardly at all.
fn rsa(modulus: &[u8], exponent: &[u8]) -> Option<ParsedPublicKey> {
    let leading = modulus.first()?.leading_zeros() as usize;
    let bits = modulus.len() * 8 - leading;
    let value = exponent.iter().take(4).fold(0_u64, |value, byte| (value << 8) | u64::from(*byte));
    let odd = modulus.last()? & 1 == 1 && value & 1 == 1;
    if !(2048..=8192).contains(&bits) || exponent.len() > 4 || value < 3 || !odd {
        return None;
    }
    RsaPublicKeyComponents { n: modulus, e: exponent }.to_parsed_public_key(&RSA_PKCS1_2048_8192_SHA256).ok()
}

/// aws-lc refuses a point that is not on the curve.
fn p256(x: &[u8], y: &[u8]) -> Option<ParsedPublicKey> {
    let uncompressed = [&[4_u8], x, y].concat();
    let sized = x.len() == 32 && y.len() == 32;
    sized.then(|| ParsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, uncompressed).ok()).flatten()
}

fn ed25519(x: &[u8]) -> Option<ParsedPublicKey> {
    (x.len() == 32).then(|| ParsedPublicKey::new(&ED25519, x).ok()).flatten()
}

fn may_verify(operations: &Value) -> bool {
    operations.as_array().is_some_and(|operations| operations.iter().any(|one| one.as_str() == Some("verify")))
}

fn absent_or(jwk: &Map<String, Value>, name: &str, holds: impl Fn(&Value) -> bool) -> bool {
    jwk.get(name).is_none_or(holds)
}

fn text<'a>(jwk: &'a Map<String, Value>, name: &str) -> Option<&'a str> {
    jwk.get(name)?.as_str()
}

fn bytes(jwk: &Map<String, Value>, name: &str) -> Option<Vec<u8>> {
    segments::decode(text(jwk, name)?).ok()
}
