//! Ticket, row and sealed tokens belong to one organization, and so does a sign-in.

use acceptance::{Chatting, Event, World, error_of};
use auth::id::Organization;
use auth::scope::Scopes;
use auth::secret::Secret;
use cli::browser::{Browser, parameter};
use devstack::openfga::Tuple;
use devstack::sample::{ORGANIZATION, Person};
use devstack::stack::STORE;
use serde_json::{Value, json};
use tokio::time::Instant;
use upstream_http::auth0::login::{Begin, Callback, LoginError, begin};
use url::Url;

fn text(value: &str) -> Value {
    json!({"S": value})
}

/// The call is refused as `auth_required`, and nobody was asked anything on the person's behalf.
async fn is_refused(world: &World, event: &Event, why: &str) {
    world.forget();
    let answer = world.invoke("okta-groups", &event.0).await;
    assert_eq!(error_of(&answer).as_deref(), Some("auth_required"), "{why}");
    let counts = world.counts();
    assert_eq!((counts.okta, counts.auth0_tokens, counts.checks), (0, 0, 0), "{why}: {counts:?}");
}

fn with_ticket(world: &World, chatting: &Chatting, organization: Option<&str>) -> Event {
    let ticket = world.ticket_of_organization(chatting, organization);
    Event::of(&world.laptop.agent(), chatting.signed.session.expose(), ticket.expose())
}

#[tokio::test]
async fn a_ticket_of_another_organization_or_of_none_is_refused() {
    let world = World::start().await;
    let alice = world.chatting("alice").await;
    for organization in [None, Some("org_other"), Some("ORG_ACME"), Some("org_acme "), Some("")] {
        for event in [with_ticket(&world, &alice, organization), with_ticket(&world, &alice, organization).by_openapi()]
        {
            is_refused(&world, &event, &format!("{organization:?}")).await;
        }
    }
    let good = with_ticket(&world, &alice, Some(ORGANIZATION));
    assert_eq!(error_of(&world.invoke("okta-groups", &good.0).await), None);
}

#[tokio::test]
async fn a_row_that_was_moved_to_another_organization_opens_for_no_ticket() {
    let world = World::start().await;
    for organization in [text("org_other"), Value::Null] {
        let alice = world.chatting("alice").await;
        world.rewrite(&alice, &[("org_id", organization.clone())]).await;
        let other = organization.pointer("/S").and_then(Value::as_str);
        is_refused(&world, &world.call(&alice), "the old organization's ticket").await;
        is_refused(&world, &with_ticket(&world, &alice, other), "the new organization's ticket").await;
        let logs = world.logs().concat();
        assert!(logs.contains("session store: the row cannot be read"), "the sealed tokens do not open: {logs}");
    }
}

#[tokio::test]
async fn tokens_copied_from_another_row_do_not_open() {
    let world = World::start().await;
    let (alice, carol, again) =
        (world.chatting("alice").await, world.chatting("carol").await, world.chatting("alice").await);
    let own = world.stored(&alice).await["sealed"].clone();
    let another_person = world.stored(&carol).await["sealed"].clone();
    let another_session = world.stored(&again).await["sealed"].clone();
    for (sealed, whose) in [(another_person, "another person"), (another_session, "another session of hers")] {
        world.rewrite(&alice, &[("sealed", sealed)]).await;
        is_refused(&world, &world.call(&alice), whose).await;
    }
    world.rewrite(&alice, &[("sealed", own)]).await;
    assert_eq!(error_of(&world.invoke("okta-groups", &world.call(&alice).0).await), None, "her own open again");
}

#[tokio::test]
async fn every_attribute_that_is_missing_or_of_another_type_is_refused() {
    let world = World::start().await;
    let alice = world.chatting("alice").await;
    let whole = world.stored(&alice).await;
    let mut cells = 0;
    for name in ["issuer", "subject", "expires_at", "version", "sealed", "org_id", "email", "lease_holder"] {
        for bent in
            [Value::Null, text(""), json!({"N": "7"}), json!({"BOOL": true}), json!({"L": []}), json!({"NULL": true})]
        {
            let harmless = (bent.is_null() && ["email", "lease_holder"].contains(&name))
                || (bent == json!({"N": "7"}) && name == "version");
            if harmless {
                continue;
            }
            world.rewrite(&alice, &[(name, bent.clone())]).await;
            is_refused(&world, &world.call(&alice), &format!("{name} = {bent}")).await;
            let back = whole.get(name).cloned().unwrap_or_default();
            world.rewrite(&alice, &[(name, back)]).await;
            cells += 1;
        }
    }
    println!("bent attributes: {cells}");
    assert_eq!(error_of(&world.invoke("okta-groups", &world.call(&alice).0).await), None, "the whole row is good");
}

