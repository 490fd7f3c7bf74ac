//! The keys. What shows of them is their ids.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use aws_lc_rs::rand;

use super::blob::Blob;
use super::problem::Problem;
use crate::clock;
use crate::lambda::{ACCOUNT, REGION, stamp};

/// 256 bits.
type Material = [u8; 32];

#[derive(Clone, Default)]
pub(super) struct Keys(Arc<Mutex<World>>);

#[derive(Default)]
struct World {
    keys: BTreeMap<String, Key>,
    /// Key ids by alias, without `alias/`.
    aliases: BTreeMap<String, String>,
}

struct Key {
    enabled: bool,
    /// Seconds since 1970.
    created: u64,
    /// The newest is the last.
    materials: Vec<Material>,
}

/// What may be told of a key.
pub(super) struct Told {
    pub(super) enabled: bool,
    pub(super) created: u64,
}

impl fmt::Debug for Keys {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_set().entries(self.lock().keys.keys()).finish()
    }
}

impl Keys {
    pub(super) fn create(&self, alias: &str) -> String {
        let id = stamp::uuid();
        let key = Key { enabled: true, created: clock::now(), materials: vec![random()] };
        let mut world = self.lock();
        world.keys.insert(id.clone(), key);
        world.aliases.insert(alias.to_owned(), id.clone());
        id
    }

    pub(super) fn rotate(&self, id: &str) -> bool {
        self.lock().keys.get_mut(id).map(|key| key.materials.push(random())).is_some()
    }

    pub(super) fn set_enabled(&self, id: &str, enabled: bool) -> bool {
        self.lock().keys.get_mut(id).map(|key| key.enabled = enabled).is_some()
    }

    /// The id of a key named by id, ARN, `alias/NAME` or the alias's ARN.
    pub(super) fn resolve(&self, name: &str) -> Result<String, Problem> {
        let here = format!("arn:aws:kms:{REGION}:{ACCOUNT}:");
        let local = name.strip_prefix(&here).unwrap_or(name);
        let world = self.lock();
        if let Some(alias) = local.strip_prefix("alias/") {
            return world.aliases.get(alias).cloned().ok_or_else(|| Problem::no_alias(&format!("{here}{local}")));
        }
        let id = local.strip_prefix("key/").unwrap_or(local);
        world.keys.contains_key(id).then(|| id.to_owned()).ok_or_else(|| Problem::no_key(&super::arn(id)))
    }

    pub(super) fn told(&self, id: &str) -> Option<Told> {
        self.lock().keys.get(id).map(|key| Told { enabled: key.enabled, created: key.created })
    }

    /// Seals under the key's newest material.
    pub(super) fn seal(&self, id: &str, plaintext: &[u8], context: &[u8]) -> Result<Vec<u8>, Problem> {
        let world = self.lock();
        let key = world.usable(id)?;
        let newest = key.materials.last().ok_or_else(Problem::internal)?;
        let number = u32::try_from(key.materials.len() - 1).map_err(|_| Problem::internal())?;
        Blob::seal(id, number, newest, plaintext, context).ok_or_else(Problem::internal)
    }

    /// Opens under the material that the blob names.
    pub(super) fn open(&self, blob: &Blob<'_>, context: &[u8]) -> Result<Vec<u8>, Problem> {
        let world = self.lock();
        let key = world.usable(blob.key_id)?;
        let number = usize::try_from(blob.material).ok();
        let material = number.and_then(|number| key.materials.get(number)).ok_or_else(Problem::invalid_ciphertext)?;
        blob.open(material, context).ok_or_else(Problem::invalid_ciphertext)
    }

    fn lock(&self) -> MutexGuard<'_, World> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl World {
    fn usable(&self, id: &str) -> Result<&Key, Problem> {
        let key = self.keys.get(id).ok_or_else(|| Problem::no_key(&super::arn(id)))?;
        if key.enabled { Ok(key) } else { Err(Problem::disabled(&super::arn(id))) }
    }
}

fn random() -> Material {
    let mut material = [0; 32];
    // The kernel's generator does not fail once it is seeded.
    let _filled = rand::fill(&mut material);
    material
}
