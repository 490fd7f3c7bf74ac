//! Keys of this process, the same for all rows: for a laptop.

use std::sync::Arc;

use auth::secret::Secret;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

use super::form::{self, Key};
use super::{Place, SealError, SealKeyError};

const HEAD: &[u8] = &[1];

#[derive(Clone)]
pub(super) struct LocalSeal(Arc<LocalKeys>);

struct LocalKeys {
    first: Key,
    others: Vec<Key>,
}

impl LocalSeal {
    pub(super) fn parse(text: &Secret) -> Result<Self, SealKeyError> {
        let mut keys = text.expose().split_whitespace().map(|line| {
            let bytes = Zeroizing::new(STANDARD.decode(line).map_err(|_| SealKeyError)?);
            form::key(&bytes).ok_or(SealKeyError)
        });
        let first = keys.next().ok_or(SealKeyError)??;
        Ok(Self(Arc::new(LocalKeys { first, others: keys.collect::<Result<_, _>>()? })))
    }

    pub(super) fn seal(&self, place: &impl Place, plain: &[u8]) -> Result<Vec<u8>, SealError> {
        form::seal(&self.0.first, HEAD, place, plain)
    }

    pub(super) fn open(&self, place: &impl Place, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, SealError> {
        let rest = sealed.strip_prefix(HEAD).ok_or(SealError::Unreadable)?;
        let mut keys = std::iter::once(&self.0.first).chain(&self.0.others);
        keys.find_map(|key| form::open(key, HEAD, place, rest).ok()).ok_or(SealError::Unreadable)
    }
}
