//! Whole calls by keycard.

use std::time::Duration;

use acceptance::{Hands, body_of, invocation_named};
use devstack::fault::Fault;
use devstack::stack::APPROVAL_QUEUE;
use serde_json::{Value, json};

use crate::account::Secured;

#[tokio::test]
async fn a_call_is_answered_by_a_keycard_for_one_person_one_tool_and_one_row() {
    let secured = Secured::start().await;
    let function = secured.okta_groups("on").await;
    assert_eq!(secured.ask(&function).await["count"], 3);
    let sessions = secured.security().sts.sessions();
    assert_eq!(sessions.len(), 1);
    let session = &sessions[0];
    let row = secured.alice.signed.session.hash();
    assert_eq!(session.tags.get("session").map(String::as_str), Some(row.as_str()));
    assert_eq!(session.tags.get("tool").map(String::as_str), Some("list_groups"));
    assert!(session.source_identity.as_deref().unwrap().starts_with("mandate-"));
    let policy = session.policy.clone().unwrap();
    assert!(policy.contains(row.as_str()) && policy.contains("aws:CurrentTime") && policy.len() <= 2_048);
    let decisions = secured.security().iam.decisions();
    assert!(decisions.iter().all(|decision| decision.allowed), "{decisions:?}");
    let by_own = decisions.iter().filter(|decision| !decision.action.starts_with("sts:"));
    assert!(by_own.clone().count() > 2 && by_own.clone().all(|decision| decision.caller.contains("mandate-tools")));
}

#[tokio::test]
async fn a_second_call_within_the_minute_makes_no_request_more_than_without_keycards() {
    let secured = Secured::start().await;
    let function = secured.okta_groups("on").await;
    secured.ask(&function).await;
    secured.world.forget();
    assert_eq!(secured.ask(&function).await["count"], 3);
    let counts = secured.world.counts();
    assert_eq!((counts.dynamodb, counts.lambda, counts.checks, counts.okta), (1, 1, 1, 1), "{counts:?}");
    assert_eq!(secured.security().sts.requests_by_operation("AssumeRole"), 1, "the first call's");
}

// A06
#[tokio::test]
async fn a_keycard_that_is_about_to_close_or_is_anothers_is_not_used_again() {
    let hands = Hands::default();
    let secured = Secured::start().await;
    let function = secured.okta_groups_by("on", hands.clock()).await;
    let asked = || secured.security().sts.requests_by_operation("AssumeRole");
    for (seconds, keycards) in [(0, 1), (45, 1), (55, 2), (100, 2), (110, 3)] {
        hands.ahead(seconds);
        secured.ask(&function).await;
        assert_eq!(asked(), keycards, "{seconds} s after the first");
    }
    secured.ask_as(&function, &secured.dave).await;
    assert_eq!(asked(), 4, "another person's is another one");
    let tags: Vec<_> =
        secured.security().sts.sessions().iter().map(|session| session.tags["session"].clone()).collect();
    assert_eq!(tags[0], tags[2]);
    assert_ne!(tags[0], tags[3]);
}

// A06
#[tokio::test]
async fn a_keycard_that_would_close_before_the_call_must_have_ended_is_not_used_again() {
    let hands = Hands::default();
    let secured = Secured::start().await;
    let function = secured.okta_groups_by("on", hands.clock()).await;
    let event = secured.world.call(&secured.alice).0.to_string();
    for (ahead, seconds, keycards) in [(0, 30, 1), (20, 30, 1), (35, 30, 2), (40, 50, 2), (50, 50, 3), (51, 70, 4)] {
        hands.ahead(ahead);
        let invocation = invocation_named("request".to_owned(), Duration::from_secs(seconds));
        assert_eq!(body_of(&function.handle(&event, &invocation).await.0)["count"], 3);
        let asked = secured.security().sts.requests_by_operation("AssumeRole");
        assert_eq!(asked, keycards, "{ahead} s after the first, with {seconds} s left");
    }
}

