//! The public keys that tickets are verified with, by minter.

use serde::Deserialize;
use serde_json::value::RawValue;

use super::Door;
use crate::jwt::KeySet;

/// Two keys a minter: the one in use and the one that comes or goes.
const MOST_KEYS: usize = 2;

/// Who signs tickets, and the doors that each signer's tickets are good for.
pub struct TicketKeys {
    minters: Vec<TrustedMinter>,
}

pub(super) struct TrustedMinter {
    pub(super) name: String,
    pub(super) doors: Vec<Door>,
    pub(super) keys: KeySet,
}

/// What is wrong with the setting that holds the keys.
#[derive(Debug, thiserror::Error)]
pub enum KeysProblem {
    /// Not the expected JSON.
    #[error("must be JSON of the form {{\"minters\":[{{\"name\":…,\"doors\":[…],\"jwks\":{{\"keys\":[…]}}}}]}}: {0}")]
    Shape(#[from] serde_json::Error),
    /// A key set that the rules of `auth::jwt` refuse.
    #[error("the key set of minter `{0}` is not usable")]
    Keys(String),
    /// More keys than are valid at once, or none.
    #[error("minter `{0}` must have one or two keys")]
    Count(String),
    /// A name or key id that does not lead to one minter.
    #[error("the name or a key id of minter `{0}` is used twice")]
    Twice(String),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Setting<'a> {
    #[serde(borrow)]
    minters: Vec<MinterSetting<'a>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MinterSetting<'a> {
    name: String,
    doors: Vec<Door>,
    #[serde(borrow)]
    jwks: &'a RawValue,
}

impl TicketKeys {
    /// Reads the setting: `{"minters":[{"name":"web","doors":["function-details","open-api"],"jwks":{"keys":[…]}}]}`.
    ///
    /// # Errors
    /// The first problem found.
    pub fn parse(json: &str) -> Result<Self, KeysProblem> {
        let setting: Setting<'_> = serde_json::from_str(json)?;
        let mut minters: Vec<TrustedMinter> = Vec::new();
        for minter in setting.minters {
            let keys =
                KeySet::parse(minter.jwks.get().as_bytes()).map_err(|_| KeysProblem::Keys(minter.name.clone()))?;
            let kids: Vec<&str> = keys.kids().collect();
            if kids.is_empty() || kids.len() > MOST_KEYS {
                return Err(KeysProblem::Count(minter.name));
            }
            let taken = minters
                .iter()
                .any(|other| other.name == minter.name || other.keys.kids().any(|theirs| kids.contains(&theirs)));
            if taken {
                return Err(KeysProblem::Twice(minter.name));
            }
            minters.push(TrustedMinter { name: minter.name, doors: minter.doors, keys });
        }
        Ok(Self { minters })
    }

    pub(super) fn minter_of(&self, kid: &str) -> Option<&TrustedMinter> {
        self.minters.iter().find(|minter| minter.keys.kids().any(|own| own == kid))
    }
}
