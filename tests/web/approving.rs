//! The panel of approvals.

use std::time::Duration;

use acceptance::{Browser, Site, World};
use devstack::auth0::Lifetimes;
use devstack::sample::Person;

/// A site whose worker looks after approvals.
async fn site() -> Site {
    let mut world = World::start().await;
    world.laptop.attach_worker().unwrap();
    let auth0 = &world.laptop.stack.auth0;
    auth0.set_lifetimes(Lifetimes { ciba_interval: 1, ..Lifetimes::default() });
    Box::pin(Site::of(world, function::clock::system(), &[])).await
}

/// The panel once it says this, which must happen within twenty seconds.
async fn panel(browser: &mut Browser, mark: &str) -> String {
    let mut shown = String::new();
    for _ in 0..100 {
        let page = browser.get("/approvals").await;
        shown = page.json()["html"].as_str().unwrap().to_owned();
        if shown.contains(mark) {
            return shown;
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    panic!("it never says `{mark}`: {shown}");
}

#[tokio::test]
async fn a_request_is_shown_with_its_code_and_exact_arguments_and_then_with_its_outcome() {
    let site = site().await;
    let mut browser = site.connected("dave").await;
    let asked = browser.say("Add bob@example.com to the group \"VPN users\"").await;
    assert!(asked.text.contains("Checking that you may, then asking for your approval"), "{}", asked.text);
    let open = panel(&mut browser, "data-state=\"pending\"").await;
    let dave = Person::named("dave").unwrap();
    let auth0 = &site.world.laptop.stack.auth0;
    let request = auth0.pending(&dave.sub()).pop().unwrap();
    let code = request.binding_message.rsplit(' ').next().unwrap();
    for text in [code, "bob@example.com", "VPN users", "progress", "data-until="] {
        assert!(open.contains(text), "`{text}` in {open}");
    }
    auth0.approve(&request.auth_req_id).unwrap();
    let done = panel(&mut browser, "data-ending=\"done\"").await;
    assert!(done.contains(code) && !done.contains("data-state"), "{done}");
    assert!(browser.get("/").await.text.contains("data-ending=\"done\""), "after a reload too");
    let mut other = site.signed_in("alice").await;
    assert!(!other.get("/approvals").await.text.contains(code), "another's is not shown");
}

#[tokio::test]
async fn a_request_that_nobody_answers_reads_otherwise_than_a_denial() {
    let site = site().await;
    let auth0 = &site.world.laptop.stack.auth0;
    auth0.set_lifetimes(Lifetimes { ciba_interval: 1, ciba_expiry: Some(2), ..Lifetimes::default() });
    let mut browser = site.connected("alice").await;
    browser.say("Reset my password").await;
    let expired = panel(&mut browser, "data-ending=\"expired\"").await;
    assert!(expired.contains("no answer came in time") && !expired.contains("you said no"), "{expired}");
}

#[tokio::test]
async fn a_denial_reads_as_one() {
    let site = site().await;
    let mut browser = site.connected("alice").await;
    browser.say("Reset my password").await;
    panel(&mut browser, "data-state=\"pending\"").await;
    let auth0 = &site.world.laptop.stack.auth0;
    let request = auth0.pending(&Person::named("alice").unwrap().sub()).pop().unwrap();
    auth0.deny(&request.auth_req_id).unwrap();
    let denied = panel(&mut browser, "data-ending=\"denied\"").await;
    assert!(denied.contains("you said no, so nothing was done"), "{denied}");
}
