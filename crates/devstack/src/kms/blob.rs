//! Ciphertexts: version, key id, number of the material, nonce, sealed text. All before the nonce is authenticated too.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::rand;

const VERSION: u8 = 1;
/// Bytes of a key id: a UUID as text.
const ID: usize = 36;
/// Bytes of version, key id and number.
const HEAD: usize = 1 + ID + 4;

pub(super) struct Blob<'b> {
    pub(super) key_id: &'b str,
    /// Which of the key's materials, from 0.
    pub(super) material: u32,
    head: &'b [u8],
    nonce: [u8; NONCE_LEN],
    sealed: &'b [u8],
}

impl<'b> Blob<'b> {
    /// None for what is no ciphertext of this form.
    pub(super) fn parse(bytes: &'b [u8]) -> Option<Self> {
        let (head, rest) = bytes.split_at_checked(HEAD)?;
        let (nonce, sealed) = rest.split_first_chunk::<NONCE_LEN>()?;
        let (version, named) = head.split_first()?;
        let (key_id, material) = named.split_at_checked(ID)?;
        let key_id = std::str::from_utf8(key_id).ok().filter(|_| *version == VERSION)?;
        let material = u32::from_be_bytes(*material.first_chunk()?);
        Some(Self { key_id, material, head, nonce: *nonce, sealed })
    }

    pub(super) fn open(&self, material: &[u8; 32], context: &[u8]) -> Option<Vec<u8>> {
        let mut text = self.sealed.to_vec();
        let nonce = Nonce::assume_unique_for_key(self.nonce);
        let length = key(material)?.open_in_place(nonce, aad(self.head, context), &mut text).ok()?.len();
        text.truncate(length);
        Some(text)
    }

    pub(super) fn seal(id: &str, number: u32, material: &[u8; 32], text: &[u8], context: &[u8]) -> Option<Vec<u8>> {
        let mut blob = vec![VERSION];
        blob.extend(id.bytes());
        blob.extend(number.to_be_bytes());
        let mut nonce = [0; NONCE_LEN];
        rand::fill(&mut nonce).ok()?;
        let mut sealed = text.to_vec();
        let unique = Nonce::assume_unique_for_key(nonce);
        key(material)?.seal_in_place_append_tag(unique, aad(&blob, context), &mut sealed).ok()?;
        blob.extend(nonce);
        blob.extend(sealed);
        Some(blob)
    }
}

fn key(material: &[u8; 32]) -> Option<LessSafeKey> {
    UnboundKey::new(&AES_256_GCM, material).ok().map(LessSafeKey::new)
}

fn aad(head: &[u8], context: &[u8]) -> Aad<Vec<u8>> {
    Aad::from([head, context].concat())
}
