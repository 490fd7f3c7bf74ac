//! Random bytes from the system.

use aws_lc_rs::rand;

use crate::trouble::Trouble;

/// `N` random bytes.
pub(crate) fn bytes<const N: usize>() -> Result<[u8; N], Trouble> {
    let mut bytes = [0; N];
    rand::fill(&mut bytes).map_err(|_| Trouble::new("the system has no random bytes"))?;
    Ok(bytes)
}
