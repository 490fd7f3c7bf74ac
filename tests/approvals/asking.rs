//! What the function that asks does before and instead of a push.

use std::time::Duration;

use acceptance::Approvals;
use devstack::fault::{Effect, Fault};
use serde_json::Value;

const VPN: [(&str, &str); 2] = [("user", "bob@example.com"), ("group", "VPN users")];

fn messages(approvals: &Approvals) -> Vec<String> {
    approvals
        .world
        .laptop
        .stack
        .sqs
        .sent(devstack::stack::APPROVAL_QUEUE)
        .iter()
        .map(|sent| sent.body.clone())
        .collect()
}

#[tokio::test]
async fn the_answer_says_what_on_what_for_whom_and_the_code_that_the_phone_shows() {
    let approvals = Approvals::start().await;
    let dave = approvals.chatting("dave").await;
    let body = approvals.call(&dave, "add_to_group", &VPN).await;
    let (message, code) = (body["message"].as_str().unwrap(), body["approval"]["code"].as_str().unwrap());
    // The seconds between the question and the push are the person's loss.
    let left = body["approval"]["expires_in_seconds"].as_u64().unwrap();
    assert!((100..=120).contains(&left), "{body}");
    let within = format!("within {left} seconds");
    for part in ["Adding bob@example.com", "\"VPN users\"", "for dave@example.com", code, &within] {
        assert!(message.contains(part), "{part}: {message}");
    }
    let phone = approvals.world.laptop.stack.auth0.pending(&dave.person.sub());
    assert_eq!(phone[0].binding_message, format!("Add to a group {code}"));
    assert!((left..=120).contains(&phone[0].requested_expiry), "{}", phone[0].requested_expiry);
}

#[tokio::test]
async fn the_queue_gets_the_approvals_key_and_nothing_else() {
    let approvals = Approvals::start().await;
    let dave = approvals.chatting("dave").await;
    let asked = approvals.ask(&dave, "add_to_group", &VPN).await;
    let sent = messages(&approvals);
    let body: Value = serde_json::from_str(&sent[0]).unwrap();
    let names: Vec<&str> = body.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!((sent.len(), names), (1, vec!["person", "reference", "tool"]));
    assert_eq!(body["person"].as_str(), Some(asked.person.as_str()));
    assert!(!sent[0].contains("bob") && !sent[0].contains(&asked.auth_req_id));
}

#[tokio::test]
async fn asking_again_for_the_same_is_the_same_request_and_sends_nothing() {
    let approvals = Approvals::start().await;
    let dave = approvals.chatting("dave").await;
    let asked = approvals.ask(&dave, "add_to_group", &VPN).await;
    let again = approvals.call(&dave, "add_to_group", &VPN).await;
    assert_eq!(again["error"], "approval_pending");
    assert_eq!(again["approval"]["reference"].as_str(), Some(asked.reference.as_str()));
    assert_eq!((approvals.pushes(), approvals.messages()), (1, 1));
}

// C11
#[tokio::test]
async fn changed_arguments_need_an_approval_of_their_own_and_wait_for_the_first() {
    let approvals = Approvals::start().await;
    let dave = approvals.chatting("dave").await;
    let asked = approvals.ask(&dave, "add_to_group", &VPN).await;
    let other = [("user", "carol@example.com"), ("group", "VPN users")];
    let busy = approvals.call(&dave, "add_to_group", &other).await;
    assert_eq!((busy["error"].as_str(), approvals.pushes()), (Some("busy"), 1));
    assert!(busy["message"].as_str().unwrap().contains(&asked.code), "{busy}");
    approvals.approve(&asked);
    approvals.settle(&asked).await;
    assert!(approvals.acts().iter().all(|act| act.starts_with("add 00u1bob ")), "{:?}", approvals.acts());
    let theirs = approvals.ask(&dave, "add_to_group", &other).await;
    assert_ne!(theirs.code, asked.code);
    assert_eq!((approvals.pushes(), approvals.acts().len()), (2, 1), "asked, and not done");
}

// C12
#[tokio::test]
async fn the_fourth_start_in_a_minute_is_told_to_wait_without_a_push() {
    let approvals = Approvals::start().await;
    let dave = approvals.chatting("dave").await;
    approvals.start_of_a_minute();
    for _ in 0..3 {
        let asked = approvals.ask(&dave, "add_to_group", &VPN).await;
        approvals.end_as_expired(&asked).await;
    }
    let busy = approvals.call(&dave, "add_to_group", &VPN).await;
    assert_eq!((busy["error"].as_str(), approvals.pushes()), (Some("busy"), 3));
    assert!((1..=60).contains(&busy["retry_after_seconds"].as_u64().unwrap()), "{busy}");
}

// C15
#[tokio::test]
async fn after_a_denial_the_model_cannot_ask_again_at_once() {
    let approvals = Approvals::start().await;
    let dave = approvals.chatting("dave").await;
    approvals.start_of_a_minute();
    let asked = approvals.ask(&dave, "add_to_group", &VPN).await;
    approvals.decline(&asked);
    approvals.deliver_due(&asked).await;
    for args in [VPN, [("user", "carol@example.com"), ("group", "VPN users")]] {
        let refused = approvals.call(&dave, "add_to_group", &args).await;
        assert_eq!(refused["error"], "approval_denied");
        assert!(refused["message"].as_str().unwrap().contains("declined this a moment ago"), "{refused}");
    }
    assert_eq!(approvals.pushes(), 1);
    approvals.next_minute();
    approvals.ask(&dave, "add_to_group", &VPN).await;
}

