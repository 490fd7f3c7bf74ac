//! The documents in `infra/permissions`, filled in with the names that the doubles have, and what each is meant to allow.

mod cases;
mod intents;

use std::path::Path;

use devstack::iam::role_arn;
use devstack::lambda::{ACCOUNT, REGION};
use devstack::stack::{AGENT, APPROVAL_QUEUE, APPROVAL_TABLE, SESSION_TABLE};
use serde_json::Value;

pub use cases::{Case, cases};
pub use intents::Intent;

/// The role that keycards are of.
pub const KEYCARD_ROLE: &str = "mandate-tools";
/// The own role of functions that agents call.
pub const TOOL_FUNCTION_ROLE: &str = "mandate-function";
/// The worker's own role.
pub const APPROVAL_WORKER_ROLE: &str = "mandate-worker";
/// The web application's role.
pub const WEB_APP_ROLE: &str = "mandate-web";

/// The ARN of a table of the account.
#[must_use]
pub fn table_arn(name: &str) -> String {
    format!("arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/{name}")
}

/// The text of a document, as it is shipped.
///
/// # Panics
/// When there is no such document.
#[must_use]
pub fn shipped(name: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../infra/permissions");
    std::fs::read_to_string(folder.join(name)).expect(name)
}

/// The document with every placeholder filled in.
///
/// # Panics
/// When there is no such document, or one of its placeholders has no value here.
#[must_use]
pub fn document(name: &str) -> Value {
    let mut text = shipped(name);
    for (placeholder, value) in values() {
        text = text.replace(&format!("${{{placeholder}}}"), &value);
    }
    // What is left are IAM's own variables, whose names have a colon.
    for open in text.split("${").skip(1) {
        let variable = open.split('}').next().unwrap_or_default();
        assert!(variable.contains(':'), "{name}: no value for {variable}");
    }
    serde_json::from_str(&text).expect(name)
}

/// Every placeholder of the documents.
#[must_use]
pub fn values() -> Vec<(&'static str, String)> {
    let arn = |service: &str, rest: &str| format!("arn:aws:{service}:{REGION}:{ACCOUNT}:{rest}");
    vec![
        ("AccountId", ACCOUNT.to_owned()),
        ("KeycardRoleArn", role_arn(KEYCARD_ROLE)),
        ("ToolFunctionRoleArn", role_arn(TOOL_FUNCTION_ROLE)),
        ("ApprovalWorkerRoleArn", role_arn(APPROVAL_WORKER_ROLE)),
        ("WebAppRoleArn", role_arn(WEB_APP_ROLE)),
        ("SessionTableArn", table_arn(SESSION_TABLE)),
        ("SessionTableName", SESSION_TABLE.to_owned()),
        ("ApprovalTableArn", table_arn(APPROVAL_TABLE)),
        ("ApprovalTableName", APPROVAL_TABLE.to_owned()),
        ("ApprovalQueueArn", devstack::sqs::arn(APPROVAL_QUEUE)),
        ("AuthorizerFunctionArn", devstack::lambda::arn("fga-authorizer")),
        ("FunctionArn", devstack::lambda::arn("okta-groups")),
        ("SealingKeyArn", arn("kms", "key/1234abcd-12ab-34cd-56ef-1234567890ab")),
        ("Auth0ClientSecretArn", arn("secretsmanager", "secret:mandate/auth0-AbCdEf")),
        ("OpenFgaClientSecretArn", arn("secretsmanager", "secret:mandate/openfga-GhIjKl")),
        ("TicketKeySecretArn", arn("secretsmanager", "secret:mandate/tickets-MnOpQr")),
        ("LogGroupArn", arn("logs", "log-group:/aws/lambda/okta-groups")),
        ("AgentArn", devstack::bedrock::arn(AGENT.0)),
        ("AgentAliasArn", arn("bedrock", &format!("agent-alias/{}/{}", AGENT.0, AGENT.1))),
        ("ModelArn", format!("arn:aws:bedrock:{REGION}::foundation-model/amazon.nova-pro-v1:0")),
    ]
}

/// The value of one placeholder.
///
/// # Panics
/// When there is no such placeholder.
#[must_use]
pub fn value(placeholder: &str) -> String {
    values().into_iter().find(|(name, _)| *name == placeholder).map(|(_, value)| value).expect("a placeholder")
}
