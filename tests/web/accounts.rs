//! Connected accounts.

use acceptance::Site;
use devstack::sample::Person;

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
    assert_eq!(browser.post("/accounts/disconnect", &[("id", &id)]).await.status, 303);
    assert!(browser.get("/accounts").await.text.contains("Not connected."));
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
    assert!(refused.is_some() && allowed.is_some(), "{page}");
    assert_eq!(page.matches("Reference ").count(), 2);
    let mut bob = site.signed_in("bob").await;
    assert!(bob.get("/activity").await.text.contains("Nothing yet."), "another's is not shown");
    for odd in ["x", "0000000000000%23AAAAAAAAAAAA", "%00", "audit%23"] {
        assert_eq!(alice.get(&format!("/activity?before={odd}")).await.status, 200, "{odd}");
    }
}
