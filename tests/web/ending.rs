//! Ends of sessions that something gets in the way of.

use std::collections::BTreeMap;

use acceptance::{Browser, Hands, Site, World};
use devstack::auth0::Signer;
use devstack::fault::{Effect, Fault};
use devstack::sample::Person;
use devstack::stack::SESSION_TABLE;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;

const COOKIE: &str = "__Host-mandate";

fn fault(on: &str, effect: Effect) -> Fault {
    Fault { on: on.to_owned(), times: None, skip: 0, effect }
}

fn broken() -> Effect {
    Effect::Answer { status: 500, headers: BTreeMap::new(), body: String::new() }
}

async fn rows(site: &Site) -> usize {
    let items = site.world.laptop.stack.dynamodb.items(SESSION_TABLE).await.unwrap();
    let keys = items.iter().filter_map(|item| item.pointer("/session_id/S")?.as_str());
    keys.filter(|key| !key.starts_with("logout#")).count()
}

#[tokio::test]
async fn a_sign_out_that_fails_says_so_and_the_same_button_works_again() {
    let site = Site::start().await;
    let mut browser = site.signed_in("alice").await;
    let mut copy = browser.clone();
    let dynamodb = &site.world.laptop.stack.dynamodb;
    dynamodb.fault(fault("POST /DeleteItem", broken()));
    let page = browser.post("/sign-out", &[]).await;
    assert_eq!(page.status, 503, "{}", page.text);
    assert!(page.text.contains("you are not signed out") && !page.text.contains("is over"), "{}", page.text);
    assert!(browser.jar.contains_key(COOKIE));
    assert_eq!(copy.get("/activity").await.status, 401, "the cookie opens nothing already");
    dynamodb.mend();
    assert_eq!(browser.post("/sign-out", &[]).await.status, 200);
    assert!(!browser.jar.contains_key(COOKIE));
    assert_eq!(copy.get("/activity").await.status, 401);
    assert_eq!(rows(&site).await, 0);
}

/// A sign-out whose browser has left once the cookie was marked as over; each deletion after that is slow.
async fn left_while_signing_out(site: &Site) {
    let browser = site.signed_in("alice").await;
    let slow = fault("POST /DeleteItem", Effect::Delay { ms: 300 });
    site.world.laptop.stack.dynamodb.fault(slow);
    let address = &site.website.url;
    let host = address.strip_prefix("http://").unwrap();
    let body = format!("token={}", browser.token);
    let head = format!(
        "POST /sign-out HTTP/1.1\r\nhost: {host}\r\norigin: {address}\r\ncookie: {COOKIE}={}\r\n\
         content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{body}",
        browser.jar[COOKIE],
        body.len()
    );
    let before = site.world.counts().dynamodb;
    let mut connection = TcpStream::connect(host).await.unwrap();
    connection.write_all(head.as_bytes()).await.unwrap();
    site.world.until(|counts| counts.dynamodb > before + 3).await;
}

#[tokio::test]
async fn a_server_that_ends_finishes_a_sign_out_whose_browser_has_left() {
    let site = Site::start().await;
    left_while_signing_out(&site).await;
    assert_eq!(site.world.laptop.stack.auth0.double.requests_to("POST /oauth/revoke"), 0, "it is under way");
    let Site { website, world, .. } = site;
    website.stop().await;
    assert_eq!(world.laptop.stack.auth0.double.requests_to("POST /oauth/revoke"), 1);
    let left = world.laptop.stack.dynamodb.items(SESSION_TABLE).await.unwrap();
    assert!(left.is_empty(), "{left:?}");
}

#[tokio::test]
async fn a_browser_that_hangs_up_is_signed_out_all_the_same() {
    let site = Site::start().await;
    left_while_signing_out(&site).await;
    let stack = &site.world.laptop.stack;
    site.world.until(|_| site.logs().join("\n").contains("\"web_sign_out\"")).await;
    assert_eq!(stack.auth0.double.requests_to("POST /oauth/revoke"), 1);
    assert_eq!(rows(&site).await, 0);
}

async fn before_the_callback(site: &Site) -> (Browser, url::Url) {
    let mut browser = site.browser();
    let address = browser.get("/sign-in").await.location.expect("the provider's page");
    let callback = browser.walk(address, &Person::named("alice").unwrap()).await;
    (browser, callback)
}

#[tokio::test]
async fn a_logout_that_comes_before_the_callback_leaves_no_session() {
    let site = Site::start().await;
    let auth0 = &site.world.laptop.stack.auth0;
    let sub = Person::named("alice").unwrap().sub();
    for without in ["sub", "sid", "nothing"] {
        let before = auth0.sessions(&sub);
        let (mut browser, callback) = before_the_callback(&site).await;
        let sid = auth0.sessions(&sub).into_iter().find(|sid| !before.contains(sid)).unwrap();
        let mut claims = auth0.logout_claims(&site.world.laptop.stack.web.id, &sub, &sid);
        claims.as_object_mut().unwrap().remove(without);
        let token = auth0.token_saying(&claims, Signer::Tenant).await.unwrap();
        let told = site.browser().post_bare("/back-channel-logout", &[("logout_token", &token)], &[]).await;
        assert_eq!(told.status, 200, "{}", told.text);
        assert_eq!(browser.visit(&callback).await.status, 401, "without {without}");
        assert!(!browser.jar.contains_key(COOKIE));
        assert_eq!(rows(&site).await, 0, "without {without}");
    }
}

#[tokio::test]
async fn a_session_that_nobody_used_for_long_goes_with_its_token_when_its_cookie_comes_again() {
    let hands = Hands::default();
    let site = Site::of(World::start().await, hands.clock(), &[]).await;
    let mut browser = site.signed_in("alice").await;
    hands.ahead(31 * 60);
    assert_eq!(browser.get("/approvals").await.status, 401);
    assert_eq!(site.world.laptop.stack.auth0.double.requests_to("POST /oauth/revoke"), 1);
    assert_eq!(rows(&site).await, 0);
}

#[tokio::test]
async fn a_stream_ends_with_its_session_and_leaves_nothing_of_the_conversation() {
    let site = Site::start().await;
    let mut browser = site.connected("alice").await;
    let mut other = browser.clone();
    let bedrock = &site.world.laptop.stack.bedrock.double;
    bedrock.fault(Fault { times: Some(1), ..fault("POST /agents/", Effect::Hang) });
    let (said, out) = tokio::join!(browser.say("What are my Okta groups?"), async {
        site.world.until(|_| bedrock.requests_to("POST /agents/") == 1).await;
        other.post("/sign-out", &[]).await
    });
    assert_eq!(out.status, 200);
    assert_eq!(said.events().last().unwrap().1["state"], "incomplete");
    assert_eq!(rows(&site).await, 0);
}
