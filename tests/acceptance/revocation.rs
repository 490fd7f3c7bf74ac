//! What was taken away counts from the very next call on.

use std::time::Duration;

use acceptance::{Chatting, World, error_of};
use devstack::openfga::Tuple;
use devstack::stack::STORE;
use tokio::time::Instant;

fn tuple_of(world: &World, chatting: &Chatting) -> Tuple {
    let tuples = world.laptop.tuples(&chatting.person).unwrap();
    tuples.into_iter().find(|tuple| tuple.relation == "read_okta").expect("the sample grants it")
}

async fn error(world: &World, chatting: &Chatting) -> Option<String> {
    error_of(&world.invoke("okta-groups", &world.call(chatting).0).await)
}

#[tokio::test]
async fn a_revoked_tuple_refuses_the_very_next_call_and_an_allowed_one_lets_it_pass() {
    let world = World::start().await;
    let alice = world.chatting("alice").await;
    let tuple = tuple_of(&world, &alice);
    let openfga = &world.laptop.stack.openfga;
    for _ in 0..2 {
        assert_eq!(error(&world, &alice).await, None);
        assert!(openfga.revoke(STORE.0, &tuple));
        world.forget();
        assert_eq!(error(&world, &alice).await.as_deref(), Some("access_denied"));
        let counts = world.counts();
        assert_eq!((counts.okta, counts.auth0_tokens, counts.checks), (0, 0, 1), "{counts:?}");
        assert!(openfga.allow(STORE.0, &tuple));
    }
    assert_eq!(error(&world, &alice).await, None);
}

#[tokio::test]
async fn a_revoked_tuple_counts_even_where_the_authorizer_answers_from_a_cache() {
    let world = World::start().await;
    let alice = world.chatting("alice").await;
    let tuple = tuple_of(&world, &alice);
    let openfga = &world.laptop.stack.openfga;
    assert_eq!(error(&world, &alice).await, None);
    assert!(openfga.set_stale(STORE.0, true));
    assert!(openfga.revoke(STORE.0, &tuple));
    assert_eq!(error(&world, &alice).await.as_deref(), Some("access_denied"));
}

#[tokio::test]
async fn a_deleted_row_refuses_the_very_next_call() {
    let world = World::start().await;
    let (alice, carol) = (world.chatting("alice").await, world.chatting("carol").await);
    assert_eq!(error(&world, &alice).await, None);
    let until = Instant::now() + Duration::from_secs(5);
    world.laptop.store.delete(&alice.signed.session.hash(), until).await.unwrap();
    world.forget();
    assert_eq!(error(&world, &alice).await.as_deref(), Some("auth_required"));
    let counts = world.counts();
    assert_eq!((counts.okta, counts.auth0_tokens, counts.checks), (0, 0, 0), "{counts:?}");
    assert_eq!(error(&world, &carol).await, None, "other sessions go on");
}

// S05
#[tokio::test]
async fn a_row_that_has_ended_refuses_although_it_is_still_stored() {
    let world = World::start().await;
    let alice = world.chatting("alice").await;
    assert_eq!(error(&world, &alice).await, None);
    let now = world.laptop.clock.now().seconds();
    world.rewrite(&alice, &[("expires_at", serde_json::json!({"N": now.to_string()}))]).await;
    assert_eq!(error(&world, &alice).await.as_deref(), Some("auth_required"));
}

#[tokio::test]
async fn a_connection_that_was_taken_out_of_the_vault_asks_to_connect_again_once_the_token_is_due() {
    let world = World::start().await;
    let alice = world.chatting("alice").await;
    world.laptop.stack.auth0.disconnect(&alice.person.sub(), devstack::sample::CONNECTION);
    assert_eq!(error(&world, &alice).await.as_deref(), Some("reconnect_required"));
    assert_eq!(world.counts().okta, 0);
}
