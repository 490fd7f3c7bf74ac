//! The tools that change something in Okta. Each waits for the person's approval: one function asks for it, another does
//! the deed, so both are made from what is here.

mod account;
mod group;
mod membership;
mod password;
mod settings;
mod unlock;

pub use group::GroupName;
pub use membership::{AddToGroup, Member, RemoveFromGroup};
pub use password::{NoArgs, Reset, ResetPassword};
pub use settings::Settings;
pub use unlock::{Account, UnlockUser};

use auth::scope::Scopes;
use auth::subject::SubjectRule;
use tool::declaration::Declared as _;
use upstream_http::okta::Okta;

/// All of them, set up.
pub struct OktaChanges {
    /// One's own password.
    pub reset_password: ResetPassword,
    /// Somebody into a group.
    pub add_to_group: AddToGroup,
    /// Somebody out of a group.
    pub remove_from_group: RemoveFromGroup,
    /// Somebody's locked account.
    pub unlock_user: UnlockUser,
}

impl OktaChanges {
    /// `subjects` is how the authorizer names people.
    #[must_use]
    pub fn new(settings: Settings, subjects: &SubjectRule, okta: &Okta) -> Self {
        let Settings { reset, password, members, unlock } = settings;
        let (okta, subjects) = (|| okta.clone(), || subjects.clone());
        Self {
            reset_password: ResetPassword { okta: okta(), subjects: subjects(), question: password, reset },
            add_to_group: AddToGroup { okta: okta(), subjects: subjects(), question: members.clone() },
            remove_from_group: RemoveFromGroup { okta: okta(), subjects: subjects(), question: members },
            unlock_user: UnlockUser { okta: okta(), subjects: subjects(), question: unlock },
        }
    }
}

/// What the person's token at Okta must be good for, for all of them.
#[must_use]
pub fn scopes_of(settings: &Settings) -> Scopes {
    let of_passwords = match settings.reset {
        Reset::Simulate => "",
        Reset::Okta => ResetPassword::SCOPES,
    };
    Scopes::parse(&[of_passwords, AddToGroup::SCOPES, RemoveFromGroup::SCOPES, UnlockUser::SCOPES].join(" "))
}
