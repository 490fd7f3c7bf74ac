//! The request, and what follows if it is refused.

use std::collections::BTreeMap;
use std::time::Duration;

use acceptance::{Approvals, End};
use devstack::fault::Effect;
use serde_json::{Value, json};

use super::{VPN, answer, at_auth0, delays, token_requests};

const START: &str = "POST /bc-authorize";

// C02
#[tokio::test]
async fn the_phone_shows_a_text_of_ours_that_no_two_requests_share_and_the_chat_shows_its_code() {
    let approvals = Approvals::start().await;
    let dave = approvals.chatting("dave").await;
    let mut messages = Vec::new();
    for (tool, user) in [("add_to_group", "bob"), ("remove_from_group", "bob"), ("add_to_group", "carol")] {
        let user = format!("{user}@example.com");
        let body = approvals.call(&dave, tool, &[("user", &user), VPN[1]]).await;
        let code = body["approval"]["code"].as_str().unwrap();
        assert!(body["message"].as_str().unwrap().contains(code), "{body}");
        let phone = approvals.world.laptop.stack.auth0.pending(&dave.person.sub());
        let message = phone.last().unwrap().binding_message.clone();
        let allowed = |letter: char| letter.is_ascii_alphanumeric() || " +-_.,:#".contains(letter);
        assert!(message.len() <= 64 && message.chars().all(allowed) && message.ends_with(code), "{message}");
        assert!(!message.contains("example") && !message.contains("VPN"), "the caller wrote on the phone: {message}");
        messages.push(message);
        let asked = approvals.asked_by(&dave, tool, &body);
        approvals.end_as_expired(&asked).await;
    }
    messages.sort();
    messages.dedup();
    assert_eq!(messages.len(), 3, "{messages:?}");
}

// C04, C14
#[tokio::test]
async fn after_a_start_that_failed_nobody_polls() {
    let approvals = Approvals::start().await;
    let dave = approvals.chatting("dave").await;
    let refused = |code: &str| answer(400, &json!({"error": code}), None);
    let without = |member: &str| Effect::Remove(vec![member.to_owned()]);
    for (name, effect) in [
        ("invalid_request", refused("invalid_request")),
        ("unknown_user_id", refused("unknown_user_id")),
        ("unauthorized_client", refused("unauthorized_client")),
        ("invalid_binding_message", refused("invalid_binding_message")),
        ("access_denied", refused("access_denied")),
        ("a code of next year", refused("a_code_of_next_year")),
        ("429", answer(429, &Value::Null, Some("7"))),
        ("500", answer(500, &Value::Null, None)),
        ("no connection", Effect::Reset),
        ("no auth_req_id", without("/auth_req_id")),
        ("no expires_in", without("/expires_in")),
    ] {
        at_auth0(&approvals, START, effect);
        let told = approvals.call(&dave, "add_to_group", &VPN).await;
        assert!(told["error"].is_string() && told["error"] != "approval_pending", "{name}: {told}");
        while approvals.next_message() {
            approvals.take(&approvals.worker, Duration::from_secs(20)).await;
        }
        assert_eq!(approvals.call(&dave, "list_approvals", &[]).await["count"], 0, "{name}: it is over");
        approvals.hands.ahead(0);
        approvals.forget(&dave, "add_to_group").await;
    }
    let starts = approvals.world.laptop.stack.auth0.double.requests_to(START);
    assert_eq!((starts, token_requests(&approvals)), (11, 0), "each was sent once");
}

// C04, C05
#[tokio::test]
async fn without_an_interval_the_first_poll_waits_for_five_seconds() {
    let approvals = Approvals::start().await;
    let dave = approvals.chatting("dave").await;
    at_auth0(&approvals, START, Effect::Remove(vec!["/interval".to_owned()]));
    let asked = approvals.ask(&dave, "add_to_group", &VPN).await;
    approvals.approve(&asked);
    approvals.hands.ahead(3);
    approvals.deliver(&approvals.worker, &asked).await;
    assert_eq!((token_requests(&approvals), delays(&approvals).len()), (0, 2), "it is looked at again later");
    approvals.hands.ahead(5);
    approvals.deliver(&approvals.worker, &asked).await;
    assert_eq!(approvals.end(&asked).await, Some(End::Done));
}

// C05
#[tokio::test]
async fn with_an_interval_of_31_seconds_nobody_polls_before_they_are_over() {
    let approvals = Approvals::start().await;
    let dave = approvals.chatting("dave").await;
    at_auth0(&approvals, START, Effect::Patch(BTreeMap::from([("/interval".to_owned(), json!(31))])));
    let asked = approvals.ask(&dave, "add_to_group", &VPN).await;
    approvals.approve(&asked);
    for seconds in [0, 5, 6, 15, 25] {
        approvals.hands.ahead(seconds);
        assert!(!approvals.deliver(&approvals.worker, &asked).await, "the message is done with");
        assert_eq!(token_requests(&approvals), 0, "after {seconds} seconds");
    }
    let delays = delays(&approvals);
    let later = &delays[1..];
    assert!(later.len() == 5 && later.iter().all(|delay| (1..=31).contains(delay)), "{delays:?}");
    assert!(later.is_sorted_by(|one, next| one >= next), "each is the time that is left: {delays:?}");
    approvals.hands.ahead(31);
    approvals.deliver(&approvals.worker, &asked).await;
    assert_eq!(approvals.end(&asked).await, Some(End::Done));
}
