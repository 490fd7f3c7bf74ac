//! People who sign out, and people and agents that are stopped, while an approval is on the phone.

use std::time::Duration;

use acceptance::{Approvals, Asked, Chatting, End};
use auth::id::AgentId;
use auth::refusal::Code;
use devstack::fault::{Effect, Fault};
use devstack::openfga::Tuple;
use devstack::stack::STORE;
use tokio::time::Instant;
use tool::stopping::{Patience, Token};
use upstream_aws::Holder;

const VPN: [(&str, &str); 2] = [("user", "bob@example.com"), ("group", "VPN users")];

async fn asked() -> (Approvals, Chatting, Asked) {
    let approvals = Approvals::start().await;
    let dave = approvals.chatting("dave").await;
    let asked = approvals.ask(&dave, "add_to_group", &VPN).await;
    (approvals, dave, asked)
}

const SOON: Duration = Duration::from_secs(5);
const PATIENCE: Patience = Patience { rows: SOON, approvals: SOON, tokens: SOON };

#[tokio::test]
async fn a_person_or_an_agent_that_is_stopped_while_it_waits_is_refused_when_the_worker_asks_again() {
    for agent in [false, true] {
        let (approvals, dave, asked) = asked().await;
        let tuple = if agent {
            Tuple::new("user:*", "stopped", "agent:AGENT12345")
        } else {
            Tuple::new(&format!("user:{}", dave.signed.subject.encoded()), "stopped", "agent:every")
        };
        assert!(approvals.world.laptop.stack.openfga.allow(STORE.0, &tuple));
        approvals.approve(&asked);
        assert_eq!(approvals.settle(&asked).await, End::Failed(Code::AccessDenied), "agent: {agent}");
        assert_eq!(approvals.acts(), Vec::<String>::new());
        assert_eq!(approvals.world.laptop.stack.okta.double.requests(), 0, "Okta is not even asked");
    }
}

#[tokio::test]
async fn a_stop_ends_what_waits_and_a_yes_comes_too_late() {
    for agent in [false, true] {
        let (approvals, dave, asked) = asked().await;
        let id = AgentId::parse("AGENT12345").unwrap();
        let whose = if agent { Holder::Agent(&id) } else { Holder::Person(&dave.signed.subject) };
        let stopped = approvals.world.laptop.stopping.stop(whose, PATIENCE).await;
        assert_eq!(stopped.sessions.len(), 1);
        let ended: Vec<&str> = stopped.approvals.ended.iter().map(|open| open.reference.as_str()).collect();
        assert_eq!((ended, stopped.approvals.problem), (vec![asked.reference.as_str()], None));
        approvals.approve(&asked);
        assert!(!approvals.look(&asked).await, "the message is done with");
        assert_eq!(approvals.settle(&asked).await, End::Failed(Code::AccessDenied));
        assert_eq!(approvals.acts(), Vec::<String>::new());
    }
}

#[tokio::test]
async fn a_sign_out_ends_what_its_session_asked_for_and_a_yes_comes_too_late() {
    let (approvals, dave, asked) = asked().await;
    let elsewhere = approvals.chatting("dave").await;
    let other = approvals.ask(&elsewhere, "reset_password", &[]).await;
    let out = approvals.world.laptop.sign_out(&dave.signed).await;
    assert_eq!((out.approvals.ended.len(), out.approvals.problem), (1, None));
    approvals.approve(&asked);
    assert_eq!(approvals.settle(&asked).await, End::Failed(Code::AuthRequired));
    assert_eq!(approvals.acts(), Vec::<String>::new());
    approvals.approve(&other);
    assert_eq!(approvals.settle(&other).await, End::Done, "what another session asked for goes on");
}

#[tokio::test]
async fn while_auth0_hangs_every_session_goes_and_every_approval_ends_all_the_same() {
    let (approvals, dave, asked) = asked().await;
    let elsewhere = approvals.chatting("dave").await;
    let laptop = &approvals.world.laptop;
    let on = "POST /oauth/revoke".to_owned();
    laptop.stack.auth0.double.fault(Fault { on, times: None, skip: 0, effect: Effect::Hang });
    let patience = Patience { tokens: Duration::from_millis(200), ..PATIENCE };
    let stopped = laptop.stopping.stop(Holder::Person(&dave.signed.subject), patience).await;
    assert_eq!((stopped.unfound, stopped.approvals.problem), (None, None));
    assert_eq!(stopped.approvals.ended.len(), 1);
    assert_eq!(stopped.sessions.len(), 2);
    assert!(stopped.sessions.iter().all(|session| session.deleted.is_ok()));
    assert!(stopped.sessions.iter().all(|session| matches!(session.token, Token::Failed(_))));
    for gone in [&dave, &elsewhere] {
        let row = laptop.store.read(&gone.signed.session.hash(), Instant::now() + SOON).await;
        assert!(row.is_ok_and(|row| row.is_none()));
    }
    assert_eq!(approvals.settle(&asked).await, End::Failed(Code::AccessDenied));
}
