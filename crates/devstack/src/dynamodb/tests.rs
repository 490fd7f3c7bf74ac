mod policies;

use axum::body::Body;
use http::{Request, Response};
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use super::{DynamoDb, start};
use crate::fault::{Effect, Fault};

async fn with_sessions() -> DynamoDb {
    let database = start(TcpListener::bind("127.0.0.1:0").await.unwrap()).await.unwrap();
    database.create_table("sessions", "pk", None).await.unwrap();
    database
}

/// A call through the proxy, as a client makes it.
async fn call(database: &DynamoDb, operation: &str, body: Value) -> Option<(u16, Value)> {
    let client = Client::builder(TokioExecutor::new()).build_http::<Body>();
    let request = Request::post(database.double.url())
        .header("content-type", "application/x-amz-json-1.0")
        .header("x-amz-target", format!("DynamoDB_20120810.{operation}"))
        .header("x-amz-date", "20260101T000000Z")
        .header(
            "authorization",
            "AWS4-HMAC-SHA256 Credential=a/20260101/us-east-1/dynamodb/aws4_request, \
             SignedHeaders=host;x-amz-date, Signature=00",
        );
    let response: Response<_> = client.request(request.body(Body::from(body.to_string())).unwrap()).await.ok()?;
    let status = response.status().as_u16();
    let bytes = axum::body::to_bytes(Body::new(response.into_body()), usize::MAX).await.ok()?;
    Some((status, serde_json::from_slice(&bytes).unwrap_or_default()))
}

fn put(key: &str) -> Value {
    json!({
        "TableName": "sessions",
        "Item": { "pk": { "S": key } },
        "ConditionExpression": "attribute_not_exists(pk)",
    })
}

fn get(key: &str) -> Value {
    json!({ "TableName": "sessions", "Key": { "pk": { "S": key } }, "ConsistentRead": true })
}

#[tokio::test]
async fn what_is_put_through_the_proxy_is_got_through_it() {
    let database = with_sessions().await;
    assert_eq!(call(&database, "PutItem", put("alice")).await, Some((200, json!({}))));
    let got = call(&database, "GetItem", get("alice")).await;
    assert_eq!(got, Some((200, json!({ "Item": { "pk": { "S": "alice" } } }))));
    assert_eq!(database.items("sessions").await.unwrap(), [json!({ "pk": { "S": "alice" } })]);
}

#[tokio::test]
async fn a_failed_condition_is_an_error_and_changes_nothing() {
    let database = with_sessions().await;
    call(&database, "PutItem", put("alice")).await;
    let (status, answer) = call(&database, "PutItem", put("alice")).await.unwrap();
    assert_eq!(status, 400);
    assert!(answer["__type"].as_str().unwrap().ends_with("#ConditionalCheckFailedException"), "{answer}");
    assert_eq!(database.items("sessions").await.unwrap().len(), 1);
    let refused = database.raw("PutItem", put("alice")).await.unwrap_err();
    assert!(refused.to_string().contains("ConditionalCheckFailedException"), "{refused}");
}

#[tokio::test]
async fn calls_are_counted_by_operation_and_those_past_the_proxy_are_not() {
    let database = with_sessions().await;
    database.raw("GetItem", get("alice")).await.unwrap();
    call(&database, "PutItem", put("alice")).await;
    call(&database, "GetItem", get("alice")).await;
    call(&database, "GetItem", get("bob")).await;
    assert_eq!(database.requests_by_operation("GetItem"), 2);
    assert_eq!(database.requests_by_operation("Get"), 0);
    assert_eq!(database.operations(), ["PutItem", "GetItem", "GetItem"]);
    assert_eq!(database.double.requests(), 3);
    database.forget();
    assert_eq!(database.requests_by_operation("GetItem"), 0);
}

#[tokio::test]
async fn a_fault_on_one_operation_leaves_the_others_alone() {
    let database = with_sessions().await;
    let effect = Effect::Answer { status: 500, headers: [].into(), body: r#"{"__type":"InternalServerError"}"#.into() };
    database.fault(Fault { on: "POST /GetItem".into(), times: Some(1), skip: 0, effect });
    assert_eq!(call(&database, "PutItem", put("alice")).await, Some((200, json!({}))));
    assert_eq!(call(&database, "GetItem", get("alice")).await.unwrap().0, 500);
    assert_eq!(call(&database, "GetItem", get("alice")).await.unwrap().0, 200);
    database.fault(Fault {
        on: "POST /PutItem".into(),
        times: None,
        skip: 0,
        effect: Effect::AnswerAfter { status: 503, body: String::new() },
    });
    assert_eq!(call(&database, "PutItem", put("bob")).await.unwrap().0, 503);
    assert_eq!(database.items("sessions").await.unwrap().len(), 2);
    database.fault(Fault { on: "POST /Query".into(), times: None, skip: 0, effect: Effect::Reset });
    assert_eq!(call(&database, "Query", json!({})).await, None);
    database.mend();
    assert_ne!(call(&database, "Query", json!({})).await, None);
}

#[tokio::test]
async fn a_sort_key_lets_one_partition_hold_several_items() {
    let database = with_sessions().await;
    database.create_table("approvals", "pk", Some("sk")).await.unwrap();
    for sk in ["1", "2"] {
        let item = json!({ "TableName": "approvals", "Item": { "pk": { "S": "alice" }, "sk": { "S": sk } } });
        database.raw("PutItem", item).await.unwrap();
    }
    assert_eq!(database.items("approvals").await.unwrap().len(), 2);
    assert!(database.create_table("approvals", "pk", None).await.is_err());
}

#[tokio::test]
async fn all_items_of_a_table_are_given_however_many_pages_they_fill() {
    let database = with_sessions().await;
    let wide = "x".repeat(300_000);
    for name in 0..9 {
        let item = json!({ "pk": { "S": format!("{name}") }, "wide": { "S": wide } });
        database.raw("PutItem", json!({ "TableName": "sessions", "Item": item })).await.unwrap();
    }
    assert_eq!(database.items("sessions").await.unwrap().len(), 9);
}
