//! Tables and keys that do not answer.

use std::collections::BTreeMap;

use acceptance::{Browser, Page, Site, World};
use devstack::fault::{Effect, Fault};
use devstack::sample::Person;

const COOKIE: &str = "__Host-mandate";

fn always(on: &str, skip: u32) -> Fault {
    let effect = Effect::Answer { status: 500, headers: BTreeMap::new(), body: String::new() };
    Fault { on: on.to_owned(), times: None, skip, effect }
}

fn is_told(site: &Site, page: &Page) {
    assert!([500, 503].contains(&page.status), "{}: {:?}", page.status, site.logs().last());
    let code = if page.status == 503 { "unavailable" } else { "internal" };
    assert!(page.text.contains(code) && page.text.contains("eference"), "{}", page.text);
    let line =
        site.logs().into_iter().rev().find(|line| line.contains(&format!("\"code\":\"{code}\""))).expect("a line");
    let line: serde_json::Value = serde_json::from_str(&line).unwrap();
    assert!(page.text.contains(line["reference"].as_str().unwrap()), "the page has the log's reference");
}

/// A browser that has come as far as the callback, and its address.
async fn before_the_callback(site: &Site) -> (Browser, url::Url) {
    let mut browser = site.browser();
    let address = browser.get("/sign-in").await.location.expect("the provider's page");
    let callback = browser.walk(address, &Person::named("alice").unwrap()).await;
    (browser, callback)
}

#[tokio::test]
async fn a_table_that_fails_at_any_step_of_a_sign_in_leaves_a_code_a_reference_and_no_session() {
    let site = Site::start().await;
    let dynamodb = &site.world.laptop.stack.dynamodb;
    dynamodb.fault(always("POST /PutItem", 0));
    let mut browser = site.browser();
    is_told(&site, &browser.get("/sign-in").await);
    dynamodb.mend();
    for (on, skip) in [("POST /DeleteItem", 0), ("POST /GetItem", 0), ("POST /PutItem", 0), ("POST /PutItem", 3)] {
        let (mut browser, callback) = before_the_callback(&site).await;
        dynamodb.fault(always(on, skip));
        let page = browser.visit(&callback).await;
        is_told(&site, &page);
        assert!(!browser.jar.contains_key(COOKIE), "{on} {skip}");
        dynamodb.mend();
        assert!(browser.get("/").await.text.contains("href=\"/sign-in\""), "{on} {skip}");
    }
}

#[tokio::test]
async fn a_conversation_that_the_table_refuses_is_shortened_and_written_once_more() {
    let site = Site::start().await;
    let mut browser = site.signed_in("alice").await;
    let (first, second) = ("Hello, what can you do?", "And what else can you do?");
    assert_eq!(browser.say(first).await.events().last().unwrap().1["state"], "complete");
    let dynamodb = &site.world.laptop.stack.dynamodb;
    dynamodb.forget();
    // After the person's slot and the beginning of the turn comes its end.
    let body = r#"{"__type":"com.amazon.coral.validate#ValidationException","message":"too large"}"#.to_owned();
    let effect = Effect::Answer { status: 400, headers: BTreeMap::new(), body };
    dynamodb.fault(Fault { on: "POST /PutItem".to_owned(), times: Some(1), skip: 2, effect });
    assert_eq!(browser.say(second).await.events().last().unwrap().1["state"], "complete");
    assert_eq!(dynamodb.requests_by_operation("PutItem"), 4);
    let page = browser.get("/").await.text;
    assert!(page.contains("I can") && !page.contains(first), "the older half went: {page}");
    assert_eq!(browser.say(first).await.events().last().unwrap().1["state"], "complete");
}

#[tokio::test]
async fn a_table_or_a_key_that_fails_later_is_told_and_the_session_is_there_when_it_is_back() {
    let site = Site::of(World::start_as_deployed().await, function::clock::system(), &[]).await;
    let mut browser = site.signed_in("alice").await;
    let stack = &site.world.laptop.stack;
    stack.dynamodb.fault(always("POST /GetItem", 0));
    for path in ["/", "/activity", "/accounts", "/approvals"] {
        is_told(&site, &browser.get(path).await);
    }
    stack.dynamodb.mend();
    assert_eq!(browser.get("/activity").await.status, 200);
    let (mut other, callback) = before_the_callback(&site).await;
    stack.security.kms.fault(always("", 0));
    is_told(&site, &other.visit(&callback).await);
    assert!(!other.jar.contains_key(COOKIE));
    stack.security.kms.mend();
    assert_eq!(browser.get("/activity").await.status, 200);
}
