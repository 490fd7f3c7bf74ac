//! A session whose id a client has outlasts its browser, and ends when its person signs out anywhere.

use acceptance::{Browser, Hands, Site};
use auth::id::SessionReference;
use devstack::fault::{Effect, Fault};
use devstack::stack::SESSION_TABLE;
use serde_json::{Value, json};

use crate::client::{called, handed, press, subject_of};

const IDLE: u64 = 30 * 60;

async fn code(site: &Site, name: &str, id: &SessionReference) -> Option<String> {
    let answer = called(site, &subject_of(&site.world, name), id).await;
    answer["error"]["code"].as_str().map(str::to_owned)
}

async fn rows(site: &Site) -> usize {
    let items = site.world.laptop.stack.dynamodb.items(SESSION_TABLE).await.unwrap();
    items.iter().filter_map(|item| item["session_id"]["S"].as_str()).filter(|key| !key.contains('#')).count()
}

async fn is_in(browser: &mut Browser) -> bool {
    browser.get("/activity").await.status == 200
}

// S05
#[tokio::test]
async fn after_half_an_hour_the_cookie_opens_nothing_and_the_client_goes_on_until_the_eight_hours() {
    let hands = Hands::default();
    let site = Site::at_a_gateway(hands.clock()).await;
    let mut alice = site.connected("alice").await;
    let mut copy = alice.clone();
    let id = handed(&mut alice).await;
    hands.ahead(IDLE + 60);
    for path in ["/activity", "/client", "/approvals"] {
        assert_eq!(alice.get(path).await.status, 401, "{path}");
    }
    assert_eq!((press(&mut alice).await.status, press(&mut copy).await.status), (401, 401));
    assert_eq!(code(&site, "alice", &id).await, None, "the client goes on");
    let auth0 = &site.world.laptop.stack.auth0.double;
    assert_eq!(auth0.requests_to("POST /oauth/revoke"), 0);
    hands.ahead(8 * 3600 + 60);
    assert!(!is_in(&mut copy).await);
    assert_eq!((rows(&site).await, auth0.requests_to("POST /oauth/revoke")), (0, 1));
    assert_eq!(code(&site, "alice", &id).await.as_deref(), Some("auth_required"));
}

// S05
#[tokio::test]
async fn without_a_press_the_row_ends_with_its_browser() {
    let hands = Hands::default();
    let site = Site::at_a_gateway(hands.clock()).await;
    let mut alice = site.signed_in("alice").await;
    assert_eq!((alice.get("/client").await.status, rows(&site).await), (200, 1));
    hands.ahead(IDLE + 60);
    assert!(!is_in(&mut alice).await);
    assert_eq!(rows(&site).await, 0);
}

#[tokio::test]
async fn a_sign_out_in_any_browser_ends_every_session_that_clients_have_and_nobody_elses() {
    let hands = Hands::default();
    let site = Site::at_a_gateway(hands.clock()).await;
    let (mut first, mut other, mut bob) =
        (site.connected("alice").await, site.signed_in("alice").await, site.signed_in("bob").await);
    let (id, bobs) = (handed(&mut first).await, handed(&mut bob).await);
    hands.ahead(IDLE + 60);
    // The same browser, after it was left alone: another session, beside the client's.
    first.sign_in(&devstack::sample::Person::named("alice").unwrap()).await;
    let second = handed(&mut first).await;
    assert_ne!(second.hash(), id.hash());
    assert_eq!((code(&site, "alice", &id).await, code(&site, "alice", &second).await), (None, None));
    assert!(!is_in(&mut other).await, "left alone as well, and no client has it");
    let mut third = site.signed_in("alice").await;
    assert_eq!(third.post("/sign-out", &[]).await.status, 200);
    for id in [&id, &second] {
        assert_eq!(code(&site, "alice", id).await.as_deref(), Some("auth_required"));
    }
    assert!(!is_in(&mut first).await);
    assert_ne!(code(&site, "bob", &bobs).await.as_deref(), Some("auth_required"), "bob's row is there still");
    assert_eq!(rows(&site).await, 1);
    assert_eq!(site.world.laptop.stack.auth0.double.requests_to("POST /oauth/revoke"), 3, "hers, since the third");
}

#[tokio::test]
async fn the_form_of_a_browser_that_was_left_alone_still_signs_out() {
    let hands = Hands::default();
    let site = Site::at_a_gateway(hands.clock()).await;
    let mut alice = site.connected("alice").await;
    let id = handed(&mut alice).await;
    hands.ahead(IDLE + 60);
    assert_eq!(alice.post("/sign-out", &[]).await.status, 200);
    assert_eq!(code(&site, "alice", &id).await.as_deref(), Some("auth_required"));
    assert_eq!(rows(&site).await, 0);
}

