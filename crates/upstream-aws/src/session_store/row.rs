//! A row as DynamoDB has it.

use auth::id::{AgentId, Login, Organization, SessionHash};
use auth::session::{Lease, Row, Tokens};
use auth::subject::Subject;
use auth::time::Timestamp;
use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue;
use tokio::time::Instant;

use super::{Item, SessionStore, StoreError, key, number};
use crate::seal::Owner;

impl<'a> Owner<'a> {
    pub(super) fn of_row(row: &'a Row) -> Self {
        Self {
            hash: &row.hash,
            subject: &row.subject,
            organization: row.organization.as_ref(),
            email: row.email.as_ref(),
            connection: row.connection.as_deref(),
            agent: row.agent.as_ref(),
            expires_at: row.expires_at,
        }
    }
}

/// A row whose tokens are still sealed.
struct Closed<'a> {
    subject: Subject,
    organization: Option<Organization>,
    email: Option<Login>,
    connection: Option<&'a str>,
    agent: Option<AgentId>,
    expires_at: Timestamp,
    version: u64,
    lease: Option<Lease>,
    sealed: &'a [u8],
}

impl<'a> Closed<'a> {
    /// Nothing if any attribute that is read is missing, of another type or form, or does not belong here.
    fn of(hash: &SessionHash, item: &'a Item) -> Option<Self> {
        if text(item, "session_id")? != hash.as_str() {
            return None;
        }
        let email = match optional(item, "email", text)? {
            None => None,
            Some(address) => Some(Login::parse(address).ok()?),
        };
        let lease = match (optional(item, "lease_holder", text)?, optional(item, "lease_until", count)?) {
            (None, None) => None,
            (Some(holder), Some(until)) => {
                Some(Lease { holder: holder.to_owned(), until: Timestamp::from_seconds(until) })
            }
            (Some(_), None) | (None, Some(_)) => return None,
        };
        Some(Self {
            subject: subject(item)?,
            organization: optional(item, "org_id", text)?.map(|id| Organization(id.to_owned())),
            email,
            connection: optional(item, "connection", text)?,
            agent: match optional(item, "agent_id", text)? {
                None => None,
                Some(id) => Some(AgentId::parse(id)?),
            },
            expires_at: Timestamp::from_seconds(count(item, "expires_at")?),
            version: count(item, "version")?,
            lease,
            sealed: sealed(item)?,
        })
    }
}

impl SessionStore {
    /// Unreadable if any attribute that is read is missing, of another type or form, or does not belong here.
    pub(super) async fn row_of(&self, hash: &SessionHash, item: &Item, until: Instant) -> Result<Row, StoreError> {
        let row = Closed::of(hash, item).ok_or(StoreError::Unreadable)?;
        let owner = Owner {
            hash,
            subject: &row.subject,
            organization: row.organization.as_ref(),
            email: row.email.as_ref(),
            connection: row.connection,
            agent: row.agent.as_ref(),
            expires_at: row.expires_at,
        };
        let plain = self.seal.open(&self.place(owner), row.sealed, until).await?;
        Ok(Row {
            tokens: Tokens::from_plain(&plain).map_err(|_| StoreError::Unreadable)?,
            hash: hash.clone(),
            email: row.email,
            connection: row.connection.map(str::to_owned),
            agent: row.agent,
            expires_at: row.expires_at,
            version: row.version,
            lease: row.lease,
            subject: row.subject,
            organization: row.organization,
        })
    }

    pub(super) async fn sealed(
        &self,
        owner: Owner<'_>,
        tokens: &Tokens,
        until: Instant,
    ) -> Result<Vec<u8>, StoreError> {
        Ok(self.seal.seal(&self.place(owner), &tokens.to_plain(), until).await?)
    }
}

pub(super) fn item_of(row: &Row, sealed: &[u8], now: Timestamp) -> Item {
    let optional = [
        ("org_id", row.organization.as_ref().map(|organization| organization.0.as_str())),
        ("email", row.email.as_ref().map(Login::as_str)),
        ("connection", row.connection.as_deref()),
        ("agent_id", row.agent.as_ref().map(AgentId::as_str)),
    ];
    let mut item = Item::from([
        ("session_id".to_owned(), key(&row.hash)),
        ("version".to_owned(), number(row.version)),
        ("issuer".to_owned(), AttributeValue::S(row.subject.issuer().to_owned())),
        ("subject".to_owned(), AttributeValue::S(row.subject.id().to_owned())),
        ("expires_at".to_owned(), number(row.expires_at.seconds())),
        ("ttl".to_owned(), number(row.expires_at.seconds())),
        ("created_at".to_owned(), number(now.seconds())),
        ("sealed".to_owned(), AttributeValue::B(Blob::new(sealed))),
    ]);
    for (name, value) in optional {
        if let Some(value) = value {
            item.insert(name.to_owned(), AttributeValue::S(value.to_owned()));
        }
    }
    item
}

pub(super) fn has_sealed(item: &Item, bytes: &[u8]) -> bool {
    sealed(item) == Some(bytes)
}

pub(super) fn subject(item: &Item) -> Option<Subject> {
    Subject::new(text(item, "issuer")?, text(item, "subject")?).ok()
}

pub(super) fn version(item: &Item) -> Option<u64> {
    count(item, "version")
}

pub(super) fn lease_holder(item: &Item) -> Option<&str> {
    text(item, "lease_holder")
}

fn text<'a>(item: &'a Item, name: &str) -> Option<&'a str> {
    item.get(name)?.as_s().ok().map(String::as_str).filter(|text| !text.is_empty())
}

fn count(item: &Item, name: &str) -> Option<u64> {
    item.get(name)?.as_n().ok()?.parse().ok()
}

fn sealed(item: &Item) -> Option<&[u8]> {
    item.get("sealed")?.as_b().ok().map(Blob::as_ref)
}

/// Nothing in the inner sense if the attribute is absent, in the outer if it is there but not what `read` takes.
fn optional<'a, T>(item: &'a Item, name: &str, read: fn(&'a Item, &str) -> Option<T>) -> Option<Option<T>> {
    if item.contains_key(name) { read(item, name).map(Some) } else { Some(None) }
}
