//! What the roles open without a keycard.

use serde_json::json;

use crate::house::{House, house};

const DENIED: Option<&str> = Some("AccessDeniedException");

#[tokio::test]
async fn the_functions_own_role_opens_nothing() {
    let house = house().await;
    assert_eq!(house.row(&house.own, "alice").await.as_deref(), DENIED);
    assert_eq!(house.table(&house.own, "Scan", json!({ "TableName": "bedrock-sessions" })).await.as_deref(), DENIED);
    assert_eq!(house.data_key(&house.own, 0, json!({ "session": "alice" })).await.as_deref(), DENIED);
    assert_eq!(house.function(&house.own, "fga-authorizer").await, 403);
    assert!(house.iam.decisions().iter().all(|decision| !decision.allowed));
}

#[tokio::test]
async fn the_tools_role_without_a_session_policy_opens_what_is_tagged_with_the_session() {
    let house = house().await;
    let tagged = house.for_alice(None).await;
    assert_eq!(house.row(&tagged, "alice").await, None);
    assert_eq!(house.row(&tagged, "bob").await.as_deref(), DENIED);
    assert_eq!(house.table(&tagged, "Scan", json!({ "TableName": "bedrock-sessions" })).await.as_deref(), DENIED);
    assert_eq!(house.data_key(&tagged, 0, json!({ "session": "alice" })).await, None);
    assert_eq!(house.data_key(&tagged, 1, json!({ "session": "bob" })).await.as_deref(), DENIED);
    assert_eq!(house.function(&tagged, "okta-changes").await, 204);
    house.iam.advance(60);
    assert_eq!(house.row(&tagged, "alice").await, None);
}

#[tokio::test]
async fn the_tools_role_cannot_be_assumed_without_the_tag_and_a_source_identity() {
    let house = house().await;
    let (key, value) = (("Tags.member.1.Key", "session"), ("Tags.member.1.Value", "alice"));
    let identity = ("SourceIdentity", "alice");
    for fields in [
        &[][..],
        &[key, value],
        &[identity],
        &[key, identity],
        &[("Tags.member.1.Key", "row"), value, identity],
        &[key, value, identity, ("Tags.member.2.Key", "admin"), ("Tags.member.2.Value", "yes")],
    ] {
        assert_eq!(house.assume(fields).await.err().as_deref(), Some("AccessDenied"), "{fields:?}");
    }
    assert_eq!(house.sts.sessions(), []);
    assert!(house.assume(&[key, value, identity]).await.is_ok());
}

#[tokio::test]
async fn every_session_is_kept_with_its_tag_its_source_identity_and_its_policy() {
    let house = house().await;
    let keycard = house.keycard();
    house.for_alice(Some(&keycard)).await;
    let sessions = house.sts.sessions();
    assert_eq!(sessions[0].source_identity.as_deref(), Some("alice"));
    assert_eq!(sessions[0].tags.get("session").map(String::as_str), Some("alice"));
    assert_eq!(sessions[0].policy, Some(keycard.to_string()));
    assert!(keycard.to_string().len() < 1500);
}

#[tokio::test]
async fn a_keycard_assumes_no_further_role() {
    let house = house().await;
    let keycard = house.for_alice(Some(&house.keycard())).await;
    let house = House { own: keycard, ..house };
    let (key, value) = (("Tags.member.1.Key", "session"), ("Tags.member.1.Value", "bob"));
    assert_eq!(house.assume(&[key, value]).await.err().as_deref(), Some("AccessDenied"));
}
