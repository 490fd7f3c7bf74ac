//! Text that must not be seen: tokens, codes, client secrets.

use serde::Deserialize;
use zeroize::Zeroizing;

use crate::keycard::SecretArn;

/// A secret text. It has no `Debug`, `Display`, `Serialize` or `PartialEq`, so that a struct that holds one cannot be
/// printed, logged or compared by accident; it is overwritten when dropped.
///
/// ```compile_fail
/// # use auth::secret::Secret;
/// println!("{:?}", Secret::new("s".to_owned()));
/// ```
#[derive(Clone)]
pub struct Secret(Zeroizing<String>);

/// Where a setting says that a secret is.
#[derive(Clone)]
pub enum SecretSource {
    /// In the setting itself.
    Given(Secret),
    /// At Secrets Manager.
    Stored(SecretArn),
}

impl From<Secret> for SecretSource {
    fn from(secret: Secret) -> Self {
        Self::Given(secret)
    }
}

impl Secret {
    /// Takes the text over.
    #[must_use]
    pub fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    /// The text. Call this only on the line that writes it into a request or seals it.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Whether both are the same text, compared in a time that does not depend on where they differ.
    #[must_use]
    pub fn same_as(&self, other: &Self) -> bool {
        aws_lc_rs::constant_time::verify_slices_are_equal(self.0.as_bytes(), other.0.as_bytes()).is_ok()
    }

    /// Whether there is no text at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::new)
    }
}
