use http::StatusCode;
use serde_json::{Value, json};

use super::house::{ALICE, House, house, json, refusal};
use crate::auth0::Rotation;

async fn kids(house: &House) -> Vec<String> {
    let keys = json(&house.get(&house.url(".well-known/jwks.json")).await);
    keys["keys"].as_array().unwrap().iter().map(|key| key["kid"].as_str().unwrap().to_owned()).collect()
}

fn id_token(house: &House) -> String {
    house.auth0.issue("web", ALICE, "openid", None).unwrap().id_token
}

#[tokio::test]
async fn an_added_key_signs_and_a_replaced_one_is_gone() {
    let house = house().await;
    let old = id_token(&house);
    let first = kids(&house).await;

    house.auth0.rotate(Rotation::Add).await.unwrap();
    let both = kids(&house).await;
    assert_eq!((both.len(), &both[1]), (2, &first[0]));
    assert!(house.verifies(&old).await && house.verifies(&id_token(&house)).await);

    let rotated = house.post_json("_auth0/rotate", &json!({"mode": "replace"})).await;
    assert_eq!(rotated.status(), StatusCode::NO_CONTENT);
    let last = kids(&house).await;
    assert!(last.len() == 1 && !both.contains(&last[0]));
    assert!(!house.verifies(&old).await && house.verifies(&id_token(&house)).await);
}

#[tokio::test]
async fn the_issuer_ends_in_a_slash_and_discovery_says_what_is_there() {
    let house = house().await;
    let document = json(&house.get(&house.url(".well-known/openid-configuration")).await);
    assert_eq!(document["issuer"], format!("{}/", house.auth0.url()));
    assert_eq!(document["authorization_response_iss_parameter_supported"], true);
    for name in ["authorization_endpoint", "token_endpoint", "jwks_uri", "userinfo_endpoint", "revocation_endpoint"] {
        let status = house.get(document[name].as_str().unwrap()).await.status();
        assert_ne!(status, StatusCode::NOT_FOUND, "{name}");
    }
}

#[tokio::test]
async fn the_controls_stand_under_a_path_for_other_processes() {
    let house = house().await;
    let post = async |name: &str, body: Value| house.post_json(&format!("_auth0/{name}"), &body).await.status();
    let done = StatusCode::NO_CONTENT;
    assert_eq!(post("lifetimes", json!({"id_token": 5, "federated": 7})).await, done);
    let lifetimes = house.auth0.lifetimes();
    assert_eq!((lifetimes.id_token, lifetimes.federated, lifetimes.code), (5, Some(7), 60));
    assert_eq!(post("lifetimes", json!({"id_tokens": 5})).await, StatusCode::BAD_REQUEST);

    assert_eq!(post("enrol", json!({"sub": ALICE, "enrolled": true})).await, done);
    assert!(house.auth0.enrolled(ALICE));
    assert_eq!(post("connect", json!({"sub": ALICE, "connection": "okta-oidc"})).await, done);
    assert_eq!(house.okta.requests_to("POST /_okta/grant"), 1);
    assert_eq!(post("connect", json!({"sub": "auth0|nobody", "connection": "okta-oidc"})).await, StatusCode::NOT_FOUND);
    assert_eq!(post("disconnect", json!({"sub": ALICE, "connection": "okta-oidc"})).await, done);
    assert_eq!(post("forget-consent", json!({})).await, done);

    let issued =
        json(&house.post_json("_auth0/issue", &json!({"client_id": "web", "sub": ALICE, "scope": "openid"})).await);
    let token = issued["refresh_token"].as_str().unwrap();
    let refresh = [("grant_type", "refresh_token"), ("refresh_token", token)];
    assert_eq!(house.token(&refresh).await.status(), StatusCode::OK);
    assert_eq!(post("mfa-policy", json!({"policy": "always"})).await, done);
    assert_eq!(refusal(&house.token(&[("grant_type", "another")]).await).1, "unsupported_grant_type");
}
