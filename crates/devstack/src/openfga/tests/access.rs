use serde_json::json;

use super::{ALICE, Auth, OpenFga, STORE, code, question, server, wire};

const AUDIENCE: &str = "https://api.us1.fga.dev/";

async fn guarded() -> OpenFga {
    let (client_id, client_secret) = ("fga".to_owned(), "sample".to_owned());
    let audience = AUDIENCE.to_owned();
    server(Some(Auth { client_id, client_secret, writer: None, audience, token_lifetime: 86_400, preshared: None }))
        .await
}

async fn token(fga: &OpenFga, secret: &str, audience: &str) -> wire::Answer {
    let body = json!({
        "grant_type": "client_credentials", "client_id": "fga", "client_secret": secret, "audience": audience,
    });
    wire::post_json(&format!("{}/oauth/token", fga.double.url()), None, &body).await
}

async fn check(fga: &OpenFga, token: Option<&str>) -> wire::Answer {
    wire::post_json(&format!("{}/stores/{STORE}/check", fga.double.url()), token, &question(ALICE)).await
}

#[tokio::test]
async fn a_token_opens_the_api_until_it_is_revoked() {
    let fga = guarded().await;
    let answer = token(&fga, "sample", AUDIENCE).await.json();
    assert_eq!((answer["token_type"].as_str(), answer["expires_in"].as_u64()), (Some("Bearer"), Some(86_400)));
    let bearer = answer["access_token"].as_str().expect("a token");
    assert_eq!(check(&fga, Some(bearer)).await.json()["allowed"], true);
    let url = format!("{}/stores/01HVMMBCMGZNT3SED4Z17ECXZZ/check", fga.double.url());
    let absent = wire::post_json(&url, Some(bearer), &question(ALICE)).await;
    assert_eq!(code(&absent), (404, "store_id_not_found".to_owned()));
    fga.revoke_tokens();
    let refused = check(&fga, Some(bearer)).await;
    assert_eq!(code(&refused), (401, "auth_failed_invalid_bearer_token".to_owned()));
    assert_eq!(code(&check(&fga, None).await), (401, "bearer_token_missing".to_owned()));
    assert_eq!(fga.questions().len(), 2);
}

#[tokio::test]
async fn a_token_of_no_lifetime_is_refused() {
    let fga = guarded().await;
    fga.set_token_lifetime(0);
    let answer = token(&fga, "sample", AUDIENCE).await.json();
    let bearer = answer["access_token"].as_str().expect("a token");
    assert_eq!(check(&fga, Some(bearer)).await.status, 401);
}

#[tokio::test]
async fn a_wrong_secret_and_an_audience_without_its_slash_get_no_token() {
    let fga = guarded().await;
    for (secret, audience) in [("wrong", AUDIENCE), ("sample", "https://api.us1.fga.dev")] {
        let answer = token(&fga, secret, audience).await;
        assert_eq!((answer.status, answer.json()["error"].as_str()), (401, Some("access_denied")));
    }
    let form =
        "grant_type=client_credentials&client_id=fga&client_secret=sample&audience=https%3A%2F%2Fapi.us1.fga.dev%2F";
    let answer = wire::post_form(&format!("{}/oauth/token", fga.double.url()), form).await;
    assert!(answer.json()["access_token"].is_string());
}
