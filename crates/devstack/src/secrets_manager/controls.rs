//! What a test in the same process may do to the secrets while they are in use.

use std::ops::Deref;

use super::store::{Secrets, Value};
use crate::iam::{Gate, Iam};
use crate::operations::Operations;

/// A running Secrets Manager. Dropping it closes its listener and forgets the secrets.
#[derive(Debug)]
pub struct SecretsManager {
    pub(super) operations: Operations,
    pub(super) secrets: Secrets,
    pub(super) gate: Gate,
}

impl Deref for SecretsManager {
    type Target = Operations;

    fn deref(&self) -> &Operations {
        &self.operations
    }
}

impl SecretsManager {
    /// Makes a secret of this name with this text, and gives its ARN.
    pub fn create(&self, name: &str, text: &str) -> String {
        self.secrets.create(name, Value::Text(text.to_owned()))
    }

    /// Makes a secret with this ARN and text, whose name is the part before the last six characters.
    pub fn create_at(&self, arn: &str, text: &str) {
        self.secrets.create_at(arn, Value::Text(text.to_owned()));
    }

    /// Gives the secret a new version, which is the current one from now on. False if there is no such secret.
    pub fn put(&self, arn: &str, value: Value) -> bool {
        self.secrets.put(arn, value).is_ok()
    }

    /// Marks the secret for deletion: it is not read any more. False if there is no such secret.
    pub fn delete(&self, arn: &str) -> bool {
        self.secrets.delete(arn)
    }

    /// How often a secret was asked for since the start or the last [`Operations::forget`].
    #[must_use]
    pub fn reads(&self) -> u64 {
        self.requests_by_operation("GetSecretValue")
    }

    /// From now on, every request is evaluated by this account's policies first.
    pub fn enforce(&self, iam: &Iam) {
        self.gate.close(iam.clone());
    }
}
