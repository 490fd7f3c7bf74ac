//! AES-256-GCM by a key that is in memory.

use aws_lc_rs::aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};
use zeroize::Zeroizing;

use super::{Place, SealError};

pub(super) const KEY_BYTES: usize = 32;
const TAG_BYTES: usize = 16;

/// A key. The cipher is made of it anew for each use; AWS-LC wipes that memory when it frees it, and this type its own.
pub(super) type Key = Zeroizing<[u8; KEY_BYTES]>;

/// A key of these bytes, if they are so many.
pub(super) fn key(bytes: &[u8]) -> Option<Key> {
    bytes.try_into().ok().map(Zeroizing::new)
}

/// Head, nonce, ciphertext and tag.
pub(super) fn seal(key: &Key, head: &[u8], place: &impl Place, plain: &[u8]) -> Result<Vec<u8>, SealError> {
    let misuse = |_| SealError::Misconfigured;
    // All of the room at once: growing would leave a copy of the plain form behind.
    let mut body = Zeroizing::new(Vec::with_capacity(plain.len() + TAG_BYTES));
    body.extend_from_slice(plain);
    let nonce = RandomizedNonceKey::new(&AES_256_GCM, &key[..])
        .and_then(|cipher| cipher.seal_in_place_append_tag(Aad::from(place.associated_data(head)), &mut *body))
        .map_err(misuse)?;
    let mut sealed = Vec::with_capacity(head.len() + NONCE_LEN + body.len());
    sealed.extend_from_slice(head);
    sealed.extend_from_slice(nonce.as_ref());
    sealed.extend_from_slice(&body);
    Ok(sealed)
}

/// The plain form of `rest`, which is all that came after `head`.
pub(super) fn open(key: &Key, head: &[u8], place: &impl Place, rest: &[u8]) -> Result<Zeroizing<Vec<u8>>, SealError> {
    let (nonce, ciphertext) = rest.split_first_chunk::<NONCE_LEN>().ok_or(SealError::Unreadable)?;
    let mut body = Zeroizing::new(ciphertext.to_vec());
    let cipher = RandomizedNonceKey::new(&AES_256_GCM, &key[..]).map_err(|_| SealError::Misconfigured)?;
    let length = cipher
        .open_in_place(Nonce::from(nonce), Aad::from(place.associated_data(head)), &mut body)
        .map_err(|_| SealError::Unreadable)?
        .len();
    body.truncate(length);
    Ok(body)
}
