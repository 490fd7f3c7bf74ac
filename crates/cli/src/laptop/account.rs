//! The account of one start: the roles of a deployment, from the documents that it is deployed with.

use std::collections::BTreeMap;

use auth::keycard::KeyArn;
use aws_credential_types::Credentials;
use devstack::iam::{self, Iam, Role, role_arn};
use devstack::lambda::{ACCOUNT, REGION};
use devstack::stack::{AGENT, APPROVAL_QUEUE, APPROVAL_TABLE, SESSION_TABLE, Security};
use serde_json::{Value, json};

use super::gateway::INTERCEPTOR;
use crate::trouble::Trouble;

/// The role that keycards are of.
pub const KEYCARD_ROLE: &str = "mandate-tools";
/// The own role of functions that agents call.
pub const TOOL_FUNCTION_ROLE: &str = "mandate-function";
/// The worker's own role.
pub const APPROVAL_WORKER_ROLE: &str = "mandate-worker";
/// The authorizer's own role.
pub const AUTHORIZER_ROLE: &str = "mandate-authorizer";
/// The role of the gateway's interceptor: its secret, its log, and nothing besides.
pub const INTERCEPTOR_ROLE: &str = "mandate-interceptor";
/// The web application's role.
pub const WEB_APP_ROLE: &str = "mandate-web";
/// The role of whoever sends a function an event by hand; there is none in a deployment.
const DEVELOPER_ROLE: &str = "mandate-developer";
/// The role of whoever runs `mandate stop`.
pub const OPERATOR_ROLE: &str = "mandate-operator";
/// The role of whoever runs `mandate doctor`.
pub const DOCTOR_ROLE: &str = "mandate-doctor";
/// The functions that agents call.
pub const TOOL_FUNCTIONS: [&str; 2] = ["okta-groups", "ciba-initiator"];

macro_rules! shipped {
    ($($name:literal),* $(,)?) => {
        [$(($name, include_str!(concat!("../../../../infra/permissions/", $name)))),*]
    };
}

/// The documents in `infra/permissions` that the doubles enforce.
const SHIPPED: [(&str, &str); 11] = shipped![
    "approval-worker.permissions.json",
    "doctor.permissions.json",
    "fga-authorizer.permissions.json",
    "function.trust.json",
    "gateway-interceptor.permissions.json",
    "keycard-role.permissions.json",
    "keycard-role.trust.json",
    "operator.permissions.json",
    "tool-function.permissions.json",
    "tool-function.resource.json",
    "web-app.permissions.json",
];

/// Gives the account its roles, and the functions that agents call their own policies.
///
/// # Errors
/// When a document is not what it must be.
pub fn install(security: &Security) -> Result<(), Trouble> {
    let document = |name: &str, function: &str| {
        let found = SHIPPED.iter().find(|(known, _)| *known == name);
        let (_, text) = found.ok_or_else(|| Trouble::new(format!("`{name}` is not among the documents")))?;
        filled(text, &values(&sealing_key(security)?, function))
    };
    let (of_role, by_lambda) = (|name: &str| document(name, ""), document("function.trust.json", "")?);
    let iam = &security.iam;
    let function = |role: &str, permissions: &str| {
        let role = Role::new(role).trusting(by_lambda.clone()).allowing(of_role(permissions)?);
        add(iam, &role)
    };
    let tools = Role::new(KEYCARD_ROLE).trusting(of_role("keycard-role.trust.json")?);
    add(iam, &tools.allowing(of_role("keycard-role.permissions.json")?))?;
    function(TOOL_FUNCTION_ROLE, "tool-function.permissions.json")?;
    function(APPROVAL_WORKER_ROLE, "approval-worker.permissions.json")?;
    function(AUTHORIZER_ROLE, "fga-authorizer.permissions.json")?;
    function(INTERCEPTOR_ROLE, "gateway-interceptor.permissions.json")?;
    function(WEB_APP_ROLE, "web-app.permissions.json")?;
    function(OPERATOR_ROLE, "operator.permissions.json")?;
    let functions = devstack::lambda::arn("*");
    let by_hand = json!({ "Effect": "Allow", "Action": "lambda:InvokeFunction", "Resource": functions });
    add(iam, &Role::new(DEVELOPER_ROLE).allowing(json!({ "Version": "2012-10-17", "Statement": [by_hand] })))?;
    add(iam, &Role::new(DOCTOR_ROLE).allowing(of_role("doctor.permissions.json")?))?;
    for name in TOOL_FUNCTIONS {
        let policy = document("tool-function.resource.json", name)?;
        iam.add_resource_policy(devstack::lambda::arn(name), &policy)
            .map_err(|error| Trouble::because("tool-function.resource.json", error))?;
    }
    Ok(())
}