#[tokio::test]
async fn the_functions_own_role_opens_nothing() {
    let secured = Secured::start().await;
    let function = secured.okta_groups("off").await;
    assert_eq!(secured.ask(&function).await["error"], "internal");
    let decisions = secured.security().iam.decisions();
    assert!(!decisions.is_empty() && decisions.iter().all(|decision| !decision.allowed), "{decisions:?}");
    assert_eq!(secured.world.counts().okta, 0);
}

#[tokio::test]
async fn without_a_keycard_nothing_is_opened_and_the_own_role_is_not_used_in_its_place() {
    for (status, code, error) in [
        (403, "AccessDenied", "internal"),
        (400, "MalformedPolicyDocument", "internal"),
        (400, "PackedPolicyTooLarge", "internal"),
        (400, "Throttling", "busy"),
        (500, "InternalFailure", "unavailable"),
    ] {
        let secured = Secured::start().await;
        let function = secured.okta_groups("on").await;
        let effect = devstack::sts::refusing(status, code, "text of the service");
        let fault = Fault { on: "POST /AssumeRole".to_owned(), times: None, skip: 0, effect };
        secured.security().sts.fault(fault);
        assert_eq!(secured.ask(&function).await["error"], error, "{code}");
        let counts = secured.world.counts();
        assert_eq!((counts.dynamodb, counts.lambda, counts.okta), (0, 0, 0), "{code}: {counts:?}");
    }
}

#[tokio::test]
async fn an_approval_goes_its_whole_way_by_keycards() {
    for secured in [Secured::start().await, Secured::sealed().await] {
        Box::pin(a_whole_approval(&secured)).await;
    }
}

async fn a_whole_approval(secured: &Secured) {
    let initiator = secured.initiator().await;
    let event = secured.change("add_to_group", &[("user", "bob@example.com"), ("group", "VPN users")]);
    let invocation = invocation_named("request".to_owned(), Duration::from_secs(10));
    let body = body_of(&initiator.handle(&event.0.to_string(), &invocation).await.0);
    assert_eq!(body["error"], "approval_pending", "{body}");
    let (kms, by_kms) = (&secured.security().kms, u64::from(secured.key.is_some()));
    let asked = || (kms.requests_by_operation("Decrypt"), kms.requests_by_operation("GenerateDataKey"));
    assert_eq!(asked(), (by_kms, by_kms), "the session's row; one data key for all that the request seals");
    let auth0 = &secured.world.laptop.stack.auth0;
    auth0.approve(&auth0.auth_req_ids()[0]).unwrap();
    let sent = secured.world.laptop.stack.sqs.sent(APPROVAL_QUEUE);
    let message = json!({"Records": [{"messageId": "m", "eventSource": "aws:sqs", "body": sent[0].body}]});
    let hands = Hands::default();
    hands.ahead(2);
    let worker = secured.worker(hands.clock()).await;
    let (answer, _) = Box::pin(worker.handle(&message.to_string(), &invocation)).await;
    assert_eq!(answer["batchItemFailures"], json!([]));
    assert_eq!(secured.world.laptop.stack.okta.acts().len(), 1);
    assert_eq!(asked(), (3 * by_kms, 3 * by_kms), "approval and session, each opened and sealed once");
    let check = secured.change("check_approval", &[("approval", body["approval"]["reference"].as_str().unwrap())]);
    let told = body_of(&initiator.handle(&check.0.to_string(), &invocation).await.0);
    assert_eq!(told["status"], "done", "{told}");
    assert_eq!(asked(), (5 * by_kms, 3 * by_kms), "the outcome, and the session's row that was renewed");
    let tools: Vec<Option<String>> =
        secured.security().sts.sessions().iter().map(|session| session.tags.get("tool").cloned()).collect();
    let (change, check) = ("add_to_group", "check_approval");
    let expected = [change, change, change, change, check, check].map(|tool| Some(tool.to_owned()));
    assert_eq!(tools, expected, "may ask, asked, looked at, done, may know, told");
    let denied: Vec<Value> = secured
        .security()
        .iam
        .decisions()
        .iter()
        .filter(|decision| !decision.allowed)
        .map(|decision| json!([decision.action, decision.resource]))
        .collect();
    assert_eq!(denied, Vec::<Value>::new());
}
