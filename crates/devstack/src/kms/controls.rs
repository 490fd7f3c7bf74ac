//! What a test in the same process may do to the keys while they are in use.

use super::store::Keys;
use crate::double::Double;
use crate::fault::{Fault, Faults};
use crate::iam::{Gate, Iam};
use crate::watch::Watch;

/// A running KMS. Dropping it closes its listener and forgets the keys.
#[derive(Debug)]
pub struct Kms {
    /// The listener and its counters. Its request lines are all `POST /`; a fault here knows no operations.
    pub double: Double,
    pub(super) operations: Watch,
    pub(super) faults: Faults,
    pub(super) keys: Keys,
    pub(super) gate: Gate,
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

    /// Calls of this operation since the start or the last [`Kms::forget`], as in `Decrypt`.
    #[must_use]
    pub fn requests_by_operation(&self, operation: &str) -> u64 {
        self.operations().iter().filter(|seen| *seen == operation).map(|_| 1).sum()
    }

    /// Every operation that was called, oldest first.
    #[must_use]
    pub fn operations(&self) -> Vec<String> {
        let lines = self.operations.lines();
        lines.iter().map(|line| line.strip_prefix("POST /").unwrap_or(line).to_owned()).collect()
    }

    /// Forgets the calls seen so far.
    pub fn forget(&self) {
        self.operations.clear();
        self.double.forget();
    }

    /// Adds a fault whose `on` is the start of `POST /OPERATION`.
    pub fn fault(&self, fault: Fault) {
        self.faults.add(fault);
    }

    /// Removes every fault.
    pub fn mend(&self) {
        self.faults.clear();
        self.double.mend();
    }
}
