//! The functions' own processes, called by the queue: the whole way, a worker that is killed, a message that is none.

use std::process::Command;
use std::time::Duration;

use acceptance::{Approvals, Chatting, End, body_of};
use devstack::auth0::Lifetimes;
use devstack::fault::{Effect, Fault};
use devstack::okta::Status;
use devstack::stack::{APPROVAL_DEAD_LETTERS, APPROVAL_QUEUE, APPROVAL_RECEIVES, APPROVAL_VISIBILITY_SECONDS};
use serde_json::{Value, json};
use tokio::time::Instant;
use url::Url;

const BOB: (&str, &str) = ("user", "bob@example.com");

/// The functions are up, the queue calls the worker, and the provider may be asked every second.
async fn start() -> Approvals {
    let mut approvals = Approvals::start().await;
    let laptop = &mut approvals.world.laptop;
    laptop.stack.auth0.set_lifetimes(Lifetimes { ciba_interval: 1, ..Lifetimes::default() });
    laptop.stack.okta.set_status("bob@example.com", Status::LockedOut);
    for function in ["ciba-initiator", "approval-worker"] {
        laptop.stack.lambda.warm(function).await.unwrap();
    }
    laptop.attach_worker().unwrap();
    approvals
}

/// A call of the agent's, over Lambda.
async fn call(approvals: &Approvals, who: &Chatting, tool: &str, (name, value): (&str, &str)) -> Value {
    let event = approvals.world.call(who).of_change(tool).with(name, value);
    body_of(&approvals.world.invoke("ciba-initiator", &event.0).await)
}

/// The records of this kind in the worker's log.
fn logged(approvals: &Approvals, event: &str) -> Vec<Value> {
    let lines = approvals.world.laptop.stack.lambda.logs("approval-worker");
    let records = lines.iter().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    records.filter(|record| record["event"] == event).collect()
}

