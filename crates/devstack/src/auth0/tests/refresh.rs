use http::StatusCode;
use serde_json::json;

use super::house::{ALICE, house, json, part, refusal};

#[tokio::test]
async fn a_refresh_token_gives_new_tokens_and_is_not_rotated() {
    let house = house().await;
    let token = house.auth0.issue("web", ALICE, "openid email offline_access", Some("org_a")).unwrap().refresh_token;
    for _ in 0..2 {
        let answer = json(&house.token(&[("grant_type", "refresh_token"), ("refresh_token", &token)]).await);
        let claims = part(answer["id_token"].as_str().unwrap(), 1);
        assert_eq!((&claims["sub"], &claims["org_id"]), (&ALICE.into(), &"org_a".into()));
        assert_eq!((claims.get("nonce"), answer.get("refresh_token")), (None, None));
    }
    let auth = [("client_id", "web"), ("client_secret", "web & its secret"), ("token", token.as_str())];
    assert_eq!(house.post("oauth/revoke", &auth).await.status(), StatusCode::OK);
    let after = house.token(&[("grant_type", "refresh_token"), ("refresh_token", &token)]).await;
    assert_eq!(refusal(&after), (403, "invalid_grant".to_owned()));
}

#[tokio::test]
async fn an_audience_yields_an_access_token_of_that_api() {
    let house = house().await;
    let token = house.auth0.issue("web", ALICE, "openid offline_access", None).unwrap().refresh_token;
    let fields = [("grant_type", "refresh_token"), ("refresh_token", token.as_str()), ("audience", "urn:tools")];
    let answer = json(&house.token(&fields).await);
    let access = answer["access_token"].as_str().unwrap();
    assert!(house.verifies(access).await);
    assert_eq!(part(access, 0)["typ"], "at+jwt");
    assert_eq!(part(access, 1)["aud"], json!(["urn:tools", house.url("userinfo")]));
    assert_eq!(part(access, 1)["client_id"], "web");
}

#[tokio::test]
async fn the_client_may_authenticate_by_basic_and_send_json() {
    let house = house().await;
    let token = house.auth0.issue("login-only", ALICE, "openid", None).unwrap().refresh_token;
    let body = json!({"grant_type": "refresh_token", "refresh_token": token, "client_id": "login-only",
        "client_secret": "login-only & its secret"});
    assert_eq!(house.post_json("oauth/token", &body).await.status(), StatusCode::OK);

    let stolen = house.token(&[("grant_type", "refresh_token"), ("refresh_token", &token)]).await;
    assert_eq!(refusal(&stolen), (403, "invalid_grant".to_owned()), "a refresh token belongs to one application");
    assert_eq!(house.basic("web", "web%20%26%20its%20secret", &token).await, 403, "authenticated, not its token");
    assert_eq!(house.basic("login-only", "login-only%20%26%20its%20secret", &token).await, 200);
    assert_eq!(house.basic("login-only", "a%20guess", &token).await, 401);
}
