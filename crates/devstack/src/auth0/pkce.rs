//! PKCE with S256 (RFC 7636); `plain` is refused everywhere.

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// Whether `challenge` can be the base64url of a SHA-256: 43 characters of its alphabet (section 4.2).
pub(crate) fn is_challenge(challenge: &str) -> bool {
    URL_SAFE_NO_PAD.decode(challenge).is_ok_and(|hash| hash.len() == 32)
}

/// Whether `verifier`, of 43 to 128 characters (section 4.1), is the one that `challenge` was made from.
pub(crate) fn matches(verifier: &str, challenge: &str) -> bool {
    let long_enough = (43..=128).contains(&verifier.len());
    long_enough && URL_SAFE_NO_PAD.encode(digest(&SHA256, verifier.as_bytes())) == challenge
}
