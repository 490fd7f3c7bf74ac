//! Whose certificates are believed.

use function::settings::Reader;

use super::Profile;

const NAME: &str = "EXTRA_CA_FILE";

/// Reads `EXTRA_CA_FILE`: PEM certificates to trust besides the bundled web roots. Production refuses it: such an authority would
/// be believed about every service that is called, and so about those that say who somebody is and what they may.
pub fn extra_authority(reader: &mut Reader<'_>, profile: Profile) -> Option<Option<String>> {
    let authority = reader.optional_file(NAME)?;
    if authority.is_some() && profile == Profile::Production {
        reader.refuse(NAME, "is for PROFILE=trial or laptop only", "nothing: the public roots are trusted");
        return None;
    }
    Some(authority)
}
