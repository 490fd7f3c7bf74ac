//! What was asked of the tables, for tests to read.

use std::sync::{Arc, Mutex, PoisonError};

use serde_json::Value;

/// One call through the proxy, whatever became of it.
#[derive(Clone, Debug)]
pub struct Asked {
    /// As in `GetItem`.
    pub operation: String,
    /// The request in DynamoDB's own JSON; null if it was none.
    pub body: Value,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Traffic(Arc<Mutex<Vec<Asked>>>);

impl Traffic {
    pub(super) fn note(&self, operation: &str, body: &[u8]) {
        let body = serde_json::from_slice(body).unwrap_or(Value::Null);
        let asked = Asked { operation: operation.to_owned(), body };
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(asked);
    }

    pub(super) fn all(&self) -> Vec<Asked> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(super) fn clear(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}
