//! What a test in the same process may do to the org while it runs.

use super::config::{Client, Group, GroupKind, Status, User};
use super::grants::Grant;
use super::rate::Bucket;
use super::world::Shared;
use crate::double::Double;

/// A running Okta org. Each control has an admin endpoint under `/_okta/` too.
#[derive(Debug)]
pub struct Okta {
    /// The listener, the counters and the faults.
    pub double: Double,
    shared: Shared,
}

impl Okta {
    pub(super) fn new(double: Double, shared: Shared) -> Self {
        Self { double, shared }
    }

    /// Adds or replaces a user and gives its id.
    pub fn put_user(&self, user: User) -> String {
        self.shared.lock().directory.put_user(user)
    }

    /// Removes a user with memberships and tokens. False: there is no such user.
    pub fn remove_user(&self, user: &str) -> bool {
        self.shared.remove_user(user)
    }

    /// Puts a user into a status. False: there is no such user.
    pub fn set_status(&self, user: &str, status: Status) -> bool {
        self.shared.set_status(user, status)
    }

    /// The status of a user, by id or login.
    #[must_use]
    pub fn status(&self, user: &str) -> Option<Status> {
        self.shared.lock().directory.find(user).map(|user| user.status)
    }

    /// Adds or replaces a group and gives its id.
    pub fn put_group(&self, group: Group) -> String {
        self.shared.lock().directory.put_group(group, crate::clock::now())
    }

    /// Removes a group with its memberships. False: there is no such group.
    pub fn remove_group(&self, group: &str) -> bool {
        self.shared.lock().directory.remove_group(group)
    }

    /// Puts a user, by id or login, into a group. False: one of them does not exist.
    pub fn join(&self, user: &str, group: &str) -> bool {
        self.shared.change_membership(user, group, true)
    }

    /// Takes a user out of a group. False: one of them does not exist.
    pub fn leave(&self, user: &str, group: &str) -> bool {
        self.shared.change_membership(user, group, false)
    }

    /// Whether the user, by id or login, is in the group.
    #[must_use]
    pub fn is_member(&self, user: &str, group: &str) -> bool {
        let world = self.shared.lock();
        world.directory.find(user).is_some_and(|user| world.directory.is_member(&user.id, group))
    }

    /// Makes a new group of each name and the user a member of exactly these. False: there is no such user.
    pub fn set_group_names<S: AsRef<str>>(&self, user: &str, names: &[S]) -> bool {
        self.shared.set_group_names(user, names)
    }

    /// Adds an OIDC application.
    pub fn add_client(&self, client: Client) {
        self.shared.lock().clients.push(client);
    }

    /// A refresh token as if the person had agreed to the scopes. None: there is no such user.
    #[must_use]
    pub fn grant(&self, user: &str, client: &str, scope: &str) -> Option<String> {
        self.shared.grant(user, client, scope)
    }

    /// An access token as if the person had agreed to the scopes. `expires_in` is in seconds; absent: the lifetime
    /// that is set.
    #[must_use]
    pub fn token(&self, user: &str, scope: &str, expires_in: Option<u64>) -> Option<String> {
        self.shared.token(user, scope, expires_in)
    }

    /// Makes every code and token of a person invalid. False: there is no such user.
    pub fn revoke_all(&self, user: &str) -> bool {
        self.shared.revoke_all(user)
    }

    /// Makes all access tokens expire now; refresh tokens stay.
    pub fn expire_access_tokens(&self) {
        self.shared.lock().grants.expire_access();
    }

    /// Seconds that access tokens live that are issued from now on.
    pub fn set_token_lifetime(&self, seconds: u64) {
        self.shared.lock().grants.lifetime = seconds;
    }

    /// Leaves `remaining` requests in a bucket, which fills again in `reset_in` seconds.
    pub fn set_rate(&self, bucket: Bucket, remaining: u32, reset_in: u64) {
        self.shared.set_rate(bucket, remaining, reset_in);
    }

    /// Groups on one page of a user's groups; at least 1.
    pub fn set_page_size(&self, size: usize) {
        self.shared.lock().page_size = size.max(1);
    }

