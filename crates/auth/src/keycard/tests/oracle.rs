//! Reads a policy as IAM does, as far as these policies go: whatever it does not know is a failed test.

use serde_json::Value;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::SessionPolicy;
use crate::time::Timestamp;

/// All actions that are asked about; the first six are those of changing approvals.
pub(super) const ACTIONS: [&str; 18] = [
    "dynamodb:GetItem",
    "dynamodb:Query",
    "dynamodb:PutItem",
    "dynamodb:UpdateItem",
    "dynamodb:DeleteItem",
    "dynamodb:ConditionCheckItem",
    "dynamodb:Scan",
    "dynamodb:BatchGetItem",
    "dynamodb:PartiQLSelect",
    "dynamodb:DescribeTable",
    "kms:Decrypt",
    "kms:GenerateDataKey",
    "kms:Encrypt",
    "kms:ScheduleKeyDeletion",
    "lambda:InvokeFunction",
    "lambda:UpdateFunctionCode",
    "sqs:SendMessage",
    "sqs:ReceiveMessage",
];

#[derive(Debug)]
pub(super) struct Request<'a> {
    pub(super) action: &'a str,
    pub(super) resource: &'a str,
    pub(super) leading_keys: &'a [&'a str],
    /// The encryption context's `table`, `row` and `purpose`.
    pub(super) context: [Option<&'a str>; 3],
    pub(super) now: Timestamp,
}

/// A policy that was read once.
pub(super) struct Oracle(Vec<Value>);

impl Oracle {
    pub(super) fn of(policy: &SessionPolicy) -> Self {
        let policy: Value = serde_json::from_str(policy.as_str()).unwrap();
        assert_eq!(policy["Version"], "2012-10-17");
        Self(policy["Statement"].as_array().unwrap().clone())
    }

    pub(super) fn allows(&self, request: &Request<'_>) -> bool {
        let says = |effect: &str| {
            let mut statements = self.0.iter().filter(|statement| statement["Effect"] == effect);
            statements.any(|statement| matches(statement, request))
        };
        is_one(request) && says("Allow") && !says("Deny")
    }
}

pub(super) fn allows(policy: &SessionPolicy, request: &Request<'_>) -> bool {
    Oracle::of(policy).allows(request)
}

/// No service has an action of another's.
pub(super) fn is_one(request: &Request<'_>) -> bool {
    request.action.split(':').next() == request.resource.split(':').nth(2)
}

fn matches(statement: &Value, request: &Request<'_>) -> bool {
    for member in statement.as_object().unwrap().keys() {
        assert!(["Action", "Condition", "Effect", "NotResource", "Resource"].contains(&member.as_str()), "{member}");
    }
    assert_ne!(statement.get("Resource").is_some(), statement.get("NotResource").is_some());
    let among = |values: &Value, found: &str| match values.as_array() {
        Some(several) => several.iter().any(|value| value == found),
        None => values == found || values == "*",
    };
    let named = among(&statement["Action"], request.action)
        && match statement.get("NotResource") {
            Some(others) => !among(others, request.resource),
            None => among(&statement["Resource"], request.resource),
        };
    let none = serde_json::Map::new();
    let conditions = statement.get("Condition").map_or(&none, |conditions| conditions.as_object().unwrap());
    named
        && conditions.iter().all(|(operator, keys)| {
            keys.as_object().unwrap().iter().all(|(key, value)| holds(operator, key, value, request))
        })
}

fn holds(operator: &str, key: &str, value: &Value, request: &Request<'_>) -> bool {
    let [table, row, purpose] = request.context;
    match (operator, key) {
        ("ForAllValues:StringEquals", "dynamodb:LeadingKeys") => request.leading_keys.iter().all(|key| value == key),
        ("Null", "dynamodb:LeadingKeys") => request.leading_keys.is_empty() == (value == "true"),
        ("StringEquals", "kms:EncryptionContext:table") => table == value.as_str(),
        ("StringEquals", "kms:EncryptionContext:row") => row == value.as_str(),
        ("StringEquals", "kms:EncryptionContext:purpose") => purpose == value.as_str(),
        ("DateGreaterThanEqualsIfExists", "aws:CurrentTime") => {
            let until = OffsetDateTime::parse(value.as_str().unwrap(), &Rfc3339).unwrap().unix_timestamp();
            i64::try_from(request.now.seconds()).unwrap() >= until
        }
        _ => panic!("{operator} of {key}"),
    }
}
