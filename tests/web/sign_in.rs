//! Signing in and out.

use std::collections::BTreeMap;

use acceptance::Site;
use devstack::fault::{Effect, Fault};
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

#[tokio::test]
async fn a_page_of_others_cannot_have_somebody_who_is_signed_in_begin_anew() {
    let site = Site::start().await;
    let mut browser = site.signed_in("alice").await;
    let path = "/sign-in?return_to=/activity";
    for from in ["cross-site", "same-site"] {
        let page = browser.get_with(path, &[("sec-fetch-site", from)]).await;
        assert_eq!((page.status, page.location.as_ref().map(|place| place.path())), (303, Some("/activity")), "{from}");
        assert_eq!(page.cookies(), [""; 0], "{from}");
        let page = site.browser().get_with(path, &[("sec-fetch-site", from)]).await;
        assert_eq!(page.location.unwrap().path(), "/authorize", "nobody is signed in there");
    }
    for headers in [&[][..], &[("sec-fetch-site", "same-origin")], &[("sec-fetch-site", "none")]] {
        let page = browser.clone().get_with(path, headers).await;
        assert_eq!(
            (page.location.unwrap().path(), page.headers.iter().any(|(name, _)| name == "set-cookie")),
            ("/authorize", true),
            "{headers:?}"
        );
    }
    assert!(browser.get("/").await.text.contains("Sign out"));
}

#[tokio::test]
async fn keys_that_cannot_be_had_are_the_providers_fault_and_an_id_token_that_is_refused_leaves_no_refresh_token() {
    let down = Effect::Answer { status: 503, headers: BTreeMap::new(), body: String::new() };
    let bent = Effect::Patch([("/id_token".to_owned(), "e30.e30.e30".into())].into());
    for (on, effect, status, words) in [
        ("GET /.well-known/jwks.json", down, 503, "Try again in a minute."),
        ("POST /oauth/token", bent, 400, "The sign-in failed."),
    ] {
        let site = Site::start().await;
        let mut browser = site.browser();
        let address = browser.get("/sign-in").await.location.unwrap();
        let callback = browser.walk(address, &Person::named("alice").unwrap()).await;
        let auth0 = &site.world.laptop.stack.auth0;
        auth0.double.fault(Fault { on: on.to_owned(), times: None, skip: 0, effect });
        let page = browser.visit(&callback).await;
        assert_eq!(page.status, status, "{}", page.text);
        assert!(page.text.contains(words) && page.text.contains("href=\"/sign-in\""), "{}", page.text);
        assert_eq!(auth0.double.requests_to("POST /oauth/revoke"), 1, "{on}");
        assert!(!browser.jar.contains_key(COOKIE));
    }
}
