//! Auth0: the code flow through its pages, and the refresh grant.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use auth::id::Organization;
use auth::jwt::Rule;
use auth::scope::Scopes;
use auth::time::{Clock, Timestamp};
use devstack::auth0::Rotation;
use devstack::sample::{CONNECTION, ORGANIZATION, Person};
use devstack::stack::Stack;
use serde_json::{Value, json};
use upstream_http::auth0::TokenError;
use upstream_http::auth0::login::{Begin, Callback, LoginError, PendingLogin};
use upstream_http::auth0::refresh::{Ask, Held, refresh};
use upstream_http::auth0::revoke::revoke;
use upstream_http::jwks::Keys;

use crate::browsing::{Presses, begun, exchange, refresh_token, subject_of, walk};
use crate::start::{now, settings, stack, transport, until, url};

struct World {
    /// The tenant's keys.
    client: Keys,
    stack: Stack,
    ahead: Arc<AtomicU64>,
}

async fn start() -> World {
    let stack = stack().await;
    let ahead = Arc::new(AtomicU64::new(0));
    let by = Arc::clone(&ahead);
    let clock = Clock::new(move || now().plus(by.load(Ordering::SeqCst)));
    let address = url(&format!("{}.well-known/jwks.json", stack.auth0.issuer()));
    World { client: Keys::new(transport(), address, clock), stack, ahead }
}

fn alice() -> Person {
    Person::named("alice").unwrap()
}

fn ask() -> Begin {
    Begin {
        scopes: Scopes::parse("profile email offline_access"),
        organization: Some(Organization(ORGANIZATION.to_owned())),
        connection: Some(CONNECTION.to_owned()),
        ..Begin::default()
    }
}

/// A sign-in of Alice up to its callback.
async fn come_back(world: &World, ask: Begin, seed: u8) -> (PendingLogin, Callback) {
    let (address, pending) = begun(&world.stack, ask, seed, now());
    let callback = walk(&world.stack, address, &alice(), Presses::Yes).await;
    (pending, callback)
}

/// The same pending sign-in with one member of its stored form replaced.
fn bent(pending: &PendingLogin, name: &str, value: Value) -> PendingLogin {
    let mut plain: Value = serde_json::from_str(pending.to_plain().expose()).unwrap();
    assert!(plain.get(name).is_some(), "{name}");
    plain[name] = value;
    PendingLogin::from_plain(plain.to_string().as_bytes()).unwrap()
}

fn token_requests(world: &World) -> u64 {
    world.stack.auth0.requests_to("POST /oauth/token")
}

async fn a_sign_in_to_an_organization_says_who_came_by_what(keys: &Keys, world: &World) {
    let (pending, callback) = come_back(world, Begin { max_age_seconds: Some(300), ..ask() }, 1).await;
    let exchanged = exchange(&world.stack, pending, callback).await.ok().unwrap();
    let signed_in = exchanged.verify(&keys.of(None, until()).await.unwrap(), now()).ok().unwrap();
    assert_eq!(signed_in.subject.issuer(), world.stack.auth0.issuer());
    assert_eq!(signed_in.subject.id(), alice().sub());
    assert_eq!(signed_in.organization, Some(Organization(ORGANIZATION.to_owned())));
    assert_eq!(signed_in.email.map(|email| email.as_str().to_owned()), Some(alice().email()));
    assert_eq!(signed_in.connection.as_deref(), Some(CONNECTION));
    assert!(!signed_in.refresh_token.is_empty());
    assert!(signed_in.scopes.cover(&Scopes::parse("openid profile email offline_access")));
}

async fn without_an_organization_there_is_none(keys: &Keys, world: &World) {
    let (pending, callback) = come_back(world, Begin { organization: None, ..ask() }, 1).await;
    let exchanged = exchange(&world.stack, pending, callback).await.ok().unwrap();
    let signed_in = exchanged.verify(&keys.of(None, until()).await.unwrap(), now()).ok().unwrap();
    assert_eq!(signed_in.organization, None);
}

async fn a_token_of_another_organization_is_refused(keys: &Keys, world: &World) {
    for (asked, expected) in [(None, ORGANIZATION), (Some(ORGANIZATION), "org_other")] {
        let organization = asked.map(|name: &str| Organization(name.to_owned()));
        let (pending, callback) = come_back(world, Begin { organization, ..ask() }, 1).await;
        let pending = bent(&pending, "organization", json!(expected));
        let exchanged = exchange(&world.stack, pending, callback).await.ok().unwrap();
        let refused = exchanged.verify(&keys.of(None, until()).await.unwrap(), now()).err();
        assert_eq!(refused, Some(LoginError::IdToken(Rule::Organization)));
    }
}

async fn somebody_outside_the_organization_is_declined(_: &Keys, world: &World) {
    let organization = Some(Organization("org_other".to_owned()));
    let (pending, callback) = come_back(world, Begin { organization, ..ask() }, 1).await;
    assert_eq!(exchange(&world.stack, pending, callback).await.err(), Some(LoginError::Declined));
    assert_eq!(token_requests(world), 0);
}

async fn who_does_not_consent_is_declined(_: &Keys, world: &World) {
    let (address, pending) = begun(&world.stack, ask(), 1, now());
    let callback = walk(&world.stack, address, &alice(), Presses::No).await;
    assert_eq!(exchange(&world.stack, pending, callback).await.err(), Some(LoginError::Declined));
    assert_eq!(token_requests(world), 0);
}

async fn a_code_works_only_with_the_verifier_of_its_own_sign_in(_: &Keys, world: &World) {
    let (pending, callback) = come_back(world, ask(), 1).await;
    let pending = bent(&pending, "verifier", json!("a".repeat(43)));
    let refused = exchange(&world.stack, pending, callback).await.err();
    assert_eq!(refused, Some(LoginError::Exchange(TokenError::Grant)));
}

