//! What the tools are set up with.

use function::read_settings;
use function::settings::Reader;
use tool::question::{Kind, Question};

use crate::password::Reset;

/// The settings of the tools, checked.
pub struct Settings {
    /// What a password reset does.
    pub reset: Reset,
    /// What is asked before one's own password is reset.
    pub password: Question,
    /// What is asked before a group's members are changed.
    pub members: Question,
    /// What is asked before somebody's account is unlocked.
    pub unlock: Question,
}

impl Settings {
    /// Reads them all.
    pub fn read(reader: &mut Reader<'_>) -> Option<Self> {
        read_settings!(reader => Settings {
            reset: choice_or("PASSWORD_RESET", &[("simulate", Reset::Simulate), ("okta", Reset::Okta)], Reset::Simulate),
            password: with(|reader| {
                let (relation, object) = (("PASSWORD_RELATION", "reset_password"), ("PASSWORD_OBJECT", "okta:accounts"));
                Question::read(reader, relation, object, Kind::Oneself)
            }),
            members: with(|reader| {
                let (relation, object) = (("MEMBERS_RELATION", "manage_members"), ("MEMBERS_OBJECT", "okta_group:{group}"));
                Question::read(reader, relation, object, Kind::Group)
            }),
            unlock: with(|reader| {
                let (relation, object) = (("UNLOCK_RELATION", "unlock"), ("UNLOCK_OBJECT", "okta_user:{login}"));
                Question::read(reader, relation, object, Kind::Login)
            }),
        })
    }
}
