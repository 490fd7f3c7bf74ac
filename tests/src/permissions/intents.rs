//! What is meant, written down by hand and without a look at any policy.

use std::collections::BTreeMap;

use serde::Serialize;

use super::value;

const READ: &[&str] = &["dynamodb:GetItem"];
const RENEW: &[&str] = &["dynamodb:GetItem", "dynamodb:UpdateItem"];
const CHANGE: &[&str] = &[
    "dynamodb:GetItem",
    "dynamodb:Query",
    "dynamodb:PutItem",
    "dynamodb:UpdateItem",
    "dynamodb:DeleteItem",
    "dynamodb:ConditionCheckItem",
];
const END: &[&str] = &["dynamodb:GetItem", "dynamodb:Query", "dynamodb:PutItem", "dynamodb:DeleteItem"];
const KEYS: &str = "dynamodb:LeadingKeys";

/// Actions on one resource that are meant to be allowed, if the request's context is just this.
#[derive(Clone, Debug, Serialize)]
pub struct Intent {
    /// As in `dynamodb:GetItem`.
    pub actions: Vec<&'static str>,
    /// The ARN, or `*` for what has none.
    pub resource: String,
    /// Condition keys and their values.
    pub context: BTreeMap<String, Vec<String>>,
    /// Of these keys any other value is as good, but there must be one.
    pub free: Vec<&'static str>,
    /// These keys may be absent.
    pub optional: Vec<&'static str>,
    /// If a value of this key begins so, nothing is allowed.
    pub never: BTreeMap<&'static str, &'static str>,
    /// Seconds since 1970: from then on nothing is allowed.
    pub until: Option<u64>,
}

