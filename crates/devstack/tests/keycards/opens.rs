//! What a keycard opens, and what it does not.

use serde_json::json;

use crate::house::{House, house};

const DENIED: &str = "AccessDeniedException";

async fn with_keycard() -> (House, devstack::iam::Credentials) {
    let house = house().await;
    let keycard = house.for_alice(Some(&house.keycard())).await;
    (house, keycard)
}

#[tokio::test]
async fn it_opens_its_row_its_data_key_and_its_function() {
    let (house, keycard) = with_keycard().await;
    assert_eq!(house.row(&keycard, "alice").await, None);
    assert_eq!(house.data_key(&keycard, 0, json!({ "session": "alice" })).await, None);
    assert_eq!(house.function(&keycard, "fga-authorizer").await, 204);
    assert!(house.iam.decisions().iter().all(|decision| decision.allowed));
}

#[tokio::test]
async fn it_opens_no_other_row_no_other_table_and_no_whole_table() {
    let (house, keycard) = with_keycard().await;
    assert_eq!(house.row(&keycard, "bob").await.as_deref(), Some(DENIED));
    let rows = "bedrock-sessions";
    for (operation, body) in [
        ("Scan", json!({ "TableName": rows })),
        ("Scan", json!({ "TableName": "agent-approvals" })),
        (
            "GetItem",
            json!({ "TableName": "agent-approvals", "Key": { "person": { "S": "alice" }, "sort": { "S": "x" } } }),
        ),
        ("PutItem", json!({ "TableName": rows, "Item": { "session_id": { "S": "alice" } } })),
        ("UpdateItem", json!({ "TableName": rows, "Key": { "session_id": { "S": "alice" } } })),
        ("DeleteItem", json!({ "TableName": rows, "Key": { "session_id": { "S": "alice" } } })),
        ("BatchGetItem", json!({ "RequestItems": { rows: { "Keys": [{ "session_id": { "S": "alice" } }] } } })),
        ("DescribeTable", json!({ "TableName": rows })),
    ] {
        assert_eq!(house.table(&keycard, operation, body).await.as_deref(), Some(DENIED), "{operation}");
    }
    assert_eq!(house.database.items(rows).await.unwrap().len(), 2);
}

#[tokio::test]
async fn it_opens_no_data_key_in_another_context() {
    let (house, keycard) = with_keycard().await;
    assert_eq!(house.data_key(&keycard, 1, json!({ "session": "bob" })).await.as_deref(), Some(DENIED));
    assert_eq!(house.data_key(&keycard, 0, json!({})).await.as_deref(), Some(DENIED));
    // Policies let this one pass; the data key does not open.
    let invalid = Some("InvalidCiphertextException".to_owned());
    assert_eq!(house.data_key(&keycard, 1, json!({ "session": "alice" })).await, invalid);
}

#[tokio::test]
async fn it_calls_no_other_function_and_no_version_of_its_own() {
    let (house, keycard) = with_keycard().await;
    assert_eq!(house.function(&keycard, "okta-changes").await, 403);
    assert_eq!(house.function(&keycard, "fga-authorizer:7").await, 403);
}

#[tokio::test]
async fn after_a_minute_it_opens_nothing_though_its_credentials_live_on() {
    let (house, keycard) = with_keycard().await;
    house.iam.advance(60);
    assert_eq!(house.row(&keycard, "alice").await.as_deref(), Some(DENIED));
    assert_eq!(house.data_key(&keycard, 0, json!({ "session": "alice" })).await.as_deref(), Some(DENIED));
    assert_eq!(house.function(&keycard, "fga-authorizer").await, 403);
    house.iam.advance(840);
    assert_eq!(house.row(&keycard, "alice").await.as_deref(), Some("ExpiredTokenException"));
    assert_eq!(
        house.data_key(&keycard, 0, json!({ "session": "alice" })).await.as_deref(),
        Some("ExpiredTokenException")
    );
}

#[tokio::test]
async fn a_keycard_with_a_wider_policy_than_its_role_opens_no_more() {
    let house = house().await;
    let everything =
        json!({ "Version": "2012-10-17", "Statement": { "Effect": "Allow", "Action": "*", "Resource": "*" } });
    let keycard = house.for_alice(Some(&everything)).await;
    assert_eq!(house.row(&keycard, "alice").await, None);
    assert_eq!(house.row(&keycard, "bob").await.as_deref(), Some(DENIED));
    assert_eq!(
        house.table(&keycard, "Scan", json!({ "TableName": "bedrock-sessions" })).await.as_deref(),
        Some(DENIED)
    );
}
