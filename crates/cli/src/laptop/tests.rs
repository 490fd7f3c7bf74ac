use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use devstack::stack::{APPROVAL_QUEUE, Ports};
use tokio::time::Instant;
use upstream_aws::{ApprovalKey, Aws, AwsSettings, Queue};

use super::{FUNCTIONS, Laptop, Plan, account};

async fn laptop(name: &str) -> Laptop {
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
        gateway: false,
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
