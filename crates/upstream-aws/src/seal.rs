//! Sealing what a row must not show: AES-256-GCM, bound to where it is stored and whose it is.
//!
//! Sealed bytes are the version (1 byte, `1`), the nonce (12 random bytes) and the ciphertext with its tag (16 bytes longer
//! than the plain form). The associated data binds them to table, row, purpose, person and organization: a value that is
//! copied to another place does not open there.

#[cfg(test)]
mod tests;

use std::sync::Arc;

use auth::id::{AgentId, Login, Organization, SessionHash};
use auth::secret::Secret;
use auth::subject::Subject;
use auth::time::Timestamp;
use aws_lc_rs::aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

const VERSION: u8 = 1;
const KEY_BYTES: usize = 32;
const TAG_BYTES: usize = 16;

/// Seals and opens. What holds the key is its own affair: today a key of this process, the same for all rows.
#[derive(Clone)]
pub struct Seal {
    key: Arc<LocalKey>,
}

struct LocalKey(RandomizedNonceKey);

/// The key is not one.
#[derive(Debug, thiserror::Error)]
#[error("the sealing key must be 32 random bytes in base64, as `openssl rand -base64 32` prints them")]
pub struct SealKeyError;

/// It does not open, or could not be sealed. Which of the many reasons it was is nobody's business.
#[derive(Debug)]
pub(crate) struct SealBroken;

/// What sealed bytes are bound to.
pub(crate) trait Place {
    /// The associated data for this version of the sealed form, see [`joined`].
    fn associated_data(&self, version: u8) -> Vec<u8>;
}

/// Where something of a session is kept and whose it is.
pub(crate) struct SessionPlace<'a> {
    pub(crate) table: &'a str,
    pub(crate) purpose: &'static str,
    pub(crate) owner: Owner<'a>,
}

/// Whose row it is, and what it says of them: none of it can be changed without the seal.
#[derive(Clone, Copy)]
pub(crate) struct Owner<'a> {
    pub(crate) hash: &'a SessionHash,
    pub(crate) subject: &'a Subject,
    pub(crate) organization: Option<&'a Organization>,
    pub(crate) email: Option<&'a Login>,
    pub(crate) connection: Option<&'a str>,
    pub(crate) agent: Option<&'a AgentId>,
    pub(crate) expires_at: Timestamp,
}

impl Seal {
    /// From 32 bytes in base64 (RFC 4648 section 4); white space around them, as a file has it, is ignored.
    ///
    /// # Errors
    /// [`SealKeyError`] for anything else.
    pub fn local(key: &Secret) -> Result<Self, SealKeyError> {
        let bytes = Zeroizing::new(STANDARD.decode(key.expose().trim()).map_err(|_| SealKeyError)?);
        if bytes.len() != KEY_BYTES {
            return Err(SealKeyError);
        }
        let key = RandomizedNonceKey::new(&AES_256_GCM, &bytes).map_err(|_| SealKeyError)?;
        Ok(Self { key: Arc::new(LocalKey(key)) })
    }

    pub(crate) fn seal(&self, place: &impl Place, plain: &[u8]) -> Result<Vec<u8>, SealBroken> {
        // All of the room at once: growing would leave a copy of the plain form behind.
        let mut body = Zeroizing::new(Vec::with_capacity(plain.len() + TAG_BYTES));
        body.extend_from_slice(plain);
        let nonce = self
            .key
            .0
            .seal_in_place_append_tag(Aad::from(place.associated_data(VERSION)), &mut *body)
            .map_err(|_| SealBroken)?;
        let mut sealed = Vec::with_capacity(1 + NONCE_LEN + body.len());
        sealed.push(VERSION);
        sealed.extend_from_slice(nonce.as_ref());
        sealed.extend_from_slice(&body);
        Ok(sealed)
    }

    pub(crate) fn open(&self, place: &impl Place, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, SealBroken> {
        let (version, rest) = sealed.split_first().ok_or(SealBroken)?;
        if *version != VERSION {
            return Err(SealBroken);
        }
        let (nonce, ciphertext) = rest.split_first_chunk::<NONCE_LEN>().ok_or(SealBroken)?;
        let mut body = Zeroizing::new(ciphertext.to_vec());
        let length = self
            .key
            .0
            .open_in_place(Nonce::from(nonce), Aad::from(place.associated_data(VERSION)), &mut body)
            .map_err(|_| SealBroken)?
            .len();
        body.truncate(length);
        Ok(body)
    }
}

impl Place for SessionPlace<'_> {
    fn associated_data(&self, version: u8) -> Vec<u8> {
        let Owner { hash, subject, organization, email, connection, agent, expires_at } = self.owner;
        let expires_at = expires_at.seconds().to_string();
        let there = [self.table, hash.as_str(), self.purpose, subject.issuer(), subject.id(), &expires_at].map(Some);
        let organization = organization.map(|organization| organization.0.as_str());
        let optional = [organization, email.map(Login::as_str), connection, agent.map(AgentId::as_str)];
        joined(version, there.into_iter().chain(optional))
    }
}

/// Every part with whether it is there and its length before it, so that no two places have the same bytes. No organization
/// is not the same as an organization without a name. The third part is the purpose, for every kind of place.
pub(crate) fn joined<'a>(version: u8, parts: impl Iterator<Item = Option<&'a str>>) -> Vec<u8> {
    let mut data = vec![version];
    for part in parts {
        data.push(u8::from(part.is_some()));
        let part = part.unwrap_or_default();
        data.extend_from_slice(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        data.extend_from_slice(part.as_bytes());
    }
    data
}
