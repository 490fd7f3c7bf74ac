//! From what a tool declares to the text of a session policy.

use serde_json::{Map, Value, json};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::{Grant, KEYCARD_SECONDS, LONGEST_POLICY};
use crate::encryption_context::EncryptionContext;
use crate::time::Timestamp;

const DECRYPT: &str = "kms:Decrypt";
const GENERATE: &str = "kms:GenerateDataKey";

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

/// One statement that allows, before it is written. The actions and resources of different services may stand in one: no
/// request is about an action of one and a resource of another.
struct Statement {
    actions: Vec<&'static str>,
    resources: Vec<String>,
    conditions: Value,
}

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
        let mut statements: Vec<Statement> = Vec::new();
        for grant in grants {
            let new = statement(grant)?;
            match statements.iter_mut().find(|statement| statement.takes(&new)) {
                Some(statement) => statement.join(new),
                None => statements.push(new),
            }
        }
        let mut written: Vec<Value> = statements.iter().map(Statement::written).collect();
        written.extend(only_seals_by(grants, &statements));
        // `IfExists`, so that a request without a time is denied.
        written.push(json!({
            "Effect": "Deny", "Action": "*", "Resource": "*",
            "Condition": { "DateGreaterThanEqualsIfExists": { "aws:CurrentTime": until } },
        }));
        let text = json!({ "Version": "2012-10-17", "Statement": written }).to_string();
        if text.chars().count() > LONGEST_POLICY { Err(Unpolicied::TooLong) } else { Ok(Self(text)) }
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Statement {
    /// Whether `other` can be said in this statement and neither comes to mean more. Sealing joins opening in the same
    /// context also where older keys may be opened: see [`only_seals_by`].
    fn takes(&self, other: &Self) -> bool {
        let unconditional = self.conditions == json!({});
        let sealing = self.actions == [DECRYPT] && other.actions == [GENERATE];
        let resources = self.resources == other.resources
            || (sealing && other.resources.iter().all(|key| self.resources.contains(key)));
        self.conditions == other.conditions && (unconditional || resources)
    }

    fn join(&mut self, other: Self) {
        for action in other.actions {
            if !self.actions.contains(&action) {
                self.actions.push(action);
            }
        }
        for resource in other.resources {
            if !self.resources.contains(&resource) {
                self.resources.push(resource);
            }
        }
    }

    fn written(&self) -> Value {
        let mut written = json!({
            "Effect": "Allow", "Action": one_or_all(&self.actions), "Resource": one_or_all(&self.resources),
        });
        if let Some(members) = written.as_object_mut().filter(|_| self.conditions != json!({})) {
            members.insert("Condition".to_owned(), self.conditions.clone());
        }
        written
    }
}

/// A denial to seal by keys that are only to be opened, if a statement could be read so. All grants of a call seal by one
/// key; were there several, each would be one of those that seal.
fn only_seals_by(grants: &[Grant], statements: &[Statement]) -> Option<Value> {
    let mut keys: Vec<&str> = Vec::new();
    for grant in grants {
        if let Grant::Seal { key, .. } = grant
            && !keys.contains(&key.as_str())
        {
            keys.push(key.as_str());
        }
    }
    let wider = |statement: &Statement| {
        statement.actions.contains(&GENERATE) && statement.resources.iter().any(|key| !keys.contains(&key.as_str()))
    };
    statements
        .iter()
        .any(wider)
        .then(|| json!({ "Effect": "Deny", "Action": GENERATE, "NotResource": one_or_all(&keys) }))
}

fn one_or_all<T: AsRef<str>>(values: &[T]) -> Value {
    match values {
        [one] => json!(one.as_ref()),
        all => all.iter().map(|value| json!(value.as_ref())).collect(),
    }
}

fn statement(grant: &Grant) -> Result<Statement, Unpolicied> {
    let allowed = |actions: &[&'static str], resource: &str, conditions: Value| {
        Ok(Statement { actions: actions.to_vec(), resources: vec![plain(resource)?.to_owned()], conditions })
    };
    // `ForAllValues` holds for a request without any value, so the second condition wants one.
    let row = |key: &str| {
        Ok::<_, Unpolicied>(json!({
            "ForAllValues:StringEquals": { "dynamodb:LeadingKeys": plain(key)? },
            "Null": { "dynamodb:LeadingKeys": "false" },
        }))
    };
    match grant {
        Grant::ReadSession { table, session } => allowed(&["dynamodb:GetItem"], table, row(session.as_str())?),
        Grant::RenewSession { table, session } => {
            allowed(&["dynamodb:GetItem", "dynamodb:UpdateItem"], table, row(session.as_str())?)
        }
        Grant::ReadApprovals { table, person } => {
            allowed(&["dynamodb:GetItem", "dynamodb:Query"], table, row(person.as_str())?)
        }
        Grant::EndApprovals { table, person } => {
            let actions = ["dynamodb:GetItem", "dynamodb:Query", "dynamodb:PutItem", "dynamodb:DeleteItem"];
            allowed(&actions, table, row(person.as_str())?)
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
        Grant::Open { keys, context } => {
            let resources = keys.iter().map(|key| key.as_str().to_owned()).collect();
            Ok(Statement { actions: vec![DECRYPT], resources, conditions: bound(context)? })
        }
        Grant::Seal { key, context } => allowed(&[GENERATE], key.as_str(), bound(context)?),
        Grant::Invoke { function } => allowed(&["lambda:InvokeFunction"], function, json!({})),
        Grant::Send { queue } => allowed(&["sqs:SendMessage"], queue, json!({})),
    }
}

/// The condition that a request to KMS says all of this encryption context.
fn bound(context: &EncryptionContext) -> Result<Value, Unpolicied> {
    let mut members = Map::new();
    for (name, value) in context.members() {
        members.insert(format!("kms:EncryptionContext:{name}"), plain(value)?.into());
    }
    Ok(json!({ "StringEquals": members }))
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
