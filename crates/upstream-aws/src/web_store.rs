//! What the web application keeps in the session table beside the session rows.
//!
//! The partition key `session_id` (S) is a kind and a hash: nothing that a browser holds is in the table, only its SHA-256.
//!
//! | `session_id` | hash of | what is sealed | ends |
//! |---|---|---|---|
//! | `sign-in#HASH` | the cookie of a sign-in under way | state, nonce, verifier | after ten minutes, or when it is taken |
//! | `web#HASH` | the cookie of a session | the agent's session id, the form token, the times | with the session |
//! | `connect#HASH` | the cookie of a session | state and verifier of a connection under way | after ten minutes, or when it is taken |
//! | `history#HASH` | the agent's session id | the conversation | with the session |
//! | `history#HASH` | a turn's id | nothing: the person stopped it | with the longest turn |
//! | `turns#HASH` | issuer and `sub` | the answers that are under way for a person | with the last of them |
//! | `provider#HASH` | issuer, and `sid` or `sub` | which sessions those are, for a back-channel logout | with the last of them |
//! | `logout#HASH` | issuer, and `jti`, `sid` or `sub` | that a logout token was obeyed; when it was issued | with the token; after 8 h; after 15 min |
//!
//! Each has `version` (N), `expires_at` (N, compared in code by whoever reads), `ttl` (N, for DynamoDB's late clean-up) and
//! `sealed` (B), whose associated data are table, key, kind, `expires_at` and `version`. A session row's key has no `#`, so
//! no item of one is mistaken for the other.

mod place;
#[cfg(test)]
mod tests;

use std::collections::HashMap;

use auth::id::{SessionHash, sha256_base64url};
use auth::time::Timestamp;
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::{AttributeValue, ReturnValue};
use tokio::time::Instant;
use zeroize::Zeroizing;

use crate::connection::{Aws, two_attempts};
use crate::seal::Seal;
use crate::session_store::{Creation, StoreError};
use place::WebPlace;
use upstream_secrets::failure::{Failure, answer};

type Item = HashMap<String, AttributeValue>;

/// What an item is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum WebKind {
    /// A sign-in under way.
    SignIn,
    /// A session in a browser.
    Session,
    /// A connection of an account under way.
    Connect,
    /// A conversation.
    History,
    /// The answers that are under way for a person.
    Turns,
    /// Sessions by what the identity provider calls them.
    Provider,
    /// A logout token that was obeyed.
    Logout,
}

impl WebKind {
    /// What stands before the `#`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::SignIn => "sign-in",
            Self::Session => "web",
            Self::Connect => "connect",
            Self::History => "history",
            Self::Turns => "turns",
            Self::Provider => "provider",
            Self::Logout => "logout",
        }
    }
}

/// Names an item.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct WebKey {
    kind: WebKind,
    hash: SessionHash,
}

impl WebKey {
    /// The item that belongs to this secret or text: named by its SHA-256.
    ///
    /// Nothing never: a SHA-256 has the form of a hash.
    #[must_use]
    pub fn of(kind: WebKind, text: &[u8]) -> Option<Self> {
        SessionHash::parse(&sha256_base64url(text)).map(|hash| Self { kind, hash })
    }

    /// The item that belongs to this session.
    #[must_use]
    pub fn of_session(kind: WebKind, session: &SessionHash) -> Self {
        Self { kind, hash: session.clone() }
    }

    /// The same hash with another kind.
    #[must_use]
    pub fn of_kind(&self, kind: WebKind) -> Self {
        Self { kind, hash: self.hash.clone() }
    }

    /// What it is for.
    #[must_use]
    pub const fn kind(&self) -> WebKind {
        self.kind
    }

    /// The hash.
    #[must_use]
    pub fn hash(&self) -> &SessionHash {
        &self.hash
    }

    fn text(&self) -> String {
        format!("{}#{}", self.kind.name(), self.hash.as_str())
    }
}

/// An item as read. It may have expired: whoever reads it compares.
pub struct WebItem {
    /// What was sealed.
    pub content: Zeroizing<Vec<u8>>,
    /// Its end.
    pub expires_at: Timestamp,
    /// Counts the writes.
    pub version: u64,
}

/// What became of replacing or removing an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum Replacing {
    /// It is in the table, or is gone if that was asked.
    Replaced,
    /// Somebody else wrote it first, or it is gone: the table has what they wrote.
    Moved,
}

/// The items in the session table.
#[derive(Clone)]
pub struct WebStore {
    client: Client,
    table: String,
    seal: Seal,
}

impl WebStore {
    /// The items of `table`, which `seal` opens.
    #[must_use]
    pub fn new(aws: &Aws, table: String, seal: Seal) -> Self {
        Self { client: aws.dynamodb.clone(), table, seal }
    }

    /// Stores a new item, by one request that is not repeated.
    ///
    /// # Errors
    /// All of [`StoreError`] but `Unreadable`. The item may be there all the same after `Unavailable`.
    pub async fn create(
        &self,
        key: &WebKey,
        content: &[u8],
        expires_at: Timestamp,
        until: Instant,
    ) -> Result<Creation, StoreError> {
        let item = self.item_of(key, (content, expires_at, 1), until).await?;
        let put = self.client.put_item().table_name(&self.table).set_item(Some(item));
        match answer(until, put.condition_expression("attribute_not_exists(session_id)").send()).await {
            Ok(_) => Ok(Creation::Created),
            Err(Failure::Condition) => Ok(Creation::AlreadyThere),
            Err(failure) => Err(failure.into()),
        }
    }

