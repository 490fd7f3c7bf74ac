//! Groups from the `groups` claim, for people who have no administrator's role in Okta.

use acceptance::{World, body_of, error_of};
use serde_json::json;

async fn world_by_claim() -> World {
    World::start_with(&[("okta-groups", "GROUPS_SOURCE", "claim")]).await
}

/// Requests to Okta's API, and to its userinfo endpoint.
fn asked(world: &World) -> (u64, u64) {
    let okta = &world.laptop.stack.okta.double;
    let api = okta.log().iter().filter(|line| line.contains(" /api/v1/")).count();
    (u64::try_from(api).unwrap(), okta.requests_to("GET /oauth2/v1/userinfo"))
}

#[tokio::test]
async fn ones_own_groups_come_from_userinfo_and_the_api_is_not_asked() {
    let world = world_by_claim().await;
    let alice = world.chatting("alice").await;
    let answer = world.invoke("okta-groups", &world.call(&alice).0).await;
    let groups =
        json!({"user": "me", "groups": ["Everyone", "Engineering", "VPN users"], "count": 3, "truncated": false});
    assert_eq!(body_of(&answer), groups);
    assert_eq!(asked(&world), (0, 1));
}

#[tokio::test]
async fn another_persons_groups_are_refused_although_the_authorizer_allows_them() {
    let world = world_by_claim().await;
    let carol = world.chatting("carol").await;
    let answer = world.invoke("okta-groups", &world.call(&carol).with("user", "bob@example.com").0).await;
    assert_eq!(error_of(&answer).as_deref(), Some("access_denied"));
    assert_eq!(world.counts().checks, 1);
    assert_eq!(asked(&world), (0, 0));
}
