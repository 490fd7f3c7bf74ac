//! Calls that are about several items.

use super::*;

#[tokio::test]
async fn every_item_of_a_batch_must_be_opened() {
    let (database, _, who) = guarded(&rows_of_alice()).await;
    let reads = |names: &[&str]| {
        let keys: Vec<Value> = names.iter().map(|name| key(name)).collect();
        json!({ "RequestItems": { "sessions": { "Keys": keys } } })
    };
    assert!(may(&database, &who, "BatchGetItem", reads(&["alice"])).await);
    assert!(!may(&database, &who, "BatchGetItem", reads(&["alice", "bob"])).await);
    let both = json!({ "RequestItems": {
        "sessions": { "Keys": [key("alice")] }, "others": { "Keys": [{ "id": { "S": "alice" } }] },
    } });
    assert!(!may(&database, &who, "BatchGetItem", both).await);
    let writes = |put: &str, delete: &str| {
        json!({ "RequestItems": { "sessions": [
            { "PutRequest": { "Item": { "pk": { "S": put } } } }, { "DeleteRequest": { "Key": key(delete) } },
        ] } })
    };
    assert!(!may(&database, &who, "BatchWriteItem", writes("alice", "bob")).await);
    assert!(!may(&database, &who, "BatchWriteItem", writes("bob", "alice")).await);
    assert_eq!(database.items("sessions").await.unwrap().len(), 2);
}

#[tokio::test]
async fn a_transaction_is_evaluated_item_by_item_under_the_actions_of_its_items() {
    let mut statement = rows_of_alice();
    statement["Action"] = json!(["dynamodb:PutItem", "dynamodb:ConditionCheckItem"]);
    let (database, iam, who) = guarded(&statement).await;
    let put = |name: &str| json!({ "Put": { "TableName": "sessions", "Item": key(name) } });
    let delete = json!({ "Delete": { "TableName": "sessions", "Key": key("alice") } });
    let other = json!({ "Put": { "TableName": "others", "Item": { "id": { "S": "alice" } } } });
    let check = |name: &str| {
        json!({ "ConditionCheck": {
        "TableName": "sessions", "Key": key(name), "ConditionExpression": "attribute_not_exists(nothing)",
    } })
    };
    let write = |items: &[Value]| json!({ "TransactItems": items });
    assert!(may(&database, &who, "TransactWriteItems", write(&[put("alice")])).await);
    assert!(may(&database, &who, "TransactWriteItems", write(&[check("alice")])).await);
    for items in
        [vec![put("alice"), put("bob")], vec![put("alice"), check("bob")], vec![put("alice"), other], vec![delete]]
    {
        assert!(!may(&database, &who, "TransactWriteItems", write(&items)).await, "{items:?}");
    }
    let last = iam.decisions().pop().unwrap();
    assert_eq!((last.action.as_str(), last.resource.as_str()), ("dynamodb:DeleteItem", SESSIONS));
    let get = json!({ "TransactItems": [{ "Get": { "TableName": "sessions", "Key": key("alice") } }] });
    assert!(!may(&database, &who, "TransactGetItems", get).await);
}
