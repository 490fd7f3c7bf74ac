//! Sessions of roles and the credentials that go with them.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use aws_lc_rs::rand;
use serde::Serialize;

use super::document::Document;
use crate::lambda::ACCOUNT;

/// What signs a request. Shows the key's id only.
#[derive(Clone)]
pub struct Credentials {
    /// `ASIA…`
    pub access_key_id: String,
    /// Never checked here, as signatures are not.
    pub secret_access_key: String,
    /// Sent as `X-Amz-Security-Token`.
    pub session_token: String,
}

impl fmt::Debug for Credentials {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Credentials").field("access_key_id", &self.access_key_id).finish_non_exhaustive()
    }
}

/// An issued session, without its secrets.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Session {
    /// Its access key id.
    pub access_key_id: String,
    /// Name of the role.
    pub role: String,
    /// `RoleSessionName`.
    pub session_name: String,
    /// Who it acts for, set once and for all later sessions too.
    pub source_identity: Option<String>,
    /// Session tags, those inherited included.
    pub tags: BTreeMap<String, String>,
    /// Keys of the tags that later sessions inherit, in lower case.
    pub transitive: BTreeSet<String>,
    /// The session policy as it was sent.
    pub policy: Option<String>,
    /// ARN of the session that asked for it. Empty for a function's own.
    pub issued_to: String,
    /// Seconds since 1970.
    pub issued_at: u64,
    /// Seconds since 1970: from then on the credentials are refused. None for a function's own, which Lambda renews.
    pub expires_at: Option<u64>,
}

impl Session {
    /// `arn:aws:sts::ACCOUNT:assumed-role/ROLE/SESSION`
    #[must_use]
    pub fn arn(&self) -> String {
        format!("arn:aws:sts::{ACCOUNT}:assumed-role/{}/{}", self.role, self.session_name)
    }
}

/// A session that is to be issued.
pub(crate) struct Grant {
    pub(crate) role: String,
    pub(crate) session_name: String,
    pub(crate) source_identity: Option<String>,
    pub(crate) tags: BTreeMap<String, String>,
    pub(crate) transitive: BTreeSet<String>,
    pub(crate) policy: Option<(String, Document)>,
    pub(crate) issued_to: String,
    /// None: without an end.
    pub(crate) seconds: Option<u64>,
}

/// A prefix and sixteen random letters and digits, as AWS's ids have them.
pub(super) fn id(prefix: &str) -> String {
    const ALPHABET: [char; 32] = [
        'A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'I', 'J', 'K', 'L', 'M', 'N', 'O', 'P', 'Q', 'R', 'S', 'T', 'U', 'V',
        'W', 'X', 'Y', 'Z', '2', '3', '4', '5', '6', '7',
    ];
    let mut bytes = [0_u8; 16];
    // The kernel's generator does not fail once it is seeded; equal ids would only fail a test.
    let _filled = rand::fill(&mut bytes);
    let letters = bytes.iter().filter_map(|byte| ALPHABET.get(usize::from(byte % 32)));
    prefix.chars().chain(letters.copied()).collect()
}
