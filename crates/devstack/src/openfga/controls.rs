//! What a test in the same process may do to the server while it runs.

use super::config::Seed;
use super::problem::Problem;
use super::store::{Question, Shared};
use super::tuple::Tuple;
use super::{pattern, tuple_rules};
use crate::double::Double;

/// A running OpenFGA server. Each control has an admin endpoint under `/_openfga/` too.
#[derive(Debug)]
pub struct OpenFga {
    /// The listener, the counters and the faults.
    pub double: Double,
    shared: Shared,
}

impl OpenFga {
    pub(super) fn new(double: Double, shared: Shared) -> Self {
        Self { double, shared }
    }

    /// Adds or replaces a store with one model and its tuples, and gives the ids of store and model.
    ///
    /// # Errors
    /// When an id, the model or a tuple is one that the server would refuse.
    pub fn seed(&self, seed: Seed) -> std::io::Result<(String, String)> {
        self.shared.lock().seed(seed).map_err(|problem| std::io::Error::other(problem.message))
    }

    /// Stores a tuple; one that is there already is left. False: no such store, or its latest model refuses the tuple.
    pub fn allow(&self, store: &str, tuple: &Tuple) -> bool {
        self.shared.allow(store, tuple).is_ok()
    }

    /// Removes a tuple. False: it was not there.
    pub fn revoke(&self, store: &str, tuple: &Tuple) -> bool {
        self.shared.lock().created(store).is_ok_and(|store| store.revoke(tuple))
    }

    /// The tuples of a store, oldest first; none for an unknown store.
    #[must_use]
    pub fn tuples(&self, store: &str) -> Vec<Tuple> {
        self.shared.tuples(store)
    }

    /// From now on, a check that does not ask for `HIGHER_CONSISTENCY` is answered from the tuples of this moment, as
    /// a server with a cache may do. `false` ends that. The answer is false for an unknown store.
    pub fn set_stale(&self, store: &str, on: bool) -> bool {
        self.shared.set_stale(store, on)
    }

    /// Gives the client that checks another secret; the former one is refused from now on.
    pub fn rotate_secret(&self, secret: &str) {
        if let Some(tokens) = &mut self.shared.lock().tokens {
            secret.clone_into(&mut tokens.auth.client_secret);
        }
    }

    /// Makes every token of the token endpoint invalid.
    pub fn revoke_tokens(&self) {
        if let Some(tokens) = &mut self.shared.lock().tokens {
            tokens.revoke_all();
        }
    }

    /// Every token that was handed out since the start, those that are revoked included.
    #[must_use]
    pub fn secrets(&self) -> Vec<String> {
        self.shared.lock().tokens.as_ref().map(|tokens| tokens.handed_out.clone()).unwrap_or_default()
    }

    /// Seconds that tokens live that are issued from now on.
    pub fn set_token_lifetime(&self, seconds: u64) {
        if let Some(tokens) = &mut self.shared.lock().tokens {
            tokens.auth.token_lifetime = seconds;
        }
    }

    /// The checks that were asked, oldest first; those of a batch one by one.
    #[must_use]
    pub fn questions(&self) -> Vec<Question> {
        self.shared.lock().questions.clone()
    }

    /// `consistency` of the last check.
    #[must_use]
    pub fn last_consistency(&self) -> Option<String> {
        self.shared.lock().questions.last()?.consistency.clone()
    }

    /// The header `traceparent` of the last check.
    #[must_use]
    pub fn last_traceparent(&self) -> Option<String> {
        self.shared.lock().questions.last()?.traceparent.clone()
    }

    /// `authorization_model_id` of the last check.
    #[must_use]
    pub fn last_model(&self) -> Option<String> {
        self.shared.lock().questions.last()?.model.clone()
    }
}

/// The controls that need more than one step, for the methods above and the admin endpoints.
impl Shared {
    pub(super) fn allow(&self, id: &str, tuple: &Tuple) -> Result<(), Problem> {
        let mut world = self.lock();
        let store = world.created(id)?;
        pattern::tuple(tuple).map_err(Problem::validation)?;
        tuple_rules::writable(store.model(id, None)?, tuple)
            .map_err(|reason| Problem::tuple("validation_error", tuple, &reason))?;
        store.allow(tuple);
        Ok(())
    }

    pub(super) fn tuples(&self, store: &str) -> Vec<Tuple> {
        let mut world = self.lock();
        let stored = world.created(store).map(|store| store.tuples.as_slice()).unwrap_or_default();
        stored.iter().map(|stored| stored.tuple.clone()).collect()
    }

    pub(super) fn set_stale(&self, store: &str, on: bool) -> bool {
        let mut world = self.lock();
        let Ok(store) = world.created(store) else { return false };
        store.cached = on.then(|| store.tuples.clone());
        true
    }
}
