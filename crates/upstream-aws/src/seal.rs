//! Sealing what a row must not show: AES-256-GCM, bound to where it is stored and whose it is.
//!
//! Sealed bytes are the head, the nonce (12 random bytes) and the ciphertext with its tag (16 bytes longer than the plain
//! form). The head begins with the seal version (1 byte) and has two forms:
//!
//! | version | head | key |
//! |---|---|---|
//! | `1` | the version | of this process, the same for all rows: [`Seal::local`] |
//! | `2` | the version, which KMS key (8 bytes), length of the encrypted data key (2 bytes, big endian), the encrypted data key | a data key from AWS KMS: [`Seal::kms`] |
//!
//! The associated data is the head, then table, row, purpose, person, organization and whatever else the row says openly: a
//! value that is copied to another place does not open there, nor with another head. Each kind of seal opens its own version
//! only, and nothing stands in for a key that cannot be had.

mod data_keys;
mod form;
mod kms;
mod local;
mod place;
#[cfg(test)]
mod tests;

pub(crate) use place::{Owner, Place, SessionPlace, joined};

use auth::keycard::KeyArn;
use auth::secret::Secret;
use auth::time::Clock;
use tokio::time::Instant;
use zeroize::Zeroizing;

use crate::connection::Aws;
use kms::KmsSeal;
use local::LocalSeal;
use upstream_secrets::failure::Failure;

/// The keys that a setting names.
pub enum SealKeys {
    /// Keys of this process, for [`Seal::local`].
    Local(Secret),
    /// Keys at KMS, for [`Seal::kms`].
    Kms(KmsKeys),
}

/// Keys at AWS KMS, all in the region of the clients.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KmsKeys {
    /// The key that seals, and opens.
    pub current: KeyArn,
    /// Keys that sealed before, and only open. What is under a key that is neither is unreadable.
    pub old: Vec<KeyArn>,
}

/// Seals and opens. Clones share their keys.
#[derive(Clone)]
pub struct Seal(Kind);

#[derive(Clone)]
enum Kind {
    Local(LocalSeal),
    Kms(KmsSeal),
}

/// The key is not one.
#[derive(Debug, thiserror::Error)]
#[error("each line must be 32 random bytes in base64, as `openssl rand -base64 32` prints them")]
pub struct SealKeyError;

/// Why nothing was sealed or opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SealError {
    /// It does not open. Which of the many reasons it was is nobody's business.
    Unreadable,
    /// KMS's limit was reached, twice.
    Busy,
    /// KMS did not answer well or in time.
    Unavailable,
    /// The key is disabled or not there, or our rights are wrong.
    Misconfigured,
}

impl From<Failure> for SealError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Throttled => Self::Busy,
            Failure::Setup => Self::Misconfigured,
            Failure::Condition | Failure::Connection | Failure::Unknown => Self::Unavailable,
        }
    }
}

impl Seal {
    /// By the keys that a setting names. `aws` and `clock` are for those at KMS.
    ///
    /// # Errors
    /// [`SealKeyError`], for keys of this process.
    pub fn of(keys: SealKeys, aws: &Aws, clock: Clock) -> Result<Self, SealKeyError> {
        match keys {
            SealKeys::Local(keys) => Self::local(&keys),
            SealKeys::Kms(keys) => Ok(Self::kms(aws, keys, clock)),
        }
    }

    /// From one or more lines, each of 32 bytes in base64 (RFC 4648 section 4); white space around them, as a file has it, is
    /// ignored. The first seals, all open.
    ///
    /// # Errors
    /// [`SealKeyError`] for anything else.
    pub fn local(keys: &Secret) -> Result<Self, SealKeyError> {
        LocalSeal::parse(keys).map(|seal| Self(Kind::Local(seal)))
    }

    /// By data keys from AWS KMS (`GenerateDataKey`, `Decrypt`), bound to table, row and purpose by their
    /// [encryption context](auth::encryption_context::EncryptionContext). A data key is used for five minutes at most, as
    /// `clock` has them.
    #[must_use]
    pub fn kms(aws: &Aws, keys: KmsKeys, clock: Clock) -> Self {
        Self(Kind::Kms(KmsSeal::new(aws, keys, clock)))
    }

    /// The same seal with the rights of `aws`. Data keys are shared: one that is in memory opens what it opened before, in
    /// the very place, without asking KMS again.
    #[must_use]
    pub fn by(&self, aws: &Aws) -> Self {
        match &self.0 {
            Kind::Local(seal) => Self(Kind::Local(seal.clone())),
            Kind::Kms(seal) => Self(Kind::Kms(seal.by(aws))),
        }
    }

    /// The sealed form of `plain` in this place.
    pub(crate) async fn seal(&self, place: &impl Place, plain: &[u8], until: Instant) -> Result<Vec<u8>, SealError> {
        match &self.0 {
            Kind::Local(seal) => seal.seal(place, plain),
            Kind::Kms(seal) => seal.seal(place, plain, until).await,
        }
    }

    /// What was sealed in this place.
    pub(crate) async fn open(
        &self,
        place: &impl Place,
        sealed: &[u8],
        until: Instant,
    ) -> Result<Zeroizing<Vec<u8>>, SealError> {
        match &self.0 {
            Kind::Local(seal) => seal.open(place, sealed),
            Kind::Kms(seal) => seal.open(place, sealed, until).await,
        }
    }
}
