use std::collections::HashSet;
use std::fmt;

use serde_json::{Map, Value};

use super::algorithm::Algorithm;
use super::jwk::Key;
use super::refused::{Refused, Rule};
use super::strict_json;

/// Bytes of a JWKS document.
const MAX_BYTES: usize = 64 * 1024;

/// Keys in one set, usable or not.
const MAX_KEYS: usize = 64;

/// Members that only a private or shared key has (RFC 7518 sections 6.2.2, 6.3.2 and 6.4.1).
const PRIVATE: [&str; 8] = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

/// The public keys of one issuer, at least one of them usable.
pub struct KeySet {
    keys: Vec<Key>,
}

/// Why a JWKS document was refused as a whole. The set before it stays in use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeySetError {
    /// More than 64 KiB, or more than 64 keys.
    #[error("key set is larger than 64 KiB or 64 keys")]
    TooLarge,
    /// Not an object with an array `keys` of objects, or a member name twice.
    #[error("key set is not a JWKS document")]
    Malformed,
    /// Two keys of the same `kid`: which one a token means cannot be told.
    #[error("key set has two keys of one `kid`")]
    DuplicateKid,
    /// A private or shared key. Whoever publishes one cannot be trusted with the others.
    #[error("key set has a private or shared key")]
    PrivateKey,
    /// No key that this program can check a signature with.
    #[error("key set has no usable key; RS256, ES256 and EdDSA with Ed25519 are taken")]
    NoUsableKey,
}

impl KeySet {
    /// From a JWKS document (RFC 7517 section 5) of at most 64 KiB and 64 keys. Keys for encryption, of unknown kinds or
    /// curves, and weak keys (RSA below 2048 bits) are left out, as section 5 asks.
    ///
    /// # Errors
    /// [`KeySetError`]; no part of the set is used then.
    pub fn parse(json: &[u8]) -> Result<Self, KeySetError> {
        if json.len() > MAX_BYTES {
            return Err(KeySetError::TooLarge);
        }
        let document = strict_json::object(json).map_err(|_| KeySetError::Malformed)?;
        let entries = document.get("keys").and_then(Value::as_array).ok_or(KeySetError::Malformed)?;
        if entries.len() > MAX_KEYS {
            return Err(KeySetError::TooLarge);
        }
        let entries: Vec<&Map<String, Value>> =
            entries.iter().map(|entry| entry.as_object().ok_or(KeySetError::Malformed)).collect::<Result<_, _>>()?;
        let mut seen = HashSet::new();
        for entry in &entries {
            let shared = entry.get("kty").and_then(Value::as_str) == Some("oct");
            if shared || PRIVATE.iter().any(|name| entry.contains_key(*name)) {
                return Err(KeySetError::PrivateKey);
            }
            if entry.get("kid").and_then(Value::as_str).is_some_and(|kid| !seen.insert(kid)) {
                return Err(KeySetError::DuplicateKid);
            }
        }
        let keys: Vec<Key> = entries.into_iter().filter_map(Key::usable).collect();
        if keys.is_empty() { Err(KeySetError::NoUsableKey) } else { Ok(Self { keys }) }
    }

    /// The ids of the usable keys, in the document's order. Keys without an id are not in it.
    pub fn kids(&self) -> impl Iterator<Item = &str> {
        self.keys.iter().filter_map(|key| key.kid.as_deref())
    }

    /// The one key that a header means: of that `kid`, or without `kid` the only one of that algorithm.
    pub(super) fn find(&self, kid: Option<&str>, algorithm: Algorithm) -> Result<&Key, Refused> {
        if let Some(kid) = kid {
            let key = self.keys.iter().find(|key| key.kid.as_deref() == Some(kid)).ok_or(Refused::UnknownKey)?;
            return if key.algorithm == algorithm { Ok(key) } else { Err(Rule::KeyAlgorithm.into()) };
        }
        let mut candidates = self.keys.iter().filter(|key| key.algorithm == algorithm);
        match (candidates.next(), candidates.next()) {
            (Some(key), None) => Ok(key),
            _ => Err(Rule::MissingKeyId.into()),
        }
    }
}

impl fmt::Debug for KeySet {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_set().entries(self.kids()).finish()
    }
}
