//! How much may be weakened.

use function::settings::Reader;

/// Where a function runs. Only a laptop may do without keycards, and keep its sealing key in a file; production trusts no authority
/// of one's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Profile {
    /// One machine, for development.
    Laptop,
    /// A deployment to try things out: as safe as [`Profile::Production`], but for whose certificates may be believed.
    Trial,
    /// A deployment.
    Production,
}

impl Profile {
    /// Reads `PROFILE`, which is `production` unless it says something else.
    pub fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let profiles = [("laptop", Self::Laptop), ("trial", Self::Trial), ("production", Self::Production)];
        reader.choice_or("PROFILE", &profiles, Self::Production)
    }

    /// Whether this setting, which has this value, stands in this profile; tells what to do if not.
    pub(super) fn allows(self, reader: &mut Reader<'_>, setting: &'static str, instead: &str) -> bool {
        if self == Self::Laptop {
            return true;
        }
        reader.refuse(setting, "is for PROFILE=laptop only", instead);
        false
    }
}
