//! Signing out, and stopping people and agents, as their next calls see it.

use std::collections::BTreeMap;
use std::time::Duration;

use acceptance::{Chatting, World, error_of};
use auth::id::AgentId;
use auth::secret::Secret;
use devstack::fault::{Effect, Fault};
use devstack::openfga::Tuple;
use devstack::stack::STORE;
use tokio::time::Instant;
use tool::stopping::{NotDeleted, Patience, Token};
use upstream_aws::SessionsOf;
use upstream_http::auth0::TokenError;
use upstream_http::auth0::refresh::{Ask, Held, refresh};

const SOON: Duration = Duration::from_secs(5);
const PATIENCE: Patience = Patience { rows: SOON, approvals: SOON, tokens: SOON };

fn soon() -> Instant {
    Instant::now() + SOON
}

async fn error(world: &World, chatting: &Chatting) -> Option<String> {
    error_of(&world.invoke("okta-groups", &world.call(chatting).0).await)
}

async fn refresh_token(world: &World, chatting: &Chatting) -> Secret {
    let row = world.laptop.store.read(&chatting.signed.session.hash(), soon()).await.ok().flatten().unwrap();
    row.into_refresh_token()
}

async fn works(world: &World, of: &Chatting, token: &Secret) -> bool {
    let (laptop, now) = (&world.laptop, world.laptop.clock.now());
    let held = Held { token, subject: &of.signed.subject, keys: &laptop.keys };
    match refresh(&laptop.transport, &laptop.auth0.client, held, Ask::default(), now, soon()).await {
        Ok(_) => true,
        Err(error) => {
            assert_eq!(error, TokenError::Grant);
            false
        }
    }
}

// O10
#[tokio::test]
async fn signing_out_deletes_the_row_and_revokes_the_refresh_token_and_leaves_other_sessions_alone() {
    let world = World::start().await;
    let (alice, again) = (world.chatting("alice").await, world.chatting("alice").await);
    let (token, other) = (refresh_token(&world, &alice).await, refresh_token(&world, &again).await);
    assert!(works(&world, &alice, &token).await);
    let out = world.laptop.sign_out(&alice.signed).await;
    assert_eq!((out.session.deleted, out.session.token), (Ok(()), Token::Revoked));
    world.forget();
    assert_eq!(error(&world, &alice).await.as_deref(), Some("auth_required"));
    let counts = world.counts();
    assert_eq!((counts.okta, counts.auth0_tokens, counts.checks), (0, 0, 0), "{counts:?}");
    assert!(!works(&world, &alice, &token).await);
    assert!(works(&world, &again, &other).await);
    assert_eq!(error(&world, &again).await, None);
    let twice = world.laptop.sign_out(&alice.signed).await;
    assert_eq!((twice.session.deleted, twice.session.token), (Ok(()), Token::None));
}

#[tokio::test]
async fn nobody_signs_another_person_out() {
    let world = World::start().await;
    let (alice, carol) = (world.chatting("alice").await, world.chatting("carol").await);
    let token = refresh_token(&world, &carol).await;
    world.forget();
    let stopping = &world.laptop.stopping;
    let out = stopping.sign_out(&alice.signed.subject, &carol.signed.session.hash(), soon()).await;
    assert_eq!((out.session.deleted, out.session.token), (Err(NotDeleted::Anothers), Token::Anothers));
    assert_eq!(world.laptop.stack.auth0.double.requests_to("POST /oauth/revoke"), 0);
    assert_eq!(error(&world, &carol).await, None);
    assert!(works(&world, &carol, &token).await);
}

