//! Connected accounts.

use acceptance::{Hands, Site, World};
use devstack::fault::{Effect, Fault};
use devstack::sample::Person;
use devstack::stack::APPROVAL_TABLE;
use serde_json::json;

const SCOPES: &str = "openid profile email offline_access";

#[tokio::test]
async fn an_account_is_connected_by_way_of_the_provider_and_disconnected_again() {
    let site = Site::start().await;
    let mut browser = site.signed_in("alice").await;
    let said = browser.say("What are my Okta groups?").await;
    let reconnect = said.events().iter().any(|(name, data)| name == "step" && data["reconnect"] == true);
    assert!(reconnect, "{}", said.text);
    assert!(browser.get("/").await.text.contains("Connect your Okta account"));
    let page = browser.get("/accounts").await;
    assert!(page.text.contains("Not connected."), "{}", page.text);

    let onward = browser.post("/accounts/connect", &[]).await;
    assert_eq!(onward.status, 200);
    assert!(onward.text.contains("url=/accounts/go") && !onward.text.contains("ticket="), "{}", onward.text);
    let address = browser.get("/accounts/go").await.location.expect("the tenant's page");
    let back = browser.walk_to(address, "/accounts/callback", &Person::named("alice").unwrap()).await;
    let mut again = browser.clone();
    let connected = browser.visit(&back).await;
    assert_eq!((connected.status, connected.location.unwrap().path()), (303, "/accounts"), "{}", connected.text);
    assert!((400..500).contains(&again.visit(&back).await.status), "once");

    let page = browser.get("/accounts").await;
    assert!(page.text.contains("Connected (okta-oidc).") && page.text.contains("does not revoke"), "{}", page.text);
    assert!(browser.say("What are my Okta groups?").await.text.contains("VPN users"));
    let id = page.text.split("name=\"id\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let mut other = site.signed_in("alice").await;
    assert!(other.say("What are my Okta groups?").await.text.contains("VPN users"), "its row has a token of its own");
    assert_eq!(browser.post("/accounts/disconnect", &[("id", &id)]).await.status, 303);
    assert!(browser.get("/accounts").await.text.contains("Not connected."));
    site.world.forget();
    for browser in [&mut browser, &mut other] {
        let said = browser.say("What are my Okta groups?").await;
        let reconnect = said.events().iter().any(|(name, data)| name == "step" && data["reconnect"] == true);
        assert!(reconnect && !said.text.contains("VPN users"), "{}", said.text);
    }
    assert_eq!(site.world.counts().okta, 0, "what was given before is not used any more");
}

#[tokio::test]
async fn an_account_whose_token_cannot_be_taken_out_of_the_rows_is_not_disconnected() {
    let hands = Hands::default();
    let site = Site::of(World::start().await, hands.clock(), &[]).await;
    let mut browser = site.connected("alice").await;
    assert!(browser.say("What are my Okta groups?").await.text.contains("VPN users"));
    let page = browser.get("/accounts").await;
    let id = page.text.split("name=\"id\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    // The lease of the refresh, its end, the lease to forget: then the row cannot be written.
    let effect = Effect::Answer { status: 500, headers: [].into(), body: String::new() };
    let dynamodb = &site.world.laptop.stack.dynamodb;
    dynamodb.fault(Fault { on: "POST /UpdateItem".to_owned(), times: None, skip: 3, effect });
    assert_eq!(browser.post("/accounts/disconnect", &[("id", &id)]).await.status, 503);
    dynamodb.mend();
    assert_eq!(site.world.laptop.stack.auth0.double.requests_to("DELETE /me/"), 0);
    // The lease that could not be given back is over.
    hands.ahead(15);
    assert!(browser.get("/accounts").await.text.contains("Connected (okta-oidc)."));
    assert_eq!(browser.post("/accounts/disconnect", &[("id", &id)]).await.status, 303);
}

#[tokio::test]
async fn a_refresh_token_that_the_provider_rotates_takes_the_place_of_the_one_before() {
    let site = Site::start().await;
    let mut browser = site.connected("alice").await;
    let auth0 = &site.world.laptop.stack.auth0;
    let rotated = auth0.issue(&site.world.laptop.stack.web.id, &Person::named("alice").unwrap().sub(), SCOPES, None);
    let rotated = rotated.unwrap().refresh_token;
    auth0.double.fault(Fault {
        on: "POST /oauth/token".to_owned(),
        times: Some(1),
        skip: 0,
        effect: Effect::Patch([("/refresh_token".to_owned(), rotated.clone().into())].into()),
    });
    assert_eq!(browser.get("/accounts").await.status, 200);
    assert_eq!(browser.get("/accounts").await.status, 200);
    let asked = auth0.double.requests_to("POST /oauth/token");
    browser.post("/sign-out", &[]).await;
    assert_eq!((asked, auth0.double.requests_to("POST /oauth/revoke")), (2, 1));
    let left = auth0.refreshes(&rotated);
    assert!(!left, "the one that is revoked is the one that was given last");
}

#[tokio::test]
async fn an_id_token_of_somebody_else_with_a_refresh_gives_nothing_and_asks_to_sign_in_again() {
    let site = Site::start().await;
    let mut browser = site.connected("alice").await;
    let auth0 = &site.world.laptop.stack.auth0;
    let bobs =
        auth0.issue(&site.world.laptop.stack.web.id, &Person::named("bob").unwrap().sub(), SCOPES, None).unwrap();
    let patch =
        [("/id_token".to_owned(), bobs.id_token.into()), ("/refresh_token".to_owned(), bobs.refresh_token.into())];
    let effect = Effect::Patch(patch.into());
    auth0.double.fault(Fault { on: "POST /oauth/token".to_owned(), times: Some(1), skip: 0, effect });
    let accounts = auth0.double.requests_to("GET /me/");
    let page = browser.get("/accounts").await;
    assert_eq!(page.status, 401, "{}", page.text);
    assert_eq!(auth0.double.requests_to("GET /me/"), accounts, "nothing is asked with that token");
    assert_eq!(browser.get("/accounts").await.status, 200, "the session's own refresh token is the one before");
}

#[tokio::test]
async fn the_activity_is_read_page_by_page() {
    let site = Site::start().await;
    let mut alice = site.connected("alice").await;
    alice.say("What are my Okta groups?").await;
    let dynamodb = &site.world.laptop.stack.dynamodb;
    let items = dynamodb.items(APPROVAL_TABLE).await.unwrap();
    let first = items.into_iter().find(|item| item["person"]["S"].as_str().unwrap().starts_with("audit#")).unwrap();
    for number in 0..44_u64 {
        let mut copy = first.clone();
        let reference = format!("COPY{number:08}");
        copy["sort"]["S"] = json!(format!("{}#{reference}", 1_700_000_000_000 + number));
        let own = first["sort"]["S"].as_str().unwrap().split_once('#').unwrap().1;
        copy["record"]["S"] = json!(first["record"]["S"].as_str().unwrap().replace(own, &reference));
        dynamodb.raw("PutItem", json!({"TableName": APPROVAL_TABLE, "Item": copy})).await.unwrap();
    }
    let (mut path, mut seen) = ("/activity".to_owned(), Vec::new());
    loop {
        let page = alice.get(&path).await.text;
        seen.push(page.matches("Reference ").count());
        assert_eq!(page.contains(">Newest<"), seen.len() > 1);
        let Some(older) = page.split("href=\"/activity?before=").nth(1) else { break };
        path = format!("/activity?before={}", older.split('"').next().unwrap());
    }
    assert!(seen == [20, 20, 5] || seen == [20, 20, 5, 0], "{seen:?}");
}

#[tokio::test]
async fn the_activity_tells_what_was_allowed_and_what_was_refused_newest_first_page_by_page() {
    let site = Site::start().await;
    let mut alice = site.connected("alice").await;
    assert!(alice.get("/activity").await.text.contains("Nothing yet."));
    alice.say("What are my Okta groups?").await;
    alice.say("Which groups is bob@example.com in?").await;
    let page = alice.get("/activity").await.text;
    let (allowed, refused) = (page.find("Allowed and done."), page.find("Refused (access_denied)"));
    assert!(refused.is_some() && refused < allowed, "within one second too: {page}");
    assert_eq!(page.matches("Reference ").count(), 2);
    let mut bob = site.signed_in("bob").await;
    assert!(bob.get("/activity").await.text.contains("Nothing yet."), "another's is not shown");
    for odd in ["x", "0000000000000%23AAAAAAAAAAAA", "%00", "audit%23"] {
        assert_eq!(alice.get(&format!("/activity?before={odd}")).await.status, 200, "{odd}");
    }
}
