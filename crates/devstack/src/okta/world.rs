//! The state of the org, and the one lock around it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::config::{Client, Config};
use super::directory::Directory;
use super::grants::Grants;
use super::rate::Rates;

#[derive(Debug)]
pub(super) struct World {
    /// `http://127.0.0.1:PORT`, the start of every absolute address that is answered.
    pub(super) base: String,
    pub(super) directory: Directory,
    pub(super) clients: Vec<Client>,
    pub(super) grants: Grants,
    pub(super) rates: Rates,
    pub(super) page_size: usize,
    pub(super) self_may_list_groups: bool,
    pub(super) empty_last_page: bool,
    /// What the Management API changed, oldest first.
    pub(super) acts: Vec<String>,
    /// Logins that the Management API was called as, oldest first.
    pub(super) callers: Vec<String>,
    /// Logins whose groups were read, each behind the login that it was read as, oldest first.
    pub(super) group_reads: Vec<(String, String)>,
}

impl World {
    pub(super) fn build(base: String, config: Config) -> Result<Self, String> {
        let now = crate::clock::now();
        let mut directory = Directory::default();
        for user in config.users {
            directory.put_user(user);
        }
        for group in config.groups {
            directory.put_group(group, now);
        }
        for (user, group) in config.memberships {
            let id = directory.find(&user).map(|user| user.id.clone()).unwrap_or_default();
            if !directory.join(&id, &group, now) {
                return Err(format!("no user `{user}` or no group `{group}`; add them to the configuration"));
            }
        }
        Ok(Self {
            base,
            directory,
            clients: config.clients,
            grants: Grants::new(config.token_lifetime),
            rates: Rates::new(config.rate_limits),
            page_size: config.page_size.max(1),
            self_may_list_groups: config.self_may_list_groups,
            empty_last_page: config.empty_last_page,
            acts: Vec::new(),
            callers: Vec::new(),
            group_reads: Vec::new(),
        })
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
