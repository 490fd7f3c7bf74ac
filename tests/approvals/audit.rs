//! What is recorded of an approval, by both functions.

use acceptance::{Approvals, Asked, End};
use auth::refusal::Code;
use devstack::fault::{Effect, Fault};
use devstack::openfga::Tuple;
use devstack::stack::STORE;
use serde_json::{Value, json};

const ADD: [(&str, &str); 2] = [("user", "bob@example.com"), ("group", "VPN users")];

fn audits(approvals: &Approvals) -> Vec<Value> {
    let lines = approvals.logged();
    let records = lines.iter().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    records.filter(|record| record["event"] == "audit").collect()
}

/// Function, code and decision of each record of this approval, oldest first.
fn told(approvals: &Approvals, asked: &Asked) -> Vec<[String; 3]> {
    let about = |line: &Value| line["record"]["unmapped"]["approval"] == asked.reference.as_str();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let told = |line: &Value| {
        let record = &line["record"];
        [text(&line["function"]), text(&record["status_code"]), text(&record["unmapped"]["decision"])]
    };
    audits(approvals).iter().filter(|line| about(line)).map(told).collect()
}

fn words(told: [&str; 3]) -> [String; 3] {
    told.map(str::to_owned)
}

#[tokio::test]
async fn an_approval_is_recorded_when_it_is_asked_for_and_when_it_is_over_and_not_while_it_waits() {
    let approvals = Approvals::start().await;
    let dave = approvals.chatting("dave").await;
    let pending = words(["ciba-initiator", "approval_pending", "allowed"]);

    let asked = approvals.ask(&dave, "add_to_group", &ADD).await;
    approvals.look(&asked).await;
    assert_eq!(told(&approvals, &asked), std::slice::from_ref(&pending), "a look at one that waits decides nothing");
    approvals.approve(&asked);
    assert_eq!(approvals.settle(&asked).await, End::Done);
    assert_eq!(told(&approvals, &asked), [pending.clone(), words(["approval-worker", "ok", "allowed"])]);
    let records = audits(&approvals);
    let (first, last) = (&records[0]["record"], &records[1]["record"]);
    assert_eq!(first["unmapped"]["arguments_hash"], last["unmapped"]["arguments_hash"]);
    assert_eq!(first["actor"]["user"]["uid"], last["actor"]["user"]["uid"]);
    assert_eq!(last["src_endpoint"]["svc_name"], "sqs.amazonaws.com");
    let okta = last["unmapped"]["reached"].as_array().unwrap().last().unwrap().clone();
    assert_eq!(okta, json!({"name": "okta", "status": 204}));
    approvals.deliver(&approvals.worker, &asked).await;
    assert_eq!(told(&approvals, &asked).len(), 2, "a message about one that is over decides nothing");

    approvals.next_minute();
    let asked = approvals.ask(&dave, "remove_from_group", &ADD).await;
    approvals.decline(&asked);
    assert_eq!(approvals.settle(&asked).await, End::Denied);
    assert_eq!(told(&approvals, &asked), [pending.clone(), words(["approval-worker", "approval_denied", "not_asked"])]);

    let asked = approvals.ask(&dave, "reset_password", &[]).await;
    assert_eq!(approvals.settle(&asked).await, End::Expired);
    assert_eq!(told(&approvals, &asked), [pending, words(["approval-worker", "approval_expired", "not_asked"])]);
    for record in audits(&approvals) {
        assert!(!record.to_string().contains("bob@example.com") && !record.to_string().contains("VPN"), "{record}");
    }
}

#[tokio::test]
async fn a_worker_that_cannot_read_the_approval_records_its_failure_once_and_of_nobody() {
    let approvals = Approvals::start().await;
    let dave = approvals.chatting("dave").await;
    let asked = approvals.ask(&dave, "add_to_group", &ADD).await;
    let effect = Effect::Answer { status: 500, headers: [].into(), body: "{}".to_owned() };
    let fault = Fault { on: "POST /GetItem".to_owned(), times: None, skip: 0, effect };
    approvals.world.laptop.stack.dynamodb.fault(fault);
    assert!(approvals.look(&asked).await, "it comes again");
    let records = audits(&approvals);
    assert_eq!(records.len(), 2);
    let record = &records[1]["record"];
    assert_eq!((&record["status_code"], &record["actor"]["user"]), (&json!("unavailable"), &Value::Null));
    assert_eq!(record["unmapped"]["approval"], asked.reference.as_str());
}

#[tokio::test]
async fn what_was_approved_and_not_done_is_recorded_with_why_and_a_question_about_it_names_it() {
    let approvals = Approvals::start().await;
    let dave = approvals.chatting("dave").await;
    let asked = approvals.ask(&dave, "add_to_group", &ADD).await;
    let stop = Tuple::new("user:*", "stopped", "agent:AGENT12345");
    assert!(approvals.world.laptop.stack.openfga.allow(STORE.0, &stop));
    approvals.approve(&asked);
    assert_eq!(approvals.settle(&asked).await, End::Failed(Code::AccessDenied));
    let records = audits(&approvals);
    let last = &records.last().unwrap()["record"];
    let told = [&last["status_code"], &last["unmapped"]["decision"], &last["status_detail"]];
    assert_eq!(told, [&json!("access_denied"), &json!("denied"), &json!("mandate: the check was answered with no")]);

    approvals.call(&dave, "check_approval", &[("approval", asked.reference.as_str())]).await;
    let records = audits(&approvals);
    let last = &records.last().unwrap()["record"];
    assert_eq!((&last["api"]["operation"], &last["status_code"]), (&json!("check_approval"), &json!("ok")));
    assert_eq!(last["unmapped"]["approval"], asked.reference.as_str());
}