// O10
#[tokio::test]
async fn a_sign_out_whose_token_cannot_be_revoked_has_ended_the_session_all_the_same() {
    let world = World::start().await;
    let alice = world.chatting("alice").await;
    let effect = Effect::Answer { status: 503, headers: BTreeMap::default(), body: "leak".to_owned() };
    let on = "POST /oauth/revoke".to_owned();
    world.laptop.stack.auth0.double.fault(Fault { on, times: None, skip: 0, effect });
    world.forget();
    let out = world.laptop.sign_out(&alice.signed).await;
    let failed = Token::Failed(TokenError::Unavailable("unexpected status"));
    assert_eq!((out.session.deleted, out.session.token, out.approvals.problem), (Ok(()), failed, None));
    assert_eq!(world.laptop.stack.auth0.double.requests_to("POST /oauth/revoke"), 1, "one attempt");
    assert_eq!(error(&world, &alice).await.as_deref(), Some("auth_required"));
}

#[tokio::test]
async fn where_revocation_deletes_the_grant_the_persons_other_sessions_lose_their_tokens_too() {
    let world = World::start().await;
    let (alice, again, carol) =
        (world.chatting("alice").await, world.chatting("alice").await, world.chatting("carol").await);
    let (other, carols) = (refresh_token(&world, &again).await, refresh_token(&world, &carol).await);
    world.laptop.stack.auth0.set_revocation_deletes_grant(true);
    let out = world.laptop.sign_out(&alice.signed).await;
    assert_eq!(out.session.token, Token::Revoked);
    assert!(!works(&world, &again, &other).await);
    assert!(works(&world, &carol, &carols).await);
}

#[tokio::test]
async fn a_stop_tuple_refuses_the_very_next_call_of_a_person_or_of_everybody_who_chats_with_the_agent() {
    let world = World::start().await;
    let (alice, carol) = (world.chatting("alice").await, world.chatting("carol").await);
    let user = format!("user:{}", alice.signed.subject.encoded());
    let openfga = &world.laptop.stack.openfga;
    for (tuple, carols) in [
        (Tuple::new(&user, "stopped", "agent:every"), None),
        (Tuple::new("user:*", "stopped", "agent:AGENT12345"), Some("access_denied")),
        (Tuple::new("user:*", "stopped", "agent:AGENT99999"), None),
    ] {
        assert!(openfga.allow(STORE.0, &tuple));
        world.forget();
        let alices = error(&world, &alice).await;
        assert_eq!(alices.is_some(), tuple.object != "agent:AGENT99999", "{tuple}: {alices:?}");
        if let Some(error) = alices {
            assert_eq!(error, "access_denied");
            let counts = world.counts();
            assert_eq!((counts.okta, counts.auth0_tokens, counts.checks), (0, 0, 1), "{counts:?}");
        }
        assert_eq!(error(&world, &carol).await.as_deref(), carols, "{tuple}");
        assert!(openfga.revoke(STORE.0, &tuple));
        assert_eq!(error(&world, &alice).await, None, "lifted");
    }
}

#[tokio::test]
async fn a_stop_ends_every_session_of_the_person_and_no_others() {
    let world = World::start().await;
    let (alice, again, carol) =
        (world.chatting("alice").await, world.chatting("alice").await, world.chatting("carol").await);
    let token = refresh_token(&world, &again).await;
    let stopping = &world.laptop.stopping;
    let stopped = stopping.stop(SessionsOf::Person(&alice.signed.subject), PATIENCE).await.sessions;
    assert_eq!(stopped.len(), 2);
    assert!(stopped.iter().all(|session| session.deleted.is_ok() && session.token == Token::Revoked));
    assert!(!works(&world, &again, &token).await);
    for gone in [&alice, &again] {
        assert_eq!(error(&world, gone).await.as_deref(), Some("auth_required"));
    }
    assert_eq!(error(&world, &carol).await, None);
    let agent = AgentId::parse(&world.laptop.agent().id).unwrap();
    assert_eq!(stopping.stop(SessionsOf::Agent(&agent), PATIENCE).await.sessions.len(), 1);
    assert_eq!(error(&world, &carol).await.as_deref(), Some("auth_required"));
}
