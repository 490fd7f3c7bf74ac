//! Stopping an answer, and beginning anew.

use std::collections::BTreeMap;
use std::time::Duration;

use acceptance::{Browser, LambdaSite, Page, Site};
use devstack::fault::{Effect, Fault};
use devstack::stack::SESSION_TABLE;
use serde_json::json;

const QUESTION: &str = "What are my Okta groups?";

async fn press(browser: &mut Browser, path: &str, token: &str) -> Page {
    let origin = browser.at("/").origin().ascii_serialization();
    browser.post_bare(path, &[("token", token)], &[("origin", &origin), ("accept", "application/json")]).await
}

fn hang() -> Fault {
    Fault { on: "POST /agents/".to_owned(), times: Some(1), skip: 0, effect: Effect::Hang }
}

#[tokio::test]
async fn a_stop_from_another_tab_ends_the_turn_and_only_with_the_forms_token() {
    let site = Site::start().await;
    let mut browser = site.connected("alice").await;
    let (mut other, token) = (browser.clone(), browser.token.clone());
    let nothing = press(&mut other, "/chat/stop", &token).await;
    assert_eq!((nothing.status, nothing.json()["stopped"].as_bool()), (200, Some(false)));
    let bedrock = &site.world.laptop.stack.bedrock.double;
    bedrock.fault(hang());
    let (said, ()) = tokio::join!(browser.say(QUESTION), async {
        site.world.until(|_| bedrock.requests_to("POST /agents/") == 1).await;
        assert_eq!(press(&mut other, "/chat/stop", "another").await.status, 403);
        assert_eq!(other.post_bare("/chat/stop", &[("token", &token)], &[]).await.status, 403, "no origin");
        assert_eq!(press(&mut other, "/chat/new", &token).await.status, 409, "an answer is on its way");
        let news = other.get("/chat/messages").await.json();
        assert_eq!(news["answering"], true);
        assert!(news["html"].as_str().unwrap().contains(QUESTION));
        for _ in 0..2 {
            assert_eq!(press(&mut other, "/chat/stop", &token).await.json()["stopped"], true);
        }
    });
    let (name, end) = said.events().pop().unwrap();
    assert_eq!((name.as_str(), end["state"].as_str()), ("end", Some("stopped")));
    assert!(end["problem"].is_null());
    assert_eq!(other.get("/chat/messages").await.json()["answering"], false);
    assert!(browser.get("/").await.text.contains("Incomplete: stopped."));
    assert_eq!(browser.say(QUESTION).await.events().last().unwrap().1["state"], "complete", "the next is not stopped");
}

#[tokio::test]
async fn a_stop_reaches_a_turn_that_another_process_runs() {
    let site = LambdaSite::start(&[], Duration::from_secs(60)).await;
    let mut browser = site.connected("alice").await;
    let (mut other, token) = (browser.clone(), browser.token.clone());
    let bedrock = &site.world.laptop.stack.bedrock.double;
    bedrock.fault(hang());
    let (said, ()) = tokio::join!(browser.say(QUESTION), async {
        site.world.until(|_| bedrock.requests_to("POST /agents/") == 1).await;
        assert_eq!(press(&mut other, "/chat/stop", &token).await.json()["stopped"], true);
    });
    assert_eq!(said.events().last().unwrap().1["state"], "stopped");
}

#[tokio::test]
async fn a_conversation_is_cleared_by_its_own_person_and_the_session_goes_on() {
    let site = Site::start().await;
    let mut browser = site.connected("alice").await;
    assert!(!browser.get("/").await.text.contains("Clear the conversation"));
    browser.say(QUESTION).await;
    assert!(browser.get("/").await.text.contains("Clear the conversation"));
    let token = browser.token.clone();
    assert_eq!(press(&mut browser, "/chat/new", "another").await.status, 403);
    assert!(browser.get("/").await.text.contains("VPN users"));
    assert_eq!(press(&mut browser, "/chat/new", &token).await.status, 303);
    let page = browser.get("/").await.text;
    assert!(page.contains("What would you like to do?") && !page.contains("class=\"message "), "{page}");
    assert_eq!(browser.say(QUESTION).await.events().last().unwrap().1["state"], "complete");
}

#[tokio::test]
async fn the_script_waits_for_an_answer_only_while_somebody_is_signed_in() {
    let site = Site::start().await;
    let mut nobody = site.browser();
    assert_eq!(nobody.get("/chat/messages").await.status, 401);
}

#[tokio::test]
async fn a_conversation_that_cannot_be_read_is_told_and_stays_until_somebody_clears_it() {
    let site = Site::start().await;
    let mut browser = site.connected("alice").await;
    browser.say(QUESTION).await;
    let dynamodb = &site.world.laptop.stack.dynamodb;
    let history = async || {
        let items = dynamodb.items(SESSION_TABLE).await.unwrap();
        items.into_iter().find(|item| item["session_id"]["S"].as_str().unwrap().starts_with("history#"))
    };
    let mut bent = history().await.unwrap();
    bent["version"] = json!({"N": "77"});
    dynamodb.raw("PutItem", json!({"TableName": SESSION_TABLE, "Item": bent})).await.unwrap();

    let token = browser.token.clone();
    let page = browser.get("/").await;
    assert_eq!(page.status, 200);
    assert!(page.text.contains("cannot be read any more") && page.text.contains("Clear the conversation"));
    assert_eq!(browser.say(QUESTION).await.status, 500);
    assert_eq!(browser.get("/chat/messages").await.status, 500);
    assert_eq!(history().await.unwrap(), bent, "nobody wrote over it");
    assert_eq!(press(&mut browser, "/chat/new", &token).await.status, 303);
    assert!(history().await.is_none());
    assert_eq!(browser.say(QUESTION).await.events().last().unwrap().1["state"], "complete");
}

#[tokio::test]
async fn a_conversation_is_shown_though_approvals_cannot_be_read() {
    let site = Site::start().await;
    let mut browser = site.connected("alice").await;
    browser.say(QUESTION).await;
    let dynamodb = &site.world.laptop.stack.dynamodb;
    let effect = Effect::Answer { status: 500, headers: BTreeMap::new(), body: String::new() };
    dynamodb.fault(Fault { on: "POST /Query".to_owned(), times: None, skip: 0, effect });
    assert_eq!(browser.get("/approvals").await.status, 503);
    let page = browser.get("/").await;
    assert_eq!(page.status, 200);
    assert!(page.text.contains("VPN users") && page.text.contains("Your approvals cannot be read now"));
    assert!(!page.text.contains("Nothing waits for you"), "what is not known is not told as nothing");
    dynamodb.mend();
    assert!(browser.get("/").await.text.contains("Nothing waits for you"));
}
