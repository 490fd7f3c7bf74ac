//! What a test in the same process may do to the keys while they are in use.

use std::ops::Deref;

use super::store::Keys;
use crate::iam::{Gate, Iam};
use crate::operations::Operations;

/// A running KMS. Dropping it closes its listener and forgets the keys.
#[derive(Debug)]
pub struct Kms {
    pub(super) operations: Operations,
    pub(super) keys: Keys,
    pub(super) gate: Gate,
}

impl Deref for Kms {
    type Target = Operations;

    fn deref(&self) -> &Operations {
        &self.operations
    }
}

impl Kms {
    /// Makes a key under this alias, written without `alias/`, and gives its id. An alias moves to its newest key.
    pub fn create_key(&self, alias: &str) -> String {
        self.keys.create(alias)
    }

    /// Gives the key new material for what is encrypted from now on; older ciphertexts still open. False if there is no
    /// such key.
    pub fn rotate(&self, key_id: &str) -> bool {
        self.keys.rotate(key_id)
    }

    /// Makes every use of the key fail, or work again. False if there is no such key.
    pub fn set_enabled(&self, key_id: &str, enabled: bool) -> bool {
        self.keys.set_enabled(key_id, enabled)
    }

    /// From now on, every request is evaluated by this account's policies first.
    pub fn enforce(&self, iam: &Iam) {
        self.gate.close(iam.clone());
    }
}
