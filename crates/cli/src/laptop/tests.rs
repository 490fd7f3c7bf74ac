use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use devstack::stack::{APPROVAL_QUEUE, Ports};
use serde_json::Value;
use tokio::time::Instant;
use upstream_aws::{ApprovalKey, Aws, AwsSettings, Queue};

use super::gateway::{self, INTERCEPTOR};
use super::{FUNCTIONS, Laptop, Plan, account};

async fn laptop(name: &str) -> Laptop {
    planned(name, false).await
}

async fn planned(name: &str, gateway: bool) -> Laptop {
    let own = std::env::current_exe().unwrap();
    let folder = own.parent().unwrap().join("laptops").join(format!("{name}-{}", std::process::id()));
    let (binaries, overrides) = (PathBuf::new(), BTreeMap::new());
    let plan = Plan {
        ports: Ports::Any,
        binaries,
        folder,
        overrides,
        worker: true,
        keep_logs: false,
        keycards: false,
        gateway,
    };
    Laptop::start_without_functions(plan, None, function::clock::system()).await.unwrap()
}

/// Sends a message that names an approval, of which there is none.
async fn send(laptop: &Laptop) {
    let settings = AwsSettings {
        region: Some("us-east-1".to_owned()),
        credentials: Some(account::credentials(&laptop.stack.security, account::TOOL_FUNCTION_ROLE).unwrap()),
        dynamodb_url: None,
        kms_url: None,
        lambda_url: None,
        sqs_url: Some(laptop.stack.sqs.double.url()),
        sts_url: None,
        extra_ca_pem: None,
    };
    let queue = Queue::new(&Aws::connect(settings).await.unwrap(), laptop.stack.sqs.queue_url(APPROVAL_QUEUE));
    let body =
        format!(r#"{{"person":"{}","tool":"unlock_user","reference":"ABCDEFGH23456789"}}"#, "a".repeat(42) + "A");
    queue.send(&ApprovalKey::parse(&body).unwrap(), 0, Instant::now() + Duration::from_secs(10)).await.unwrap();
}

#[tokio::test]
async fn the_queue_calls_nobody_until_the_worker_is_attached() {
    let mut laptop = laptop("worker").await;
    assert!(laptop.worker.is_none(), "there are no functions here");
    send(&laptop).await;
    assert_eq!((laptop.stack.sqs.counts(APPROVAL_QUEUE).visible, laptop.stack.lambda.double.requests()), (1, 0));
    laptop.attach_worker().unwrap();
    let batches = laptop.worker.as_ref().unwrap().until(1).await;
    assert_eq!((batches[0].messages.len(), batches[0].failed.len()), (1, 1), "no worker is hosted");
    assert_eq!(laptop.stack.lambda.double.requests_to("POST /2015-03-31/functions/approval%2Dworker/"), 1);
}

#[tokio::test]
async fn both_functions_of_an_approval_find_the_same_table_and_queue_and_the_worker_has_no_ticket_keys() {
    let laptop = laptop("settings").await;
    let [_, groups, initiator, worker] = FUNCTIONS.map(|function| laptop.environment(function));
    assert_eq!(groups["APPROVAL_TABLE_NAME"], "agent-approvals", "it holds the audit records too");
    for settings in [&initiator, &worker] {
        assert_eq!(settings["APPROVAL_TABLE_NAME"], "agent-approvals");
        assert_eq!(settings["APPROVAL_QUEUE_URL"], laptop.stack.sqs.queue_url("agent-approvals"));
        assert_eq!(settings["AWS_ENDPOINT_URL_SQS"], laptop.stack.sqs.double.url());
        assert!(
            groups.iter().filter(|(name, _)| *name != "TICKET_KEYS").all(|pair| settings.get(pair.0) == Some(pair.1))
        );
    }
    assert_eq!(initiator["TICKET_KEYS"], groups["TICKET_KEYS"]);
    assert!(!worker.contains_key("TICKET_KEYS"));
    assert_eq!((groups.len(), initiator.len(), worker.len()), (17, 19, 18));
}

/// The doors of each minter, by name.
fn doors(settings: &BTreeMap<String, String>) -> Vec<(String, Vec<String>)> {
    let keys: Value = serde_json::from_str(&settings["TICKET_KEYS"]).unwrap();
    let minters = keys["minters"].as_array().unwrap().clone();
    let of = |minter: &Value| serde_json::from_value(minter["doors"].clone()).unwrap();
    minters.iter().map(|minter| (minter["name"].as_str().unwrap().to_owned(), of(minter))).collect()
}

#[tokio::test]
async fn with_a_gateway_its_interceptor_and_nobody_else_signs_for_its_door() {
    let (plain, fronted) = (laptop("plain").await, planned("fronted", true).await);
    let web = ("web".to_owned(), vec!["function-details".to_owned(), "open-api".to_owned()]);
    for function in ["okta-groups", "ciba-initiator"] {
        assert_eq!(doors(&plain.environment(function)), std::slice::from_ref(&web));
        let gateway = ("gateway".to_owned(), vec!["gateway-target".to_owned()]);
        assert_eq!(doors(&fronted.environment(function)), [web.clone(), gateway]);
    }
    assert!(plain.gateway().is_none() && plain.functions() == FUNCTIONS);
    assert_eq!(fronted.functions(), [&FUNCTIONS[..], &[INTERCEPTOR]].concat());
    let settings = fronted.environment(INTERCEPTOR);
    assert!(settings.keys().all(|name| name.starts_with("GATEWAY_")), "{:?}", settings.keys());
    assert_eq!(account::role_of(INTERCEPTOR), account::INTERCEPTOR_ROLE);
    let issuers: Value = serde_json::from_str(&settings["GATEWAY_ISSUERS"]).unwrap();
    assert_eq!(issuers["issuers"][0]["issuer"], fronted.stack.auth0.issuer());
    assert_eq!(issuers["issuers"][0]["clients"][0], fronted.stack.mcp.id.as_str());
    assert!(settings["GATEWAY_ARN"].ends_with(&format!(":gateway/{}", gateway::GATEWAY_ID)));
    for file in settings["GATEWAY_POLICIES"].split(':').chain([settings["GATEWAY_TOOLS"].as_str()]) {
        assert!(std::path::Path::new(file).is_file(), "{file}");
    }
}

#[tokio::test]
async fn a_binary_that_is_not_there_is_told_with_its_remedy() {
    let laptop = planned("no-binary", true).await;
    for (name, remedy) in [(INTERCEPTOR, "make interceptor"), ("okta-groups", "make binaries")] {
        let told = laptop.host(name, &PathBuf::from("nowhere"), None).unwrap_err().to_string();
        assert_eq!(told, format!("there is no binary of `{name}`; run: {remedy}"));
    }
}
