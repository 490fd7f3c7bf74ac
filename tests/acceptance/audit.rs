//! One audit record for each decision, whatever it was, and a copy of it for the person alone.

use acceptance::{Chatting, Event, World, error_of};
use auth::approval::PersonKey;
use devstack::fault::{Effect, Fault};
use devstack::stack::{APPROVAL_TABLE, STORE};
use serde_json::{Value, json};

/// What a model may pass, and what must not be in any record.
const GIVEN: &str = "bob@example.com";

/// The record of one call, which must have exactly one.
async fn recorded(world: &World, event: &Event) -> (Option<String>, Value) {
    let before = world.laptop.stack.lambda.logs("okta-groups").len();
    let answer = world.invoke("okta-groups", &event.0).await;
    let lines = world.laptop.stack.lambda.logs("okta-groups").split_off(before);
    let audits = lines.iter().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let audits: Vec<Value> = audits.filter(|line| line["event"] == "audit").collect();
    assert_eq!(audits.len(), 1, "{lines:?}");
    (error_of(&answer), audits[0]["record"].clone())
}

/// The copies in this person's own partition, oldest first.
async fn copies(world: &World, who: &Chatting) -> Vec<String> {
    let partition = format!("audit#{}", PersonKey::of(&who.signed.subject).as_str());
    let query = json!({
        "TableName": APPROVAL_TABLE, "KeyConditionExpression": "person = :person",
        "ExpressionAttributeValues": {":person": {"S": partition}},
    });
    let found = world.laptop.stack.dynamodb.raw("Query", query).await.unwrap();
    let items = found["Items"].as_array().unwrap().clone();
    items.iter().map(|item| item["record"]["S"].as_str().unwrap().to_owned()).collect()
}

fn answering(status: u16, on: &str) -> Fault {
    let effect = Effect::Answer { status, headers: [].into(), body: "{}".to_owned() };
    Fault { on: on.to_owned(), times: None, skip: 0, effect }
}

#[tokio::test]
async fn every_decision_has_one_record_that_says_what_was_decided_and_why() {
    let world = World::start().await;
    let (alice, bob) = (world.chatting("alice").await, world.chatting("bob").await);
    let stack = &world.laptop.stack;
    let (event, mut records) = (world.call(&alice), Vec::new());
    let check = |record: &Value, code: &str, decision: &str| {
        assert_eq!(record["status_code"], code, "{record}");
        assert_eq!(record["unmapped"]["decision"], decision, "{record}");
        for text in [GIVEN, "alice", "00u1", "mandate_ticket"] {
            assert!(!record.to_string().contains(text), "{text}: {record}");
        }
    };

    let (error, record) = recorded(&world, &event).await;
    check(&record, "ok", "allowed");
    assert_eq!(error, None);
    assert_eq!((&record["type_uid"], &record["api"]["operation"]), (&json!(600_302), &json!("list_groups")));
    assert_eq!(record["actor"]["authorizations"], json!([{"decision": "Allowed", "policy": {"uid": STORE.1}}]));
    let reached = [json!({"name": "auth0", "status": 200}), json!({"name": "okta", "status": 200})];
    assert_eq!(record["unmapped"]["reached"], json!(reached));
    records.push(record);

    let (error, record) = recorded(&world, &event.clone().with("user", GIVEN)).await;
    check(&record, "access_denied", "denied");
    assert_eq!(error.as_deref(), Some("access_denied"));
    assert_eq!(record["unmapped"]["check"]["object_type"], "okta_user");
    assert_ne!(record["unmapped"]["arguments_hash"], records[0]["unmapped"]["arguments_hash"]);
    records.push(record);

    stack.openfga.double.fault(answering(500, "POST /stores/"));
    let (_, record) = recorded(&world, &event).await;
    check(&record, "unavailable", "unanswered");
    records.push(record);
    world.mend();

    stack.okta.double.fault(answering(403, "GET /api/"));
    let (_, record) = recorded(&world, &event).await;
    check(&record, "access_denied", "allowed");
    assert_eq!(record["unmapped"]["reached"], json!([{"name": "okta", "status": 403}]));
    records.push(record);
    world.mend();

    let (_, denied) = recorded(&world, &world.call(&bob)).await;
    check(&denied, "access_denied", "denied");
    assert_eq!(denied["unmapped"]["reached"], json!([]));

    for (bent, code) in [
        (event.clone().bent("/sessionAttributes", json!({})), "auth_required"),
        (event.clone().bent("/sessionAttributes/mandate_ticket", json!("x.y.z")), "auth_required"),
        (event.clone().with("nonsense", GIVEN), "invalid_input"),
        (Event(json!({})), "internal"),
    ] {
        let (error, record) = recorded(&world, &bent).await;
        let code = if bent.0 == json!({}) { error.unwrap_or_else(|| code.to_owned()) } else { code.to_owned() };
        check(&record, &code, "not_asked");
        assert_eq!((&record["actor"]["user"], &record["actor"]["app_uid"]), (&Value::Null, &Value::Null));
    }

    let until = tokio::time::Instant::now() + std::time::Duration::from_secs(5);
    world.laptop.store.delete(&alice.signed.session.hash(), until).await.unwrap();
    let (_, record) = recorded(&world, &event).await;
    check(&record, "auth_required", "not_asked");
    records.push(record);

    let mut lines: Vec<String> = records.iter().map(Value::to_string).collect();
    let mut kept = copies(&world, &alice).await;
    lines.sort();
    kept.sort();
    assert_eq!(kept, lines, "what alice sees is what the log has of her calls, and nothing more");
    assert_eq!(copies(&world, &bob).await, [denied.to_string()]);
}

#[tokio::test]
async fn a_copy_that_cannot_be_kept_changes_no_answer_and_is_noted_in_the_line() {
    let world = World::start().await;
    let alice = world.chatting("alice").await;
    world.laptop.stack.dynamodb.fault(answering(500, "POST /PutItem"));
    let (error, record) = recorded(&world, &world.call(&alice)).await;
    assert_eq!((error, &record["status_code"]), (None, &json!("ok")));
    assert!(copies(&world, &alice).await.is_empty());
    let noted = world.logs().iter().filter(|line| line.contains("\"unkept\":\"audit store: no answer\"")).count();
    assert_eq!(noted, 1);
    assert_eq!(world.counts().records, 1, "it is not tried again");
}
