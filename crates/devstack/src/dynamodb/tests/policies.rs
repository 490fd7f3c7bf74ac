//! Policies in front of the engine.

mod several;

use super::*;
use crate::iam::tests::{policy, signed};
use crate::iam::{Credentials, Iam, Role};
use crate::okta::wire;

const SESSIONS: &str = "arn:aws:dynamodb:us-east-1:123456789012:table/sessions";

/// A table `sessions` with rows of alice and bob and an index by `owner`, a table `others`, and a role with one statement.
async fn guarded(statement: &Value) -> (DynamoDb, Iam, Credentials) {
    let database = start(TcpListener::bind("127.0.0.1:0").await.unwrap()).await.unwrap();
    let text = |name: &str| json!({ "AttributeName": name, "AttributeType": "S" });
    let key = |name: &str| json!([{ "AttributeName": name, "KeyType": "HASH" }]);
    let table = json!({
        "TableName": "sessions", "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [text("pk"), text("owner")], "KeySchema": key("pk"),
        "GlobalSecondaryIndexes": [{ "IndexName": "by-owner", "KeySchema": key("owner"), "Projection": { "ProjectionType": "ALL" } }],
    });
    database.raw("CreateTable", table).await.unwrap();
    database.create_table("others", "id", None).await.unwrap();
    for name in ["alice", "bob"] {
        let item = json!({ "pk": { "S": name }, "owner": { "S": name } });
        database.raw("PutItem", json!({ "TableName": "sessions", "Item": item })).await.unwrap();
    }
    let iam = Iam::new();
    iam.add_role(&Role::new("worker").allowing(policy(statement))).unwrap();
    let credentials = iam.function_credentials("worker", "f").unwrap();
    database.enforce(&iam);
    (database, iam, credentials)
}

/// All actions on both tables for the rows of alice.
fn rows_of_alice() -> Value {
    json!({
        "Effect": "Allow", "Action": "dynamodb:*", "Resource": [SESSIONS, format!("{SESSIONS}/index/*")],
        "Condition": {
            "ForAllValues:StringEquals": { "dynamodb:LeadingKeys": "alice" },
            "Null": { "dynamodb:LeadingKeys": "false" },
        },
    })
}

async fn call_as(database: &DynamoDb, who: Option<&Credentials>, operation: &str, body: &Value) -> (u16, Value) {
    let target = format!("DynamoDB_20120810.{operation}");
    let signature = who.map(signed).unwrap_or_default();
    let mut headers = vec![("content-type", "application/x-amz-json-1.0"), ("x-amz-target", target.as_str())];
    headers.extend(signature.iter().map(|(name, value)| (*name, value.as_str())));
    let answer = wire::send("POST", &format!("{}/", database.double.url()), &headers, &body.to_string()).await;
    (answer.status, answer.json())
}

/// Whether it was let through to the engine and done.
async fn may(database: &DynamoDb, who: &Credentials, operation: &str, body: Value) -> bool {
    let (status, answer) = call_as(database, Some(who), operation, &body).await;
    let denied = answer["__type"] == "com.amazon.coral.service#AccessDeniedException";
    assert!(status == 200 || (status == 400 && denied), "{operation} {body}: {answer}");
    status == 200
}

fn key(name: &str) -> Value {
    json!({ "pk": { "S": name } })
}

fn on(table: &str, mut members: Value) -> Value {
    members["TableName"] = json!(table);
    members
}

#[tokio::test]
async fn a_row_is_opened_by_its_partition_key_in_every_operation_on_items() {
    let (database, _, who) = guarded(&rows_of_alice()).await;
    let values = |name: &str| json!({ ":v": { "S": name }, ":w": { "S": "x" } });
    for (name, expected) in [("alice", true), ("bob", false)] {
        for (operation, members) in [
            ("GetItem", json!({ "Key": key(name) })),
            (
                "UpdateItem",
                json!({ "Key": key(name), "UpdateExpression": "SET note = :w", "ExpressionAttributeValues": { ":w": { "S": "x" } } }),
            ),
            ("PutItem", json!({ "Item": key(name) })),
            (
                "Query",
                json!({ "KeyConditionExpression": "pk = :v", "ExpressionAttributeValues": { ":v": { "S": name } } }),
            ),
            (
                "Query",
                json!({ "KeyConditionExpression": "(#p=:v)", "ExpressionAttributeNames": { "#p": "pk" }, "ExpressionAttributeValues": { ":v": { "S": name } } }),
            ),
            (
                "Query",
                json!({ "KeyConditionExpression": "pk = :v", "FilterExpression": "note = :w", "ExpressionAttributeValues": values(name) }),
            ),
            (
                "Query",
                json!({ "KeyConditions": { "pk": { "ComparisonOperator": "EQ", "AttributeValueList": [{ "S": name }] } } }),
            ),
            ("DeleteItem", json!({ "Key": key(name) })),
        ] {
            assert_eq!(may(&database, &who, operation, on("sessions", members)).await, expected, "{operation} {name}");
        }
        let in_arn = json!({ "TableName": SESSIONS, "Key": key(name) });
        let (_, answer) = call_as(&database, Some(&who), "GetItem", &in_arn).await;
        assert_eq!(answer["__type"] != "com.amazon.coral.service#AccessDeniedException", expected, "{answer}");
    }
    assert_eq!(database.items("sessions").await.unwrap().len(), 1);
}