    /// Whether a full last page links to an empty one.
    pub fn set_empty_last_page(&self, on: bool) {
        self.shared.lock().empty_last_page = on;
    }

    /// Whether `okta.users.read.self` opens the person's own groups (unverified against the real service).
    pub fn set_self_may_list_groups(&self, on: bool) {
        self.shared.lock().self_may_list_groups = on;
    }

    /// Every code and token that was handed out since the start, those that are spent included.
    #[must_use]
    pub fn secrets(&self) -> Vec<String> {
        self.shared.lock().grants.handed_out.clone()
    }

    /// What the Management API changed, oldest first, as in `reset_password 00u...`.
    #[must_use]
    pub fn acts(&self) -> Vec<String> {
        self.shared.lock().acts.clone()
    }

    /// The logins that the Management API was called as, oldest first.
    #[must_use]
    pub fn callers(&self) -> Vec<String> {
        self.shared.lock().callers.clone()
    }

    /// Pages of groups that were answered, oldest first: the login that was called as, and whose groups they are.
    #[must_use]
    pub fn group_reads(&self) -> Vec<(String, String)> {
        self.shared.lock().group_reads.clone()
    }
}

/// The controls that need more than one step, for the methods above and the admin endpoints.
impl Shared {
    fn id_of(&self, user: &str) -> Option<String> {
        self.lock().directory.find(user).map(|user| user.id.clone())
    }

    pub(super) fn remove_user(&self, user: &str) -> bool {
        let Some(id) = self.id_of(user) else { return false };
        let mut world = self.lock();
        world.grants.revoke_all(&id);
        world.directory.remove_user(&id)
    }

    pub(super) fn set_status(&self, user: &str, status: Status) -> bool {
        let Some(id) = self.id_of(user) else { return false };
        self.lock().directory.user_mut(&id).map(|user| user.status = status).is_some()
    }

    pub(super) fn change_membership(&self, user: &str, group: &str, member: bool) -> bool {
        let Some(id) = self.id_of(user) else { return false };
        let now = crate::clock::now();
        let mut world = self.lock();
        if member { world.directory.join(&id, group, now) } else { world.directory.leave(&id, group, now) }
    }

    pub(super) fn set_group_names<S: AsRef<str>>(&self, user: &str, names: &[S]) -> bool {
        let Some(id) = self.id_of(user) else { return false };
        let now = crate::clock::now();
        let mut world = self.lock();
        let old: Vec<String> = world.directory.groups_of(&id).iter().map(|stored| stored.group.id.clone()).collect();
        for group in old {
            world.directory.leave(&id, &group, now);
        }
        for name in names {
            let name = name.as_ref().to_owned();
            let group = Group { id: String::new(), name, description: None, kind: GroupKind::OktaGroup };
            let group = world.directory.put_group(group, now);
            world.directory.join(&id, &group, now);
        }
        true
    }

    pub(super) fn grant(&self, user: &str, client: &str, scope: &str) -> Option<String> {
        let user = self.id_of(user)?;
        let scopes = scope.split_whitespace().map(str::to_owned).collect();
        Some(self.lock().grants.issue_refresh(Grant { user, client: client.to_owned(), scopes }))
    }

    pub(super) fn token(&self, user: &str, scope: &str, expires_in: Option<u64>) -> Option<String> {
        let user = self.id_of(user)?;
        let scopes: Vec<String> = scope.split_whitespace().map(str::to_owned).collect();
        let mut world = self.lock();
        let lifetime = expires_in.unwrap_or(world.grants.lifetime);
        Some(world.grants.issue_access(&user, &scopes, lifetime, crate::clock::now()))
    }

    pub(super) fn revoke_all(&self, user: &str) -> bool {
        let Some(id) = self.id_of(user) else { return false };
        self.lock().grants.revoke_all(&id);
        true
    }

    pub(super) fn set_rate(&self, bucket: Bucket, remaining: u32, reset_in: u64) {
        let reset = crate::clock::now().saturating_add(reset_in);
        self.lock().rates.set(bucket, remaining, reset);
    }
}
