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
    pub(super) context_row: Option<&'a str>,
    pub(super) now: Timestamp,
}

pub(super) fn allows(policy: &SessionPolicy, request: &Request<'_>) -> bool {
    let policy: Value = serde_json::from_str(policy.as_str()).unwrap();
    assert_eq!(policy["Version"], "2012-10-17");
    policy["Statement"].as_array().unwrap().iter().any(|statement| matches(statement, request))
}

fn matches(statement: &Value, request: &Request<'_>) -> bool {
    let members: Vec<&str> = statement.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(members, ["Action", "Condition", "Effect", "Resource"]);
    assert_eq!(statement["Effect"], "Allow");
    let (actions, resource) = (statement["Action"].as_array().unwrap(), statement["Resource"].as_str().unwrap());
    let named = actions.iter().any(|action| action == request.action) && resource == request.resource;
    let conditions = statement["Condition"].as_object().unwrap();
    named
        && conditions.iter().all(|(operator, keys)| {
            keys.as_object().unwrap().iter().all(|(key, value)| holds(operator, key, value, request))
        })
}

fn holds(operator: &str, key: &str, value: &Value, request: &Request<'_>) -> bool {
    match (operator, key) {
        ("ForAllValues:StringEquals", "dynamodb:LeadingKeys") => {
            let values = value.as_array().unwrap();
            request.leading_keys.iter().all(|key| values.iter().any(|value| value == key))
        }
        ("Null", "dynamodb:LeadingKeys") => request.leading_keys.is_empty() == (value == "true"),
        ("StringEquals", "kms:EncryptionContext:row") => request.context_row == value.as_str(),
        ("DateLessThan", "aws:CurrentTime") => {
            let until = OffsetDateTime::parse(value.as_str().unwrap(), &Rfc3339).unwrap().unix_timestamp();
            i64::try_from(request.now.seconds()).unwrap() < until
        }
        _ => panic!("{operator} of {key}"),
    }
}
