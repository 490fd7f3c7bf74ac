//! Access tokens of APIs.

use serde_json::{Value, json};

use crate::auth0::Signer;

use super::house::{ALICE, ALL_PAGES, GUARDED, House, VERIFIER, house, json, parameters, part, refusal, text};

const WISH: &str = "openid offline_access api/read api/write api/admin";

/// What the token endpoint answers after a sign-in of alice's for this audience.
async fn signed_in(house: &House, audience: &str, extra: &[(&str, &str)]) -> Value {
    let asked = [&[("audience", audience)], extra].concat();
    let url = house.authorize(&asked).replace("scope=openid+profile+email+offline_access", &scope());
    let back = parameters(&house.press(house.get(&url).await, &ALL_PAGES).await);
    json(&house.redeem(&back["code"], VERIFIER).await)
}

fn scope() -> String {
    format!("scope={}", WISH.replace(' ', "+").replace('/', "%2F"))
}

fn claims(answer: &Value) -> Value {
    part(answer["access_token"].as_str().unwrap(), 1)
}

#[tokio::test]
async fn a_sign_in_for_an_api_gives_a_token_in_auth0s_own_profile() {
    let house = house().await;
    let answer = signed_in(&house, GUARDED, &[("organization", "org_a")]).await;
    let token = answer["access_token"].as_str().unwrap();
    assert!(house.verifies(token).await);
    assert_eq!((&part(token, 0)["typ"], &part(token, 0)["alg"]), (&json!("JWT"), &json!("RS256")));
    let claims = claims(&answer);
    assert_eq!((&claims["iss"], &claims["sub"]), (&json!(house.auth0.issuer()), &json!(ALICE)));
    assert!(house.auth0.issuer().ends_with('/'));
    assert_eq!(claims["aud"], json!([GUARDED, house.url("userinfo")]));
    assert_eq!((&claims["azp"], &claims["org_id"]), (&json!("web"), &json!("org_a")));
    assert_eq!(claims["exp"].as_u64().unwrap() - claims["iat"].as_u64().unwrap(), 86_400);
    assert_eq!(["client_id", "jti", "permissions", "nonce"].map(|name| claims.get(name)), [None; 4]);
}

#[tokio::test]
async fn a_scope_that_the_person_does_not_have_is_asked_of_nobody_and_is_not_in_the_token() {
    let house = house().await;
    let url = house.authorize(&[("audience", GUARDED)]).replace("scope=openid+profile+email+offline_access", &scope());
    let consent = house.press(house.get(&url).await, &ALL_PAGES[..1]).await;
    assert!(text(&consent).contains("api/read") && !text(&consent).contains("api/write"), "{}", text(&consent));
    let answer = signed_in(&house, GUARDED, &[]).await;
    assert_eq!(claims(&answer)["scope"], "openid offline_access api/read");
    assert_eq!(answer["scope"], "openid offline_access api/read");
}

#[tokio::test]
async fn without_rbac_every_scope_of_the_api_is_given_and_none_that_it_has_not() {
    let house = house().await;
    let claims = claims(&signed_in(&house, "urn:open", &[]).await);
    assert_eq!(
        (&claims["scope"], claims.get("permissions")),
        (&json!("openid offline_access api/read api/write"), None)
    );
}

#[tokio::test]
async fn permissions_are_all_that_the_person_has_whatever_was_asked_for() {
    let house = house().await;
    let token = house.auth0.issue("web", ALICE, "openid offline_access", None).unwrap().refresh_token;
    let fields = [("grant_type", "refresh_token"), ("refresh_token", token.as_str()), ("audience", "urn:told")];
    let narrow = [&fields[..], &[("scope", "openid api/read")]].concat();
    let claims = claims(&json(&house.token(&narrow).await));
    assert_eq!(claims["scope"], "openid api/read");
    assert_eq!(claims["permissions"], json!(["api/read", "api/write"]));
}

#[tokio::test]
async fn a_permission_that_was_taken_away_is_missing_from_the_next_token() {
    let house = house().await;
    let token = signed_in(&house, GUARDED, &[]).await["refresh_token"].as_str().unwrap().to_owned();
    let fields = [("grant_type", "refresh_token"), ("refresh_token", token.as_str())];
    assert_eq!(claims(&json(&house.token(&fields).await))["scope"], "openid offline_access api/read");
    let mut alice = house.auth0.tenant.user(ALICE).unwrap();
    alice.permissions.clear();
    house.auth0.put_user(alice);
    assert_eq!(claims(&json(&house.token(&fields).await))["scope"], "openid offline_access");
}

#[tokio::test]
async fn an_api_that_is_not_registered_gives_no_token() {
    let house = house().await;
    let back = parameters(&house.get(&house.authorize(&[("audience", "urn:unknown")])).await);
    assert_eq!((back["error"].as_str(), back.get("code")), ("access_denied", None));
    let token = house.auth0.issue("web", ALICE, "openid offline_access", None).unwrap().refresh_token;
    let fields = [("grant_type", "refresh_token"), ("refresh_token", token.as_str()), ("audience", "urn:unknown")];
    assert_eq!(refusal(&house.token(&fields).await), (403, "access_denied".to_owned()));
}

#[tokio::test]
async fn a_token_with_bent_claims_is_signed_by_the_tenant_and_a_forged_one_only_says_so() {
    let house = house().await;
    let claims = json!({"iss": "https://other.example/", "sub": ALICE});
    let bent = house.auth0.token_saying(&claims, Signer::Tenant).await.unwrap();
    let forged = house.auth0.token_saying(&claims, Signer::Stranger).await.unwrap();
    assert_eq!(part(&bent, 1), claims);
    assert_eq!((part(&bent, 0), part(&bent, 1)), (part(&forged, 0), part(&forged, 1)));
    assert!(house.verifies(&bent).await && !house.verifies(&forged).await);
}
