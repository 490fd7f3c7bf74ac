//! Who may do what: a scope on the token, and an administrator role on its person.

use http::HeaderMap;
use http::header::AUTHORIZATION;

use super::config::{Role, User};
use super::problem::Problem;
use super::world::World;

/// What a call wants to do.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Act {
    ReadUser,
    ReadGroupsOfUser,
    ReadGroups,
    ChangeMembers,
    ResetPassword,
    Unlock,
}

impl Act {
    /// The scope that the reference names first, and the one that holds it too.
    fn scopes(self) -> &'static [&'static str] {
        match self {
            Self::ReadUser | Self::ReadGroupsOfUser => &["okta.users.read", "okta.users.manage"],
            Self::ReadGroups => &["okta.groups.read", "okta.groups.manage"],
            Self::ChangeMembers => &["okta.groups.manage"],
            Self::ResetPassword | Self::Unlock => &["okta.users.manage"],
        }
    }

    fn covered_by(self, role: Role) -> bool {
        match role {
            Role::SuperAdmin | Role::GroupAdmin => true,
            Role::HelpDeskAdmin => self != Self::ChangeMembers,
            Role::ReadOnlyAdmin => matches!(self, Self::ReadUser | Self::ReadGroupsOfUser | Self::ReadGroups),
        }
    }
}

/// Whom a token speaks for, and with which scopes.
#[derive(Debug)]
pub(super) struct Caller {
    pub(super) user: String,
    scopes: Vec<String>,
}

impl Caller {
    /// Reads the bearer token. A token of a person who is gone or may not sign in is no token.
    pub(super) fn read(world: &mut World, headers: &HeaderMap) -> Result<Self, Problem> {
        let bearer = bearer(headers).ok_or(Problem::InvalidToken)?;
        let token = world.grants.access(bearer, crate::clock::now()).ok_or(Problem::InvalidToken)?;
        let caller = Self { user: token.user.clone(), scopes: token.scopes.clone() };
        let user = world.directory.user(&caller.user).filter(|user| user.status.may_sign_in());
        let login = user.ok_or(Problem::InvalidToken)?.login.clone();
        world.callers.push(login);
        Ok(caller)
    }

    fn holds(&self, scope: &str) -> bool {
        self.scopes.iter().any(|held| held == scope)
    }

    /// Decides about `act` on `target` (absent: on no user in particular, or on an unknown one).
    ///
    /// Okta grants an administrator's scope to anybody who asks for it and refuses the call later, by role.
    pub(super) fn may(&self, world: &World, act: Act, target: Option<&User>) -> Result<(), Problem> {
        let own = target.is_some_and(|target| target.id == self.user);
        let by_self = own && self.holds("okta.users.read.self");
        if by_self && (act == Act::ReadUser || (act == Act::ReadGroupsOfUser && world.self_may_list_groups)) {
            return Ok(());
        }
        let scopes = act.scopes();
        if !scopes.iter().any(|scope| self.holds(scope)) {
            return Err(Problem::Scope(scopes.first().copied().unwrap_or_default()));
        }
        let roles = world.directory.user(&self.user).map(|user| user.roles.as_slice()).unwrap_or_default();
        if roles.iter().any(|role| act.covered_by(*role)) { Ok(()) } else { Err(Problem::Role) }
    }
}

/// The token of an `Authorization: Bearer` header. The scheme is compared without case (RFC 9110, section 11.1).
pub(super) fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token.trim())
}