/// The ARN of the key that rows are sealed under.
///
/// # Errors
/// Never while the double names its keys as KMS does.
pub fn sealing_key(security: &Security) -> Result<KeyArn, Trouble> {
    KeyArn::parse(&devstack::kms::arn(&security.seal_key)).map_err(|takes| Trouble::because("the sealing key", takes))
}

/// As whom a function runs.
#[must_use]
pub fn role_of(function: &str) -> &'static str {
    match function {
        "fga-authorizer" => AUTHORIZER_ROLE,
        "approval-worker" => APPROVAL_WORKER_ROLE,
        INTERCEPTOR => INTERCEPTOR_ROLE,
        _ => TOOL_FUNCTION_ROLE,
    }
}

/// What Lambda gives a function of this role, or a server that runs as one.
///
/// # Errors
/// When the account has no such role.
pub fn own(security: &Security, role: &str) -> Result<iam::Credentials, Trouble> {
    let own = security.iam.function_credentials(role, "laptop");
    own.ok_or_else(|| Trouble::new(format!("the account has no role `{role}`")))
}

/// The same, as the clients take it.
///
/// # Errors
/// As [`own`].
pub fn credentials(security: &Security, role: &str) -> Result<Credentials, Trouble> {
    let own = own(security, role)?;
    Ok(Credentials::new(own.access_key_id, own.secret_access_key, Some(own.session_token), None, "laptop"))
}

