//! A poll that is answered by a well-signed ID token of another sign-in (F17).

use std::collections::BTreeMap;

use acceptance::{Approvals, End, Ledger, Line};
use auth::refusal::Code;
use devstack::fault::{Effect, Fault};
use devstack::sample::Person;

#[tokio::test]
async fn a_signed_id_token_of_somebody_else_or_for_somebody_else_approves_nothing() {
    let approvals = Approvals::start().await;
    let stack = &approvals.world.laptop.stack;
    let own = stack.web.id.as_str();
    let mut ledger = Ledger::default();
    for (name, client, person, expected) in [
        ("another person's", own, "bob", End::Denied),
        ("hers for another application", stack.mcp.id.as_str(), "carol", End::Failed(Code::Internal)),
        ("another person's for another application", stack.mcp.id.as_str(), "bob", End::Failed(Code::Internal)),
    ] {
        let carol = approvals.chatting("carol").await;
        let asked = approvals.ask(&carol, "unlock_user", &[("user", "bob@example.com")]).await;
        approvals.approve(&asked);
        let sub = Person::named(person).unwrap().sub();
        let id_token = stack.auth0.issue(client, &sub, "openid", None).unwrap().id_token;
        let effect = Effect::Patch(BTreeMap::from([("/id_token".to_owned(), id_token.into())]));
        stack.auth0.double.fault(Fault { on: "POST /oauth/token".to_owned(), times: Some(1), skip: 0, effect });
        let before = stack.auth0.double.requests_to("POST /oauth/token");
        assert!(!approvals.look(&asked).await, "{name}: it need not come again");
        assert_eq!(approvals.end(&asked).await, Some(expected), "{name}");
        let requests = stack.auth0.double.requests_to("POST /oauth/token") - before;
        assert_eq!((requests, approvals.acts().len()), (1, 0), "{name}: one poll, no exchange, no act");
        let (place, fault, code) = ("poll".to_owned(), format!("id token: {name}"), format!("{expected:?}"));
        ledger.note(Line { id: "F17", upstream: "auth0", place, when: "before", fault, code, requests, acts: 0 });
        approvals.hands.ahead(0);
        approvals.world.mend();
        approvals.forget(&carol, "unlock_user").await;
    }
    ledger.write("approvals-swapped");
}
