//! Signing in to an organization.

use acceptance::Site;
use devstack::auth0::User;
use devstack::sample::{CONNECTION, ORGANIZATION, Person};
use devstack::stack::SESSION_TABLE;

#[tokio::test]
async fn a_sign_in_that_comes_back_from_another_organization_is_none() {
    let site = Site::start().await;
    let alice = Person::named("alice").unwrap();
    site.world.laptop.stack.auth0.put_user(User {
        sub: alice.sub(),
        email: alice.email(),
        email_verified: true,
        name: "alice".to_owned(),
        password: None,
        orgs: vec![ORGANIZATION.to_owned(), "org_other".to_owned()],
        connection: CONNECTION.to_owned(),
        permissions: Vec::new(),
    });
    for wanted in [Some("org_other"), None] {
        let mut browser = site.browser();
        let mut address = browser.get("/sign-in").await.location.unwrap();
        let sent: Vec<(String, String)> = address.query_pairs().into_owned().collect();
        assert!(sent.contains(&("organization".to_owned(), ORGANIZATION.to_owned())), "it is sent");
        let kept = sent.into_iter().filter(|(name, _)| name != "organization");
        let changed = wanted.map(|id| ("organization".to_owned(), id.to_owned()));
        address.query_pairs_mut().clear().extend_pairs(kept.chain(changed));
        let callback = browser.walk(address, &alice).await;
        let page = browser.visit(&callback).await;
        assert_eq!(page.status, 400, "{wanted:?}: {}", page.text);
        assert!(!browser.jar.contains_key("__Host-mandate"));
    }
    let items = site.world.laptop.stack.dynamodb.items(SESSION_TABLE).await.unwrap();
    assert!(items.is_empty(), "{items:?}");
}
