//! The users, groups and memberships of the org.

use std::collections::{BTreeMap, BTreeSet};

use super::config::{Group, User};

/// A group with the times that its object shows, in seconds since 1970.
#[derive(Clone, Debug)]
pub(super) struct Stored {
    pub(super) group: Group,
    pub(super) created: u64,
    pub(super) members_changed: u64,
}

#[derive(Debug, Default)]
pub(super) struct Directory {
    users: BTreeMap<String, User>,
    groups: BTreeMap<String, Stored>,
    /// Group id, then user ids.
    members: BTreeMap<String, BTreeSet<String>>,
    made: u64,
}

impl Directory {
    /// Adds or replaces a user and gives its id.
    pub(super) fn put_user(&mut self, mut user: User) -> String {
        if user.id.is_empty() {
            user.id = self.id("00u");
        }
        let id = user.id.clone();
        self.users.insert(id.clone(), user);
        id
    }

    pub(super) fn remove_user(&mut self, id: &str) -> bool {
        for members in self.members.values_mut() {
            members.remove(id);
        }
        self.users.remove(id).is_some()
    }

    /// Adds or replaces a group and gives its id.
    pub(super) fn put_group(&mut self, mut group: Group, now: u64) -> String {
        if group.id.is_empty() {
            group.id = self.id("00g");
        }
        let id = group.id.clone();
        self.groups.insert(id.clone(), Stored { group, created: now, members_changed: now });
        id
    }

    pub(super) fn remove_group(&mut self, id: &str) -> bool {
        self.members.remove(id);
        self.groups.remove(id).is_some()
    }

    pub(super) fn user(&self, id: &str) -> Option<&User> {
        self.users.get(id)
    }

    pub(super) fn user_mut(&mut self, id: &str) -> Option<&mut User> {
        self.users.get_mut(id)
    }

    pub(super) fn users(&self) -> impl Iterator<Item = &User> {
        self.users.values()
    }

    /// By id, by login, or by what stands before the `@` if only one login starts so.
    ///
    /// Okta finds a login that holds a `/` by id only.
    pub(super) fn find(&self, name: &str) -> Option<&User> {
        if let Some(user) = self.users.get(name) {
            return Some(user);
        }
        if name.contains('/') {
            return None;
        }
        if let Some(user) = self.users.values().find(|user| user.login == name) {
            return Some(user);
        }
        let mut short = self.users.values().filter(|user| user.login.split('@').next() == Some(name));
        let found = short.next()?;
        short.next().is_none().then_some(found)
    }

    pub(super) fn group(&self, id: &str) -> Option<&Stored> {
        self.groups.get(id)
    }

    /// All groups, in the order of their ids.
    pub(super) fn groups(&self) -> impl Iterator<Item = &Stored> {
        self.groups.values()
    }

    /// The groups of one user, in the order of their ids.
    pub(super) fn groups_of(&self, user: &str) -> Vec<&Stored> {
        self.groups.values().filter(|stored| self.is_member(user, &stored.group.id)).collect()
    }

    pub(super) fn is_member(&self, user: &str, group: &str) -> bool {
        self.members.get(group).is_some_and(|members| members.contains(user))
    }

    /// Adds the user to the group. False: one of them does not exist.
    pub(super) fn join(&mut self, user: &str, group: &str, now: u64) -> bool {
        let (true, Some(stored)) = (self.users.contains_key(user), self.groups.get_mut(group)) else {
            return false;
        };
        if self.members.entry(group.to_owned()).or_default().insert(user.to_owned()) {
            stored.members_changed = now;
        }
        true
    }

    /// Takes the user out of the group. False: one of them does not exist.
    pub(super) fn leave(&mut self, user: &str, group: &str, now: u64) -> bool {
        let (true, Some(stored)) = (self.users.contains_key(user), self.groups.get_mut(group)) else {
            return false;
        };
        if self.members.get_mut(group).is_some_and(|members| members.remove(user)) {
            stored.members_changed = now;
        }
        true
    }

    /// Ids that sort in the order in which they were made up, 20 characters as Okta's are.
    fn id(&mut self, prefix: &str) -> String {
        self.made += 1;
        format!("{prefix}1dev{:013}", self.made)
    }
}
