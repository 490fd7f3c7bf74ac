//! Encryption contexts.

use std::collections::BTreeMap;

use crate::iam::Context;

pub(super) type EncryptionContext = BTreeMap<String, String>;

/// Names and values in the order of the names, each with its length before it, so that no two contexts are one.
pub(super) fn canonical(context: &EncryptionContext) -> Vec<u8> {
    let mut bytes = Vec::new();
    for part in context.iter().flat_map(|(name, value)| [name, value]) {
        bytes.extend((part.len() as u64).to_be_bytes());
        bytes.extend(part.bytes());
    }
    bytes
}

/// [Condition keys](https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html).
pub(super) fn condition_keys(context: &EncryptionContext) -> Context {
    let mut keys = Context::default();
    for (name, value) in context {
        keys.add(&format!("kms:EncryptionContext:{name}"), value);
        keys.add("kms:EncryptionContextKeys", name);
    }
    keys
}
