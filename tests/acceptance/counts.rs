//! How much a call asks of whom: exactly what `docs/ARCHITECTURE.md` derives.

use acceptance::{Counts, Event, World, error_of};
use devstack::stack::STORE;

/// What one call asks, connections apart.
#[derive(Debug, PartialEq, Eq)]
struct Asked {
    dynamodb: Vec<String>,
    lambda: u64,
    checks: u64,
    fga_tokens: u64,
    auth0_tokens: u64,
    okta: u64,
}

/// The read of the row, the check by way of the authorizer (and the invocation that brought the call), one page, and the
/// person's audit record.
fn warm() -> Asked {
    let dynamodb = ["GetItem", "PutItem"].map(str::to_owned).to_vec();
    Asked { dynamodb, lambda: 2, checks: 1, fga_tokens: 0, auth0_tokens: 0, okta: 1 }
}

/// As warm, and the lease, the exchange and the storing of its token.
fn with_an_exchange() -> Asked {
    let dynamodb = ["GetItem", "UpdateItem", "UpdateItem", "PutItem"].map(str::to_owned).to_vec();
    Asked { dynamodb, auth0_tokens: 1, ..warm() }
}

/// As warm, but nobody is called as the person.
fn denied() -> Asked {
    Asked { okta: 0, ..warm() }
}

async fn asked_by(world: &World, event: &Event) -> (Asked, Counts, Option<String>) {
    world.forget();
    let before = world.counts().connections;
    let answer = world.invoke("okta-groups", &event.0).await;
    let counts = world.counts();
    let counts = Counts { connections: counts.connections - before, ..counts };
    let asked = Asked {
        dynamodb: world.laptop.stack.dynamodb.operations(),
        lambda: counts.lambda,
        checks: counts.checks,
        fga_tokens: counts.fga_tokens,
        auth0_tokens: counts.auth0_tokens,
        okta: counts.okta,
    };
    (asked, counts, error_of(&answer))
}

#[tokio::test]
async fn a_warm_call_opens_no_connection_and_asks_each_upstream_once() {
    let world = World::start().await;
    let alice = world.chatting("alice").await;
    let event = world.call(&alice);
    for (door, event) in [("function details", event.clone()), ("openapi", event.by_openapi())] {
        let first = world.invoke("okta-groups", &event.0).await;
        assert_eq!(error_of(&first), None);
        let (asked, counts, error) = asked_by(&world, &event).await;
        println!("warm, by {door}: {counts:?}");
        assert_eq!(error, None);
        assert_eq!(asked, warm(), "{door}");
        assert_eq!(counts.connections, 0, "{door}");
    }
}

#[tokio::test]
async fn a_first_call_adds_one_lease_one_exchange_and_one_write_and_no_connection() {
    let world = World::start().await;
    // The harness's own connection to the function host is opened by a call that ends at the door.
    world.invoke("okta-groups", &serde_json::json!({})).await;
    for openapi in [false, true] {
        let alice = world.chatting("alice").await;
        let event = world.call(&alice);
        let event = if openapi { event.by_openapi() } else { event };
        let (asked, counts, error) = asked_by(&world, &event).await;
        println!("first, exchange due, by {}: {counts:?}", if openapi { "openapi" } else { "function details" });
        assert_eq!(error, None);
        assert_eq!(asked, with_an_exchange());
        assert_eq!(counts.connections, 0, "they were opened before the first call");
        // The vault's own refresh at Okta is no request of ours.
        assert_eq!(world.laptop.stack.okta.double.requests_to("POST /oauth2/v1/token"), 1);
    }
}

#[tokio::test]
async fn a_denied_call_asks_okta_nothing_and_exchanges_nothing() {
    let world = World::start().await;
    let bob = world.chatting("bob").await;
    let event = world.call(&bob);
    world.invoke("okta-groups", &event.0).await;
    for (door, event) in [("function details", event.clone()), ("openapi", event.by_openapi())] {
        let (asked, counts, error) = asked_by(&world, &event).await;
        println!("denied, by {door}: {counts:?}");
        assert_eq!(error.as_deref(), Some("access_denied"), "{door}");
        assert_eq!(asked, denied(), "{door}");
        assert_eq!(counts.connections, 0, "{door}");
        assert_eq!(world.laptop.stack.okta.double.requests(), 0, "{door}");
    }
}

#[tokio::test]
async fn a_call_without_a_session_asks_one_read_and_one_record_and_nobody_else() {
    let world = World::start().await;
    let alice = world.chatting("alice").await;
    let event = world.call(&alice);
    let hash = alice.signed.session.hash();
    let until = tokio::time::Instant::now() + std::time::Duration::from_secs(5);
    world.laptop.store.delete(&hash, until).await.unwrap();
    let (asked, counts, error) = asked_by(&world, &event).await;
    println!("no session: {counts:?}");
    assert_eq!(error.as_deref(), Some("auth_required"));
    assert_eq!(asked, Asked { lambda: 1, checks: 0, okta: 0, ..warm() });
}

#[tokio::test]
async fn every_check_names_the_pinned_model_and_asks_for_higher_consistency() {
    let world = World::start().await;
    let alice = world.chatting("alice").await;
    for event in
        [world.call(&alice), world.call(&alice).by_openapi(), world.call(&alice).with("user", "bob@example.com")]
    {
        world.invoke("okta-groups", &event.0).await;
    }
    let questions = world.laptop.stack.openfga.questions();
    assert_eq!(questions.len(), 3);
    for question in questions {
        assert_eq!(question.consistency.as_deref(), Some("HIGHER_CONSISTENCY"), "{}", question.tuple);
        assert_eq!(question.model.as_deref(), Some(STORE.1), "{}", question.tuple);
        assert_eq!(question.tuple.user, format!("user:{}", alice.signed.subject.encoded()));
    }
}
