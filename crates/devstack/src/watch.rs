//! Counts the requests that a double answers.

use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;

/// The request lines seen so far, shared between the double and its middleware.
#[derive(Clone, Debug, Default)]
pub struct Watch(Arc<Mutex<Vec<String>>>);

impl Watch {
    /// Requests seen.
    #[must_use]
    pub fn total(&self) -> u64 {
        u64::try_from(self.lines().len()).unwrap_or(u64::MAX)
    }

    /// Requests whose `METHOD /path` starts with `prefix`.
    #[must_use]
    pub fn matching(&self, prefix: &str) -> u64 {
        u64::try_from(self.lines().iter().filter(|line| line.starts_with(prefix)).count()).unwrap_or(u64::MAX)
    }

    /// All request lines, oldest first.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Forgets all request lines.
    pub fn clear(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    fn note(&self, line: String) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(line);
    }
}

/// Middleware: one line a request, before anything else happens to it.
pub(crate) async fn count(State(watch): State<Watch>, request: Request, next: Next) -> Response {
    watch.note(format!("{} {}", request.method(), request.uri()));
    next.run(request).await
}
