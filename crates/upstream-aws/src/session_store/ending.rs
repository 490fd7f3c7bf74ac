//! Ending sessions. The row goes out of the table first, for which no key is needed, and what is sealed in it is opened
//! afterwards: neither KMS nor a fault of the moment keeps a session open, or loses the token that is to be revoked.

use std::pin::Pin;
use std::time::Duration;

use auth::id::SessionHash;
use auth::session::Row;
use auth::subject::Subject;
use aws_sdk_dynamodb::types::{AttributeValue, ReturnValue};
use tokio::time::{Instant, sleep};

use super::{Item, SessionStore, StoreError, key, row};
use upstream_secrets::failure::{Failure, answer};

/// How often each step is tried when the table or KMS is busy or silent. Repeating one is harmless.
const ATTEMPTS: u32 = 3;
const FIRST_PAUSE: Duration = Duration::from_millis(50);

/// A row as the table had it, its tokens still sealed.
pub struct SealedRow {
    pub(super) hash: SessionHash,
    pub(super) item: Item,
}

/// What became of taking a row out of the table.
#[must_use]
pub enum Taken {
    /// It is gone; nothing if there was none.
    Gone(Option<SealedRow>),
    /// It is another person's, and was left as it is.
    Anothers,
    /// The table did not do it, or did not say so. The row, if it was seen and is that person's: what is sealed in it can be ended.
    Still(StoreError, Option<SealedRow>),
}

impl SealedRow {
    /// Its key.
    #[must_use]
    pub fn hash(&self) -> &SessionHash {
        &self.hash
    }

    /// Whom it names. Nothing sealed has confirmed that: good enough for ending what is open, and for nothing else.
    #[must_use]
    pub fn names(&self) -> Option<Subject> {
        row::subject(&self.item)
    }
}

impl SessionStore {
    /// Ends the session if it is this person's, or if its row names nobody. The row is read before it goes, so that one of
    /// two lost answers does not lose what it holds. To end one that is not there is no error. Tried three times.
    pub async fn take(&self, hash: &SessionHash, whose: &Subject, until: Instant) -> Taken {
        let seen = self.item(hash, until).await.ok().flatten();
        let delete = self
            .client
            .delete_item()
            .table_name(&self.table)
            .key("session_id", key(hash))
            .condition_expression("attribute_not_exists(#subject) OR (#issuer = :issuer AND #subject = :subject)")
            .expression_attribute_names("#issuer", "issuer")
            .expression_attribute_names("#subject", "subject")
            .expression_attribute_values(":issuer", AttributeValue::S(whose.issuer().to_owned()))
            .expression_attribute_values(":subject", AttributeValue::S(whose.id().to_owned()))
            .return_values(ReturnValue::AllOld);
        let deleted = patiently(until, || {
            let delete = delete.clone();
            Box::pin(async move {
                match answer(until, delete.send()).await {
                    Ok(deleted) => Ok(Some(deleted.attributes.filter(|item| !item.is_empty()))),
                    Err(Failure::Condition) => Ok(None),
                    Err(failure) => Err(failure.into()),
                }
            })
        });
        let sealed = |item| SealedRow { hash: hash.clone(), item };
        match deleted.await {
            Ok(Some(item)) => {
                let theirs = |row: &SealedRow| row.names().is_none_or(|named| named == *whose);
                Taken::Gone(item.or(seen).map(sealed).filter(theirs))
            }
            Ok(None) => Taken::Anothers,
            Err(problem) => Taken::Still(problem, seen.map(sealed).filter(|row| row.names().as_ref() == Some(whose))),
        }
    }

    /// Ends the session of a row that a search has found.
    ///
    /// # Errors
    /// All of [`StoreError`] but `Unreadable`; `Busy` and `Unavailable` only after three attempts.
    pub async fn remove(&self, row: &SealedRow, until: Instant) -> Result<(), StoreError> {
        patiently(until, || Box::pin(self.delete(&row.hash, until))).await
    }

    /// Opens what was sealed.
    ///
    /// # Errors
    /// All of [`StoreError`]; only `Unreadable` says that it never opens.
    pub async fn unseal(&self, row: &SealedRow, until: Instant) -> Result<Row, StoreError> {
        patiently(until, || Box::pin(self.row_of(&row.hash, &row.item, until))).await
    }
}

/// One attempt. Boxed rather than an async closure, so that a server may run what waits for it on any thread.
type Step<'a, T> = Pin<Box<dyn Future<Output = Result<T, StoreError>> + Send + 'a>>;

/// What `step` comes to, tried again while the other side is busy or silent and there is time.
pub(super) async fn patiently<'a, T>(until: Instant, step: impl Fn() -> Step<'a, T>) -> Result<T, StoreError> {
    let mut attempt = 0;
    loop {
        let outcome = step().await;
        attempt += 1;
        let wake = Instant::now() + FIRST_PAUSE * attempt;
        let passes = matches!(outcome, Err(StoreError::Busy | StoreError::Unavailable));
        if !passes || attempt >= ATTEMPTS || wake >= until {
            return outcome;
        }
        sleep(wake.saturating_duration_since(Instant::now())).await;
    }
}