async fn a_code_works_once(_: &Keys, world: &World) {
    let (pending, callback) = come_back(world, ask(), 1).await;
    let again = PendingLogin::from_plain(pending.to_plain().expose().as_bytes()).unwrap();
    let same =
        Callback { code: callback.code.clone(), state: callback.state.clone(), iss: callback.iss.clone(), error: None };
    assert!(exchange(&world.stack, pending, callback).await.is_ok());
    assert_eq!(exchange(&world.stack, again, same).await.err(), Some(LoginError::Exchange(TokenError::Grant)));
}

async fn the_callback_of_another_sign_in_costs_no_request(_: &Keys, world: &World) {
    let (_, callback) = come_back(world, ask(), 1).await;
    let (_, other) = begun(&world.stack, ask(), 11, now());
    assert_eq!(exchange(&world.stack, other, callback).await.err(), Some(LoginError::State));
    assert_eq!(token_requests(world), 0);
}

async fn an_id_token_with_another_nonce_is_refused(keys: &Keys, world: &World) {
    let (pending, callback) = come_back(world, ask(), 1).await;
    let pending = bent(&pending, "nonce", json!("another"));
    let exchanged = exchange(&world.stack, pending, callback).await.ok().unwrap();
    let refused = exchanged.verify(&keys.of(None, until()).await.unwrap(), now()).err();
    assert_eq!(refused, Some(LoginError::IdToken(Rule::Nonce)));
}

async fn a_key_that_changed_between_two_sign_ins_is_fetched(keys: &Keys, world: &World) {
    for (seed, rotation) in [(1, Rotation::Add), (11, Rotation::Replace)] {
        let old = keys.of(None, until()).await.unwrap();
        world.stack.auth0.rotate(rotation).await.unwrap();
        let (pending, callback) = come_back(world, ask(), seed).await;
        let exchanged = exchange(&world.stack, pending, callback).await.ok().unwrap();
        assert_eq!(exchanged.verify(&old, now()).err(), Some(LoginError::UnknownKey));
        world.ahead.fetch_add(601, Ordering::SeqCst);
        let new = keys.of(None, until()).await.unwrap();
        assert!(exchanged.verify(&new, now()).is_ok(), "the code was not needed again");
    }
    assert_eq!(world.stack.auth0.requests_to("GET /.well-known/jwks.json"), 3);
}

async fn a_wrong_client_secret_is_a_misconfiguration(_: &Keys, world: &World) {
    let (pending, callback) = come_back(world, ask(), 1).await;
    let mut settings = settings(&world.stack);
    settings.client.secret = auth::secret::Secret::new("wrong".to_owned()).into();
    let refused = pending.exchange(callback, &transport(), &settings, now(), until()).await.err();
    assert!(matches!(refused, Some(LoginError::Exchange(TokenError::Misconfigured(_)))), "{refused:?}");
}

async fn a_sign_in_that_took_too_long_is_over(_: &Keys, world: &World) {
    let began = Timestamp::from_seconds(now().seconds() - 601);
    let (address, pending) = begun(&world.stack, ask(), 1, began);
    let callback = walk(&world.stack, address, &alice(), Presses::Yes).await;
    assert_eq!(exchange(&world.stack, pending, callback).await.err(), Some(LoginError::Expired));
    assert_eq!(token_requests(world), 0);
}

async fn a_refresh_token_works_until_it_is_revoked(keys: &Keys, world: &World) {
    let (client, token) = (settings(&world.stack).client, refresh_token(&world.stack, &alice()));
    let (transport, subject) = (transport(), subject_of(&world.stack, &alice()));
    let held = Held { token: &token, subject: &subject, keys };
    for _ in 0..2 {
        let refreshed = refresh(&transport, &client, held, Ask::default(), now(), until()).await.ok().unwrap();
        assert!(!refreshed.access_token.is_empty());
    }
    assert_eq!(revoke(&transport, &client, &token, now(), until()).await, Ok(()));
    assert_eq!(revoke(&transport, &client, &token, now(), until()).await, Ok(()), "once more is harmless");
    let refused = refresh(&transport, &client, held, Ask::default(), now(), until()).await.err();
    assert_eq!(refused, Some(TokenError::Grant));
}

async fn an_id_token_of_somebody_else_that_comes_with_a_refresh_refuses_it(keys: &Keys, world: &World) {
    let (client, token) = (settings(&world.stack).client, refresh_token(&world.stack, &alice()));
    let subject = subject_of(&world.stack, Person::named("bob").as_ref().unwrap());
    let held = Held { token: &token, subject: &subject, keys };
    let refused = refresh(&transport(), &client, held, Ask::default(), now(), until()).await.err();
    assert_eq!(refused, Some(TokenError::IdToken));
}

mod double {
    use super::start;

    suite! {
        start:
        a_sign_in_to_an_organization_says_who_came_by_what
        without_an_organization_there_is_none
        a_token_of_another_organization_is_refused
        somebody_outside_the_organization_is_declined
        who_does_not_consent_is_declined
        a_code_works_only_with_the_verifier_of_its_own_sign_in
        a_code_works_once
        the_callback_of_another_sign_in_costs_no_request
        an_id_token_with_another_nonce_is_refused
        a_key_that_changed_between_two_sign_ins_is_fetched
        a_wrong_client_secret_is_a_misconfiguration
        a_sign_in_that_took_too_long_is_over
        a_refresh_token_works_until_it_is_revoked
        an_id_token_of_somebody_else_that_comes_with_a_refresh_refuses_it
    }
}
