//! Sessions belong to whoever began them.

use devstack::gateway::Config;
use serde_json::json;

use crate::house::{House, authorizer};
use crate::issuer::Issuer;

#[tokio::test]
async fn all_but_initialize_must_name_a_session() {
    let mut house = House::build(|_| {}).await;
    let session = house.session.clone().unwrap();
    assert_eq!(house.ask("ping", json!({})).await.status, 200);
    house.session = None;
    let seen = house.ask("ping", json!({})).await;
    assert_eq!((seen.status, seen.error().0), (400, -32600));
    assert_eq!(seen.json()["id"], 7);
    house.session = Some("somebody's".to_owned());
    assert_eq!(house.ask("tools/list", json!({})).await.status, 404);
    house.session = Some(session);
    house.open().await;
    assert_eq!(house.ask("ping", json!({})).await.status, 200);
}

#[tokio::test]
async fn a_session_ends_when_it_is_deleted_or_its_time_is_over() {
    let house = House::build(|_| {}).await;
    assert_eq!(house.send("DELETE", "/mcp", &[], "").await.status, 204);
    assert_eq!(house.ask("ping", json!({})).await.status, 404);
    assert_eq!(house.send("DELETE", "/mcp", &[], "").await.status, 404);

    let house = House::build(|config| config.session_seconds = Some(0)).await;
    assert!(house.session.is_some());
    assert_eq!(house.ask("ping", json!({})).await.status, 404);

    let house = House::build(|_| {}).await;
    house.gateway.end_sessions();
    assert_eq!(house.ask("ping", json!({})).await.status, 404);
}

#[tokio::test]
async fn another_person_cannot_see_the_session() {
    let issuer = Issuer::start().await;
    let mut house = House::build(|config: &mut Config| config.authorizer = authorizer(&issuer)).await;
    house.token = Some(issuer.token(json!({})));
    house.open().await;
    assert_eq!(house.ask("ping", json!({})).await.status, 200);
    house.token = Some(issuer.token(json!({ "sub": "auth0|bob" })));
    assert_eq!(house.ask("ping", json!({})).await.status, 404);
    assert_eq!(house.send("DELETE", "/mcp", &[], "").await.status, 404);
    house.token = Some(issuer.token(json!({})));
    assert_eq!(house.ask("ping", json!({})).await.status, 200);
}

#[tokio::test]
async fn a_gateway_without_sessions_has_none_to_end() {
    let house = House::sessionless(|_| {}).await;
    assert_eq!(house.ask("ping", json!({})).await.status, 200);
    assert_eq!(house.send("DELETE", "/mcp", &[], "").await.status, 405);
}
