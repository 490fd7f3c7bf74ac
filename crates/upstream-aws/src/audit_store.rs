//! A person's own audit records, for a page that shows them what was done in their name.
//!
//! They are in the table of approvals, in a partition of their own: partition key `person` (S) is `audit#` and the
//! [`PersonKey`], sort key `sort` (S) is `TIME#REFERENCE`, the time in milliseconds since 1970 with 13 digits, so that newest first
//! is a descending query. `record` (S) is the record's JSON, the same text as in the log's line; `ttl` (N) ends it.
//!
//! Records are added and never changed: every write is conditional on there being none of its key.

#[cfg(test)]
mod tests;

use std::collections::HashMap;

use auth::approval::PersonKey;
use auth::audit::partition_of;
use auth::id::Reference;
use auth::time::Moment;
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::AttributeValue;
use tokio::time::Instant;

use crate::connection::{Aws, two_attempts};
use upstream_secrets::failure::{Failure, answer};

const SECONDS_A_DAY: u64 = 86_400;
/// The most records of one page.
pub const LARGEST_PAGE: u32 = 100;

/// The audit records in the table of approvals. Cloning it shares the connections.
#[derive(Clone)]
pub struct AuditStore {
    client: Client,
    table: String,
    days: u64,
}

/// One page of somebody's records.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditPage {
    /// The JSON of each, newest first.
    pub records: Vec<String>,
    /// Where the next page begins: pass it on as it is. Nothing after the last record.
    pub before: Option<String>,
}

/// Why a record was not kept, or not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AuditError {
    /// There is one of this time and reference already, which stays as it is.
    #[error("audit store: there is a record of this time and reference")]
    Exists,
    /// The table's limit was reached.
    #[error("audit store: throttled")]
    Busy,
    /// DynamoDB did not answer well or in time. The record may be there all the same.
    #[error("audit store: no answer")]
    Unavailable,
    /// The table or our rights are wrong.
    #[error("audit store: table or rights are wrong")]
    Misconfigured,
    /// What was read is no record.
    #[error("audit store: the record cannot be read")]
    Unreadable,
}

impl From<Failure> for AuditError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Condition => Self::Exists,
            Failure::Throttled => Self::Busy,
            Failure::Setup => Self::Misconfigured,
            Failure::Connection | Failure::Unknown => Self::Unavailable,
        }
    }
}

impl AuditStore {
    /// The records of `table`, each of which is kept for so many `days`.
    #[must_use]
    pub fn new(aws: &Aws, table: String, days: u64) -> Self {
        Self { client: aws.dynamodb.clone(), table, days }
    }

    /// Adds one record, by one request that is not repeated.
    ///
    /// # Errors
    /// All of [`AuditError`] but `Unreadable`.
    pub async fn append(
        &self,
        person: &PersonKey,
        at: Moment,
        reference: &Reference,
        record: &str,
        until: Instant,
    ) -> Result<(), AuditError> {
        let ttl = at.second().plus(self.days.saturating_mul(SECONDS_A_DAY));
        let put = self
            .client
            .put_item()
            .table_name(&self.table)
            .item("person", AttributeValue::S(partition_of(person)))
            .item("sort", AttributeValue::S(sort_key(at, reference)))
            .item("record", AttributeValue::S(record.to_owned()))
            .item("ttl", AttributeValue::N(ttl.seconds().to_string()))
            .condition_expression("attribute_not_exists(#sort)")
            .expression_attribute_names("#sort", "sort");
        answer(until, put.send()).await?;
        Ok(())
    }

    /// The newest records of a person, at most `limit` of them (1 to [`LARGEST_PAGE`]), or those before the place where the
    /// last page ended.
    ///
    /// # Errors
    /// All of [`AuditError`] but `Exists`.
    pub async fn newest(
        &self,
        person: &PersonKey,
        limit: u32,
        before: Option<&str>,
        until: Instant,
    ) -> Result<AuditPage, AuditError> {
        let limit = i32::try_from(limit.clamp(1, LARGEST_PAGE)).unwrap_or(1);
        let mut query = self
            .client
            .query()
            .table_name(&self.table)
            .expression_attribute_names("#person", "person")
            .expression_attribute_values(":person", AttributeValue::S(partition_of(person)))
            .scan_index_forward(false)
            .consistent_read(true)
            .limit(limit);
        query = match before {
            None => query.key_condition_expression("#person = :person"),
            Some(before) => query
                .key_condition_expression("#person = :person AND #sort < :before")
                .expression_attribute_names("#sort", "sort")
                .expression_attribute_values(":before", AttributeValue::S(before.to_owned())),
        };
        let page = answer(until, query.customize().config_override(two_attempts(until)).send()).await?;
        let items = page.items.unwrap_or_default();
        let text = |item: &HashMap<String, AttributeValue>, name: &str| item.get(name)?.as_s().ok().cloned();
        let records = items.iter().map(|item| text(item, "record")).collect::<Option<Vec<_>>>();
        let last = page.last_evaluated_key.as_ref().and_then(|key| text(key, "sort"));
        Ok(AuditPage { records: records.ok_or(AuditError::Unreadable)?, before: last })
    }
}

fn sort_key(at: Moment, reference: &Reference) -> String {
    format!("{:013}#{}", at.milliseconds(), reference.as_str())
}
