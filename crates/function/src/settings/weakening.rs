//! What only a trial or a laptop may have.

use super::Reader;

/// Reads `PROFILE` (`production` unless it says something else) and, in production, refuses each of these settings that is
/// there, by its name. A setting comes with whether it weakens, and what to do instead.
pub fn refuse_in_production(reader: &mut Reader<'_>, settings: &[(&'static str, bool, &str)]) -> Option<()> {
    let profiles = [("laptop", false), ("trial", false), ("production", true)];
    let strict = reader.choice_or("PROFILE", &profiles, true)?;
    let mut allowed = Some(());
    for (name, _, instead) in settings.iter().filter(|(_, weakens, _)| strict && *weakens) {
        reader.refuse(name, "is for PROFILE=trial or laptop only", instead);
        allowed = None;
    }
    allowed
}
