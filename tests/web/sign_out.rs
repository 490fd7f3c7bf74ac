//! Signing out, and sessions that end by themselves.

use acceptance::{Hands, Site, World};
use devstack::stack::SESSION_TABLE;

const COOKIE: &str = "__Host-mandate";

// O10
#[tokio::test]
async fn after_a_sign_out_nothing_is_left_and_the_stolen_cookie_opens_nothing() {
    let site = Site::start().await;
    let mut browser = site.connected("alice").await;
    assert_eq!(browser.say("What are my Okta groups?").await.status, 200);
    let stolen = browser.clone();
    site.world.forget();
    let page = browser.post("/sign-out", &[]).await;
    assert!(page.status == 200 && page.text.contains("url=/sign-out/go"), "{}", page.text);
    let logout = browser.get("/sign-out/go").await.location.expect("the provider's logout");
    assert_eq!((logout.path(), logout.query_pairs().count()), ("/v2/logout", 2));
    assert!(logout.query_pairs().any(|(name, url)| name == "returnTo" && *url == *browser.at("/signed-out").as_str()));
    assert!(!browser.jar.contains_key(COOKIE));
    let items = site.world.laptop.stack.dynamodb.items(SESSION_TABLE).await.unwrap();
    assert!(items.is_empty(), "{items:?}");
    assert_eq!(site.world.laptop.stack.auth0.double.requests_to("POST /oauth/revoke"), 1);
    let line = site.logs().into_iter().find(|line| line.contains("session_ended")).expect("a line");
    let line: serde_json::Value = serde_json::from_str(&line).unwrap();
    assert_eq!((line["row"].as_str(), line["refresh_token"].as_str()), (Some("deleted"), Some("revoked")));
    assert_eq!((line["approvals_ended"].as_str(), line.get("items_left")), (Some("0"), None));
    let mut thief = stolen;
    assert!(thief.get("/").await.text.contains("href=\"/sign-in\""));
    for path in ["/activity", "/accounts", "/approvals"] {
        assert_eq!(thief.get(path).await.status, 401, "{path}");
    }
    assert_eq!(thief.say("What are my Okta groups?").await.status, 401);
}

#[tokio::test]
async fn another_provider_ends_its_session_where_its_settings_say_and_else_nobody_is_sent_there() {
    // Auth0 in all that a sign-in needs.
    let other = ("OIDC_CIBA_PATH", "backchannel");
    let clock = function::clock::system;
    let site = Site::of(World::start().await, clock(), &[other, ("OIDC_LOGOUT_PATH", "session/end")]).await;
    let mut browser = site.signed_in("alice").await;
    assert!(browser.post("/sign-out", &[]).await.text.contains("url=/sign-out/go"));
    let logout = browser.get("/sign-out/go").await.location.expect("the provider's logout");
    let asked: Vec<_> = logout.query_pairs().into_owned().collect();
    let back = ("post_logout_redirect_uri".to_owned(), browser.at("/signed-out").to_string());
    assert_eq!((logout.path(), asked.len(), &asked[1]), ("/session/end", 2, &back));
    assert!(!browser.get("/signed-out").await.text.contains("identity provider"));

    let site = Site::of(World::start().await, clock(), &[other]).await;
    let mut browser = site.signed_in("alice").await;
    let page = browser.post("/sign-out", &[]).await;
    assert_eq!((page.status, page.location.as_ref().map(|place| place.path())), (303, Some("/signed-out")));
    assert!(!browser.jar.contains_key(COOKIE));
    let page = browser.get("/signed-out").await;
    assert!(page.text.contains("The one at your identity provider may last."), "{}", page.text);
    assert_eq!(browser.get("/sign-out/go").await.location.unwrap().path(), "/signed-out");
}

// S05
#[tokio::test]
async fn a_session_ends_after_half_an_hour_without_use_though_its_page_keeps_asking() {
    let hands = Hands::default();
    let site = Site::of(World::start().await, hands.clock(), &[]).await;
    let mut browser = site.signed_in("alice").await;
    hands.ahead(29 * 60);
    assert_eq!(browser.get("/activity").await.status, 200, "a use");
    hands.ahead(58 * 60);
    assert_eq!(browser.get("/approvals").await.status, 200, "no use");
    hands.ahead(60 * 60);
    assert_eq!(browser.get("/approvals").await.status, 401);
    assert_eq!(browser.get("/activity").await.status, 401);
}

// S05
#[tokio::test]
async fn a_session_ends_after_eight_hours_however_much_it_is_used() {
    let hands = Hands::default();
    let site = Site::of(World::start().await, hands.clock(), &[]).await;
    let mut browser = site.signed_in("alice").await;
    let mut minutes = 0;
    while minutes < 479 {
        minutes = (minutes + 29).min(479);
        hands.ahead(minutes * 60);
        assert_eq!(browser.get("/activity").await.status, 200, "after {minutes} minutes");
    }
    hands.ahead(480 * 60 + 1);
    assert_eq!(browser.get("/activity").await.status, 401);
    assert_eq!(browser.say("What are my Okta groups?").await.status, 401);
}

#[tokio::test]
async fn a_session_whose_row_is_gone_is_over() {
    let site = Site::start().await;
    let mut browser = site.signed_in("alice").await;
    let dynamodb = &site.world.laptop.stack.dynamodb;
    for item in dynamodb.items(SESSION_TABLE).await.unwrap() {
        let key = item.pointer("/session_id/S").and_then(serde_json::Value::as_str).unwrap();
        if !key.contains('#') {
            let delete = serde_json::json!({"TableName": SESSION_TABLE, "Key": {"session_id": {"S": key}}});
            dynamodb.raw("DeleteItem", delete).await.unwrap();
        }
    }
    assert_eq!(browser.get("/activity").await.status, 401);
}
