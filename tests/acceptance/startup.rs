//! Starting: what is down then may come up, what is not set is named, and keys may change meanwhile.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use acceptance::{World, error_of};
use auth::time::{Clock, Timestamp};
use devstack::auth0::Rotation;
use devstack::fault::{Effect, Fault};
use devstack::sample::Person;
use devstack::stack::APPROVAL_QUEUE;
use serde_json::{Value, json};

/// Nothing listens there: the port was free a moment ago and is not of the range that is given out.
const CLOSED: &str = "http://127.0.0.1:1";

#[tokio::test]
async fn a_dead_upstream_fails_no_start_and_its_first_call_is_unavailable() {
    for (function, setting) in [
        ("okta-groups", "AWS_ENDPOINT_URL_DYNAMODB"),
        ("okta-groups", "AWS_ENDPOINT_URL_LAMBDA"),
        ("okta-groups", "AUTH0_ISSUER"),
        ("okta-groups", "OKTA_DOMAIN"),
        ("fga-authorizer", "FGA_API_URL"),
        ("fga-authorizer", "FGA_TOKEN_URL"),
    ] {
        let world = World::start_with(&[(function, setting, CLOSED)]).await;
        let alice = world.chatting("alice").await;
        for event in [world.call(&alice), world.call(&alice).by_openapi()] {
            let answer = world.invoke("okta-groups", &event.0).await;
            assert_eq!(error_of(&answer).as_deref(), Some("unavailable"), "{setting}");
        }
    }
}

#[tokio::test]
async fn an_upstream_that_comes_up_after_the_start_is_used() {
    let world = World::start_cold(&[]).await;
    let stack = &world.laptop.stack;
    let dead = || Fault { on: String::new(), times: None, skip: 0, effect: Effect::Reset };
    let doubles = [&stack.auth0.double, &stack.okta.double, &stack.openfga.double, &stack.dynamodb.double];
    for double in doubles.into_iter().chain([&stack.sqs.double]) {
        double.fault(dead());
    }
    world.laptop.warm().await.unwrap();
    world.mend();
    let alice = world.chatting("alice").await;
    assert_eq!(error_of(&world.invoke("okta-groups", &world.call(&alice).0).await), None);
    stack.auth0.set_enrolled(&alice.person.sub(), true);
    let reset = world.call(&alice).of_change("reset_password");
    assert_eq!(error_of(&world.invoke("ciba-initiator", &reset.0).await).as_deref(), Some("approval_pending"));
    let message = delivery(&stack.sqs.sent(APPROVAL_QUEUE)[0].body);
    assert_eq!(world.invoke("approval-worker", &message).await, json!({"batchItemFailures": []}));
}

/// The event of a message with this body.
fn delivery(body: &str) -> Value {
    json!({"Records": [{"messageId": "m-1", "receiptHandle": "r-1", "body": body, "eventSource": "aws:sqs",
                        "attributes": {"ApproximateReceiveCount": "1"}}]})
}

/// An approval that never was.
fn of_nothing() -> Value {
    let key = json!({"person": "A".repeat(43), "tool": "unlock_user", "reference": "AAAAAAAAAAAAAAAA"});
    delivery(&key.to_string())
}

#[tokio::test]
async fn a_dead_upstream_fails_no_start_of_the_functions_of_approvals() {
    let world = World::start_cold(&[]).await;
    let lambda = &world.laptop.stack.lambda;
    let alice = world.chatting("alice").await;
    world.laptop.stack.auth0.set_enrolled(&alice.person.sub(), true);
    let reset = world.call(&alice).of_change("reset_password");
    for (setting, asked, failed) in [
        ("AWS_ENDPOINT_URL_DYNAMODB", "unavailable", true),
        ("AWS_ENDPOINT_URL_LAMBDA", "unavailable", false),
        ("AWS_ENDPOINT_URL_SQS", "unavailable", false),
        // Nobody signed in at this issuer.
        ("AUTH0_ISSUER", "internal", false),
        // Whoever asks has no use for Okta. This one is last: one approval is open from here on.
        ("OKTA_DOMAIN", "approval_pending", false),
    ] {
        for function in ["ciba-initiator", "approval-worker"] {
            let mut environment = world.laptop.environment(function);
            assert!(environment.insert(setting.to_owned(), CLOSED.to_owned()).is_some());
            assert!(lambda.set_environment(function, environment));
            lambda.warm(function).await.unwrap();
        }
        let answer = world.invoke("ciba-initiator", &reset.0).await;
        assert_eq!(error_of(&answer).as_deref(), Some(asked), "{setting}");
        let answer = world.invoke("approval-worker", &of_nothing()).await;
        assert_eq!(answer["batchItemFailures"].as_array().unwrap().len(), usize::from(failed), "{setting}");
    }
}

