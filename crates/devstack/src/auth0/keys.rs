//! The tenant's signing keys: RS256, 2048 bits (RFC 7518, section 3.3).

use std::sync::Arc;

use aws_lc_rs::error::Unspecified;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{KeyPair as _, RSA_PKCS1_SHA256, RsaKeyPair};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use tokio::sync::OnceCell;

use crate::random;

/// The modulus inside the DER of a 2048-bit `RSAPublicKey` (RFC 8017, appendix A.1.1): behind the two headers and the
/// zero that keeps the number positive, before the exponent.
const MODULUS: std::ops::Range<usize> = 9..265;

pub(crate) struct SigningKey {
    kid: String,
    pair: RsaKeyPair,
    /// base64url
    modulus: String,
}

impl SigningKey {
    /// The first key of every tenant in this process: one is enough, and making it takes a while.
    pub(crate) async fn first() -> Result<Arc<Self>, Unspecified> {
        static FIRST: OnceCell<Arc<SigningKey>> = OnceCell::const_new();
        FIRST.get_or_try_init(async || Self::generate().await.map(Arc::new)).await.cloned()
    }

    /// Makes a key away from the threads that serve: it takes a while.
    pub(crate) async fn generate() -> Result<Self, Unspecified> {
        tokio::task::spawn_blocking(|| {
            let pair = RsaKeyPair::generate(KeySize::Rsa2048)?;
            let modulus = URL_SAFE_NO_PAD.encode(pair.public_key().as_ref().get(MODULUS).ok_or(Unspecified)?);
            Ok(Self { kid: random::token(""), pair, modulus })
        })
        .await
        .map_err(|_| Unspecified)?
    }

    /// This key under the name of another.
    pub(crate) fn posing_as(self, other: &Self) -> Self {
        Self { kid: other.kid.clone(), ..self }
    }

    /// One member of the JWKS. aws-lc makes keys with the exponent 65537.
    pub(crate) fn jwk(&self) -> Value {
        json!({"kty": "RSA", "use": "sig", "alg": "RS256", "kid": self.kid, "n": self.modulus, "e": "AQAB"})
    }

    /// A compact JWS (RFC 7515, section 7.1) over `claims`.
    pub(crate) fn sign(&self, typ: &str, claims: &Value) -> Result<String, Unspecified> {
        let header = json!({"alg": "RS256", "typ": typ, "kid": self.kid});
        let head = URL_SAFE_NO_PAD.encode(header.to_string());
        let signed = format!("{head}.{}", URL_SAFE_NO_PAD.encode(claims.to_string()));
        let mut signature = vec![0; self.pair.public_modulus_len()];
        self.pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), signed.as_bytes(), &mut signature)?;
        Ok(format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature)))
    }
}
