//! Which keys seal. One kind is named, and nothing stands in for it.

#[cfg(test)]
mod tests;

use auth::keycard::KeyArn;
use function::settings::Reader;
use upstream_aws::{KmsKeys, SealKeys};

use super::Profile;

const ARN: &str = "SEAL_KEY_ARN";
const FILE: &str = "SEAL_KEY_FILE";
const OLD: &str = "SEAL_OLD_KEY_ARNS";
const ONE: &str = "one of SEAL_KEY_ARN, a key at AWS KMS, and SEAL_KEY_FILE, a file of 32-byte keys";
/// A row outlives the key that sealed it by seven days at most, and each old key lengthens a keycard's policy.
const MOST_OLD: usize = 2;

/// Reads `PROFILE`, and the keys that it allows: `SEAL_KEY_ARN` with `SEAL_OLD_KEY_ARNS`, or on a laptop `SEAL_KEY_FILE`.
pub fn keys(reader: &mut Reader<'_>) -> Option<SealKeys> {
    let profile = Profile::read(reader)?;
    keys_in(reader, profile)
}

/// The same, of a profile that was read.
pub fn keys_in(reader: &mut Reader<'_>, profile: Profile) -> Option<SealKeys> {
    let (arn, file, old) = (reader.optional_text(ARN), reader.optional_text(FILE), reader.list(OLD));
    let (arn, file) = (arn?, file?);
    match (arn, file) {
        (Some(arn), None) => {
            let current = key(reader, ARN, &arn);
            let old = old_keys(reader, &old?);
            Some(SealKeys::Kms(KmsKeys { current: current?, old: old? }))
        }
        (None, Some(_)) if old.as_ref().is_some_and(|old| !old.is_empty()) => {
            reader.refuse(OLD, "is set beside SEAL_KEY_FILE", "nothing then: older keys are further lines of the file");
            None
        }
        (None, Some(_)) => {
            let key = reader.secret_file(FILE).map(SealKeys::Local);
            key.filter(|_| profile.allows(reader, FILE, "SEAL_KEY_ARN, a key at AWS KMS"))
        }
        (given, _) => {
            let wrong = if given.is_some() { "is not the only one that is set" } else { "is missing" };
            reader.refuse(ARN, wrong, ONE);
            reader.refuse(FILE, wrong, ONE);
            None
        }
    }
}

fn old_keys(reader: &mut Reader<'_>, texts: &[String]) -> Option<Vec<KeyArn>> {
    if texts.len() > MOST_OLD {
        reader.refuse(OLD, "has too many entries", "the ARNs of two keys at most");
        return None;
    }
    let keys: Vec<Option<KeyArn>> = texts.iter().map(|text| key(reader, OLD, text)).collect();
    keys.into_iter().collect()
}

fn key(reader: &mut Reader<'_>, name: &'static str, text: &str) -> Option<KeyArn> {
    KeyArn::parse(text).map_err(|takes| reader.refuse(name, "is not the ARN of a key", takes)).ok()
}
