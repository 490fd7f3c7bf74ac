//! What an approval is about. None of it changes from the request to the outcome.

use aws_lc_rs::digest;
use serde::Serialize;

use crate::canonical::ArgumentsHash;
use crate::id::{Agent, Organization, SessionHash, sha256_base64url};
use crate::subject::Subject;
use crate::time::Timestamp;

const LETTERS: &[u8; 32] = b"ABCDEFGHJKMNPQRSTVWXYZ0123456789";

/// Names one approval to the person and in the table: 16 characters made of 16 random bytes.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct ApprovalReference(String);

impl ApprovalReference {
    /// From random bytes that were never used before.
    #[must_use]
    pub fn of(random: &[u8; 16]) -> Self {
        Self(random.iter().map(letter).collect())
    }

    /// From the 16 characters; nothing for another form.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let fits = text.len() == 16 && text.bytes().all(|byte| LETTERS.contains(&byte));
        fits.then(|| Self(text.to_owned()))
    }

    /// The 16 characters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn letter(byte: &u8) -> char {
    LETTERS.get(usize::from(*byte) % 32).map_or('0', |letter| char::from(*letter))
}

/// The partition key of a person's approvals: base64url SHA-256 of issuer and subject, each with its length before it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct PersonKey(String);

impl PersonKey {
    /// The key of this person.
    #[must_use]
    pub fn of(subject: &Subject) -> Self {
        let mut bytes = Vec::new();
        for part in [subject.issuer(), subject.id()] {
            bytes.extend_from_slice(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
            bytes.extend_from_slice(part.as_bytes());
        }
        Self(sha256_base64url(&bytes))
    }

    /// From 43 characters of base64url, as a message or a row has them.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        SessionHash::parse(text).map(|_| Self(text.to_owned()))
    }

    /// The 43 characters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What is approved: by whom, in which session, which tool with exactly which arguments, and until when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Binding {
    /// The approval's name.
    pub reference: ApprovalReference,
    /// Who must approve.
    pub subject: Subject,
    /// The session that asked.
    pub session: SessionHash,
    /// The organization of that session.
    pub organization: Option<Organization>,
    /// The agent that asked.
    pub agent: Agent,
    /// The tool.
    pub tool: String,
    /// Its arguments' hash.
    pub arguments: ArgumentsHash,
    /// When the request ends, whether or not somebody answered.
    pub expires_at: Timestamp,
}

impl Binding {
    /// Six characters that the phone and the chat both show. They follow from the reference and the arguments, so a code
    /// seen for one request does not fit another.
    #[must_use]
    pub fn code(&self) -> String {
        let text = format!("{}.{}", self.reference.as_str(), self.arguments.as_str());
        digest::digest(&digest::SHA256, text.as_bytes()).as_ref().iter().take(6).map(letter).collect()
    }

    /// What the phone shows: `label` and the code, at most 64 characters that Auth0 takes in a `binding_message`. Any other
    /// character of the label is left out.
    #[must_use]
    pub fn message(&self, label: &str) -> String {
        let allowed = |letter: &char| letter.is_ascii_alphanumeric() || " +-_.,:#".contains(*letter);
        let label: String = label.chars().filter(allowed).take(50).collect();
        format!("{} {}", label.trim(), self.code())
    }
}
