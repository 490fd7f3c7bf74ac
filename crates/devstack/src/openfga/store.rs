//! Stores, and what was asked of them.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::config::{Config, Seed};
use super::model::Model;
use super::problem::Problem;
use super::token::Tokens;
use super::tuple::Tuple;
use super::{model_rules, parse, pattern, tuple_rules, ulid};

/// A check that the server was asked, alone or in a batch.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Question {
    /// User, relation and object.
    pub tuple: Tuple,
    /// `authorization_model_id` of the request. None: the latest was meant.
    pub model: Option<String>,
    /// `consistency` of the request.
    pub consistency: Option<String>,
    /// The header `traceparent` of the request.
    pub traceparent: Option<String>,
}

#[derive(Clone, Debug)]
pub(super) struct Stored {
    pub(super) tuple: Tuple,
    /// Seconds since 1970.
    pub(super) written: u64,
}

#[derive(Debug, Default)]
pub(super) struct Store {
    pub(super) name: String,
    pub(super) created: u64,
    /// Oldest first.
    pub(super) models: Vec<Model>,
    pub(super) tuples: Vec<Stored>,
    /// What a server with a cache would still answer from when `HIGHER_CONSISTENCY` is not asked for.
    pub(super) cached: Option<Vec<Stored>>,
}

impl Store {
    /// A name has three letters at least; only a store that was never created has none.
    pub(super) fn is_created(&self) -> bool {
        !self.name.is_empty()
    }

    /// The model of this id, or the latest.
    pub(super) fn model(&self, store: &str, id: Option<&str>) -> Result<&Model, Problem> {
        match id {
            Some(id) => self.models.iter().find(|model| model.id == id).ok_or_else(|| Problem::no_model(id)),
            None => self.models.last().ok_or_else(|| {
                let message = format!("No authorization models found for store '{store}'");
                Problem::input("latest_authorization_model_not_found", message)
            }),
        }
    }

    /// Adds a tuple if it is not there. False: it was.
    pub(super) fn allow(&mut self, tuple: &Tuple) -> bool {
        let new = !self.holds(tuple);
        if new {
            self.tuples.push(Stored { tuple: tuple.clone(), written: crate::clock::now() });
        }
        new
    }

    /// Removes a tuple. False: it was not there.
    pub(super) fn revoke(&mut self, tuple: &Tuple) -> bool {
        let before = self.tuples.len();
        self.tuples.retain(|stored| stored.tuple != *tuple);
        self.tuples.len() < before
    }

    pub(super) fn holds(&self, tuple: &Tuple) -> bool {
        self.tuples.iter().any(|stored| stored.tuple == *tuple)
    }

    /// Reads and checks a model, and makes it the latest.
    pub(super) fn add_model(&mut self, id: String, raw: &serde_json::Value) -> Result<(), Problem> {
        let model = parse::model(id, raw)?;
        model_rules::check(&model).map_err(Problem::model)?;
        self.models.push(model);
        Ok(())
    }
}

#[derive(Debug, Default)]
pub(super) struct World {
    pub(super) stores: BTreeMap<String, Store>,
    pub(super) tokens: Option<Tokens>,
    pub(super) questions: Vec<Question>,
}

impl World {
    pub(super) fn build(config: Config) -> Result<Self, Problem> {
        let mut world = Self { tokens: config.auth.map(Tokens::new), ..Self::default() };
        for seed in config.seeds {
            world.seed(seed)?;
        }
        Ok(world)
    }

    /// Adds or replaces a store, and gives the ids of store and model.
    pub(super) fn seed(&mut self, seed: Seed) -> Result<(String, String), Problem> {
        let chosen = |id: String| if id.is_empty() { ulid::fresh() } else { id };
        let (store_id, model_id) = (chosen(seed.store_id), chosen(seed.model_id));
        if let Some(bad) = [&store_id, &model_id].into_iter().find(|id| !ulid::is_valid(id)) {
            return Err(Problem::validation(format!("`{bad}` is no id: take 26 characters of a ULID")));
        }
        let mut store = Store { name: "seeded".to_owned(), created: crate::clock::now(), ..Store::default() };
        store.add_model(model_id.clone(), &seed.model)?;
        for tuple in &seed.tuples {
            let model = store.model(&store_id, None)?;
            pattern::tuple(tuple).map_err(Problem::validation)?;
            tuple_rules::writable(model, tuple).map_err(|reason| Problem::tuple("validation_error", tuple, &reason))?;
            store.allow(tuple);
        }
        self.stores.insert(store_id.clone(), store);
        Ok((store_id, model_id))
    }

    /// The store that a request is for. A server that knows nobody never asks whether it was created: it is empty then.
    pub(super) fn store(&mut self, id: &str) -> Result<&mut Store, Problem> {
        if self.tokens.is_none() && ulid::is_valid(id) {
            return Ok(self.stores.entry(id.to_owned()).or_default());
        }
        self.created(id)
    }

    /// A store that was created, or that a seed made.
    pub(super) fn created(&mut self, id: &str) -> Result<&mut Store, Problem> {
        if !ulid::is_valid(id) {
            return Err(Problem::validation("invalid StoreId: value does not match regex pattern"));
        }
        self.stores.get_mut(id).filter(|store| store.is_created()).ok_or_else(Problem::no_store)
    }
}

#[derive(Clone, Debug)]
pub(super) struct Shared(Arc<Mutex<World>>);

impl Shared {
    pub(super) fn new(world: World) -> Self {
        Self(Arc::new(Mutex::new(world)))
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, World> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
