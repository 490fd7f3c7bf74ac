//! What an org starts with.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::rate::Bucket;

/// The org at its start. Every part can be changed while it runs.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// People.
    pub users: Vec<User>,
    /// Groups.
    pub groups: Vec<Group>,
    /// Pairs of a user's id or login and a group's id.
    pub memberships: Vec<(String, String)>,
    /// OIDC applications.
    pub clients: Vec<Client>,
    /// Seconds that an access token lives. Okta fixes this at 3600 for its org authorization server.
    pub token_lifetime: u64,
    /// Requests a minute for each bucket. A bucket that is not named has 600.
    pub rate_limits: BTreeMap<Bucket, u32>,
    /// Groups on one page of a user's groups, and the most that `limit` can ask for.
    pub page_size: usize,
    /// Whether a token with `okta.users.read.self` opens the person's own groups.
    ///
    /// Unverified against the real service: no page ties this scope to `/users/me/groups`, only to the profile.
    pub self_may_list_groups: bool,
    /// Whether a full last page links to an empty one, which Okta's release notes (OKTA-358328) mention.
    pub empty_last_page: bool,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            users: Vec::new(),
            groups: Vec::new(),
            memberships: Vec::new(),
            clients: Vec::new(),
            token_lifetime: 3600,
            rate_limits: BTreeMap::new(),
            page_size: 200,
            self_may_list_groups: true,
            empty_last_page: false,
        }
    }
}

/// One person of the org.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct User {
    /// `00u` and 17 more characters. Empty: one is made up.
    #[serde(default)]
    pub id: String,
    /// Login, in the form of an e-mail address. It is the e-mail address too.
    pub login: String,
    /// `profile.firstName`.
    #[serde(default)]
    pub first_name: String,
    /// `profile.lastName`.
    #[serde(default)]
    pub last_name: String,
    /// Where the person is in Okta's user lifecycle.
    #[serde(default)]
    pub status: Status,
    /// Administrator roles. None: an end user.
    #[serde(default)]
    pub roles: Vec<Role>,
}

/// Okta's user statuses, as in the `status` member of a user object.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Status {
    /// Created, not activated.
    Staged,
    /// Activated, without credentials.
    Provisioned,
    /// May sign in.
    #[default]
    Active,
    /// In a password reset.
    Recovery,
    /// Must change the password.
    PasswordExpired,
    /// Locked out after failed sign-ins.
    LockedOut,
    /// Suspended by an administrator.
    Suspended,
    /// Deactivated.
    Deprovisioned,
}

/// The standard administrator roles that the double knows.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Role {
    /// Sees users and groups.
    ReadOnlyAdmin,
    /// Sees users and groups, resets passwords, unlocks.
    HelpDeskAdmin,
    /// As the help desk, and changes group memberships.
    GroupAdmin,
    /// May do everything.
    SuperAdmin,
}

/// One group of the org.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Group {
    /// `00g` and 17 more characters. Empty: one is made up.
    #[serde(default)]
    pub id: String,
    /// `profile.name`. Any text, markup included.
    pub name: String,
    /// `profile.description`. Absent: the member is null.
    #[serde(default)]
    pub description: Option<String>,
    /// Where the group comes from.
    #[serde(default)]
    pub kind: GroupKind,
}

/// The `type` of a group.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum GroupKind {
    /// Made in Okta. The only kind whose members the API changes.
    #[default]
    OktaGroup,
    /// Imported from an application or a directory.
    AppGroup,
    /// Okta's own, as Everyone.
    BuiltIn,
}

/// One OIDC application.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Client {
    /// `client_id`.
    pub id: String,
    /// `client_secret`.
    pub secret: String,
    /// Addresses that a code may be sent to, compared as text.
    #[serde(default)]
    pub redirect_uris: Vec<String>,
    /// The `okta.*` scopes that an administrator granted. Absent: all of them.
    #[serde(default)]
    pub granted_scopes: Option<Vec<String>>,
}

impl Status {
    /// Whether a person in this status signs in and has tokens that work.
    #[must_use]
    pub fn may_sign_in(self) -> bool {
        match self {
            Self::Active | Self::Recovery | Self::PasswordExpired => true,
            Self::Staged | Self::Provisioned | Self::LockedOut | Self::Suspended | Self::Deprovisioned => false,
        }
    }
}
