//! Using a person's refresh token where there is no mandate: for what they do with their own account, in a page.

use auth::session::{Row, Tokens};
use auth::time::Timestamp;
use tokio::time::Instant;

use super::{Fence, LeaseOutcome, SessionStore, StoreError, StoreOutcome};
use crate::seal::Owner;

impl SessionStore {
    /// As [`SessionStore::take_lease`], on this row as it was read.
    ///
    /// # Errors
    /// All of [`StoreError`] but `Unreadable`.
    pub async fn take_lease_on(
        &self,
        row: &Row,
        holder: &str,
        now: Timestamp,
        seconds: u64,
        until: Instant,
    ) -> Result<LeaseOutcome, StoreError> {
        self.take_lease_of((&row.hash, row.version), holder, now, seconds, until).await
    }

    /// Ends the lease: with these tokens in place of the row's, or with the row as it was.
    ///
    /// # Errors
    /// All of [`StoreError`] but `Unreadable`.
    pub async fn end_lease_on(
        &self,
        row: &Row,
        fence: Fence,
        tokens: Option<&Tokens>,
        now: Timestamp,
        until: Instant,
    ) -> Result<StoreOutcome, StoreError> {
        match tokens {
            None => self.release_of(&row.hash, fence, until).await.map(|()| StoreOutcome::Stored),
            Some(tokens) => self.store_tokens_of(Owner::of_row(row), fence, tokens, now, until).await,
        }
    }
}