/// Presses a button on the page of somebody's phone.
async fn press(approvals: &Approvals, who: &Chatting, button: &str) {
    let laptop = &approvals.world.laptop;
    let until = Instant::now() + Duration::from_secs(5);
    let page = Url::parse(&laptop.stack.auth0.phone(&who.person.sub())).unwrap();
    let shown = laptop.transport.get(page.clone()).send(until).await.unwrap();
    let shown = String::from_utf8_lossy(shown.body()).into_owned();
    let notice = shown.split("name=\"notice\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    let answer = page.join("/phone/answer").unwrap();
    let pressed = laptop.transport.post(answer).form(&[("notice", notice), ("answer", button)]).send(until).await;
    assert_eq!(pressed.unwrap().status(), 303, "back to the page");
}

#[tokio::test]
async fn what_is_approved_on_the_phones_page_is_done_by_the_worker_that_the_queue_calls() {
    let approvals = start().await;
    let carol = approvals.chatting("carol").await;
    let asked = call(&approvals, &carol, "unlock_user", BOB).await;
    assert_eq!(asked["error"], "approval_pending", "{asked}");
    press(&approvals, &carol, "approve").await;
    let sqs = &approvals.world.laptop.stack.sqs;
    sqs.advance(5);
    sqs.until(APPROVAL_QUEUE, |counts| counts.total() == 0).await;
    let reference = ("approval", asked["approval"]["reference"].as_str().unwrap());
    let told = call(&approvals, &carol, "check_approval", reference).await;
    assert_eq!((told["status"].as_str(), told["tool"].as_str()), (Some("done"), Some("unlock_user")), "{told}");
    assert_eq!(approvals.acts(), ["unlock 00u1bob"]);
    let done: Vec<Value> =
        logged(&approvals, "outcome").into_iter().filter(|record| record["cause"] == "worker: done").collect();
    assert_eq!(done.len(), 1);
    assert_eq!(done[0]["approval"].as_str(), Some(reference.1));
    assert_eq!((done[0]["code"].as_str(), done[0]["tool"].as_str()), (Some("ok"), Some("unlock_user")));
}

#[tokio::test]
async fn what_a_killed_worker_was_doing_is_unknown_after_its_lease_and_never_done_again() {
    let mut approvals = start().await;
    let carol = approvals.chatting("carol").await;
    let stack = &approvals.world.laptop.stack;
    let [worker] = stack.lambda.processes("approval-worker")[..] else { panic!("one process is up") };
    let on = "POST /api/v1/users/".to_owned();
    stack.okta.double.fault(Fault { on, times: Some(1), skip: 0, effect: Effect::HangAfter });
    let body = call(&approvals, &carol, "unlock_user", BOB).await;
    let asked = approvals.asked_by(&carol, "unlock_user", &body);
    approvals.approve(&asked);
    stack.sqs.advance(5);
    approvals.world.until(|_| stack.okta.acts().len() == 1).await;
    assert!(Command::new("kill").args(["-9", &worker.to_string()]).status().unwrap().success());
    let batches = approvals.world.laptop.worker.as_ref().unwrap();
    let failed = |count: usize| batches.batches().iter().filter(|batch| batch.reason.is_some()).count() == count;
    approvals.world.until(|_| failed(1)).await;
    assert_eq!(approvals.end(&asked).await, None, "nobody has said anything yet");
    let before = logged(&approvals, "outcome").len();
    stack.sqs.advance(APPROVAL_VISIBILITY_SECONDS);
    approvals.world.until(|_| logged(&approvals, "outcome").len() > before).await;
    assert_eq!((approvals.end(&asked).await, approvals.acts().len()), (None, 1), "its lease is not over");
    approvals.world.laptop.worker = None;
    approvals.hands.ahead(40);
    approvals.deliver(&approvals.worker, &asked).await;
    assert_eq!(approvals.end(&asked).await, Some(End::Unknown));
    let records: Vec<Value> = approvals.logged().iter().filter_map(|line| serde_json::from_str(line).ok()).collect();
    let deeds = records.iter().filter_map(|record| record.pointer("/record/unmapped/deed")?.as_str());
    assert_eq!(deeds.collect::<Vec<_>>(), ["unknown"], "its record says no more than is known");
    approvals.deliver(&approvals.worker, &asked).await;
    assert_eq!(approvals.acts(), ["unlock 00u1bob"]);
}

#[tokio::test]
async fn a_message_that_is_none_is_given_up_after_its_receives_and_each_of_them_is_in_the_log() {
    let approvals = start().await;
    let laptop = &approvals.world.laptop;
    let body = json!({"QueueUrl": laptop.stack.sqs.queue_url(APPROVAL_QUEUE), "MessageBody": "unlock bob, please"});
    let call = laptop.transport.post(Url::parse(&laptop.stack.sqs.double.url()).unwrap()).json(&body);
    let call = call.header("x-amz-target".parse().unwrap(), "AmazonSQS.SendMessage");
    assert_eq!(call.send(Instant::now() + Duration::from_secs(5)).await.unwrap().status(), 200);
    let (sqs, worker) = (&laptop.stack.sqs, laptop.worker.as_ref().unwrap());
    for receives in 1..=APPROVAL_RECEIVES {
        worker.until(usize::try_from(receives).unwrap()).await;
        sqs.advance(APPROVAL_VISIBILITY_SECONDS);
    }
    sqs.until(APPROVAL_DEAD_LETTERS, |counts| counts.total() == 1).await;
    assert_eq!((sqs.counts(APPROVAL_QUEUE).total(), sqs.dead_letters(APPROVAL_QUEUE).len()), (0, 1));
    let outcomes = logged(&approvals, "outcome");
    let causes: Vec<&str> = outcomes.iter().map(|record| record["cause"].as_str().unwrap()).collect();
    let wanted: Vec<String> =
        (1..=APPROVAL_RECEIVES).map(|times| format!("worker: not an approval's key, delivery {times}")).collect();
    assert_eq!(causes, wanted);
    assert!(outcomes.iter().all(|record| record["code"] == "invalid_input"));
    assert_eq!(approvals.acts(), Vec::<String>::new());
}
