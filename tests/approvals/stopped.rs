//! People who sign out, and people and agents that are stopped, while an approval is on the phone.

use std::time::Duration;

use acceptance::{Approvals, Asked, Chatting, End};
use auth::id::AgentId;
use auth::refusal::Code;
use devstack::openfga::Tuple;
use devstack::stack::STORE;
use tokio::time::Instant;
use upstream_aws::Holder;

const VPN: [(&str, &str); 2] = [("user", "bob@example.com"), ("group", "VPN users")];

async fn asked() -> (Approvals, Chatting, Asked) {
    let approvals = Approvals::start().await;
    let dave = approvals.chatting("dave").await;
    let asked = approvals.ask(&dave, "add_to_group", &VPN).await;
    (approvals, dave, asked)
}

fn soon() -> Instant {
    Instant::now() + Duration::from_secs(5)
}

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
        let stopped = approvals.world.laptop.stopping.stop(whose, soon()).await;
        assert_eq!(stopped.sessions.unwrap().len(), 1);
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
