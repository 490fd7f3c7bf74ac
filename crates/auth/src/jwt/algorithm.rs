/// The signature algorithms that a policy can allow: all asymmetric, so a public key can never serve as an HMAC secret,
/// and `none` has no value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Algorithm {
    /// RSASSA-PKCS1-v1_5 with SHA-256, keys of 2048 to 8192 bits (RFC 7518 section 3.3).
    Rs256,
    /// ECDSA on P-256 with SHA-256, signature as two 32-byte numbers (RFC 7518 section 3.4).
    Es256,
    /// Ed25519 (RFC 8037 section 3.1). Ed448 is not taken.
    EdDsa,
}

impl Algorithm {
    /// The algorithm with this exact name in a header's `alg`, or none.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "RS256" => Some(Self::Rs256),
            "ES256" => Some(Self::Es256),
            "EdDSA" => Some(Self::EdDsa),
            _ => None,
        }
    }

    /// The name in a header's `alg`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Rs256 => "RS256",
            Self::Es256 => "ES256",
            Self::EdDsa => "EdDSA",
        }
    }
}