impl Intent {
    pub(super) fn of(actions: &[&'static str], resource: impl Into<String>) -> Self {
        let (context, until) = (BTreeMap::new(), None);
        let (actions, resource) = (actions.to_vec(), resource.into());
        Self { actions, resource, context, free: Vec::new(), optional: Vec::new(), never: BTreeMap::new(), until }
    }

    pub(super) fn with(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.context.entry(key.into()).or_default().push(value.into());
        self
    }

    pub(super) fn free(mut self, key: &'static str) -> Self {
        self.free.push(key);
        if self.context.contains_key(key) { self } else { self.with(key, "whatever") }
    }

    fn optional(mut self, key: &'static str) -> Self {
        self.optional.push(key);
        self.free(key)
    }

    /// Not on audit records.
    fn but_records(mut self) -> Self {
        self.never.insert(KEYS, "audit#");
        self
    }

    pub(super) fn until(self, seconds: u64) -> Self {
        Self { until: Some(seconds), ..self }
    }

    fn sealed(self, table: &str, purpose: &str) -> Self {
        self.with("kms:EncryptionContext:table", value(table)).with("kms:EncryptionContext:purpose", purpose)
    }
}

fn on(placeholder: &str, actions: &[&'static str]) -> Intent {
    Intent::of(actions, value(placeholder))
}

pub(super) fn read(session: &str) -> Intent {
    on("SessionTableArn", READ).with(KEYS, session)
}

pub(super) fn renew(session: &str) -> Intent {
    on("SessionTableArn", RENEW).with(KEYS, session)
}

pub(super) fn change(person: &str) -> Intent {
    on("ApprovalTableArn", CHANGE).with(KEYS, person)
}

pub(super) fn end(person: &str) -> Intent {
    on("ApprovalTableArn", END).with(KEYS, person)
}

pub(super) fn record(person: &str) -> Intent {
    on("ApprovalTableArn", &["dynamodb:PutItem"]).with(KEYS, format!("audit#{person}"))
}

pub(super) fn invoke() -> Intent {
    on("AuthorizerFunctionArn", &["lambda:InvokeFunction"])
}

pub(super) fn send() -> Intent {
    on("ApprovalQueueArn", &["sqs:SendMessage"])
}

/// Opening what a session's row holds.
pub(super) fn opens(session: &str) -> Intent {
    let opens = on("SealingKeyArn", &["kms:Decrypt"]);
    opens.sealed("SessionTableName", "session").with("kms:EncryptionContext:row", session)
}

/// The same, and sealing it.
pub(super) fn session_seals(session: &str) -> Intent {
    seals().sealed("SessionTableName", "session").with("kms:EncryptionContext:row", session)
}

/// The same of a person's approvals.
pub(super) fn approval_seals(person: &str) -> Intent {
    seals().sealed("ApprovalTableName", "approval").with("kms:EncryptionContext:row", person)
}

fn seals() -> Intent {
    on("SealingKeyArn", &["kms:Decrypt", "kms:GenerateDataKey"])
}

/// What every function does with its own logs and traces.
pub(super) fn watched() -> Vec<Intent> {
    let stream = format!("{}:log-stream:2027/01/15/[$LATEST]0123", value("LogGroupArn"));
    vec![
        Intent::of(&["logs:CreateLogStream", "logs:PutLogEvents"], stream),
        Intent::of(&["xray:PutTraceSegments", "xray:PutTelemetryRecords"], "*"),
    ]
}

pub(super) fn secret(placeholder: &str) -> Intent {
    on(placeholder, &["secretsmanager:GetSecretValue"])
}

pub(super) fn assumes() -> Intent {
    on("KeycardRoleArn", &["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"])
}

pub(super) fn receives() -> Intent {
    on("ApprovalQueueArn", &["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"])
}

pub(super) fn web_app() -> Vec<Intent> {
    let rows = ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem"];
    let mut meant = vec![
        on("SessionTableArn", &rows),
        on("ApprovalTableArn", &["dynamodb:GetItem", "dynamodb:Query"]).free(KEYS),
        on("ApprovalTableArn", &["dynamodb:PutItem", "dynamodb:DeleteItem"]).free(KEYS).but_records(),
        session_seals("whose").free("kms:EncryptionContext:row"),
        approval_seals("whose").free("kms:EncryptionContext:row"),
        on("AgentAliasArn", &["bedrock:InvokeAgent"]),
        secret("Auth0ClientSecretArn"),
        secret("TicketKeySecretArn"),
    ];
    meant.extend(watched());
    meant
}

pub(super) fn operator() -> Vec<Intent> {
    let reads = ["dynamodb:Scan", "dynamodb:Query", "dynamodb:GetItem"];
    vec![
        on("SessionTableArn", &["dynamodb:Scan", "dynamodb:DeleteItem"]),
        on("ApprovalTableArn", &reads).optional(KEYS),
        on("ApprovalTableArn", &["dynamodb:PutItem", "dynamodb:DeleteItem"]).optional(KEYS).but_records(),
        opens("whose").free("kms:EncryptionContext:row"),
        approval_seals("whose").free("kms:EncryptionContext:row"),
    ]
}

pub(super) fn doctor() -> Vec<Intent> {
    let looks = ["dynamodb:DescribeTable", "dynamodb:DescribeTimeToLive", "dynamodb:DescribeContinuousBackups"];
    let mut meant = vec![
        on("SessionTableArn", &looks),
        on("ApprovalTableArn", &looks),
        on("SealingKeyArn", &["kms:DescribeKey"]),
        approval_seals("mandate-doctor-asks"),
        on("OperationsKeyArn", &["kms:Decrypt"]).with("kms:ViaService", "lambda.us-east-1.amazonaws.com"),
        on("ApprovalQueueArn", &["sqs:GetQueueAttributes"]),
        on("AgentArn", &["bedrock:GetAgent"]),
        on("AgentAliasArn", &["bedrock:GetAgentAlias"]),
        on("GatewayArn", &["bedrock-agentcore:GetGateway"]),
    ];
    let functions = ["Authorizer", "OktaGroups", "CibaInitiator", "ApprovalWorker", "Interceptor", "Web"];
    meant.extend(functions.map(|name| on(&format!("{name}FunctionArn"), &["lambda:GetFunctionConfiguration"])));
    meant
}

/// What `sts:AssumeRole` on the keycards' role must say, of which action by action.
pub(super) fn trusted() -> Vec<Intent> {
    const TAGS: [&str; 3] = ["aws:RequestTag/person", "aws:RequestTag/session", "aws:RequestTag/tool"];
    let tagged = |intent: Intent| {
        let intent = TAGS.into_iter().fold(intent, Intent::free);
        let mut intent =
            ["person", "session", "tool"].into_iter().fold(intent, |all, key| all.with("aws:TagKeys", key));
        intent.optional.push("aws:TagKeys");
        intent
    };
    let named = |intent: Intent| intent.with("sts:SourceIdentity", "mandate-0123");
    let assume = on("KeycardRoleArn", &["sts:AssumeRole"]).with("sts:RoleSessionName", "mandate-0123");
    vec![
        named(tagged(assume)),
        tagged(on("KeycardRoleArn", &["sts:TagSession"])),
        named(on("KeycardRoleArn", &["sts:SetSourceIdentity"])),
    ]
}

/// A call in the name of our agent.
pub(super) fn by_our_agent(action: &'static str, resource: String) -> Intent {
    Intent::of(&[action], resource)
        .with("aws:SourceAccount", value("AccountId"))
        .with("aws:SourceArn", value("AgentArn"))
}
