//! What whole calls ask of the tables.

use acceptance::Approvals;
use devstack::dynamodb::Asked;
use devstack::sample::Person;
use devstack::stack::{APPROVAL_TABLE, SESSION_TABLE};
use serde_json::Value;

/// Writes that are meant to hold whatever the row says: a table, an operation, and the reason.
const UNCONDITIONAL: [(&str, &str, &str); 2] = [
    (
        SESSION_TABLE,
        "DeleteItem",
        "signing out ends the session whatever has become of its row, and may be repeated; a condition on the version would \
         let a token that is renewed meanwhile keep the session",
    ),
    (
        APPROVAL_TABLE,
        "Update in a transaction",
        "a denial fills the minute's starts up, which is the same whatever their count was; the transaction's other members \
         are conditional, so it happens with that denial only",
    ),
];

const READS: [&str; 2] = ["GetItem", "Query"];
const WRITES: [&str; 3] = ["PutItem", "UpdateItem", "DeleteItem"];

/// What is wrong with a call: an operation that is not known here, a read that may be stale, a write without a condition.
fn wrong(asked: &Asked) -> Vec<String> {
    let (operation, body) = (asked.operation.as_str(), &asked.body);
    let table = |request: &Value| request["TableName"].as_str().unwrap_or_default().to_owned();
    let listed = |request: &Value, operation: &str| {
        UNCONDITIONAL.iter().any(|(name, write, _)| *name == table(request) && *write == operation)
    };
    let conditional = |request: &Value| request["ConditionExpression"].as_str().is_some_and(|text| !text.is_empty());
    if READS.contains(&operation) {
        let strong = body["ConsistentRead"] == true && body.get("IndexName").is_none();
        return if strong { vec![] } else { vec![format!("{operation} may be stale: {body}")] };
    }
    if WRITES.contains(&operation) {
        let fine = conditional(body) || listed(body, operation);
        return if fine { vec![] } else { vec![format!("{operation} has no condition: {}", table(body))] };
    }
    if operation == "TransactWriteItems" {
        let members = body["TransactItems"].as_array().unwrap().iter().flat_map(|item| item.as_object().unwrap());
        let named = members.map(|(name, request)| (format!("{name} in a transaction"), request));
        let bare = named.filter(|(name, request)| !conditional(request) && !listed(request, name));
        return bare.map(|(name, request)| format!("{name} has no condition: {}", table(request))).collect();
    }
    vec![format!("{operation} is not known here")]
}

// A07
#[tokio::test]
async fn every_write_of_whole_calls_has_a_condition_and_every_read_is_strongly_consistent() {
    let approvals = Approvals::start().await;
    let dave = approvals.chatting("dave").await;
    // Signing in writes a row too.
    let laptop = &approvals.world.laptop;
    let (signed_in, _) = laptop.sign_in(&Person::named("alice").unwrap()).await.unwrap();
    laptop.begin_session(signed_in).await.unwrap();
    let groups = approvals.world.call(&dave);
    approvals.world.invoke("okta-groups", &groups.0).await;
    let args = [("user", "bob@example.com"), ("group", "VPN users")];
    let done = approvals.ask(&dave, "add_to_group", &args).await;
    approvals.call(&dave, "list_approvals", &[]).await;
    approvals.approve(&done);
    approvals.settle(&done).await;
    approvals.call(&dave, "check_approval", &[("approval", done.reference.as_str())]).await;
    let declined = approvals.ask(&dave, "remove_from_group", &args).await;
    approvals.decline(&declined);
    approvals.settle(&declined).await;
    approvals.next_minute();
    let late = approvals.ask(&dave, "remove_from_group", &args).await;
    approvals.end_as_expired(&late).await;
    let asked = approvals.world.laptop.stack.dynamodb.asked();
    let problems: Vec<String> = asked.iter().flat_map(wrong).collect();
    assert_eq!(problems, Vec::<String>::new());
    let operations: Vec<&str> = asked.iter().map(|asked| asked.operation.as_str()).collect();
    for operation in ["GetItem", "Query", "PutItem", "UpdateItem", "TransactWriteItems"] {
        assert!(operations.contains(&operation), "{operation} is not among {operations:?}");
    }
    println!("{} calls of the tables looked at", asked.len());
}

#[test]
fn a_stale_read_and_a_write_without_a_condition_are_seen() {
    let asked = |operation: &str, body: Value| Asked { operation: operation.to_owned(), body };
    let table = serde_json::json!({ "TableName": "agent-approvals" });
    let transaction = serde_json::json!({ "TransactItems": [{ "Put": table }] });
    for operation in ["GetItem", "Query", "PutItem", "UpdateItem", "DeleteItem", "Scan", "BatchWriteItem"] {
        assert_eq!(wrong(&asked(operation, table.clone())).len(), 1, "{operation}");
    }
    assert_eq!(wrong(&asked("TransactWriteItems", transaction)).len(), 1);
}
