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

/// What is wrong with the setting that holds the keys. It says where and never what stands there, which may be a secret
/// that was pasted into the wrong place: a minter is named by its position, the first being 1.
#[derive(Debug, thiserror::Error)]
pub enum KeysProblem {
    /// Not the expected JSON.
    #[error(
        "must be JSON of the form {{\"minters\":[{{\"name\":…,\"doors\":[…],\"jwks\":{{\"keys\":[…]}}}}]}}; it is not at line {line} column {column}"
    )]
    Shape {
        /// From 1.
        line: usize,
        /// From 1; 0 before the first.
        column: usize,
    },
    /// Nobody could sign a ticket.
    #[error("must name at least one minter")]
    NoMinter,
    /// No ticket of this minter would be good for anything.
    #[error("minter {0} must have at least one door")]
    NoDoor(usize),
    /// A key set that the rules of `auth::jwt` refuse.
    #[error("the key set of minter {0} is not usable")]
    Keys(usize),
    /// More keys than are valid at once, or none.
    #[error("minter {0} must have one or two keys")]
    Count(usize),
    /// A name or key id that does not lead to one minter.
    #[error("the name or a key id of minter {0} is used twice")]
    Twice(usize),
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
        let setting: Setting<'_> = serde_json::from_str(json)
            .map_err(|error| KeysProblem::Shape { line: error.line(), column: error.column() })?;
        if setting.minters.is_empty() {
            return Err(KeysProblem::NoMinter);
        }
        let mut minters: Vec<TrustedMinter> = Vec::new();
        for (place, minter) in (1..).zip(setting.minters) {
            if minter.doors.is_empty() {
                return Err(KeysProblem::NoDoor(place));
            }
            let keys = KeySet::parse(minter.jwks.get().as_bytes()).map_err(|_| KeysProblem::Keys(place))?;
            let kids: Vec<&str> = keys.kids().collect();
            if kids.is_empty() || kids.len() > MOST_KEYS {
                return Err(KeysProblem::Count(place));
            }
            let taken = minters
                .iter()
                .any(|other| other.name == minter.name || other.keys.kids().any(|theirs| kids.contains(&theirs)));
            if taken {
                return Err(KeysProblem::Twice(place));
            }
            minters.push(TrustedMinter { name: minter.name, doors: minter.doors, keys });
        }
        Ok(Self { minters })
    }

    pub(super) fn minter_of(&self, kid: &str) -> Option<&TrustedMinter> {
        self.minters.iter().find(|minter| minter.keys.kids().any(|own| own == kid))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::TicketKeys;
    use crate::ticket::Minter;

    const PASTED: &str = "pasted-secret";

    fn problem(setting: &Value) -> String {
        TicketKeys::parse(&setting.to_string()).err().unwrap().to_string()
    }

    fn minter(name: &str, doors: &[&str], kid: &str) -> Value {
        let jwk = Minter::from_seed("web", kid, &[1; 32]).unwrap().public_jwk();
        json!({"name": name, "doors": doors, "jwks": {"keys": [jwk]}})
    }

    #[test]
    fn a_problem_never_repeats_what_was_pasted() {
        let good = minter("web", &["open-api"], "k1");
        let mut unkeyed = good.clone();
        unkeyed["jwks"] = json!({"keys": [{"kty": "OKP", "crv": "Ed25519", "kid": PASTED, "x": PASTED, "d": PASTED}]});
        let mut extra = good.clone();
        extra[PASTED] = json!(1);
        for setting in [
            json!(PASTED),
            json!({PASTED: []}),
            json!({"minters": PASTED}),
            json!({"minters": [extra]}),
            json!({"minters": [minter(PASTED, &[PASTED], "k1")]}),
            json!({"minters": [minter(PASTED, &[], "k1")]}),
            json!({"minters": [{"name": PASTED, "doors": ["open-api"], "jwks": {"keys": []}}]}),
            json!({"minters": [unkeyed]}),
            json!({"minters": [minter(PASTED, &["open-api"], PASTED), minter(PASTED, &["open-api"], PASTED)]}),
        ] {
            let told = problem(&setting);
            assert!(!told.contains(PASTED), "{told}");
        }
        let told = TicketKeys::parse(PASTED).err().unwrap().to_string();
        assert!(told.contains("line 1 column 1") && !told.contains(PASTED), "{told}");
    }

    #[test]
    fn nobody_to_sign_and_nowhere_to_go_are_problems() {
        assert_eq!(problem(&json!({"minters": []})), "must name at least one minter");
        let setting = json!({"minters": [minter("web", &["open-api"], "k1"), minter("ops", &[], "k2")]});
        assert_eq!(problem(&setting), "minter 2 must have at least one door");
    }
}
