//! The secrets. What shows of them is their ARNs.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::problem::Problem;
use crate::clock;
use crate::lambda::{ACCOUNT, REGION, stamp};

/// What a version holds.
#[derive(Clone, PartialEq, Eq)]
pub enum Value {
    /// `SecretString`.
    Text(String),
    /// `SecretBinary`.
    Binary(Vec<u8>),
}

#[derive(Clone, Default)]
pub(super) struct Secrets(Arc<Mutex<BTreeMap<String, Versions>>>);

/// The versions of a secret, the newest last.
struct Versions {
    name: String,
    all: Vec<Version>,
    /// Whether it is marked for deletion.
    deleted: bool,
}

/// One of them.
#[derive(Clone)]
pub(super) struct Version {
    pub(super) id: String,
    pub(super) value: Value,
    /// Seconds since 1970.
    pub(super) created: u64,
}

/// A version, with what may be told of its secret.
pub(super) struct Told {
    pub(super) name: String,
    pub(super) version: Version,
    pub(super) stages: Vec<&'static str>,
}

impl fmt::Debug for Secrets {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_set().entries(self.lock().keys()).finish()
    }
}

impl Secrets {
    /// The ARN of a new secret.
    pub(super) fn create(&self, name: &str, value: Value) -> String {
        // Secrets Manager adds six letters to the name.
        let random: String = stamp::uuid().chars().filter(char::is_ascii_alphanumeric).take(6).collect();
        let arn = format!("arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:{name}-{random}");
        self.create_at(&arn, value);
        arn
    }

    pub(super) fn create_at(&self, arn: &str, value: Value) {
        let whole = arn.rsplit(':').next().unwrap_or_default();
        let name = whole.rsplit_once('-').map_or(whole, |(name, _)| name).to_owned();
        let versions = Versions { name, all: vec![Version::of(value)], deleted: false };
        self.lock().insert(arn.to_owned(), versions);
    }

    pub(super) fn put(&self, arn: &str, value: Value) -> Result<String, Problem> {
        let mut secrets = self.lock();
        let versions = secrets.get_mut(arn).ok_or_else(Problem::not_found)?;
        let version = Version::of(value);
        let id = version.id.clone();
        versions.all.push(version);
        Ok(id)
    }

    pub(super) fn delete(&self, arn: &str) -> bool {
        self.lock().get_mut(arn).map(|versions| versions.deleted = true).is_some()
    }

    /// The whole ARN of a secret that is named by ARN, by ARN without its six letters, or by name.
    pub(super) fn resolve(&self, id: &str) -> Result<String, Problem> {
        let secrets = self.lock();
        let named = |(arn, versions): &(&String, &Versions)| {
            *arn == id || versions.name == id || arn.rsplit_once('-').is_some_and(|(partial, _)| partial == id)
        };
        secrets.iter().find(named).map(|(arn, _)| arn.clone()).ok_or_else(Problem::not_found)
    }

    /// The version with this id, or with this stage.
    pub(super) fn version(&self, arn: &str, id: Option<&str>, stage: &str) -> Result<Told, Problem> {
        let secrets = self.lock();
        let versions = secrets.get(arn).ok_or_else(Problem::not_found)?;
        if versions.deleted {
            return Err(Problem::deleted());
        }
        let mut each = versions.staged();
        let found = match id {
            Some(id) => each.find(|(version, _)| version.id == id),
            None => each.find(|(_, of)| *of == Some(stage)),
        };
        let (version, of) = found.ok_or_else(|| Problem::no_version(stage))?;
        Ok(Told { name: versions.name.clone(), version: version.clone(), stages: of.into_iter().collect() })
    }

    /// The ids of the versions that have a stage, with it.
    pub(super) fn stages(&self, arn: &str) -> BTreeMap<String, [&'static str; 1]> {
        let secrets = self.lock();
        let staged = secrets.get(arn).into_iter().flat_map(Versions::staged);
        staged.filter_map(|(version, of)| Some((version.id.clone(), [of?]))).collect()
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Versions>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Versions {
    /// The newest first, each with its stage if it has one.
    fn staged(&self) -> impl Iterator<Item = (&Version, Option<&'static str>)> {
        let stages = ["AWSCURRENT", "AWSPREVIOUS"].into_iter().map(Some).chain(std::iter::repeat(None));
        self.all.iter().rev().zip(stages)
    }
}

impl Version {
    fn of(value: Value) -> Self {
        Self { id: stamp::uuid(), value, created: clock::now() }
    }
}
