//! The statements about sign-in, one by one.

use std::collections::HashMap;

use acceptance::{Browser, Hands, Page, Site, World};
use devstack::sample::{ORGANIZATION, Person};
use url::Url;

const COOKIE: &str = "__Host-mandate";
const BEGUN: &str = "__Host-mandate-sign-in";

async fn begin(browser: &mut Browser) -> Url {
    browser.get("/sign-in").await.location.expect("the provider's page")
}

fn alice() -> Person {
    Person::named("alice").unwrap()
}

/// Nobody is signed in, and the provider's token endpoint was asked so often.
fn refused(site: &Site, browser: &Browser, page: &Page, exchanges: u64) {
    assert!((400..500).contains(&page.status), "{}", page.status);
    assert!(!browser.jar.contains_key(COOKIE));
    assert_eq!(site.world.laptop.stack.auth0.double.requests_to("POST /oauth/token"), exchanges);
}

// O01
#[tokio::test]
async fn every_sign_in_has_its_own_pkce_state_and_nonce_and_the_exact_callback() {
    let site = Site::start().await;
    let mut browser = site.browser();
    let (one, two) = (begin(&mut browser).await, begin(&mut browser).await);
    let of = |url: &Url| url.query_pairs().into_owned().collect::<HashMap<String, String>>();
    let (one, two) = (of(&one), of(&two));
    assert_eq!(one["redirect_uri"], format!("{}/callback", site.website.url));
    assert_eq!((one["code_challenge_method"].as_str(), one["response_type"].as_str()), ("S256", "code"));
    assert_eq!(one["organization"], ORGANIZATION);
    for name in ["state", "nonce", "code_challenge"] {
        assert_eq!(one[name].len(), 43, "{name}");
        assert_ne!(one[name], two[name], "{name}");
    }
}

// S01
#[tokio::test]
async fn cookies_are_for_this_host_only_and_out_of_reach_of_scripts() {
    let site = Site::start().await;
    let mut browser = site.browser();
    let begun = browser.get("/sign-in").await;
    let address = begun.location.clone().unwrap();
    let callback = browser.walk(address, &alice()).await;
    let back = browser.visit(&callback).await;
    for cookie in begun.cookies().into_iter().chain(back.cookies()) {
        assert!(cookie.starts_with("__Host-mandate"), "{cookie}");
        assert!(cookie.contains("; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age="), "{cookie}");
        assert!(!cookie.contains("Domain"), "{cookie}");
    }
}

// O02
#[tokio::test]
async fn a_callback_without_its_state_or_in_another_browser_signs_nobody_in() {
    let site = Site::start().await;
    let mut browser = site.browser();
    let address = begin(&mut browser).await;
    let callback = browser.walk(address, &alice()).await;
    let mut other = site.browser();
    begin(&mut other).await;
    let page = other.visit(&callback).await;
    refused(&site, &other, &page, 0);
    let mut none = site.browser();
    let page = none.visit(&callback).await;
    refused(&site, &none, &page, 0);
    let code = callback.query_pairs().find(|(name, _)| name == "code").unwrap().1.into_owned();
    let page = browser.get(&format!("/callback?code={code}")).await;
    refused(&site, &browser, &page, 0);
}

// O02
#[tokio::test]
async fn a_callback_after_ten_minutes_signs_nobody_in() {
    let hands = Hands::default();
    let site = Site::of(World::start().await, hands.clock(), &[]).await;
    let mut browser = site.browser();
    let address = begin(&mut browser).await;
    let callback = browser.walk(address, &alice()).await;
    hands.ahead(601);
    let page = browser.visit(&callback).await;
    refused(&site, &browser, &page, 0);
}

// O05
#[tokio::test]
async fn a_code_is_exchanged_once_though_the_callback_is_opened_twice() {
    let site = Site::start().await;
    let mut browser = site.browser();
    let address = begin(&mut browser).await;
    let callback = browser.walk(address, &alice()).await;
    let mut again = browser.clone();
    assert_eq!(browser.visit(&callback).await.status, 303);
    let page = again.visit(&callback).await;
    refused(&site, &again, &page, 1);
}

// O03, O04
#[tokio::test]
async fn another_issuers_callback_and_an_error_show_fixed_words_only() {
    let site = Site::start().await;
    for (query, status) in [
        ("code=x&iss=https://evil.test/", 400),
        ("code=x", 400),
        ("error=access_denied&error_description=<b>call+0800</b>&iss=", 403),
        ("error=server_error&error_description=<b>call+0800</b>&iss=", 400),
    ] {
        let mut browser = site.browser();
        let address = begin(&mut browser).await;
        let state = address.query_pairs().find(|(name, _)| name == "state").unwrap().1.into_owned();
        let issuer = if query.ends_with("iss=") { site.world.laptop.stack.auth0.issuer() } else { "" };
        let page = browser.get(&format!("/callback?{query}{issuer}&state={state}")).await;
        assert_eq!(page.status, status, "{query}: {}", page.text);
        assert!(!page.text.contains("0800") && !page.text.contains("server_error"), "{}", page.text);
        refused(&site, &browser, &page, 0);
        assert!(!browser.jar.contains_key(BEGUN), "the sign-in is over");
    }
}

// O06
#[tokio::test]
async fn no_token_of_the_provider_reaches_the_browser_or_the_log() {
    let site = Site::start().await;
    let mut browser = site.browser();
    let address = begin(&mut browser).await;
    let callback = browser.walk(address, &alice()).await;
    let mut seen = browser.visit(&callback).await.text;
    site.world.laptop.stack.auth0.connect(&alice().sub(), devstack::sample::CONNECTION).await.unwrap();
    for path in ["/", "/activity", "/accounts", "/approvals"] {
        seen += &browser.get(path).await.text;
    }
    seen += &browser.say("What are my Okta groups?").await.text;
    seen += &site.logs().join("\n");
    let secrets = site.world.laptop.stack.auth0.secrets();
    assert!(secrets.len() > 3);
    for secret in secrets {
        assert!(!seen.contains(&secret), "a secret of the provider is seen");
    }
    assert!(!site.logs().join("\n").contains(&browser.jar[COOKIE]));
}

// O07
#[tokio::test]
async fn a_sign_in_leads_to_a_page_of_ours_whatever_it_was_asked_for() {
    let site = Site::start().await;
    for (asked, path) in
        [("/activity", "/activity"), ("//evil.test", "/"), ("https://evil.test/", "/"), ("%2F%5Cevil.test", "/")]
    {
        let mut browser = site.browser();
        let address = browser.get(&format!("/sign-in?return_to={asked}")).await.location.unwrap();
        let callback = browser.walk(address, &alice()).await;
        let page = browser.visit(&callback).await;
        let location = page.location.unwrap();
        assert_eq!((location.origin(), location.path()), (browser.at("/").origin(), path), "{asked}");
    }
}
