use serde_json::json;

use super::{ALICE, BOB, Okta, Status, get, org, wire};

const CALLBACK: &str = "http%3A%2F%2F127.0.0.1%3A9%2Fcallback";

async fn authorize(okta: &Okta, login: &str, more: &str) -> wire::Answer {
    let query = format!(
        "client_id=app&response_type=code&redirect_uri={CALLBACK}&scope=openid+email+offline_access&state=s1&login_hint={login}{more}"
    );
    get(okta, &format!("/oauth2/v1/authorize?{query}"), "").await
}

fn parameter(answer: &wire::Answer, name: &str) -> Option<String> {
    let location = url::Url::parse(answer.header("location")).ok()?;
    location.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
}

async fn token(okta: &Okta, form: &str) -> wire::Answer {
    let form = format!("client_id=app&client_secret=sample&{form}");
    wire::post_form(&format!("{}/oauth2/v1/token", okta.double.url()), &form).await
}

#[tokio::test]
async fn a_code_becomes_tokens_once_and_a_refresh_token_gives_more() {
    let okta = org().await;
    let redirect = authorize(&okta, ALICE, "").await;
    assert_eq!((redirect.status, parameter(&redirect, "state").as_deref()), (302, Some("s1")));
    let code = parameter(&redirect, "code").expect("a code");
    let form = format!("grant_type=authorization_code&code={code}&redirect_uri={CALLBACK}");
    let first = token(&okta, &form).await;
    let body = first.json();
    assert_eq!(
        (first.status, body["expires_in"].as_u64(), body["token_type"].as_str()),
        (200, Some(3600), Some("Bearer"))
    );
    assert_eq!(body["scope"], "openid email offline_access");
    let again = token(&okta, &form).await;
    assert_eq!((again.status, again.json()["error"].as_str()), (400, Some("invalid_grant")));
    let refresh = body["refresh_token"].as_str().expect("a refresh token");
    let second = token(&okta, &format!("grant_type=refresh_token&refresh_token={refresh}&scope=openid")).await;
    assert_eq!(second.json()["scope"], "openid");
    assert_ne!(second.json()["access_token"], body["access_token"]);
    okta.revoke_all(ALICE);
    let dead = token(&okta, &format!("grant_type=refresh_token&refresh_token={refresh}")).await;
    assert_eq!((dead.status, dead.json()["error"].as_str()), (400, Some("invalid_grant")));
}

#[tokio::test]
async fn an_unknown_or_suspended_person_gets_no_code() {
    let okta = org().await;
    let unknown = authorize(&okta, "dave@example.com", "").await;
    assert_eq!(parameter(&unknown, "error").as_deref(), Some("access_denied"));
    okta.set_status(BOB, Status::Suspended);
    let suspended = authorize(&okta, BOB, "").await;
    assert_eq!(parameter(&suspended, "code"), None);
}

#[tokio::test]
async fn an_unregistered_redirect_address_is_not_redirected_to() {
    let okta = org().await;
    let path =
        "/oauth2/v1/authorize?client_id=app&response_type=code&redirect_uri=http%3A%2F%2Fexample.com&scope=openid";
    let answer = get(&okta, path, "").await;
    assert_eq!((answer.status, answer.header("location")), (400, ""));
}

#[tokio::test]
async fn a_challenge_needs_its_verifier() {
    let okta = org().await;
    // The pair of RFC 7636, appendix B.
    let challenge = "&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256";
    for (verifier, status) in [("", 400), ("&code_verifier=dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", 200)] {
        let code = parameter(&authorize(&okta, ALICE, challenge).await, "code").expect("a code");
        let form = format!("grant_type=authorization_code&code={code}&redirect_uri={CALLBACK}{verifier}");
        assert_eq!(token(&okta, &form).await.status, status, "{verifier}");
    }
}

#[tokio::test]
async fn a_wrong_secret_is_an_invalid_client() {
    let okta = org().await;
    let url = format!("{}/oauth2/v1/token", okta.double.url());
    let answer = wire::post_form(&url, "client_id=app&client_secret=wrong&grant_type=refresh_token").await;
    assert_eq!((answer.status, answer.json()["error"].as_str()), (401, Some("invalid_client")));
    let basic = [("authorization", "Basic YXBwOnNhbXBsZQ=="), ("content-type", "application/x-www-form-urlencoded")];
    let answer = wire::send("POST", &url, &basic, "grant_type=refresh_token&refresh_token=x").await;
    assert_eq!((answer.status, answer.json()["error"].as_str()), (400, Some("invalid_grant")));
}

#[tokio::test]
async fn userinfo_lists_groups_up_to_a_hundred() {
    let okta = org().await;
    let token = okta.token(BOB, "openid email profile groups", None).expect("bob");
    let claims = get(&okta, "/oauth2/v1/userinfo", &token).await.json();
    assert_eq!((claims["email"].as_str(), claims["groups"][0].as_str()), (Some(BOB), Some("Operations")));
    let names: Vec<String> = (0..101).map(|n| format!("g{n}")).collect();
    okta.set_group_names(BOB, &names);
    assert_eq!(get(&okta, "/oauth2/v1/userinfo", &token).await.status, 400);
    let bare = okta.token(BOB, "email", None).expect("bob");
    assert_eq!(get(&okta, "/oauth2/v1/userinfo", &bare).await.json()["error"], "insufficient_scope");
}

#[tokio::test]
async fn the_admin_endpoints_do_what_the_controls_do() {
    let okta = org().await;
    let admin = |path: &str| format!("{}/_okta/{path}", okta.double.url());
    let granted = wire::post_json(
        &admin("grant"),
        None,
        &json!({ "login": ALICE, "client_id": "app", "scope": "okta.users.read offline_access" }),
    )
    .await
    .json();
    let refresh = granted["refresh_token"].as_str().expect("a refresh token");
    let fresh = token(&okta, &format!("grant_type=refresh_token&refresh_token={refresh}")).await.json();
    let access = fresh["access_token"].as_str().expect("an access token");
    assert_eq!(get(&okta, "/api/v1/users/me", access).await.status, 200);
    let body = json!({ "login": ALICE });
    assert_eq!(wire::post_json(&admin("revoke-all"), None, &body).await.status, 204);
    assert_eq!(get(&okta, "/api/v1/users/me", access).await.status, 401);
    let body = json!({ "login": "dave@example.com", "scope": "openid" });
    assert_eq!(wire::post_json(&admin("token"), None, &body).await.status, 404);
}
