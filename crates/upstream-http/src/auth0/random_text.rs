use auth::secret::Secret;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// 32 random bytes as 43 characters: long enough for a PKCE verifier (RFC 7636 section 4.1), a state and a nonce.
pub(super) fn random_text(bytes: [u8; 32]) -> Secret {
    Secret::new(URL_SAFE_NO_PAD.encode(bytes))
}

/// Whether two texts are equal, in a time that does not depend on where they differ.
pub(super) fn same(one: &Secret, other: &str) -> bool {
    aws_lc_rs::constant_time::verify_slices_are_equal(one.expose().as_bytes(), other.as_bytes()).is_ok()
}
