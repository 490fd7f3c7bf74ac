//! The polls, and what ends them.

use std::time::Duration;

use acceptance::{Approvals, Asked, End};
use auth::refusal::Code;
use devstack::fault::Effect;
use serde_json::json;

use super::{VPN, answer, at_auth0, delays, token_requests};

const POLL: &str = "POST /oauth/token";

/// The next look at it is when its message comes.
async fn look(approvals: &Approvals) {
    assert!(approvals.next_message(), "there is a message");
    approvals.take(&approvals.worker, Duration::from_secs(20)).await;
}

async fn asked(approvals: &Approvals) -> Asked {
    let dave = approvals.chatting("dave").await;
    approvals.ask(&dave, "add_to_group", &VPN).await
}

// C06
#[tokio::test]
async fn slow_down_makes_every_later_look_come_later() {
    let approvals = Approvals::start().await;
    let asked = asked(&approvals).await;
    let slow_down = |retry_after| answer(400, &json!({"error": "slow_down"}), retry_after);
    for (effect, delay) in [
        (None, 5),
        (Some(slow_down(None)), 10),
        (None, 10),
        (Some(slow_down(Some("17"))), 17),
        (Some(slow_down(Some("0"))), 22),
        (Some(slow_down(Some("-3"))), 27),
        (Some(slow_down(Some("soon"))), 32),
    ] {
        if let Some(effect) = effect {
            at_auth0(&approvals, POLL, effect);
        }
        look(&approvals).await;
        assert_eq!(delays(&approvals).last(), Some(&delay), "{:?}", delays(&approvals));
    }
    assert_eq!(token_requests(&approvals), 7);
    assert_eq!(approvals.end(&asked).await, None);
}

// C06
#[tokio::test]
async fn a_wish_for_ages_is_cut_to_a_minute() {
    let approvals = Approvals::start().await;
    asked(&approvals).await;
    at_auth0(&approvals, POLL, answer(429, &json!({"error": "slow_down"}), Some("1000000000000")));
    look(&approvals).await;
    assert_eq!(delays(&approvals), [5, 60]);
}

// C07
#[tokio::test]
async fn after_a_final_answer_nobody_asks_for_that_request_again() {
    let approvals = Approvals::start().await;
    let dave = approvals.chatting("dave").await;
    for (code, end) in [
        ("access_denied", End::Denied),
        ("expired_token", End::Expired),
        ("invalid_grant", End::Failed(Code::Internal)),
        ("invalid_request", End::Failed(Code::Internal)),
        ("unauthorized_client", End::Failed(Code::Internal)),
        ("transaction_failed", End::Failed(Code::Internal)),
    ] {
        approvals.forget(&dave, "add_to_group").await;
        let asked = approvals.ask(&dave, "add_to_group", &VPN).await;
        approvals.world.forget();
        approvals.approve(&asked);
        at_auth0(&approvals, POLL, answer(400, &json!({"error": code}), None));
        for _ in 0..3 {
            approvals.look(&asked).await;
        }
        assert_eq!(approvals.end(&asked).await, Some(end), "{code}");
        assert_eq!(token_requests(&approvals), 1, "{code}");
        approvals.hands.ahead(0);
    }
    assert_eq!(approvals.acts(), Vec::<String>::new());
}

// C08
#[tokio::test]
async fn somebody_elses_yes_is_a_denial() {
    let approvals = Approvals::start().await;
    let asked = asked(&approvals).await;
    let bob = devstack::sample::Person::named("bob").unwrap().sub();
    approvals.world.laptop.stack.auth0.approve_as(&asked.auth_req_id, &bob).unwrap();
    assert_eq!(approvals.settle(&asked).await, End::Denied);
    assert_eq!(approvals.acts(), Vec::<String>::new());
}

// C09
#[tokio::test]
async fn tokens_of_no_stated_scope_and_life_are_an_approval() {
    let approvals = Approvals::start().await;
    let asked = asked(&approvals).await;
    approvals.approve(&asked);
    at_auth0(&approvals, POLL, Effect::Remove(vec!["/scope".to_owned(), "/expires_in".to_owned()]));
    assert_eq!(approvals.settle(&asked).await, End::Done);
}

// C13
#[tokio::test]
async fn nobody_waits_for_the_person_a_look_that_finds_no_answer_sends_a_message_and_is_over() {
    let approvals = Approvals::start().await;
    let asked = asked(&approvals).await;
    for looks in 1..=3 {
        approvals.hands.ahead(6 * u64::try_from(looks).unwrap());
        assert!(!approvals.deliver(&approvals.worker, &asked).await, "it did not fail: waiting is normal");
        assert_eq!(approvals.world.laptop.stack.auth0.polls(&asked.auth_req_id).len(), looks);
        assert_eq!(delays(&approvals), vec![5; looks + 1]);
    }
}

// C13
#[tokio::test]
async fn what_there_is_no_time_for_is_not_begun() {
    let approvals = Approvals::start().await;
    let dave = approvals.chatting("dave").await;
    let told = approvals.call_within(Duration::from_millis(1_500), &dave, "add_to_group", &VPN).await;
    assert_eq!((told["error"].as_str(), approvals.pushes(), approvals.messages()), (Some("busy"), 0, 0), "{told}");
    let asked = approvals.ask(&dave, "add_to_group", &VPN).await;
    approvals.approve(&asked);
    assert!(approvals.next_message());
    approvals.take(&approvals.worker, Duration::from_secs(5)).await;
    assert_eq!((approvals.end(&asked).await, approvals.acts().len()), (None, 0), "not begun with five seconds left");
    look(&approvals).await;
    assert_eq!((approvals.end(&asked).await, approvals.acts().len()), (Some(End::Done), 1));
    assert_eq!(approvals.world.laptop.stack.auth0.polls(&asked.auth_req_id).len(), 1, "the yes was kept");
}
