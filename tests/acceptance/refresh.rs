//! The stored token of the provider: used until a minute before its end, renewed by one worker at a time.

use acceptance::{Chatting, World, body_of, error_of};
use devstack::auth0::Lifetimes;
use devstack::fault::{Effect, Fault};
use serde_json::{Value, json};

async fn call(world: &World, chatting: &Chatting) -> Value {
    world.forget();
    world.invoke("okta-groups", &world.call(chatting).0).await
}

/// Tokens that the vault gives from now on live this many seconds.
fn live(world: &World, seconds: u64) {
    let auth0 = &world.laptop.stack.auth0;
    auth0.set_lifetimes(Lifetimes { federated: Some(seconds), ..auth0.lifetimes() });
}

// X03
#[tokio::test]
async fn a_stored_token_is_used_again_until_its_last_minute() {
    let world = World::start().await;
    // Whatever time the test takes: one life is well above a minute, the other below.
    for (seconds, exchanges) in [(600, [1, 0, 0]), (59, [1, 1, 1]), (60, [1, 1, 1])] {
        live(&world, seconds);
        let alice = world.chatting("alice").await;
        for expected in exchanges {
            let answer = call(&world, &alice).await;
            assert_eq!(error_of(&answer), None, "{seconds} s");
            let counts = world.counts();
            assert_eq!((counts.auth0_tokens, counts.okta), (expected, 1), "{seconds} s: {counts:?}");
        }
    }
}

#[tokio::test]
async fn a_token_that_okta_no_longer_takes_is_exchanged_once_and_the_call_repeated_once() {
    let world = World::start().await;
    let alice = world.chatting("alice").await;
    assert_eq!(error_of(&call(&world, &alice).await), None);
    let stack = &world.laptop.stack;
    stack.okta.expire_access_tokens();
    stack.auth0.forget_provider_token(&alice.person.sub(), devstack::sample::CONNECTION);
    let answer = call(&world, &alice).await;
    assert_eq!(body_of(&answer)["count"], 3, "{answer}");
    let counts = world.counts();
    assert_eq!((counts.auth0_tokens, counts.okta, counts.checks), (1, 2, 1), "{counts:?}");
    assert_eq!(error_of(&call(&world, &alice).await), None);
    let counts = world.counts();
    assert_eq!((counts.auth0_tokens, counts.okta), (0, 1), "the fresh one is stored: {counts:?}");
}

#[tokio::test]
async fn a_fresh_token_that_okta_refuses_too_asks_for_a_new_sign_in() {
    let world = World::start().await;
    let alice = world.chatting("alice").await;
    assert_eq!(error_of(&call(&world, &alice).await), None);
    let effect = Effect::Answer { status: 401, headers: [].into(), body: "{}".to_owned() };
    world.laptop.stack.okta.double.fault(Fault { on: "GET /api/".to_owned(), times: None, skip: 0, effect });
    world.laptop.stack.auth0.forget_provider_token(&alice.person.sub(), devstack::sample::CONNECTION);
    let answer = call(&world, &alice).await;
    assert_eq!(error_of(&answer).as_deref(), Some("auth_required"));
    let counts = world.counts();
    assert_eq!((counts.auth0_tokens, counts.okta), (1, 2), "{counts:?}");
}

#[tokio::test]
async fn a_vault_that_gives_the_refused_token_again_is_asked_once_only() {
    let world = World::start().await;
    let alice = world.chatting("alice").await;
    assert_eq!(error_of(&call(&world, &alice).await), None);
    world.laptop.stack.okta.expire_access_tokens();
    let answer = call(&world, &alice).await;
    assert_eq!(error_of(&answer).as_deref(), Some("auth_required"));
    let counts = world.counts();
    assert_eq!((counts.auth0_tokens, counts.okta), (1, 2), "{counts:?}");
}

#[tokio::test]
async fn eight_calls_at_once_with_the_token_due_make_one_exchange_and_are_all_answered() {
    let world = World::start().await;
    let alice = world.chatting("alice").await;
    // Slow enough for the others to arrive meanwhile, well within what they wait.
    let slow = Fault { on: "POST /oauth/token".to_owned(), times: None, skip: 0, effect: Effect::Delay { ms: 600 } };
    world.laptop.stack.auth0.double.fault(slow);
    let event = world.call(&alice);
    let one = || world.invoke("okta-groups", &event.0);
    let answers = tokio::join!(one(), one(), one(), one(), one(), one(), one(), one());
    let answers: [Value; 8] = answers.into();
    for answer in &answers {
        assert_eq!(body_of(answer)["groups"], json!(["Everyone", "Engineering", "VPN users"]));
    }
    let counts = world.counts();
    println!("eight calls at once: {counts:?}");
    assert_eq!((counts.auth0_tokens, counts.okta, counts.checks), (1, 8, 8), "{counts:?}");
    let row = world.stored(&alice).await;
    assert!(row.get("lease_holder").is_none() && row.get("lease_until").is_none(), "the lease was given back");
}

#[tokio::test]
async fn a_holder_that_stalled_past_its_lease_is_overtaken_and_writes_nothing() {
    let world = World::start().await;
    let alice = world.chatting("alice").await;
    let stall = Effect::Delay { ms: 2_000 };
    world.laptop.stack.auth0.double.fault(Fault {
        on: "POST /oauth/token".to_owned(),
        times: Some(1),
        skip: 0,
        effect: stall,
    });
    let event = world.call(&alice);
    let stalled = world.invoke("okta-groups", &event.0);
    let overtaking = async {
        world.until(|counts| counts.auth0_tokens == 1).await;
        // Its lease has run out, as it does fifteen seconds after it was taken.
        let ended = world.laptop.clock.now().minus(1).seconds();
        world.rewrite(&alice, &[("lease_until", json!({"N": ended.to_string()}))]).await;
        let answer = world.invoke("okta-groups", &event.0).await;
        (answer, world.stored(&alice).await)
    };
    let (late, (answer, stored)) = tokio::join!(stalled, overtaking);
    assert_eq!(body_of(&answer)["count"], 3, "the second caller did not wait for the first");
    assert_eq!(body_of(&late)["count"], 3, "the first takes what the second stored");
    assert_eq!(world.counts().auth0_tokens, 2);
    let row = world.stored(&alice).await;
    assert_eq!((&row["sealed"], &row["version"]), (&stored["sealed"], &stored["version"]), "the late write is lost");
}

#[tokio::test]
async fn a_session_that_ends_during_the_exchange_gets_no_groups_and_no_row() {
    let world = World::start().await;
    let alice = world.chatting("alice").await;
    let slow = Effect::Delay { ms: 1_000 };
    world.laptop.stack.auth0.double.fault(Fault {
        on: "POST /oauth/token".to_owned(),
        times: Some(1),
        skip: 0,
        effect: slow,
    });
    let event = world.call(&alice);
    let leaving = async {
        world.until(|counts| counts.auth0_tokens == 1).await;
        let until = tokio::time::Instant::now() + std::time::Duration::from_secs(5);
        world.laptop.store.delete(&alice.signed.session.hash(), until).await.unwrap();
    };
    let (answer, ()) = tokio::join!(world.invoke("okta-groups", &event.0), leaving);
    assert_eq!(error_of(&answer).as_deref(), Some("auth_required"));
    assert_eq!(world.counts().okta, 0);
    let rows = world.laptop.stack.dynamodb.items(devstack::stack::SESSION_TABLE).await.unwrap();
    assert!(rows.is_empty(), "the late write does not bring the row back");
}
