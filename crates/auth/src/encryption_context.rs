//! What a data key is bound to at AWS KMS.

use crate::approval::PersonKey;
use crate::id::SessionHash;

/// The encryption context of a row's data key: exactly the members `table`, `row` and `purpose`. KMS opens the data key only
/// if all three are said again, writes them to CloudTrail, and lets policies demand them; so none of them is a secret or
/// names a person (AWS KMS Developer Guide, "Encryption context").
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct EncryptionContext {
    table: String,
    row: String,
    purpose: &'static str,
}

impl EncryptionContext {
    /// Of the tokens in this session's row: purpose `session`.
    #[must_use]
    pub fn of_session(table: &str, session: &SessionHash) -> Self {
        Self { table: table.to_owned(), row: session.as_str().to_owned(), purpose: "session" }
    }

    /// Of whatever is sealed in this person's approvals: purpose `approval`. What each value is for is in its associated data,
    /// so that one data key does for a whole request.
    #[must_use]
    pub fn of_approvals(table: &str, person: &PersonKey) -> Self {
        Self { table: table.to_owned(), row: person.as_str().to_owned(), purpose: "approval" }
    }

    /// Names and values of the members.
    #[must_use]
    pub fn members(&self) -> [(&'static str, &str); 3] {
        [("table", &self.table), ("row", &self.row), ("purpose", self.purpose)]
    }
}
