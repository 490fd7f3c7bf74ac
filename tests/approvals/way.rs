//! The way of each tool, and what the person is told on it.

use acceptance::{Approvals, End};
use serde_json::{Value, json};

const VPN: [(&str, &str); 2] = [("user", "bob@example.com"), ("group", "VPN users")];
const BOB: [(&str, &str); 1] = [("user", "bob@example.com")];

#[tokio::test]
async fn an_approved_unlock_is_done_once_as_the_person_and_told_so() {
    let approvals = Approvals::start().await;
    let carol = approvals.chatting("carol").await;
    let okta = &approvals.world.laptop.stack.okta;
    okta.set_status("bob@example.com", devstack::okta::Status::LockedOut);
    let asked = approvals.ask(&carol, "unlock_user", &BOB).await;
    assert_eq!((approvals.pushes(), approvals.messages(), okta.double.requests()), (1, 1, 0));
    let waiting = approvals.call(&carol, "check_approval", &[("approval", asked.reference.as_str())]).await;
    assert_eq!(waiting["error"], "approval_pending");
    assert_eq!(waiting["approval"]["code"], asked.code.as_str());
    approvals.approve(&asked);
    assert!(!approvals.look(&asked).await, "the message is done with");
    assert_eq!(approvals.acts(), ["unlock 00u1bob"]);
    assert_eq!(okta.callers(), ["carol@example.com"; 2], "a look-up and the act");
    let told = approvals.call(&carol, "check_approval", &[("approval", asked.reference.as_str())]).await;
    assert_eq!(told["status"], "done");
    assert_eq!(told["message"], "The Okta account of bob@example.com is unlocked.");
    assert_eq!(told["approval"]["code"].as_str(), Some(asked.code.as_str()));
    assert_eq!(told["tool"], "unlock_user");
}

#[tokio::test]
async fn members_come_and_go_by_two_approvals() {
    let approvals = Approvals::start().await;
    let dave = approvals.chatting("dave").await;
    for tool in ["add_to_group", "remove_from_group"] {
        let asked = approvals.ask(&dave, tool, &VPN).await;
        approvals.approve(&asked);
        assert_eq!(approvals.settle(&asked).await, End::Done, "{tool}");
    }
    let acts = approvals.acts();
    assert_eq!(acts.len(), 2, "{acts:?}");
    assert!(acts[0].starts_with("add 00u1bob ") && acts[1].starts_with("remove 00u1bob "), "{acts:?}");
}

#[tokio::test]
async fn a_simulated_reset_says_that_nothing_was_changed_and_changes_nothing() {
    let approvals = Approvals::start().await;
    let alice = approvals.chatting("alice").await;
    let body = approvals.call(&alice, "reset_password", &[]).await;
    assert!(body["message"].as_str().unwrap().contains("changes nothing"), "{body}");
    let asked = approvals.chatting("carol").await;
    let asked = approvals.ask(&asked, "reset_password", &[]).await;
    approvals.approve(&asked);
    assert_eq!(approvals.settle(&asked).await, End::Done);
    assert_eq!(approvals.acts(), Vec::<String>::new());
    assert_eq!(approvals.world.laptop.stack.okta.double.requests(), 0, "Okta is not even asked");
}

#[tokio::test]
async fn a_real_reset_is_made_by_whoever_has_the_right_and_names_it_to_everybody_else() {
    let okta = [("approval-worker", "PASSWORD_RESET", "okta"), ("ciba-initiator", "PASSWORD_RESET", "okta")];
    let approvals = Approvals::start_with(&okta).await;
    let carol = approvals.chatting("carol").await;
    let asked = approvals.ask(&carol, "reset_password", &[]).await;
    approvals.approve(&asked);
    assert_eq!(approvals.settle(&asked).await, End::Done);
    assert_eq!(approvals.acts(), ["reset_password 00u1carol"]);
    let alice = approvals.chatting("alice").await;
    let asked = approvals.ask(&alice, "reset_password", &[]).await;
    approvals.approve(&asked);
    assert_eq!(approvals.settle(&asked).await, End::Failed(auth::refusal::Code::AccessDenied));
    let told = approvals.call(&alice, "check_approval", &[("approval", asked.reference.as_str())]).await;
    let message = told["message"].as_str().unwrap();
    assert!(message.contains("help desk administrator"), "{message}");
    assert_eq!(approvals.acts().len(), 1);
}

#[tokio::test]
async fn a_missing_role_at_okta_is_named_and_nothing_is_changed() {
    let approvals = Approvals::start().await;
    let carol = approvals.chatting("carol").await;
    let asked = approvals.ask(&carol, "add_to_group", &VPN).await;
    approvals.approve(&asked);
    assert_eq!(approvals.settle(&asked).await, End::Failed(auth::refusal::Code::AccessDenied));
    let told = approvals.call(&carol, "check_approval", &[("approval", asked.reference.as_str())]).await;
    assert_eq!((told["status"].as_str(), told["reason"].as_str()), (Some("failed"), Some("access_denied")));
    assert!(told["message"].as_str().unwrap().contains("group administrator"), "{told}");
    assert_eq!(approvals.acts(), Vec::<String>::new());
}