/// The same, as the environment of a process has it.
pub(super) fn environment(security: &Security, role: &str) -> BTreeMap<String, String> {
    let own = security.iam.function_credentials(role, "laptop");
    let pairs = own.map(|own| {
        [
            ("AWS_ACCESS_KEY_ID", own.access_key_id),
            ("AWS_SECRET_ACCESS_KEY", own.secret_access_key),
            ("AWS_SESSION_TOKEN", own.session_token),
        ]
    });
    pairs.into_iter().flatten().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// As whom a function is sent an event by hand.
pub(super) fn developer(security: &Security) -> BTreeMap<String, String> {
    environment(security, DEVELOPER_ROLE)
}

/// What [`environment`] holds.
pub(crate) fn credentials_in(environment: &BTreeMap<String, String>) -> Result<Credentials, Trouble> {
    let lacking = || Trouble::new("the state file has no credentials for AWS; start the system anew");
    let of = |name: &str| environment.get(name).cloned().ok_or_else(lacking);
    let (id, secret) = (of("AWS_ACCESS_KEY_ID")?, of("AWS_SECRET_ACCESS_KEY")?);
    Ok(Credentials::new(id, secret, Some(of("AWS_SESSION_TOKEN")?), None, "laptop"))
}

/// A document with every placeholder filled in.
///
/// # Errors
/// When it is no JSON, or a placeholder is left. IAM's own variables have a colon in their names and stay.
pub fn filled(text: &str, values: &[(&'static str, String)]) -> Result<Value, Trouble> {
    let text = values.iter().fold(text.to_owned(), |text, (name, value)| text.replace(&format!("${{{name}}}"), value));
    let variables = text.split("${").skip(1).map(|rest| rest.split('}').next().unwrap_or_default());
    if let Some(left) = variables.into_iter().find(|variable| !variable.contains(':')) {
        return Err(Trouble::new(format!("a document of the account has no value for `{left}`")));
    }
    serde_json::from_str(&text).map_err(|error| Trouble::because("a document of the account", error))
}

/// Every placeholder of the documents, for one of the functions that agents call.
#[must_use]
pub fn values(sealing_key: &KeyArn, function: &str) -> Vec<(&'static str, String)> {
    let arn = |service: &str, rest: &str| format!("arn:aws:{service}:{REGION}:{ACCOUNT}:{rest}");
    let table = |name: &str| arn("dynamodb", &format!("table/{name}"));
    vec![
        ("AccountId", ACCOUNT.to_owned()),
        ("KeycardRoleArn", role_arn(KEYCARD_ROLE)),
        ("ToolFunctionRoleArn", role_arn(TOOL_FUNCTION_ROLE)),
        ("ApprovalWorkerRoleArn", role_arn(APPROVAL_WORKER_ROLE)),
        ("WebAppRoleArn", role_arn(WEB_APP_ROLE)),
        ("OperatorRoleArn", role_arn(OPERATOR_ROLE)),
        ("DoctorRoleArn", role_arn(DOCTOR_ROLE)),
        ("Region", REGION.to_owned()),
        ("SessionTableArn", table(SESSION_TABLE)),
        ("SessionTableName", SESSION_TABLE.to_owned()),
        ("ApprovalTableArn", table(APPROVAL_TABLE)),
        ("ApprovalTableName", APPROVAL_TABLE.to_owned()),
        ("ApprovalQueueArn", devstack::sqs::arn(APPROVAL_QUEUE)),
        ("AuthorizerFunctionArn", devstack::lambda::arn("fga-authorizer")),
        ("FunctionArn", devstack::lambda::arn(function)),
        ("OktaGroupsFunctionArn", devstack::lambda::arn("okta-groups")),
        ("CibaInitiatorFunctionArn", devstack::lambda::arn("ciba-initiator")),
        ("ApprovalWorkerFunctionArn", devstack::lambda::arn("approval-worker")),
        ("InterceptorFunctionArn", devstack::lambda::arn(INTERCEPTOR)),
        ("WebFunctionArn", devstack::lambda::arn("web")),
        ("GatewayArn", arn("bedrock-agentcore", "gateway/mandate-abc1234567")),
        ("OperationsKeyArn", arn("kms", "key/5234abcd-12ab-34cd-56ef-1234567890ab")),
        ("SealingKeyArn", sealing_key.as_str().to_owned()),
        ("Auth0ClientSecretArn", arn("secretsmanager", "secret:mandate/auth0-AbCdEf")),
        ("OpenFgaClientSecretArn", arn("secretsmanager", "secret:mandate/openfga-GhIjKl")),
        ("TicketKeySecretArn", arn("secretsmanager", "secret:mandate/tickets-MnOpQr")),
        ("GatewayTicketSeedSecretArn", arn("secretsmanager", "secret:mandate/gateway-tickets-StUvWx")),
        ("LogGroupArn", arn("logs", &format!("log-group:/aws/lambda/{function}"))),
        ("AgentArn", devstack::bedrock::arn(AGENT.0)),
        ("AgentAliasArn", arn("bedrock", &format!("agent-alias/{}/{}", AGENT.0, AGENT.1))),
        ("ModelArn", format!("arn:aws:bedrock:{REGION}::foundation-model/amazon.nova-pro-v1:0")),
    ]
}

fn add(iam: &Iam, role: &Role) -> Result<(), Trouble> {
    iam.add_role(role).map_err(|error| Trouble::because("a role of the account", error))
}
