//! The attributes of each session. They last until the session is ended, and are otherwise never forgotten.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// Attributes of a session or of a prompt.
pub(super) type Attributes = BTreeMap<String, String>;

#[derive(Default)]
pub(super) struct Sessions(Mutex<BTreeMap<String, Attributes>>);

impl Sessions {
    pub(super) fn attributes(&self, id: &str) -> Option<Attributes> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(id).cloned()
    }

    pub(super) fn keep(&self, id: &str, attributes: Attributes) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(id.to_owned(), attributes);
    }

    pub(super) fn end(&self, id: &str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(id);
    }
}
