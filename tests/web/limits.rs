//! What limits go by.

use acceptance::{Browser, Page, Site, World};
use devstack::sample::Person;
use tokio::io::AsyncReadExt as _;
use tokio::net::TcpStream;
use tokio::time::{Duration, timeout};

/// One more than an address may ask at once, with some for the seconds that pass meanwhile.
const MANY: usize = 250;

async fn behind_a_proxy() -> Site {
    let settings = [("TRUSTED_PROXIES", "127.0.0.0/8")];
    Box::pin(Site::of(World::start().await, function::clock::system(), &settings)).await
}

async fn asking(browser: &mut Browser, from: &str) -> Page {
    browser.get_with("/health", &[("x-forwarded-for", from)]).await
}

/// Asks until it is refused.
async fn used_up(browser: &mut Browser, from: &str) {
    for _ in 0..MANY {
        if asking(browser, from).await.status == 429 {
            return;
        }
    }
    panic!("{from} is never refused");
}

#[tokio::test]
async fn behind_a_trusted_proxy_each_address_has_its_own_limit_whatever_it_claims_to_be() {
    let site = behind_a_proxy().await;
    let mut browser = site.browser();
    used_up(&mut browser, "192.0.2.7").await;
    assert_eq!(asking(&mut browser, "203.0.113.9, 192.0.2.7").await.status, 429);
    assert_eq!(asking(&mut browser, "192.0.2.8").await.status, 200, "another is not held up");
    used_up(&mut browser, "2001:db8:0:1::1").await;
    assert_eq!(asking(&mut browser, "2001:db8:0:1:ffff::2").await.status, 429, "the same network");
    assert_eq!(asking(&mut browser, "2001:db8:0:2::1").await.status, 200);
}

#[tokio::test]
async fn without_a_trusted_proxy_no_header_is_believed() {
    let site = Site::start().await;
    let mut browser = site.browser();
    used_up(&mut browser, "192.0.2.7").await;
    assert_eq!(asking(&mut browser, "192.0.2.8").await.status, 429);
}

#[tokio::test]
async fn who_is_signed_in_is_not_held_up_by_others_at_the_same_address_and_a_strange_cookie_is_no_way_around() {
    let site = Site::start().await;
    let mut alice = site.signed_in("alice").await;
    let mut other = site.browser();
    used_up(&mut other, "").await;
    assert_eq!(alice.get("/activity").await.status, 200);
    other.jar.insert("__Host-mandate".to_owned(), "A".repeat(43));
    assert_eq!(asking(&mut other, "").await.status, 429);
    used_up(&mut alice, "").await;
}

#[tokio::test]
async fn the_providers_logout_has_a_limit_of_its_own_at_an_address_that_is_used_up() {
    let site = Site::start().await;
    let mut alice = site.signed_in("alice").await;
    used_up(&mut site.browser(), "").await;
    let sub = Person::named("alice").unwrap().sub();
    assert_eq!(site.world.laptop.stack.auth0.log_out(&sub).await, [200]);
    assert_eq!(alice.get("/activity").await.status, 401);
}

#[tokio::test]
async fn an_address_holds_32_connections_and_a_trusted_proxy_as_many_as_it_needs() {
    let site = Site::start().await;
    let host = site.website.url.strip_prefix("http://").unwrap().to_owned();
    let mut held = Vec::new();
    for _ in 0..32 {
        held.push(TcpStream::connect(&host).await.unwrap());
    }
    let mut one_more = TcpStream::connect(&host).await.unwrap();
    let closed = timeout(Duration::from_secs(10), one_more.read(&mut [0; 1])).await.expect("it is closed");
    assert!(!matches!(closed, Ok(1..)));
    drop(held);
    let site = behind_a_proxy().await;
    let host = site.website.url.strip_prefix("http://").unwrap().to_owned();
    let mut held = Vec::new();
    for _ in 0..40 {
        held.push(TcpStream::connect(&host).await.unwrap());
    }
    assert_eq!(site.browser().get("/health").await.status, 200);
}

#[tokio::test]
async fn a_list_of_proxies_that_is_none_stops_the_start() {
    let world = World::start().await;
    let log = function::telemetry::Log::to("web", function::clock::system(), |_| {});
    let settings = [("TRUSTED_PROXIES", "10.0.0.1, everybody")];
    let started = world.laptop.serve_web(0, &settings, function::clock::system(), log).await;
    assert!(started.err().expect("it does not start").to_string().contains("TRUSTED_PROXIES"));
}

#[tokio::test]
async fn an_organization_in_the_address_is_not_taken() {
    let site = Site::start().await;
    let address = site.browser().get("/sign-in?organization=org_other").await.location.unwrap();
    let sent: Vec<_> = address.query_pairs().filter(|(name, _)| name == "organization").collect();
    assert_eq!(sent.len(), 1);
    assert_eq!(sent[0].1, devstack::sample::ORGANIZATION);
}

#[tokio::test]
async fn a_callback_with_another_state_leaves_what_was_begun() {
    let site = Site::start().await;
    let mut browser = site.browser();
    let address = browser.get("/sign-in").await.location.unwrap();
    let alice = Person::named("alice").unwrap();
    let callback = browser.walk(address, &alice).await;
    assert_eq!(browser.get("/callback?code=x&state=x").await.status, 400);
    assert_eq!(browser.visit(&callback).await.status, 303);
    site.world.laptop.stack.auth0.connect(&alice.sub(), devstack::sample::CONNECTION).await.unwrap();
    browser.get("/").await;
    browser.post("/accounts/connect", &[]).await;
    let address = browser.get("/accounts/go").await.location.expect("the tenant's page");
    let back = browser.walk_to(address, "/accounts/callback", &alice).await;
    assert!((400..500).contains(&browser.get("/accounts/callback?connect_code=x&state=x").await.status));
    assert_eq!(browser.visit(&back).await.status, 303);
}
