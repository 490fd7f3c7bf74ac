//! What an item's sealed bytes are bound to.

use auth::encryption_context::EncryptionContext;
use auth::time::Timestamp;

use super::WebKey;
use crate::seal::{Place, joined};

pub(super) struct WebPlace<'a> {
    pub(super) table: &'a str,
    pub(super) key: &'a WebKey,
    pub(super) expires_at: Timestamp,
    pub(super) version: u64,
}

impl Place for WebPlace<'_> {
    fn context(&self) -> EncryptionContext {
        EncryptionContext::of_session(self.table, self.key.hash())
    }

    fn associated_data(&self, head: &[u8]) -> Vec<u8> {
        let (expires_at, version) = (self.expires_at.seconds().to_string(), self.version.to_string());
        let (key, purpose) = (self.key.text(), format!("web {}", self.key.kind.name()));
        let parts = [self.table, &key, &purpose, &expires_at, &version];
        joined(head, parts.into_iter().map(Some))
    }
}