#[tokio::test]
async fn a_logout_at_the_provider_ends_it_too() {
    let hands = Hands::default();
    let site = Site::at_a_gateway(hands.clock()).await;
    let mut alice = site.connected("alice").await;
    let id = handed(&mut alice).await;
    let sub = devstack::sample::Person::named("alice").unwrap().sub();
    assert_eq!(site.world.laptop.stack.auth0.log_out(&sub).await, [200]);
    assert_eq!(code(&site, "alice", &id).await.as_deref(), Some("auth_required"));
    assert_eq!(rows(&site).await, 0);
}

#[tokio::test]
async fn what_cannot_be_written_down_is_not_shown_and_a_sign_out_that_fails_can_come_again() {
    let site = Site::at_a_gateway(function::clock::system()).await;
    let (mut alice, mut other) = (site.connected("alice").await, site.signed_in("alice").await);
    let dynamodb = &site.world.laptop.stack.dynamodb;
    let broken = |on: &str| Fault {
        on: on.to_owned(),
        times: None,
        skip: 0,
        effect: Effect::Answer { status: 500, headers: std::collections::BTreeMap::new(), body: String::new() },
    };
    for on in ["POST /UpdateItem", "POST /PutItem"] {
        dynamodb.fault(broken(on));
    }
    let page = press(&mut alice).await;
    assert!(page.status == 503 && !page.text.contains("session-id"), "{} {}", page.status, page.text);
    dynamodb.mend();
    let id = handed(&mut alice).await;
    dynamodb.fault(broken("POST /DeleteItem"));
    let page = other.post("/sign-out", &[]).await;
    assert!(page.status == 503 && page.text.contains("you are not signed out"), "{}", page.text);
    dynamodb.mend();
    assert_eq!(other.post("/sign-out", &[]).await.status, 200);
    assert_eq!(code(&site, "alice", &id).await.as_deref(), Some("auth_required"));
    assert_eq!(rows(&site).await, 0);
    let lines: Vec<Value> = site.logs().iter().filter_map(|line| serde_json::from_str(line).ok()).collect();
    assert!(lines.iter().any(|line| line["tool"] == "web_sign_out" && line["code"] == "unavailable"));
}

#[tokio::test]
async fn a_clients_session_that_cannot_be_ended_keeps_no_other_open_and_is_told() {
    let site = Site::at_a_gateway(function::clock::system()).await;
    let (mut alice, mut other) = (site.connected("alice").await, site.signed_in("alice").await);
    let id = handed(&mut alice).await;
    let dynamodb = &site.world.laptop.stack.dynamodb;
    let items = dynamodb.items(SESSION_TABLE).await.unwrap();
    let named = items.iter().find(|item| item["session_id"]["S"].as_str().unwrap().starts_with("provider#"));
    let mut bent = named.unwrap().clone();
    bent["version"] = json!({"N": "77"});
    for item in items.iter().filter(|item| item["session_id"]["S"].as_str().unwrap().starts_with("provider#")) {
        bent["session_id"] = item["session_id"].clone();
        dynamodb.raw("PutItem", json!({"TableName": SESSION_TABLE, "Item": bent})).await.unwrap();
    }
    let page = other.post("/sign-out", &[]).await;
    assert_eq!(page.status, 503);
    assert!(page.text.contains("signed out here, but a session that your MCP client has may go on"), "{}", page.text);
    assert!(!is_in(&mut other).await, "one's own is over");
    assert_eq!(rows(&site).await, 1);
    assert_eq!(code(&site, "alice", &id).await, None, "the client's goes on");
    assert_eq!(alice.post("/sign-out", &[]).await.status, 503, "its own browser ends it, and is told of others");
    assert_eq!(rows(&site).await, 0);
}

#[tokio::test]
async fn the_browsers_item_lasts_as_long_as_the_row_that_a_client_has() {
    let site = Site::at_a_gateway(function::clock::system()).await;
    let mut alice = site.connected("alice").await;
    let _id = handed(&mut alice).await;
    let items = site.world.laptop.stack.dynamodb.items(SESSION_TABLE).await.unwrap();
    let ttl = |item: &Value| item["ttl"]["N"].as_str().unwrap().parse::<u64>().unwrap();
    let id = |item: &Value| item["session_id"]["S"].as_str().unwrap().to_owned();
    let browser = items.iter().find(|item| id(item).starts_with("web#")).unwrap();
    let row = items.iter().find(|item| !id(item).contains('#')).unwrap();
    assert_eq!(ttl(browser), ttl(row), "DynamoDB deletes what is over");
}