#[tokio::test]
async fn a_denial_and_an_expiry_read_differently_and_change_nothing() {
    let approvals = Approvals::start().await;
    let dave = approvals.chatting("dave").await;
    let declined = approvals.ask(&dave, "add_to_group", &VPN).await;
    approvals.decline(&declined);
    assert_eq!(approvals.settle(&declined).await, End::Denied);
    let ignored = approvals.ask(&dave, "remove_from_group", &VPN).await;
    assert_eq!(approvals.settle(&ignored).await, End::Expired);
    for (asked, error, words) in
        [(&declined, "approval_denied", "was declined"), (&ignored, "approval_expired", "had reached us in time")]
    {
        let told = approvals.call(&dave, "check_approval", &[("approval", asked.reference.as_str())]).await;
        assert_eq!(told["error"], error);
        assert!(told["message"].as_str().unwrap().contains(words), "{told}");
    }
    assert_eq!(approvals.acts(), Vec::<String>::new());
}

#[tokio::test]
async fn the_chat_goes_on_while_a_request_waits() {
    let approvals = Approvals::start().await;
    let carol = approvals.chatting("carol").await;
    approvals.ask(&carol, "unlock_user", &BOB).await;
    let other = approvals.ask(&carol, "reset_password", &[]).await;
    let listed = approvals.call(&carol, "list_approvals", &[]).await;
    assert_eq!(listed["count"], 2);
    let lines: Vec<&str> = listed["approvals"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    assert!(
        lines.iter().any(|line| line.starts_with(&format!("{} reset_password: pending, ", other.code))),
        "{lines:?}"
    );
    assert_eq!(approvals.call(&carol, "list_approvals", &[]).await["truncated"], json!(false));
}

#[tokio::test]
async fn nobody_learns_of_somebody_elses_requests() {
    let approvals = Approvals::start().await;
    let (carol, alice) = (approvals.chatting("carol").await, approvals.chatting("alice").await);
    let asked = approvals.ask(&carol, "unlock_user", &BOB).await;
    let reference = [("approval", asked.reference.as_str())];
    let hers = approvals.call(&alice, "check_approval", &reference).await;
    let never = approvals.call(&alice, "check_approval", &[("approval", "AAAAAAAAAAAAAAAA")]).await;
    assert_eq!((hers["error"].as_str(), &hers["message"]), (Some("invalid_input"), &never["message"]));
    assert_eq!(approvals.call(&alice, "list_approvals", &[]).await["count"], 0);
    approvals.approve(&asked);
    approvals.settle(&asked).await;
    let hers = approvals.call(&alice, "check_approval", &reference).await;
    assert_eq!(hers["message"], never["message"], "and not of their end either");
}

#[tokio::test]
async fn reading_ones_requests_asks_nobody_but_the_table() {
    let approvals = Approvals::start().await;
    let carol = approvals.chatting("carol").await;
    let asked = approvals.ask(&carol, "unlock_user", &BOB).await;
    approvals.world.forget();
    approvals.call(&carol, "check_approval", &[("approval", asked.reference.as_str())]).await;
    approvals.call(&carol, "list_approvals", &[]).await;
    let counts = approvals.world.counts();
    assert_eq!((counts.lambda, counts.checks, counts.auth0_tokens, counts.okta), (0, 0, 0, 0), "{counts:?}");
    assert_eq!(approvals.pushes(), 1);
}

#[tokio::test]
async fn a_change_of_ones_own_account_is_made_to_the_account_of_that_login_and_no_other() {
    let approvals = Approvals::start().await;
    let dave = approvals.chatting("dave").await;
    let asked = approvals.ask(&dave, "add_to_group", &[("user", "Dave@example.com"), VPN[1]]).await;
    approvals.approve(&asked);
    assert_eq!(approvals.settle(&asked).await, End::Done);
    let log = approvals.world.laptop.stack.okta.double.log();
    let looked_up: Vec<&String> = log.iter().filter(|line| line.starts_with("GET /api/v1/users/")).collect();
    assert!(
        looked_up.iter().all(|line| line.contains("dave@example.com")),
        "not whoever the token is of: {looked_up:?}"
    );
    assert!(approvals.acts()[0].starts_with("add 00u1dave "), "{:?}", approvals.acts());
}

#[tokio::test]
async fn a_yes_to_a_simulation_is_none_to_a_real_reset() {
    let approvals = Approvals::start_with(&[("approval-worker", "PASSWORD_RESET", "okta")]).await;
    let carol = approvals.chatting("carol").await;
    let asked = approvals.ask(&carol, "reset_password", &[]).await;
    approvals.approve(&asked);
    assert_eq!(approvals.settle(&asked).await, End::Failed(auth::refusal::Code::Internal));
    assert_eq!(approvals.acts(), Vec::<String>::new());
}
