//! Random text for codes, tokens and ids that the doubles hand out.

use aws_lc_rs::rand;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// `prefix` and 32 random bytes as base64url.
pub(crate) fn token(prefix: &str) -> String {
    let mut bytes = [0_u8; 32];
    // The kernel's generator does not fail once it is seeded; a token of zeros would only fail a test.
    let _filled = rand::fill(&mut bytes);
    format!("{prefix}{}", URL_SAFE_NO_PAD.encode(bytes))
}
