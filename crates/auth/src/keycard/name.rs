//! Names that STS takes, of people whom it could not name.

use aws_lc_rs::digest;

use crate::approval::PersonKey;
use crate::subject::Subject;

/// `RoleSessionName` and `SourceIdentity`: 2 to 64 of `a-z A-Z 0-9 _ + = , . @ -`. An Auth0 subject holds `|`, so a hash
/// stands for issuer and subject; the audit record says whose it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionName(String);

/// A session tag, whose value is of letters, digits and `_ -` here, at most 256.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tag {
    /// As in `session`.
    pub key: &'static str,
    /// The value.
    pub value: String,
}

impl SessionName {
    /// The name of this person: `mandate-` and 40 hexadecimal digits of the hash of issuer and subject.
    #[must_use]
    pub fn of(subject: &Subject) -> Self {
        Self::of_key(&PersonKey::of(subject))
    }

    /// The same for who is known by the key of their approvals only.
    #[must_use]
    pub fn of_key(key: &PersonKey) -> Self {
        let hash = digest::digest(&digest::SHA256, key.as_str().as_bytes());
        let hex: String = hash.as_ref().iter().take(20).map(|byte| format!("{byte:02x}")).collect();
        Self(format!("mandate-{hex}"))
    }

    /// The text, 48 characters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
