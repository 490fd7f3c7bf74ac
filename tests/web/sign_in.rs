//! Signing in and out.

use acceptance::Site;
use devstack::sample::Person;
use devstack::stack::SESSION_TABLE;

const COOKIE: &str = "__Host-mandate";

#[tokio::test]
async fn a_person_signs_in_through_the_pages_and_is_greeted_by_name() {
    let site = Site::start().await;
    let mut browser = site.browser();
    let welcome = browser.get("/").await;
    assert!(welcome.text.contains("href=\"/sign-in\"") && !welcome.text.contains("Sign out"), "{}", welcome.text);
    browser.sign_in(&Person::named("alice").unwrap()).await;
    let chat = browser.get("/").await;
    assert_eq!(chat.status, 200);
    assert!(chat.text.contains("Signed in as <b>alice</b>"), "{}", chat.text);
    assert!(!browser.jar.contains_key("__Host-mandate-sign-in"), "the cookie of the sign-in is gone");
}

// S01, S02, S03
#[tokio::test]
async fn cookie_row_and_agent_session_have_three_ids_and_the_table_has_hashes_only() {
    let site = Site::start().await;
    let mut browser = site.browser();
    browser.jar.insert(COOKIE.to_owned(), "A".repeat(43));
    browser.sign_in(&Person::named("alice").unwrap()).await;
    let cookie = browser.jar[COOKIE].clone();
    assert_ne!(cookie, "A".repeat(43), "an id from before is never a session");
    assert_eq!(cookie.len(), 43);
    let said = browser.say("What are my Okta groups?").await;
    assert_eq!(said.status, 200);
    let agent_session = site.world.laptop.stack.bedrock.last();
    let items = site.world.laptop.stack.dynamodb.items(SESSION_TABLE).await.unwrap();
    let table = serde_json::to_string(&items).unwrap();
    assert!(!table.contains(&cookie));
    let event = agent_session.expect("the agent called a tool").event;
    let session = event["sessionId"].as_str().unwrap();
    assert!(!table.contains(session));
    assert_ne!(session, cookie);
}
