use http::StatusCode;

use super::house::{ALICE, Answer, BOB, EXCHANGE, House, house, json, refusal};
use crate::auth0::{Lifetimes, MfaPolicy};
use crate::fault::{Effect, Fault};

const OKTA_TOKEN: &str = "POST /oauth2/v1/token";

async fn exchange(house: &House, subject: &str, extra: &[(&str, &str)]) -> Answer {
    let mut fields = vec![
        ("grant_type", EXCHANGE),
        ("subject_token_type", "urn:ietf:params:oauth:token-type:refresh_token"),
        ("requested_token_type", "http://auth0.com/oauth/token-type/federated-connection-access-token"),
        ("subject_token", subject),
    ];
    if !extra.iter().any(|(name, _)| *name == "connection") {
        fields.push(("connection", "okta-oidc"));
    }
    fields.extend_from_slice(extra);
    house.token(&fields).await
}

fn refresh_token(house: &House, sub: &str) -> String {
    house.auth0.issue("web", sub, "openid offline_access", None).unwrap().refresh_token
}

#[tokio::test]
async fn a_connected_account_yields_the_providers_token_and_it_is_kept() {
    let house = house().await;
    house.auth0.connect(ALICE, "okta-oidc").await.unwrap();
    let subject = refresh_token(&house, ALICE);
    for _ in 0..2 {
        let answer = json(&exchange(&house, &subject, &[]).await);
        assert_eq!((&answer["access_token"], &answer["token_type"]), (&"okta-access".into(), &"Bearer".into()));
        assert_eq!(answer["scope"], "openid offline_access okta.groups.read");
        assert!((3590..=3600).contains(&answer["expires_in"].as_u64().unwrap()));
        assert_eq!((answer.get("id_token"), answer.get("refresh_token")), (None, None));
    }
    assert_eq!(house.okta.requests_to(OKTA_TOKEN), 1);

    house.auth0.set_lifetimes(Lifetimes { federated: Some(0), ..house.auth0.lifetimes() });
    house.auth0.forget_provider_token(ALICE, "okta-oidc");
    for _ in 0..2 {
        assert_eq!(json(&exchange(&house, &subject, &[]).await)["expires_in"], 0);
    }
    assert_eq!(house.okta.requests_to(OKTA_TOKEN), 3, "an expired token is asked for anew");
}

#[tokio::test]
async fn without_a_connected_account_the_provider_is_not_asked() {
    let house = house().await;
    house.auth0.connect(ALICE, "okta-oidc").await.unwrap();
    let not_found = (401, "federated_connection_refresh_token_not_found".to_owned());
    assert_eq!(refusal(&exchange(&house, &refresh_token(&house, BOB), &[]).await), not_found);

    house.auth0.disconnect(ALICE, "okta-oidc");
    assert_eq!(refusal(&exchange(&house, &refresh_token(&house, ALICE), &[]).await), not_found);
    assert_eq!(house.okta.requests_to(OKTA_TOKEN), 0);
}

#[tokio::test]
async fn a_provider_that_refuses_or_is_down_is_told_apart() {
    let house = house().await;
    house.auth0.connect(ALICE, "okta-oidc").await.unwrap();
    let subject = refresh_token(&house, ALICE);
    let answer = |status: u16| Fault {
        on: OKTA_TOKEN.to_owned(),
        times: Some(1),
        skip: 0,
        effect: Effect::Answer { status, headers: [].into(), body: r#"{"error":"invalid_grant"}"#.to_owned() },
    };
    house.okta.fault(answer(400));
    let refused = (401, "federated_connection_refresh_token_flow_failed".to_owned());
    assert_eq!(refusal(&exchange(&house, &subject, &[]).await), refused);

    house.okta.fault(answer(500));
    assert_eq!(exchange(&house, &subject, &[]).await.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(exchange(&house, &subject, &[]).await.status(), StatusCode::OK);
}

#[tokio::test]
async fn what_is_not_allowed_reaches_no_provider() {
    let house = house().await;
    house.auth0.connect(ALICE, "okta-oidc").await.unwrap();
    let subject = refresh_token(&house, ALICE);
    let cases = [
        (exchange(&house, "v1.unknown", &[]).await, 401, "invalid_grant"),
        (exchange(&house, &subject, &[("connection", "another")]).await, 403, "access_denied"),
        (exchange(&house, &subject, &[("audience", "urn:tools")]).await, 400, "invalid_request"),
        (exchange(&house, &subject, &[("resource", "urn:tools")]).await, 400, "invalid_request"),
    ];
    for (answer, status, error) in cases {
        assert_eq!(refusal(&answer), (status, error.to_owned()));
    }
    let login_only = [
        ("grant_type", EXCHANGE),
        ("client_id", "login-only"),
        ("client_secret", "login-only & its secret"),
        ("subject_token", subject.as_str()),
    ];
    let answer = house.post("oauth/token", &login_only).await;
    assert_eq!(refusal(&answer), (403, "unauthorized_client".to_owned()));

    house.auth0.set_mfa_policy(MfaPolicy::Always);
    assert_eq!(refusal(&exchange(&house, &subject, &[]).await), (403, "mfa_required".to_owned()));
    assert_eq!(house.okta.requests_to(OKTA_TOKEN), 0);
}

#[tokio::test]
async fn fewer_scopes_are_asked_of_the_provider_and_not_kept() {
    let house = house().await;
    house.auth0.connect(ALICE, "okta-oidc").await.unwrap();
    let subject = refresh_token(&house, ALICE);
    let narrow = json(&exchange(&house, &subject, &[("scope", "okta.groups.read")]).await);
    assert_eq!(narrow["scope"], "okta.groups.read");
    let whole = json(&exchange(&house, &subject, &[]).await);
    assert_eq!(whole["scope"], "openid offline_access okta.groups.read");
}