#[tokio::test]
async fn missing_settings_stop_the_start_and_are_named_all_at_once() {
    let world = World::start_cold(&[]).await;
    for (function, missing) in [
        ("okta-groups", ["TICKET_KEYS", "SEAL_KEY_FILE", "AUTH0_CLIENT_SECRET", "OKTA_DOMAIN"].as_slice()),
        ("fga-authorizer", &["FGA_API_URL", "FGA_STORE_ID", "FGA_AUTHORIZATION_MODEL_ID", "FGA_CLIENT_SECRET"]),
        (
            "ciba-initiator",
            &["TICKET_KEYS", "SEAL_KEY_FILE", "AUTH0_CLIENT_ID", "AUTH0_CONNECTION", "APPROVAL_QUEUE_URL"],
        ),
        (
            "approval-worker",
            &["SEAL_KEY_FILE", "AUTH0_ISSUER", "AUTH0_CLIENT_SECRET", "OKTA_DOMAIN", "APPROVAL_QUEUE_URL"],
        ),
    ] {
        let lambda = &world.laptop.stack.lambda;
        let whole = world.laptop.environment(function);
        let mut left = whole.clone();
        left.retain(|name, _| !missing.contains(&name.as_str()));
        assert_eq!(left.len() + missing.len(), whole.len());
        assert!(lambda.set_environment(function, left));
        assert!(lambda.warm(function).await.is_err(), "{function} does not start");
        let lines = lambda.logs(function);
        let records: Vec<Value> = lines.iter().filter_map(|line| serde_json::from_str(line).ok()).collect();
        let record = records.iter().find(|record| record["event"] == "start_failed").expect("the log says why");
        for name in missing {
            let told = lines.iter().filter(|line| line.contains(name)).count();
            assert!(record.to_string().contains(name) && told >= 2, "{name}, in the log and in plain words: {lines:?}");
        }
        assert!(!records.iter().any(|record| record["event"] == "started"), "{lines:?}");
        assert!(lambda.set_environment(function, whole));
        lambda.warm(function).await.unwrap();
    }
}

#[tokio::test]
async fn keycards_are_on_unless_they_are_switched_off_and_want_their_role() {
    let world = World::start_cold(&[]).await;
    for function in ["okta-groups", "ciba-initiator", "approval-worker"] {
        for role in [None, Some("mandate-tools"), Some("arn:aws:iam::123456789012:role/*")] {
            let mut environment = world.laptop.environment(function);
            assert_eq!(
                environment.remove("KEYCARDS").as_deref(),
                Some("off"),
                "by its own rights, as on a laptop without STS"
            );
            environment.extend(role.map(|role| ("KEYCARD_ROLE_ARN".to_owned(), role.to_owned())));
            assert!(world.laptop.stack.lambda.set_environment(function, environment));
            assert!(world.laptop.stack.lambda.warm(function).await.is_err(), "{function} does not start with {role:?}");
        }
        let lines = world.laptop.stack.lambda.logs(function);
        assert!(lines.iter().filter(|line| line.contains("KEYCARD_ROLE_ARN")).count() >= 3, "{lines:?}");
    }
}

#[tokio::test]
async fn only_a_laptop_does_without_keycards_and_without_a_key_at_kms() {
    let world = World::start_cold(&[]).await;
    for function in ["okta-groups", "ciba-initiator", "approval-worker"] {
        for profile in [Some("production"), Some("trial"), None] {
            let mut environment = world.laptop.environment(function);
            assert_eq!(environment.remove("PROFILE").as_deref(), Some("laptop"));
            environment.extend(profile.map(|profile| ("PROFILE".to_owned(), profile.to_owned())));
            assert!(world.laptop.stack.lambda.set_environment(function, environment));
            assert!(
                world.laptop.stack.lambda.warm(function).await.is_err(),
                "{function} does not start as {profile:?}"
            );
        }
        let lines = world.laptop.stack.lambda.logs(function);
        for setting in ["KEYCARDS", "SEAL_KEY_FILE"] {
            let refused = format!("\"name\":\"{setting}\"");
            let told = lines.iter().filter(|line| line.contains(&refused)).count();
            assert_eq!(told, 3, "{setting}: {lines:?}");
        }
    }
}

#[tokio::test]
async fn a_sign_in_after_a_rotation_of_the_issuers_keys_fetches_them_anew() {
    let ahead = Arc::new(AtomicU64::new(0));
    let (system, offset) = (function::clock::system(), Arc::clone(&ahead));
    let clock = Clock::new(move || Timestamp::from_seconds(system.now().seconds() + offset.load(Ordering::SeqCst)));
    let world = World::start_by(clock, &[]).await;
    let alice = Person::named("alice").unwrap();
    let auth0 = &world.laptop.stack.auth0;
    let fetches = || auth0.double.requests_to("GET /.well-known/jwks.json");
    for rotation in [Rotation::Add, Rotation::Replace] {
        world.laptop.sign_in(&alice).await.unwrap();
        let before = fetches();
        world.laptop.sign_in(&alice).await.unwrap();
        assert_eq!(fetches(), before, "known keys are not fetched again");
        auth0.rotate(rotation).await.unwrap();
        assert!(world.laptop.sign_in(&alice).await.is_err(), "not twice within half a minute");
        assert_eq!(fetches(), before);
        ahead.fetch_add(31, Ordering::SeqCst);
        world.laptop.sign_in(&alice).await.unwrap();
        assert_eq!(fetches(), before + 1);
    }
}
