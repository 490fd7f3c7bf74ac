//! Approvals on their way, and what one that was spent gives.

use auth::approval::{
    ApprovalReference, Approved, Binding, LONGEST_SECONDS, Pending, Permit, Poll, Polled, Requested, Started,
};
use auth::canonical::ArgumentsHash;
use auth::decision::{Check, Decision};
use auth::id::{Agent, SessionReference};
use auth::mandate::{Asks, Mandate};
use auth::refusal::Refusal;
use auth::secret::Secret;
use auth::session::{Row, Session, Tokens};
use auth::subject::Subject;
use serde::Serialize;
use serde_json::json;
use std::marker::PhantomData;

use super::mandate::{NOW, REFRESH_TOKEN};

pub(crate) const ISSUER: &str = "https://tenant.example/";
pub(crate) const ALICE: &str = "oidc|okta-oidc|00u1";
pub(crate) const AUTH_REQ_ID: &str = "auth-req-id+of&alice";
const TOOL: &str = "some_tool";

struct Changing<A>(PhantomData<A>);

impl<A> Asks<A> for Changing<A> {
    fn question(&self, _session: &Session, _: &A) -> Result<Check, Refusal> {
        Ok(Check::new("alice", "change", "okta:accounts").unwrap())
    }
}

/// Of this person, for these arguments, for as long as a push lives.
pub(crate) fn binding_of(subject: &str, args: &impl Serialize) -> Binding {
    Binding {
        reference: ApprovalReference::of(&[7; 16]),
        subject: Subject::new(ISSUER, subject).unwrap(),
        session: SessionReference::parse("2f0d7a9e-session").unwrap().hash(),
        organization: None,
        agent: Agent { id: "AGENT12345".to_owned(), alias: "ALIAS67890".to_owned() },
        tool: TOOL.to_owned(),
        arguments: ArgumentsHash::of(args).unwrap(),
        expires_at: NOW.plus(LONGEST_SECONDS),
    }
}

pub(crate) fn pending_of(binding: Binding) -> Pending {
    let auth_req_id = Secret::new(AUTH_REQ_ID.to_owned());
    let started = Started { auth_req_id, expires_in: LONGEST_SECONDS, interval: None };
    Requested { binding, version: 1 }.started(started, NOW, NOW)
}

fn approved(binding: Binding) -> Approved {
    match pending_of(binding).polled(Poll::Approved, NOW) {
        Polled::Approved(approved) => approved,
        Polled::StillPending(_) | Polled::Ended(_) => panic!("it is approved"),
    }
}

fn resumed<A: Serialize>(approved: &Approved, args: A) -> Mandate<A> {
    let binding = approved.binding();
    let row = Row {
        hash: binding.session.clone(),
        subject: binding.subject.clone(),
        organization: binding.organization.clone(),
        email: None,
        connection: None,
        agent: None,
        expires_at: NOW.plus(3600),
        version: 1,
        lease: None,
        tokens: Tokens::new(Secret::new(REFRESH_TOKEN.to_owned())),
    };
    let session = row.confirm_approved(approved, NOW).ok().unwrap();
    let tool = Changing(PhantomData);
    let check = tool.question_again(approved, &session, &args).unwrap();
    let reply =
        json!({"statusCode": 200, "isAuthorized": true, "reason": "allowed", "modelId": "01H", "check": &check});
    let decision = Decision::from_reply(check, reply.to_string().as_bytes()).unwrap();
    Mandate::resume(&tool, approved, session, decision, args).ok().unwrap()
}

/// A mandate of the binding's person.
pub(crate) fn mandate_of<A: Serialize>(binding: Binding, args: A) -> Mandate<A> {
    resumed(&approved(binding), args)
}

/// A mandate of this person, and the permit that goes with it.
pub(crate) fn spent<A: Serialize>(subject: &str, args: A) -> (Mandate<A>, Permit) {
    let approved = approved(binding_of(subject, &args));
    let mandate = resumed(&approved, args);
    let (_, permit) = approved.spend(&mandate, TOOL, "worker-1", NOW, 30).ok().unwrap().written();
    (mandate, permit)
}
