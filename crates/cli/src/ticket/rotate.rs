//! `mandate ticket rotate`: a new key beside the one in use, and in which order to bring it in.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use serde_json::{Value, json};

use auth::ticket::TicketKeys;

use crate::trouble::Trouble;
use crate::web_app::ticket_keys_of;

/// A ticket's longest life, in minutes.
const MINUTES: u64 = 10;

/// What is printed.
#[derive(Serialize)]
pub(super) struct Rotation {
    /// Of the new key, for the minter alone.
    pub(super) seed: String,
    /// Its id.
    pub(super) kid: String,
    /// `TICKET_KEYS` while both are good.
    pub(super) both: String,
    /// `TICKET_KEYS` when the former is over.
    pub(super) then: String,
    /// What to do, in order.
    pub(super) steps: Vec<String>,
}

/// A new key for the minter of this name, whose keys in `keys` stand oldest first.
///
/// # Errors
/// When `keys` is no `TICKET_KEYS`, or has no such minter.
pub(super) fn rotate(keys: &str, minter: &str, seed: &[u8; 32], kid: &str) -> Result<Rotation, Trouble> {
    TicketKeys::parse(keys).map_err(|problem| Trouble::usage(format!("TICKET_KEYS {problem}")))?;
    let broken = || Trouble::new("TICKET_KEYS could not be changed");
    let mut both: Value = serde_json::from_str(keys).map_err(|_| broken())?;
    let fresh: Value = serde_json::from_str(&ticket_keys_of(minter, kid, seed)?).map_err(|_| broken())?;
    let fresh = fresh.pointer("/minters/0/jwks/keys/0").ok_or_else(broken)?;
    let mut then = both.clone();
    let held = keys_of(&mut both, minter)?;
    // The newest is the one in use; one before it is left from the last time.
    let current = held.last().cloned();
    *held = current.into_iter().chain([fresh.clone()]).collect();
    *keys_of(&mut then, minter)? = vec![fresh.clone()];
    let (both, then) = (both.to_string(), then.to_string());
    for list in [&both, &then] {
        TicketKeys::parse(list).map_err(|_| broken())?;
    }
    let (seed_name, kid_name) = match minter {
        "gateway" => ("GATEWAY_TICKET_SEED", "GATEWAY_TICKET_KID"),
        _ => ("TICKET_KEY", "TICKET_KEY_ID"),
    };
    let steps = vec![
        "set TICKET_KEYS to `both` at every tool function, and wait until all of them run with it".to_owned(),
        format!("give the minter the new seed and key id ({seed_name}, {kid_name}), and wait until it signs with them"),
        format!("wait {MINUTES} minutes: then the last ticket of the former key is over"),
        "set TICKET_KEYS to `then` at every tool function".to_owned(),
        "destroy the former seed".to_owned(),
    ];
    Ok(Rotation { seed: URL_SAFE_NO_PAD.encode(seed), kid: kid.to_owned(), both, then, steps })
}

impl Rotation {
    pub(super) fn lines(&self) -> Vec<String> {
        let mut lines = vec![
            format!("private seed (base64url, for the minter only): {}", self.seed),
            format!("key id (for the minter): {}", self.kid),
            format!("both: TICKET_KEYS={}", self.both),
            format!("then: TICKET_KEYS={}", self.then),
        ];
        lines.extend((1..).zip(&self.steps).map(|(number, step)| format!("{number}. {step}")));
        lines
    }

    pub(super) fn json(&self) -> String {
        json!(self).to_string()
    }
}

fn keys_of<'a>(keys: &'a mut Value, minter: &str) -> Result<&'a mut Vec<Value>, Trouble> {
    let minters = keys.get_mut("minters").and_then(Value::as_array_mut).into_iter().flatten();
    let found = minters.into_iter().find(|one| one.get("name").and_then(Value::as_str) == Some(minter));
    let keys = found.and_then(|one| one.pointer_mut("/jwks/keys")?.as_array_mut());
    keys.ok_or_else(|| {
        Trouble::usage(format!("TICKET_KEYS has no minter `{minter}`; mandate ticket --new-key makes one"))
    })
}

#[cfg(test)]
mod tests {
    use auth::ticket::TicketKeys;
    use serde_json::Value;

    use super::rotate;
    use crate::web_app::{ticket_keys, ticket_keys_of};

    fn kids(setting: &str, minter: usize) -> Vec<String> {
        let setting: Value = serde_json::from_str(setting).unwrap();
        let keys = setting["minters"][minter]["jwks"]["keys"].as_array().unwrap().clone();
        keys.iter().map(|key| key["kid"].as_str().unwrap().to_owned()).collect()
    }

    #[test]
    fn the_old_and_the_new_key_are_good_together_and_then_the_new_one_alone() {
        let keys = ticket_keys(&[1; 32], Some(&[2; 32])).unwrap();
        let rotation = rotate(&keys, "web", &[3; 32], "web-new").unwrap();
        assert_eq!(kids(&rotation.both, 0), ["web-1", "web-new"]);
        assert_eq!(kids(&rotation.then, 0), ["web-new"]);
        assert_eq!((kids(&rotation.both, 1), kids(&rotation.then, 1)), (kids(&keys, 1), kids(&keys, 1)));
        assert!(TicketKeys::parse(&rotation.both).is_ok() && TicketKeys::parse(&rotation.then).is_ok());
        assert!(!rotation.both.contains(&rotation.seed), "what is public has no seed");
        let lines = rotation.lines();
        assert!(lines[4].starts_with("1. set TICKET_KEYS") && lines[5].contains("TICKET_KEY_ID"), "{lines:?}");
        let json: Value = serde_json::from_str(&rotation.json()).unwrap();
        assert_eq!((json["kid"].as_str(), json["steps"].as_array().map(Vec::len)), (Some("web-new"), Some(5)));
    }

    #[test]
    fn of_two_keys_the_older_one_goes() {
        let keys = ticket_keys_of("web", "web-1", &[1; 32]).unwrap();
        let second = rotate(&keys, "web", &[2; 32], "web-2").unwrap();
        let third = rotate(&second.both, "web", &[3; 32], "web-3").unwrap();
        assert_eq!(kids(&third.both, 0), ["web-2", "web-3"]);
    }

    #[test]
    fn a_setting_that_is_none_and_a_minter_that_is_not_there_are_refused() {
        let keys = ticket_keys_of("web", "web-1", &[1; 32]).unwrap();
        for (keys, minter) in [("{}", "web"), ("hunter-2", "web"), (keys.as_str(), "gateway")] {
            let refused = rotate(keys, minter, &[2; 32], "new").err().unwrap();
            assert_eq!(refused.exit_code(), 2);
            assert!(!refused.to_string().contains("hunter-2"), "{refused}");
        }
    }
}
