use serde_json::{Value, json};

use super::*;
use crate::okta::wire;
use crate::openfga::Tuple;
use crate::sample::{self, PEOPLE};

async fn stack() -> Stack {
    let model = serde_json::from_str(include_str!("../../../../infra/fga/model.json")).unwrap();
    Stack::start(Ports::Any, model).await.unwrap()
}

async fn groups(stack: &Stack, query: &str) -> Value {
    let token = stack.okta.token("dave@example.com", CONNECTION_SCOPES, None).unwrap();
    let url = format!("{}/api/v1/groups?{query}", stack.okta.double.url());
    wire::send("GET", &url, &[("authorization", &format!("Bearer {token}"))], "").await.json()
}

#[tokio::test]
async fn the_doubles_have_the_names_of_their_ports() {
    let stack = stack().await;
    assert_eq!(stack.doubles().map(Double::name), NAMES);
}

#[tokio::test]
async fn the_model_takes_every_tuple_that_the_sample_grants() {
    let stack = stack().await;
    let grants = PEOPLE.iter().flat_map(|person| person.grants);
    let tuples: Vec<Tuple> = grants.map(|(relation, object)| Tuple::new("user:x", relation, object)).collect();
    assert!(tuples.len() >= 10);
    for tuple in tuples {
        assert!(stack.openfga.allow(STORE.0, &tuple), "{tuple}");
    }
}

#[tokio::test]
async fn there_is_one_group_of_each_name_and_it_is_found_by_the_samples_id() {
    let stack = stack().await;
    let found = groups(&stack, "q=VPN+users").await;
    assert_eq!(found.as_array().map(Vec::len), Some(1));
    assert_eq!((&found[0]["id"], &found[0]["type"]), (&json!(sample::group_id("VPN users")), &json!("OKTA_GROUP")));
    let all = groups(&stack, "limit=100").await;
    assert_eq!(all.as_array().map(Vec::len), Some(sample::GROUPS.len()));
    assert_eq!((&all[0]["profile"]["name"], &all[0]["type"]), (&json!("Everyone"), &json!("BUILT_IN")));
    let vpn = sample::group_id("VPN users").unwrap();
    assert!(stack.okta.is_member("alice@example.com", &vpn) && !stack.okta.is_member("bob@example.com", &vpn));
}

#[tokio::test]
async fn the_table_of_approvals_has_a_partition_and_a_sort_key() {
    let stack = stack().await;
    let table = stack.dynamodb.raw("DescribeTable", json!({ "TableName": APPROVAL_TABLE })).await.unwrap();
    let keys = &table["Table"]["KeySchema"];
    assert_eq!((&keys[0]["AttributeName"], &keys[0]["KeyType"]), (&json!("person"), &json!("HASH")));
    assert_eq!((&keys[1]["AttributeName"], &keys[1]["KeyType"]), (&json!("sort"), &json!("RANGE")));
}

#[tokio::test]
async fn the_queue_of_approvals_gives_up_what_was_received_ten_times() {
    let stack = stack().await;
    let (url, target) = (stack.sqs.queue_url(APPROVAL_QUEUE), "AmazonSQS.GetQueueAttributes");
    let headers = [("content-type", "application/x-amz-json-1.0"), ("x-amz-target", target)];
    let body = json!({ "QueueUrl": url, "AttributeNames": ["All"] }).to_string();
    let answer = wire::send("POST", &format!("{}/", stack.sqs.double.url()), &headers, &body).await.json();
    let attributes = &answer["Attributes"];
    assert_eq!(attributes["VisibilityTimeout"], "60");
    let redrive: Value = serde_json::from_str(attributes["RedrivePolicy"].as_str().unwrap()).unwrap();
    let target = sqs::arn(APPROVAL_DEAD_LETTERS);
    assert_eq!(
        (&redrive["deadLetterTargetArn"], redrive["maxReceiveCount"].to_string()),
        (&json!(target), "10".into())
    );
}

#[tokio::test]
async fn a_stack_evaluates_nothing_until_it_is_asked_to_and_then_everything() {
    let stack = stack().await;
    let urls = [&stack.dynamodb.double, &stack.sqs.double].map(|double| format!("{}/", double.url()));
    let function = format!("{}/2015-03-31/functions/none/invocations", stack.lambda.double.url());
    let (tables, queue) = ("DynamoDB_20120810.ListTables", "AmazonSQS.GetQueueUrl");
    let named = json!({ "QueueName": APPROVAL_QUEUE }).to_string();
    let ask = async || {
        // The engine wants a signature, whoever's it is.
        let signature =
            "AWS4-HMAC-SHA256 Credential=a/20260101/us-east-1/any/aws4_request, SignedHeaders=host, Signature=0";
        let headers = |target| {
            let json = ("content-type", "application/x-amz-json-1.0");
            [json, ("x-amz-target", target), ("authorization", signature), ("x-amz-date", "20260101T000000Z")]
        };
        [
            wire::send("POST", &urls[0], &headers(tables), "{}").await.status,
            wire::send("POST", &urls[1], &headers(queue), &named).await.status,
            wire::send("POST", &function, &headers("none"), "{}").await.status,
        ]
    };
    assert_eq!(ask().await, [200, 200, 404]);
    stack.enforce();
    assert_eq!(ask().await, [400, 403, 403]);
    assert_eq!(stack.security.sts.sessions(), []);
}