#[tokio::test]
async fn another_table_and_a_whole_table_stay_shut() {
    let (database, _, who) = guarded(&rows_of_alice()).await;
    assert!(!may(&database, &who, "GetItem", on("others", json!({ "Key": { "id": { "S": "alice" } } }))).await);
    assert!(!may(&database, &who, "Scan", on("sessions", json!({}))).await);
    assert!(!may(&database, &who, "DescribeTable", on("sessions", json!({}))).await);
    assert!(!may(&database, &who, "ListTables", json!({})).await);
    let filtered = json!({ "FilterExpression": "pk = :v", "ExpressionAttributeValues": { ":v": { "S": "alice" } } });
    assert!(!may(&database, &who, "Scan", on("sessions", filtered)).await);
}

#[tokio::test]
async fn without_a_guard_for_missing_keys_a_scan_goes_through_as_at_aws() {
    let mut statement = rows_of_alice();
    statement["Condition"].as_object_mut().unwrap().remove("Null");
    let (database, _, who) = guarded(&statement).await;
    assert!(may(&database, &who, "Scan", on("sessions", json!({}))).await);
    assert!(!may(&database, &who, "GetItem", on("sessions", json!({ "Key": key("bob") }))).await);
}

#[tokio::test]
async fn an_index_is_a_resource_of_its_own_and_has_its_own_partition_key() {
    let (database, iam, who) = guarded(&rows_of_alice()).await;
    let by_owner = |name: &str| {
        let members = json!({
            "IndexName": "by-owner", "KeyConditionExpression": "#o = :v",
            "ExpressionAttributeNames": { "#o": "owner" }, "ExpressionAttributeValues": { ":v": { "S": name } },
        });
        on("sessions", members)
    };
    assert!(may(&database, &who, "Query", by_owner("alice")).await);
    assert!(!may(&database, &who, "Query", by_owner("bob")).await);
    assert_eq!(iam.decisions()[0].resource, format!("{SESSIONS}/index/by-owner"));
}

#[tokio::test]
async fn a_policy_can_be_about_attributes_selections_and_return_values() {
    let statement = json!({
        "Effect": "Allow", "Action": "dynamodb:*", "Resource": SESSIONS,
        "Condition": {
            "ForAllValues:StringEquals": { "dynamodb:Attributes": ["pk", "note"] },
            "StringEqualsIfExists": { "dynamodb:Select": "SPECIFIC_ATTRIBUTES", "dynamodb:ReturnValues": ["NONE", "UPDATED_NEW"] },
        },
    });
    let (database, _, who) = guarded(&statement).await;
    let read = |projection: &str| {
        let names = json!({ "#n": "note" });
        let mut read = on("sessions", json!({ "Key": key("alice"), "ProjectionExpression": projection }));
        if projection.contains("#n") {
            read["ExpressionAttributeNames"] = names;
        }
        read
    };
    assert!(may(&database, &who, "GetItem", read("pk, #n.secret[0]")).await);
    assert!(!may(&database, &who, "GetItem", read("pk, secret")).await);
    assert!(!may(&database, &who, "GetItem", on("sessions", json!({ "Key": key("alice") }))).await);
    let write = |expression: &str, returned: &str| {
        let values = json!({ ":v": { "S": "x" } });
        let members = json!({ "Key": key("alice"), "UpdateExpression": expression, "ExpressionAttributeValues": values, "ReturnValues": returned });
        on("sessions", members)
    };
    assert!(may(&database, &who, "UpdateItem", write("SET note = if_not_exists(note, :v)", "UPDATED_NEW")).await);
    assert!(!may(&database, &who, "UpdateItem", write("SET note = :v", "ALL_OLD")).await);
    assert!(!may(&database, &who, "UpdateItem", write("SET note = :v, secret = :v", "NONE")).await);
}

#[tokio::test]
async fn what_is_not_understood_is_denied_even_to_whoever_may_do_everything() {
    let everything = json!({ "Effect": "Allow", "Action": "*", "Resource": "*" });
    let (database, _, who) = guarded(&everything).await;
    assert!(may(&database, &who, "ListTables", json!({})).await);
    assert!(may(&database, &who, "Scan", on("sessions", json!({}))).await);
    assert!(!may(&database, &who, "ExecuteStatement", json!({ "Statement": "SELECT * FROM sessions" })).await);
    assert!(!may(&database, &who, "BatchGetItem", json!({})).await);
    assert!(!may(&database, &who, "TransactWriteItems", json!({ "TransactItems": [{ "Swap": {} }] })).await);
}

#[tokio::test]
async fn a_refusal_says_who_may_not_do_what_and_why_and_the_engine_is_not_asked() {
    let (database, iam, who) = guarded(&rows_of_alice()).await;
    let read = on("sessions", json!({ "Key": key("bob") }));
    let (status, answer) = call_as(&database, Some(&who), "GetItem", &read).await;
    let message = "User: arn:aws:sts::123456789012:assumed-role/worker/f is not authorized to perform: dynamodb:GetItem on resource: \
                   arn:aws:dynamodb:us-east-1:123456789012:table/sessions because no identity-based policy allows the dynamodb:GetItem action";
    let expected = json!({ "__type": "com.amazon.coral.service#AccessDeniedException", "Message": message });
    assert_eq!((status, answer), (400, expected));
    for (who, kind) in [
        (None, "MissingAuthenticationTokenException"),
        (Some(&Credentials { access_key_id: "ASIANOBODY".into(), ..who.clone() }), "UnrecognizedClientException"),
    ] {
        let (status, answer) = call_as(&database, who, "GetItem", &read).await;
        assert_eq!(
            (status, answer["__type"].as_str().unwrap()),
            (400, format!("com.amazon.coral.service#{kind}").as_str())
        );
    }
    assert_eq!((database.requests_by_operation("GetItem"), iam.decisions().len()), (3, 1));
}