#[tokio::test]
async fn a_second_delivery_of_the_same_call_never_sends_a_second_push() {
    let approvals = Approvals::start().await;
    let dave = approvals.chatting("dave").await;
    let first = approvals.call_again("one-request", &dave, "add_to_group", &VPN).await;
    let second = approvals.call_again("one-request", &dave, "add_to_group", &VPN).await;
    assert_eq!(first["approval"]["reference"], second["approval"]["reference"]);
    let asked = approvals.asked_by(&dave, "add_to_group", &first);
    approvals.approve(&asked);
    approvals.settle(&asked).await;
    let third = approvals.call_again("one-request", &dave, "add_to_group", &VPN).await;
    assert_eq!(
        (third["status"].as_str(), third["approval"]["reference"].as_str()),
        (Some("done"), Some(asked.reference.as_str()))
    );
    assert_eq!((approvals.pushes(), approvals.acts().len()), (1, 1));
}

#[tokio::test]
async fn whoever_may_not_is_not_asked_on_their_phone() {
    let approvals = Approvals::start().await;
    let bob = approvals.chatting("bob").await;
    for (tool, args) in [("reset_password", vec![]), ("add_to_group", VPN.to_vec()), ("unlock_user", vec![VPN[0]])] {
        assert_eq!(approvals.call(&bob, tool, &args).await["error"], "access_denied", "{tool}");
    }
    assert_eq!((approvals.pushes(), approvals.messages()), (0, 0));
    assert_eq!(approvals.world.laptop.stack.okta.double.requests(), 0);
}

#[tokio::test]
async fn without_an_enrolled_phone_the_remedy_is_named_and_the_request_is_over() {
    let approvals = Approvals::start().await;
    let dave = approvals.chatting("dave").await;
    approvals.world.laptop.stack.auth0.set_enrolled(&dave.person.sub(), false);
    let refused = approvals.call(&dave, "add_to_group", &VPN).await;
    assert_eq!((refused["error"].as_str(), approvals.pushes()), (Some("access_denied"), 0));
    assert!(refused["message"].as_str().unwrap().contains("enrol a device"), "{refused}");
    assert_eq!(approvals.call(&dave, "list_approvals", &[]).await["count"], 0);
}

#[tokio::test]
async fn without_the_queue_no_push_goes_out() {
    let approvals = Approvals::start().await;
    let dave = approvals.chatting("dave").await;
    let effect = Effect::Answer { status: 500, headers: [].into(), body: String::new() };
    let fault = Fault { on: "POST /SendMessage".to_owned(), times: None, skip: 0, effect };
    approvals.world.laptop.stack.sqs.fault(fault);
    let refused = approvals.call(&dave, "add_to_group", &VPN).await;
    assert_eq!((refused["error"].as_str(), approvals.pushes()), (Some("unavailable"), 0));
    assert_eq!(approvals.call(&dave, "list_approvals", &[]).await["count"], 0, "and the place is free");
}

#[tokio::test]
async fn a_request_of_another_session_is_not_presented_as_this_ones() {
    let approvals = Approvals::start().await;
    let (here, there) = (approvals.chatting("dave").await, approvals.chatting("dave").await);
    let asked = approvals.ask(&here, "add_to_group", &VPN).await;
    let busy = approvals.call(&there, "add_to_group", &VPN).await;
    assert_eq!((busy["error"].as_str(), approvals.pushes()), (Some("busy"), 1));
    assert!(busy["message"].as_str().unwrap().contains(&asked.code), "{busy}");
}

#[tokio::test]
async fn when_it_is_not_known_whether_the_push_went_out_no_second_one_does() {
    let approvals = Approvals::start().await;
    let dave = approvals.chatting("dave").await;
    let effect = Effect::AnswerAfter { status: 500, body: String::new() };
    let fault = Fault { on: "POST /bc-authorize".to_owned(), times: Some(1), skip: 0, effect };
    approvals.world.laptop.stack.auth0.double.fault(fault);
    let unknown = approvals.call(&dave, "add_to_group", &VPN).await;
    assert_eq!((unknown["error"].as_str(), approvals.pushes()), (Some("unavailable"), 1));
    assert!(unknown["message"].as_str().unwrap().contains("please decline it"), "{unknown}");
    let again = approvals.call(&dave, "add_to_group", &VPN).await;
    assert_eq!((again["error"].as_str(), approvals.pushes()), (Some("approval_pending"), 1));
    assert!(again["message"].as_str().unwrap().contains("not known yet"), "{again}");
    approvals.hands.ahead(151);
    let approval = again["approval"]["reference"].as_str().unwrap();
    let told = approvals.call(&dave, "check_approval", &[("approval", approval)]).await;
    assert_eq!((told["status"].as_str(), told["reason"].as_str()), (Some("failed"), Some("unavailable")));
    assert_eq!(approvals.acts(), Vec::<String>::new());
}

#[tokio::test]
async fn a_queue_that_does_not_answer_leaves_the_time_to_write_down_that_nobody_was_asked() {
    let approvals = Approvals::start().await;
    let dave = approvals.chatting("dave").await;
    let fault = Fault { on: "POST /SendMessage".to_owned(), times: None, skip: 0, effect: Effect::Hang };
    approvals.world.laptop.stack.sqs.fault(fault);
    let (on, effect) = ("POST /TransactWriteItems".to_owned(), Effect::Delay { ms: 100 });
    approvals.world.laptop.stack.dynamodb.fault(Fault { on, times: None, skip: 1, effect });
    let refused = approvals.call_within(Duration::from_millis(2_500), &dave, "add_to_group", &VPN).await;
    assert_eq!((refused["error"].as_str(), approvals.pushes()), (Some("unavailable"), 0), "{refused}");
    assert_eq!(approvals.call(&dave, "list_approvals", &[]).await["count"], 0, "the place is free");
}
