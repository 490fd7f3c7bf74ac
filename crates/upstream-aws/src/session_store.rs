//! The session table: one row for each signed-in person's session, keyed by the hash of the session id.
//!
//! | attribute | type | |
//! |---|---|---|
//! | `session_id` | S | partition key: the hash, 43 characters |
//! | `version` | N | counts the writes |
//! | `issuer`, `subject` | S | who signed in |
//! | `org_id` | S, may be absent | the organization they signed in to |
//! | `email` | S, may be absent | their address, only if verified |
//! | `connection` | S, may be absent | what they signed in by |
//! | `agent_id` | S, may be absent | the agent whose chats it is for |
//! | `expires_at` | N | end of the session, seconds since 1970; compared in code and in conditions |
//! | `ttl` | N | the same, for DynamoDB to delete the row by; it may take days, so nothing here relies on it |
//! | `created_at` | N | seconds since 1970 |
//! | `sealed` | B | the tokens, see [`crate::seal`] |
//! | `lease_holder`, `lease_until` | S, N, both absent or both there | who is refreshing the federated token |

mod ending;
mod lease;
mod rotation;
mod row;
mod search;
#[cfg(test)]
mod tests;

pub use ending::{SealedRow, Taken};
pub use lease::{Fence, LeaseOutcome, StoreOutcome};
pub use search::{Position, SessionPage, SessionsOf};

use std::collections::HashMap;

use auth::id::SessionHash;
use auth::refusal::{Code, Refusal};
use auth::session::Row;
use auth::time::Timestamp;
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::AttributeValue;
use tokio::time::Instant;

use crate::connection::{Aws, two_attempts, with_time_to_look};
use crate::seal::{Owner, Seal, SealError, SessionPlace};
use upstream_secrets::failure::{Failure, answer};

type Item = HashMap<String, AttributeValue>;

/// What the sealed attribute is for, as its associated data says it.
const TOKENS: &str = "session tokens";

/// The table of session rows.
pub struct SessionStore {
    client: Client,
    table: String,
    seal: Seal,
}

/// Why a row was not read or written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// An attribute is missing or ill-typed, or the tokens do not open: the row stands for nobody.
    #[error("session store: the row cannot be read")]
    Unreadable,
    /// A limit of the table's or of KMS's was reached.
    #[error("session store: throttled")]
    Busy,
    /// DynamoDB or KMS did not answer well or in time.
    #[error("session store: no answer")]
    Unavailable,
    /// The table, the sealing key, the function's rights or the request are wrong.
    #[error("session store: table, key or rights are set up wrongly")]
    Misconfigured,
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        let cause = error.to_string();
        match error {
            StoreError::Unreadable => Self::auth_required(cause),
            StoreError::Busy => Self::busy(cause, 2),
            StoreError::Unavailable => Self::new(Code::Unavailable, cause),
            StoreError::Misconfigured => Self::new(Code::Internal, cause),
        }
    }
}

impl From<Failure> for StoreError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Throttled => Self::Busy,
            Failure::Setup => Self::Misconfigured,
            Failure::Condition | Failure::Connection | Failure::Unknown => Self::Unavailable,
        }
    }
}

impl From<SealError> for StoreError {
    fn from(error: SealError) -> Self {
        match error {
            SealError::Unreadable => Self::Unreadable,
            SealError::Busy => Self::Busy,
            SealError::Unavailable => Self::Unavailable,
            SealError::Misconfigured => Self::Misconfigured,
        }
    }
}

/// What became of a new row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum Creation {
    /// It is stored.
    Created,
    /// Another row has this key; it was left as it is.
    AlreadyThere,
}

impl SessionStore {
    /// The rows of `table`, whose tokens `seal` opens.
    #[must_use]
    pub fn new(aws: &Aws, table: String, seal: Seal) -> Self {
        Self { client: aws.dynamodb.clone(), table, seal }
    }

    /// Opens a connection ahead of the first call, by reading a row that cannot exist. Whether that works is for the first
    /// call to find out.
    pub async fn open(&self, until: Instant) {
        if let Some(nobody) = SessionHash::parse(&"-".repeat(43)) {
            let _ = self.item(&nobody, until).await;
        }
    }

    /// The row of this session, by one strongly consistent read, or nothing if there is none. The row may have expired:
    /// [`Row::confirm`] compares its time.
    ///
    /// # Errors
    /// All of [`StoreError`].
    pub async fn read(&self, hash: &SessionHash, until: Instant) -> Result<Option<Row>, StoreError> {
        match self.item(hash, until).await? {
            None => Ok(None),
            Some(item) => self.row_of(hash, &item, until).await.map(Some),
        }
    }

    /// Stores a new row, without a lease. If the answer is lost, the row is read back.
    ///
    /// # Errors
    /// [`StoreError::Misconfigured`] also if the tokens cannot be sealed.
    pub async fn create(&self, row: &Row, now: Timestamp, until: Instant) -> Result<Creation, StoreError> {
        let sealed = self.sealed(Owner::of_row(row), &row.tokens, with_time_to_look(until)).await?;
        let put = self
            .client
            .put_item()
            .table_name(&self.table)
            .set_item(Some(row::item_of(row, &sealed, now)))
            .condition_expression("attribute_not_exists(session_id)")
            .send();
        match answer(with_time_to_look(until), put).await {
            Ok(_) => Ok(Creation::Created),
            Err(Failure::Condition) => Ok(Creation::AlreadyThere),
            Err(Failure::Connection | Failure::Unknown) => match self.item(&row.hash, until).await? {
                Some(item) if row::has_sealed(&item, &sealed) => Ok(Creation::Created),
                Some(_) => Ok(Creation::AlreadyThere),
                None => Err(StoreError::Unavailable),
            },
            Err(failure @ (Failure::Throttled | Failure::Setup)) => Err(failure.into()),
        }
    }

    /// Ends the session. To end one that is not there is no error, so a caller may repeat it.
    ///
    /// # Errors
    /// All of [`StoreError`] but `Unreadable`.
    pub async fn delete(&self, hash: &SessionHash, until: Instant) -> Result<(), StoreError> {
        let delete = self.client.delete_item().table_name(&self.table).key("session_id", key(hash)).send();
        answer(until, delete).await?;
        Ok(())
    }

    async fn item(&self, hash: &SessionHash, until: Instant) -> Result<Option<Item>, StoreError> {
        let get = self
            .client
            .get_item()
            .table_name(&self.table)
            .key("session_id", key(hash))
            .consistent_read(true)
            .customize()
            .config_override(two_attempts(until))
            .send();
        Ok(answer(until, get).await?.item)
    }

    fn place<'a>(&'a self, owner: Owner<'a>) -> SessionPlace<'a> {
        SessionPlace { table: &self.table, purpose: TOKENS, owner }
    }
}

fn key(hash: &SessionHash) -> AttributeValue {
    AttributeValue::S(hash.as_str().to_owned())
}

fn number(value: u64) -> AttributeValue {
    AttributeValue::N(value.to_string())
}
