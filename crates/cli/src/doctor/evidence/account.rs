//! What AWS tells of the account: tables, key, queue, agent, gateway, functions.

use serde_json::{Value, json};

use super::super::aws::{Aws, Service};
use super::super::finding::{Finding, Told};
use super::super::given::Given;

/// What it told.
pub(crate) struct Account {
    pub(crate) sessions: Table,
    pub(crate) approvals: Table,
    pub(crate) key: Told,
    /// What a data key came to that was made and opened with the context of a row; nobody's row.
    pub(crate) data_key: Told,
    pub(crate) queue: Told,
    pub(crate) agent: Told,
    pub(crate) alias: Told,
    pub(crate) gateway: Told,
    /// By the name without the prefix of a deployment.
    pub(crate) functions: Vec<(&'static str, Told)>,
}

/// A table, and how it is kept.
pub(crate) struct Table {
    pub(crate) name: String,
    pub(crate) table: Told,
    pub(crate) ttl: Told,
    pub(crate) backups: Told,
}

const NO_KEY: &str = "the sealing key is in a file";
const NO_AGENT: &str = "no agent of Bedrock Agents Classic is set up (AGENT_ID)";
const NO_GATEWAY: &str = "no AgentCore Gateway is set up (GATEWAY_ARN)";

impl Account {
    pub(super) async fn ask(given: &Given, aws: &Aws<'_>) -> Self {
        let tables = async {
            let sessions = table(aws, given.or("SESSION_TABLE_NAME", "bedrock-sessions")).await;
            (sessions, table(aws, given.or("APPROVAL_TABLE_NAME", "agent-approvals")).await)
        };
        let ((sessions, approvals), (key, data_key), queue, (agent, alias), gateway, functions) = tokio::join!(
            Box::pin(tables),
            Box::pin(key(given, aws)),
            Box::pin(queue(given, aws)),
            Box::pin(agent(given, aws)),
            Box::pin(gateway(given, aws)),
            Box::pin(functions(given, aws)),
        );
        Self { sessions, approvals, key, data_key, queue, agent, alias, gateway, functions }
    }
}

/// The web application, where it is a function.
pub(crate) const WEB: &str = "web";

/// The functions that are looked at: the interceptor where there is a gateway, and the web application where there is one.
fn functions_of(given: &Given) -> impl Iterator<Item = &'static str> {
    let interceptor = given.get("GATEWAY_ARN").map(|_| crate::laptop::gateway::INTERCEPTOR);
    crate::laptop::FUNCTIONS.into_iter().chain(interceptor).chain(given.get("WEB_URL").map(|_| WEB))
}

async fn table(aws: &Aws<'_>, name: String) -> Table {
    let ask = async |operation: &str| {
        let target = format!("DynamoDB_20120810.{operation}");
        aws.target(Service::DYNAMODB, &target, &json!({"TableName": name})).await
    };
    let (table, ttl, backups) =
        tokio::join!(ask("DescribeTable"), ask("DescribeTimeToLive"), ask("DescribeContinuousBackups"));
    Table { name, table, ttl, backups }
}

async fn key(given: &Given, aws: &Aws<'_>) -> (Told, Told) {
    let Some(arn) = given.get("SEAL_KEY_ARN") else {
        let finding = match given.get("SEAL_KEY_FILE") {
            Some(_) => Finding::Unused(NO_KEY),
            None => Finding::unasked("SEAL_KEY_ARN is not set", "set SEAL_KEY_ARN"),
        };
        return (Told::Nothing(finding.clone()), Told::Nothing(finding));
    };
    let table = given.or("APPROVAL_TABLE_NAME", "agent-approvals");
    let context = json!({"table": table, "row": "mandate-doctor-asks", "purpose": "approval"});
    let wish = json!({"KeyId": arn, "KeySpec": "AES_256", "EncryptionContext": context});
    let key = json!({"KeyId": arn});
    let (told, made) = tokio::join!(
        aws.target(Service::KMS, "TrentService.DescribeKey", &key),
        aws.target(Service::KMS, "TrentService.GenerateDataKey", &wish)
    );
    let opened = match made {
        Told::Answer(made) => {
            let blob = made.get("CiphertextBlob").cloned().unwrap_or_default();
            let wish = json!({"KeyId": arn, "CiphertextBlob": blob, "EncryptionContext": context});
            match aws.target(Service::KMS, "TrentService.Decrypt", &wish).await {
                // The key itself is not kept.
                Told::Answer(_) => Told::Answer(Value::Bool(true)),
                told @ (Told::Absent | Told::Nothing(_)) => told,
            }
        }
        told @ (Told::Absent | Told::Nothing(_)) => told,
    };
    (told, opened)
}

async fn queue(given: &Given, aws: &Aws<'_>) -> Told {
    match given.need("APPROVAL_QUEUE_URL") {
        Ok(url) => {
            let wish = json!({"QueueUrl": url, "AttributeNames": ["All"]});
            aws.target(Service::SQS, "AmazonSQS.GetQueueAttributes", &wish).await
        }
        Err(finding) => Told::Nothing(finding),
    }
}

async fn agent(given: &Given, aws: &Aws<'_>) -> (Told, Told) {
    // Behind a gateway it is the gateway's id, and Bedrock knows no agent of that name.
    let behind_a_gateway = given.get("GATEWAY_URL").is_some();
    let Some(agent) = given.get("AGENT_ID").filter(|id| is_id(id) && !behind_a_gateway) else {
        let nothing = || Told::Nothing(Finding::Unused(NO_AGENT));
        return (nothing(), nothing());
    };
    let Some(alias) = given.get("AGENT_ALIAS_ID").filter(|id| is_id(id)) else {
        let path = format!("/agents/{agent}/");
        let alias = Told::unasked("AGENT_ALIAS_ID is not set", "set AGENT_ALIAS_ID");
        return (aws.path(Service::AGENTS, &path).await, alias);
    };
    let paths = [format!("/agents/{agent}/"), format!("/agents/{agent}/agentaliases/{alias}/")];
    let [of_agent, of_alias] = &paths;
    tokio::join!(aws.path(Service::AGENTS, of_agent), aws.path(Service::AGENTS, of_alias))
}

async fn gateway(given: &Given, aws: &Aws<'_>) -> Told {
    let Some(arn) = given.get("GATEWAY_ARN") else { return Told::Nothing(Finding::Unused(NO_GATEWAY)) };
    match arn.rsplit_once(":gateway/").filter(|(_, id)| is_id(id)) {
        Some((_, id)) => aws.path(Service::AGENTCORE, &format!("/gateways/{id}/")).await,
        None => Told::Nothing(Finding::wrong("GATEWAY_ARN is no ARN of a gateway", "set GATEWAY_ARN to it")),
    }
}

async fn functions(given: &Given, aws: &Aws<'_>) -> Vec<(&'static str, Told)> {
    let prefix = given.or("FUNCTION_PREFIX", "");
    let mut told = Vec::new();
    for name in functions_of(given) {
        let path = format!("/2015-03-31/functions/{prefix}{name}/configuration");
        let one = aws.path(Service::LAMBDA, &path).await;
        // A web application may as well run elsewhere.
        if !(name == WEB && matches!(one, Told::Absent)) {
            told.push((name, one));
        }
    }
    told
}

fn is_id(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}
