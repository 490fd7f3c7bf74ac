//! Random bytes from the system.

use auth::id::sha256_base64url;
use auth::secret::Secret;
use aws_lc_rs::rand;

use crate::problem::Problem;

/// `N` random bytes.
pub(crate) fn bytes<const N: usize>() -> Result<[u8; N], Problem> {
    let mut bytes = [0; N];
    rand::fill(&mut bytes).map_err(|_| Problem::internal("the system has no random bytes"))?;
    Ok(bytes)
}

/// A text of 256 random bits in base64url, 43 characters.
pub(crate) fn text() -> Result<Secret, Problem> {
    Ok(Secret::new(sha256_base64url(&bytes::<32>()?)))
}
