//! The main job: an agent lists Okta groups as the person who is chatting.

use acceptance::{World, body_of, error_of};
use cli::chat::Chat;
use devstack::sample::Person;
use serde_json::json;

#[tokio::test]
async fn somebody_who_signed_in_through_the_pages_reads_her_own_groups() {
    let world = World::start().await;
    let laptop = &world.laptop;
    let (signed_in, asked) = laptop.sign_in(&Person::named("alice").unwrap()).await.unwrap();
    assert!(asked.consent && asked.enrolment, "the pages asked for consent and for a phone");
    laptop.connect(&signed_in).await.unwrap();
    let signed = laptop.begin_session(signed_in).await.unwrap();
    let chat = Chat::new(laptop.stack.bedrock.double.url(), laptop.agent());
    let answer = chat.say("Give me Okta groups for a user ?", &signed.session, &laptop.ticket(&signed)).await.unwrap();
    for group in ["Everyone", "Engineering", "VPN users"] {
        assert!(answer.contains(group), "{answer}");
    }
    assert_eq!(laptop.stack.okta.callers(), ["alice@example.com"], "Okta was called as alice");
}

#[tokio::test]
async fn the_answer_is_json_with_groups_count_and_truncated() {
    let world = World::start().await;
    let alice = world.chatting("alice").await;
    let answer = world.invoke("okta-groups", &world.call(&alice).0).await;
    let groups =
        json!({"user": "me", "groups": ["Everyone", "Engineering", "VPN users"], "count": 3, "truncated": false});
    assert_eq!(body_of(&answer), groups);
    assert_eq!(answer["response"]["actionGroup"], "okta-groups");
    assert_eq!(answer["response"]["function"], "list_groups");
}

#[tokio::test]
async fn the_handler_in_process_answers_as_the_binary_does() {
    let world = World::start().await;
    let alice = world.chatting("alice").await;
    let event = world.call(&alice).0;
    let (in_process, _) = world.okta_groups().await.handle(&event).await;
    assert_eq!(in_process, world.invoke("okta-groups", &event).await);
}

#[tokio::test]
async fn a_denied_call_makes_no_request_to_okta_and_no_exchange() {
    let world = World::start().await;
    let bob = world.chatting("bob").await;
    let answer = world.invoke("okta-groups", &world.call(&bob).0).await;
    assert_eq!(error_of(&answer).as_deref(), Some("access_denied"));
    let counts = world.counts();
    assert_eq!((counts.okta, counts.auth0_tokens, counts.checks), (0, 0, 1), "{counts:?}");
}
