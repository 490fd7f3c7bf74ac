use http::StatusCode;
use serde_json::{Value, json};
use url::Url;

use super::house::{ALICE, BOB, CALLBACK, House, VERIFIER, challenge, house, json, location, parameters};

const ALL: &str = "create:me:connected_accounts read:me:connected_accounts delete:me:connected_accounts";
const BASE: &str = "me/v1/connected-accounts";

async fn token(house: &House, sub: &str, scope: &str) -> String {
    let refresh = house.auth0.issue("web", sub, "openid offline_access", None).unwrap().refresh_token;
    let audience = house.url("me/");
    let fields = [("refresh_token", refresh.as_str()), ("audience", audience.as_str()), ("scope", scope)];
    let answer = json(&house.token(&[&[("grant_type", "refresh_token")], &fields[..]].concat()).await);
    assert_eq!(answer["scope"], scope);
    answer["access_token"].as_str().unwrap().to_owned()
}

/// Begins, sends the browser to Okta and back, and gives what `complete` needs.
async fn go_round(house: &House, token: &str) -> Value {
    go_round_as(house, token, "alice@example.com").await
}

async fn go_round_as(house: &House, token: &str, login: &str) -> Value {
    let request = json!({"connection": "okta-oidc", "redirect_uri": CALLBACK, "state": "s",
        "code_challenge": challenge(), "code_challenge_method": "S256",
        "authorization_params": {"login_hint": login}});
    let begun = house.call("POST", &format!("{BASE}/connect"), token, &request).await;
    assert_eq!(begun.status(), StatusCode::CREATED);
    let begun = json(&begun);
    assert_eq!(begun["expires_in"], 300);
    let ticket = begun["connect_params"]["ticket"].as_str().unwrap();
    let leave = Url::parse_with_params(begun["connect_uri"].as_str().unwrap(), [("ticket", ticket)]).unwrap();
    let at_okta = location(&house.get(leave.as_str()).await);
    assert_eq!(house.get(leave.as_str()).await.status(), StatusCode::BAD_REQUEST, "a ticket is good once");
    let callback = location(&house.get(&at_okta).await);
    let back = parameters(&house.get(&callback).await);
    assert_eq!(back["state"], "s");
    json!({"auth_session": begun["auth_session"], "connect_code": back["connect_code"], "redirect_uri": CALLBACK,
        "code_verifier": VERIFIER})
}

#[tokio::test]
async fn an_account_is_connected_listed_and_removed() {
    let house = house().await;
    let token = token(&house, ALICE, ALL).await;
    let request = go_round(&house, &token).await;
    let done = house.call("POST", &format!("{BASE}/complete"), &token, &request).await;
    assert_eq!(done.status(), StatusCode::CREATED);
    let account = json(&done);
    assert_eq!((&account["connection"], &account["access_type"]), (&"okta-oidc".into(), &"offline".into()));
    assert_eq!(account["scopes"], json!(["openid", "offline_access", "okta.groups.read"]));

    let again = house.call("POST", &format!("{BASE}/complete"), &token, &request).await;
    assert_eq!(again.status(), StatusCode::BAD_REQUEST, "an auth_session is good once");
    assert_eq!(again.headers()["content-type"], "application/problem+json");

    let list = async |query: &str| {
        json(&house.call("GET", &format!("{BASE}/accounts{query}"), &token, &Value::Null).await)["accounts"].clone()
    };
    assert_eq!(list("").await, json!([account]));
    assert_eq!(list("?connection=another").await, json!([]));
    let one = format!("{BASE}/accounts/{}", account["id"].as_str().unwrap());
    assert_eq!(house.call("DELETE", &one, &token, &Value::Null).await.status(), StatusCode::NO_CONTENT);
    assert_eq!(house.call("DELETE", &one, &token, &Value::Null).await.status(), StatusCode::NOT_FOUND);
    assert_eq!(list("").await, json!([]));
}

#[tokio::test]
async fn completing_wrongly_fills_no_vault() {
    let house = house().await;
    let token = token(&house, ALICE, ALL).await;
    for (name, value) in [("code_verifier", "wrong"), ("connect_code", "wrong"), ("redirect_uri", "wrong")] {
        let mut request = go_round(&house, &token).await;
        request[name] = value.into();
        let answer = house.call("POST", &format!("{BASE}/complete"), &token, &request).await;
        assert_eq!((answer.status(), &json(&answer)["status"]), (StatusCode::BAD_REQUEST, &400.into()));
    }
    let request = go_round(&house, &token).await;
    let bobs = self::token(&house, BOB, ALL).await;
    let answer = house.call("POST", &format!("{BASE}/complete"), &bobs, &request).await;
    assert_eq!(answer.status(), StatusCode::BAD_REQUEST, "a session belongs to one user");
    let accounts = house.call("GET", &format!("{BASE}/accounts"), &token, &Value::Null).await;
    assert_eq!(json(&accounts)["accounts"], json!([]));
}

#[tokio::test]
async fn an_account_of_somebody_else_is_a_conflict_and_ones_own_is_replaced() {
    let house = house().await;
    house.auth0.connect(ALICE, "okta-oidc").await.unwrap();
    let bobs = token(&house, BOB, ALL).await;
    let request = go_round_as(&house, &bobs, "alice@example.com").await;
    let answer = house.call("POST", &format!("{BASE}/complete"), &bobs, &request).await;
    assert_eq!(answer.status(), StatusCode::CONFLICT);

    let alices = token(&house, ALICE, ALL).await;
    let request = go_round(&house, &alices).await;
    let answer = house.call("POST", &format!("{BASE}/complete"), &alices, &request).await;
    assert_eq!(answer.status(), StatusCode::CREATED);
    let accounts = house.call("GET", &format!("{BASE}/accounts"), &alices, &Value::Null).await;
    assert_eq!(json(&accounts)["accounts"], json!([json(&answer)]));
}

#[tokio::test]
async fn a_token_without_audience_or_scope_does_nothing() {
    let house = house().await;
    let reader = token(&house, ALICE, "read:me:connected_accounts").await;
    let request = json!({"connection": "okta-oidc", "redirect_uri": CALLBACK});
    let path = format!("{BASE}/connect");
    assert_eq!(house.call("POST", &path, &reader, &request).await.status(), StatusCode::FORBIDDEN);
    let login = house.code().await;
    let login = json(&house.redeem(&login, VERIFIER).await)["access_token"].as_str().unwrap().to_owned();
    assert_eq!(house.call("POST", &path, &login, &request).await.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(house.okta.requests(), 0);
}