    /// The item, by one strongly consistent read, or nothing if there is none.
    ///
    /// # Errors
    /// All of [`StoreError`].
    pub async fn read(&self, key: &WebKey, until: Instant) -> Result<Option<WebItem>, StoreError> {
        let get = self
            .client
            .get_item()
            .table_name(&self.table)
            .key("session_id", AttributeValue::S(key.text()))
            .consistent_read(true)
            .customize()
            .config_override(two_attempts(until))
            .send();
        self.opened(key, answer(until, get).await?.item, until).await
    }

    /// Writes the item anew if its version is still `before`.
    ///
    /// # Errors
    /// All of [`StoreError`] but `Unreadable`. It may have been written all the same after `Unavailable`.
    pub async fn replace(
        &self,
        key: &WebKey,
        before: u64,
        content: &[u8],
        expires_at: Timestamp,
        until: Instant,
    ) -> Result<Replacing, StoreError> {
        let item = self.item_of(key, (content, expires_at, before.saturating_add(1)), until).await?;
        let put = self
            .client
            .put_item()
            .table_name(&self.table)
            .set_item(Some(item))
            .condition_expression("#version = :before")
            .expression_attribute_names("#version", "version")
            .expression_attribute_values(":before", AttributeValue::N(before.to_string()));
        match answer(until, put.send()).await {
            Ok(_) => Ok(Replacing::Replaced),
            Err(Failure::Condition) => Ok(Replacing::Moved),
            Err(failure) => Err(failure.into()),
        }
    }

    /// Takes the item out of the table: of many who ask at once, one gets it. Not repeated, so an answer that is lost takes
    /// it from everybody.
    ///
    /// # Errors
    /// All of [`StoreError`].
    pub async fn take(&self, key: &WebKey, until: Instant) -> Result<Option<WebItem>, StoreError> {
        let delete = self
            .client
            .delete_item()
            .table_name(&self.table)
            .key("session_id", AttributeValue::S(key.text()))
            // Of two deletions at once without a condition, DynamoDB Local gives both the old item.
            .condition_expression("attribute_exists(session_id)")
            .return_values(ReturnValue::AllOld);
        let old = match answer(until, delete.send()).await {
            Ok(reply) => reply.attributes,
            Err(Failure::Condition) => return Ok(None),
            Err(failure) => return Err(failure.into()),
        };
        self.opened(key, old.filter(|old| !old.is_empty()), until).await
    }

    /// Deletes the item if its version is still `before`.
    ///
    /// # Errors
    /// All of [`StoreError`] but `Unreadable`. It may be gone all the same after `Unavailable`.
    pub async fn remove(&self, key: &WebKey, before: u64, until: Instant) -> Result<Replacing, StoreError> {
        let delete = self
            .client
            .delete_item()
            .table_name(&self.table)
            .key("session_id", AttributeValue::S(key.text()))
            .condition_expression("#version = :before")
            .expression_attribute_names("#version", "version")
            .expression_attribute_values(":before", AttributeValue::N(before.to_string()));
        match answer(until, delete.send()).await {
            Ok(_) => Ok(Replacing::Replaced),
            Err(Failure::Condition) => Ok(Replacing::Moved),
            Err(failure) => Err(failure.into()),
        }
    }

    /// Deletes the item. To delete one that is not there is no error.
    ///
    /// # Errors
    /// All of [`StoreError`] but `Unreadable`.
    pub async fn delete(&self, key: &WebKey, until: Instant) -> Result<(), StoreError> {
        let delete = self.client.delete_item().table_name(&self.table);
        answer(until, delete.key("session_id", AttributeValue::S(key.text())).send()).await?;
        Ok(())
    }

    async fn item_of(
        &self,
        key: &WebKey,
        (content, expires_at, version): (&[u8], Timestamp, u64),
        until: Instant,
    ) -> Result<Item, StoreError> {
        let place = WebPlace { table: &self.table, key, expires_at, version };
        let sealed = self.seal.seal(&place, content, until).await?;
        let number = |value: u64| AttributeValue::N(value.to_string());
        Ok(Item::from([
            ("session_id".to_owned(), AttributeValue::S(key.text())),
            ("version".to_owned(), number(version)),
            ("expires_at".to_owned(), number(expires_at.seconds())),
            ("ttl".to_owned(), number(expires_at.seconds())),
            ("sealed".to_owned(), AttributeValue::B(Blob::new(sealed))),
        ]))
    }

    async fn opened(&self, key: &WebKey, item: Option<Item>, until: Instant) -> Result<Option<WebItem>, StoreError> {
        let Some(item) = item else { return Ok(None) };
        let number = |name: &str| item.get(name)?.as_n().ok()?.parse::<u64>().ok();
        let (Some(version), Some(expires_at)) = (number("version"), number("expires_at")) else {
            return Err(StoreError::Unreadable);
        };
        let expires_at = Timestamp::from_seconds(expires_at);
        let sealed = item.get("sealed").and_then(|sealed| sealed.as_b().ok()).ok_or(StoreError::Unreadable)?;
        let place = WebPlace { table: &self.table, key, expires_at, version };
        let content = self.seal.open(&place, sealed.as_ref(), until).await?;
        Ok(Some(WebItem { content, expires_at, version }))
    }
}
