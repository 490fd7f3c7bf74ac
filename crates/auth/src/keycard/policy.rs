//! From what a tool declares to the text of a session policy.

use serde_json::{Value, json};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::{KEYCARD_SECONDS, LONGEST_POLICY};
use crate::approval::PersonKey;
use crate::id::SessionHash;
use crate::time::Timestamp;

/// One thing that a keycard opens. Resources are whole ARNs; identifiers are hashes or names of their own types, so that
/// nothing that a model or a person wrote comes into a policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Grant {
    /// Reading the one row of this session.
    ReadSession {
        /// The table.
        table: String,
        /// The row.
        session: SessionHash,
    },
    /// Also changing it: the lease and the sealed tokens.
    RenewSession {
        /// The table.
        table: String,
        /// The row.
        session: SessionHash,
    },
    /// Reading one person's approvals.
    ReadApprovals {
        /// The table.
        table: String,
        /// Whose.
        person: PersonKey,
    },
    /// Also beginning, moving and ending them.
    ChangeApprovals {
        /// The table.
        table: String,
        /// Whose.
        person: PersonKey,
    },
    /// Adding to one person's audit records, which are in a partition of their own.
    Record {
        /// The table.
        table: String,
        /// Whose.
        person: PersonKey,
    },
    /// Opening what is sealed under this key for this session or person.
    Open {
        /// The KMS key.
        key: String,
        /// The value of the encryption context's member `row`.
        row: String,
    },
    /// Sealing anew.
    Seal {
        /// The KMS key.
        key: String,
        /// The value of the encryption context's member `row`.
        row: String,
    },
    /// Calling one function.
    Invoke {
        /// The function.
        function: String,
    },
    /// Sending to one queue.
    Send {
        /// The queue.
        queue: String,
    },
}

/// Why there is no policy. Nothing is opened then.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unpolicied {
    /// A resource or a value holds a character that means something in a policy.
    #[error("keycard: a value could widen a pattern")]
    Pattern,
    /// It would be longer than STS takes.
    #[error("keycard: the policy is too long")]
    TooLong,
    /// Nothing is asked for.
    #[error("keycard: nothing is asked for")]
    Nothing,
    /// The time has no date: the year is beyond 9999.
    #[error("keycard: the time cannot be written")]
    Time,
}

/// The text of a policy, as `AssumeRole` takes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionPolicy(String);

impl SessionPolicy {
    /// What `grants` say and nothing else, until a minute from `now`.
    ///
    /// # Errors
    /// [`Unpolicied`].
    pub fn of(grants: &[Grant], now: Timestamp) -> Result<Self, Unpolicied> {
        if grants.is_empty() {
            return Err(Unpolicied::Nothing);
        }
        let until = date(now.plus(KEYCARD_SECONDS)).ok_or(Unpolicied::Time)?;
        let statements: Vec<Value> = grants.iter().map(|grant| statement(grant, &until)).collect::<Result<_, _>>()?;
        let text = json!({ "Version": "2012-10-17", "Statement": statements }).to_string();
        if text.chars().count() > LONGEST_POLICY { Err(Unpolicied::TooLong) } else { Ok(Self(text)) }
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn statement(grant: &Grant, until: &str) -> Result<Value, Unpolicied> {
    let allowed = |actions: &[&str], resource: &str, mut conditions: Value| {
        if let Some(members) = conditions.as_object_mut() {
            members.insert("DateLessThan".to_owned(), json!({ "aws:CurrentTime": until }));
        }
        let resource = plain(resource)?;
        Ok(json!({ "Effect": "Allow", "Action": actions, "Resource": resource, "Condition": conditions }))
    };
    // `ForAllValues` holds for a request without any value, so the second condition wants one.
    let row = |key: &str| {
        Ok::<_, Unpolicied>(json!({
            "ForAllValues:StringEquals": { "dynamodb:LeadingKeys": [plain(key)?] },
            "Null": { "dynamodb:LeadingKeys": "false" },
        }))
    };
    let sealed =
        |row: &str| Ok::<_, Unpolicied>(json!({ "StringEquals": { "kms:EncryptionContext:row": plain(row)? } }));
    match grant {
        Grant::ReadSession { table, session } => allowed(&["dynamodb:GetItem"], table, row(session.as_str())?),
        Grant::RenewSession { table, session } => {
            allowed(&["dynamodb:GetItem", "dynamodb:UpdateItem"], table, row(session.as_str())?)
        }
        Grant::ReadApprovals { table, person } => {
            allowed(&["dynamodb:GetItem", "dynamodb:Query"], table, row(person.as_str())?)
        }
        Grant::ChangeApprovals { table, person } => {
            let actions = [
                "dynamodb:GetItem",
                "dynamodb:Query",
                "dynamodb:PutItem",
                "dynamodb:UpdateItem",
                "dynamodb:DeleteItem",
                "dynamodb:ConditionCheckItem",
            ];
            allowed(&actions, table, row(person.as_str())?)
        }
        Grant::Record { table, person } => {
            allowed(&["dynamodb:PutItem"], table, row(&crate::audit::partition_of(person))?)
        }
        Grant::Open { key, row } => allowed(&["kms:Decrypt"], key, sealed(row)?),
        Grant::Seal { key, row } => allowed(&["kms:GenerateDataKey"], key, sealed(row)?),
        Grant::Invoke { function } => allowed(&["lambda:InvokeFunction"], function, json!({})),
        Grant::Send { queue } => allowed(&["sqs:SendMessage"], queue, json!({})),
    }
}

/// `*` and `?` are patterns, `$` begins a variable; none of ours has one, nor anything beyond ASCII.
fn plain(text: &str) -> Result<&str, Unpolicied> {
    let widens =
        |letter: char| matches!(letter, '*' | '?' | '$' | '{' | '}' | '"' | '\\') || !letter.is_ascii_graphic();
    if text.is_empty() || text.contains(widens) { Err(Unpolicied::Pattern) } else { Ok(text) }
}

/// ISO 8601 in UTC, as IAM's date conditions take it.
fn date(time: Timestamp) -> Option<String> {
    let seconds = i64::try_from(time.seconds()).ok()?;
    OffsetDateTime::from_unix_timestamp(seconds).ok()?.format(&Rfc3339).ok()
}