#[tokio::test]
async fn an_object_may_be_named_after_the_organization() {
    let world = World::start_with(&[("okta-groups", "DEFAULT_OBJECT", "okta:groups-{org_id}")]).await;
    let alice = world.chatting("alice").await;
    let user = format!("user:{}", alice.signed.subject.encoded());
    let openfga = &world.laptop.stack.openfga;
    for (object, error) in [("okta:groups-org_other", Some("access_denied")), ("okta:groups-org_acme", None)] {
        assert!(openfga.allow(STORE.0, &Tuple::new(&user, "read_okta", object)));
        let answer = world.invoke("okta-groups", &world.call(&alice).0).await;
        assert_eq!(error_of(&answer).as_deref(), error, "{object}");
    }
    let asked = openfga.questions().last().unwrap().tuple.object.clone();
    assert_eq!(asked, "okta:groups-org_acme");
}

/// Walks alice through the pages with `asked` as organization in the address, in place of what the sign-in expects.
async fn sign_in(world: &World, expected: &str, asked: Option<&str>) -> Result<Option<Organization>, LoginError> {
    let laptop = &world.laptop;
    let alice = Person::named("alice").unwrap();
    laptop.stack.auth0.set_enrolled(&alice.sub(), true);
    let ask = Begin {
        scopes: Scopes::parse("openid offline_access"),
        organization: Some(Organization(expected.to_owned())),
        ..Begin::default()
    };
    let now = laptop.clock.now();
    let (mut url, pending) = begin(&laptop.auth0, ask, [[1; 32], [2; 32], [3; 32]], now);
    put_organization(&mut url, asked);
    let browser = Browser::new(laptop.transport.clone(), laptop.auth0.redirect_uri.clone());
    let mut page = browser.open(url).await.unwrap();
    page = browser.press(&page, "/u/login", "user", &alice.sub()).await.unwrap();
    if !browser.is_home(&page) {
        page = browser.press(&page, "/u/consent", "action", "accept").await.unwrap();
    }
    let callback = Callback {
        code: parameter(&page.url, "code").map(Secret::new),
        state: parameter(&page.url, "state"),
        iss: parameter(&page.url, "iss"),
        error: parameter(&page.url, "error"),
    };
    let until = Instant::now() + std::time::Duration::from_secs(10);
    let exchanged = pending.exchange(callback, &laptop.transport, &laptop.auth0, now, until).await?;
    let keys = laptop.id_token_keys(None).await.unwrap();
    exchanged.verify(&keys, laptop.clock.now()).map(|signed_in| signed_in.organization)
}

fn put_organization(url: &mut Url, organization: Option<&str>) {
    let kept: Vec<(String, String)> =
        url.query_pairs().into_owned().filter(|(name, _)| name != "organization").collect();
    let mut query = url.query_pairs_mut();
    query.clear().extend_pairs(kept);
    if let Some(organization) = organization {
        query.append_pair("organization", organization);
    }
}

#[tokio::test]
async fn a_sign_in_that_comes_back_with_another_organization_is_refused() {
    let world = World::start_cold(&[]).await;
    let signed_in = sign_in(&world, ORGANIZATION, Some(ORGANIZATION)).await;
    assert_eq!(signed_in.unwrap(), Some(Organization(ORGANIZATION.to_owned())));
    for (expected, asked) in [("org_other", Some(ORGANIZATION)), (ORGANIZATION, None)] {
        let refused = sign_in(&world, expected, asked).await.err();
        assert!(matches!(refused, Some(LoginError::IdToken(_))), "{expected} {asked:?}: {refused:?}");
    }
    let refused = sign_in(&world, ORGANIZATION, Some("org_other")).await.err();
    assert_eq!(refused, Some(LoginError::Declined), "alice is no member of it");
}
