use http::StatusCode;
use serde_json::json;
use url::form_urlencoded;

use super::super::house::{ALICE, BOB, house, json, refusal};
use super::{MESSAGE, enrolled, hint, start};
use crate::auth0::Lifetimes;

/// What is changed in a good request, and the refusal.
type Case<'a> = (&'a [(&'a str, &'a str)], u16, &'a str);

#[tokio::test]
async fn a_request_is_answered_with_an_id_its_life_and_the_interval() {
    let house = enrolled().await;
    house.auth0.set_lifetimes(Lifetimes::default());
    let answer = start(&house, &[("requested_expiry", "120")]).await;
    assert_eq!((answer.status(), answer.headers()["cache-control"].to_str().unwrap()), (StatusCode::OK, "no-store"));
    let body = json(&answer);
    assert_eq!((&body["expires_in"], &body["interval"]), (&120.into(), &5.into()));
    let waiting = house.auth0.pending(ALICE);
    assert_eq!((waiting.len(), waiting[0].auth_req_id.as_str()), (1, body["auth_req_id"].as_str().unwrap()));
    assert_eq!((waiting[0].binding_message.as_str(), waiting[0].channel), (MESSAGE, "guardian-push"));
    assert_eq!(waiting[0].requested_expiry, 120);

    assert_eq!(json(&start(&house, &[]).await)["expires_in"], 300);
    house.auth0.set_lifetimes(Lifetimes { ciba_interval: 31, ciba_expiry: Some(2), ..Lifetimes::default() });
    let short = json(&start(&house, &[]).await);
    assert_eq!((&short["expires_in"], &short["interval"]), (&2.into(), &31.into()));
    let ids = house.auth0.auth_req_ids();
    assert_eq!((house.auth0.starts(), ids.len()), (3, 3));
    assert!(ids.iter().all(|id| house.auth0.secrets().contains(id)));
}

#[tokio::test]
async fn the_client_may_authenticate_by_basic_but_must_send_a_form() {
    let house = enrolled().await;
    let form = |secret: &'static str| {
        let hint = hint(&house, ALICE);
        let pairs = [("scope", "openid"), ("login_hint", hint.as_str()), ("binding_message", MESSAGE)];
        let form = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
        house.post_basic("bc-authorize", "web", secret, form)
    };
    assert_eq!(form("web%20%26%20its%20secret").await.status(), StatusCode::OK);
    assert_eq!(refusal(&form("a%20guess").await), (401, "invalid_client".to_owned()));
    let body = json!({"client_id": "web", "client_secret": "web & its secret", "scope": "openid",
        "login_hint": hint(&house, ALICE), "binding_message": MESSAGE});
    assert_eq!(refusal(&house.post_json("bc-authorize", &body).await), (400, "invalid_request".to_owned()));
    assert_eq!(house.auth0.starts(), 1);
}

#[tokio::test]
async fn a_refused_request_reaches_no_phone() {
    let house = enrolled().await;
    let long = "a".repeat(65);
    let hints = [
        hint(&house, "auth0|nobody"),
        hint(&house, ALICE).replace("iss_sub", "email"),
        hint(&house, ALICE).replace(house.auth0.issuer(), &house.auth0.url()),
        hint(&house, ALICE).replace('}', r#","sub":"auth0|bob"}"#),
        hint(&house, ALICE).replace('}', r#","more":1}"#),
    ];
    let cases: [Case<'_>; 23] = [
        (&[("client_secret", "a guess")], 401, "invalid_client"),
        (&[("client_secret", "")], 401, "invalid_client"),
        (&[("client_id", "login-only"), ("client_secret", "login-only & its secret")], 403, "unauthorized_client"),
        (&[("scope", "")], 400, "invalid_request"),
        (&[("scope", "profile")], 400, "invalid_request"),
        (&[("audience", "urn:unknown")], 403, "access_denied"),
        (&[("login_hint", "")], 400, "invalid_request"),
        (&[("login_hint", ALICE)], 400, "invalid_request"),
        (&[("login_hint", &hints[0])], 400, "unknown_user_id"),
        (&[("login_hint", &hints[1])], 400, "invalid_request"),
        (&[("login_hint", &hints[2])], 400, "invalid_request"),
        (&[("login_hint", &hints[3])], 400, "invalid_request"),
        (&[("login_hint", &hints[4])], 400, "invalid_request"),
        (&[("id_token_hint", "another")], 400, "invalid_request"),
        (&[("login_hint_token", "another")], 400, "invalid_request"),
        (&[("binding_message", "")], 400, "invalid_request"),
        (&[("binding_message", &long)], 400, "invalid_binding_message"),
        (&[("binding_message", "for alice@example.com")], 400, "invalid_binding_message"),
        (&[("requested_expiry", "0")], 400, "invalid_request"),
        (&[("requested_expiry", "301")], 400, "invalid_request"),
        (&[("requested_expiry", "+5")], 400, "invalid_request"),
        (&[("requested_expiry", "99999999999999999999")], 400, "invalid_request"),
        (&[("authorization_details", "[]")], 400, "invalid_request"),
    ];
    for (changes, status, error) in cases {
        assert_eq!(refusal(&start(&house, changes).await), (status, error.to_owned()), "{changes:?}");
    }
    assert_eq!(house.auth0.starts(), 0);
    assert!(house.auth0.pending(ALICE).is_empty());
}

#[tokio::test]
async fn what_was_recorded_of_refusals_is_said_in_the_same_words() {
    let house = enrolled().await;
    let description = async |changes: &[(&str, &str)]| json(&start(&house, changes).await)["error_description"].clone();
    assert_eq!(description(&[("scope", "email")]).await, "openid scope must be requested");
    let nobody = hint(&house, "auth0|nobody");
    assert_eq!(description(&[("login_hint", &nobody)]).await, "User ID is malformed or unknown");
}

#[tokio::test]
async fn every_allowed_character_and_the_bounds_are_accepted() {
    let house = enrolled().await;
    house.auth0.set_lifetimes(Lifetimes { ciba_expiry: Some(300), ..house.auth0.lifetimes() });
    let longest = "Za09 +-_.,:#abcd".repeat(4);
    for changes in [
        [("binding_message", longest.as_str()), ("requested_expiry", "1")],
        [("binding_message", "a"), ("requested_expiry", "300")],
    ] {
        assert_eq!(start(&house, &changes).await.status(), StatusCode::OK, "{changes:?}");
    }
    let waiting = house.auth0.pending(ALICE);
    assert_eq!((waiting[0].binding_message.as_str(), waiting[0].requested_expiry), (longest.as_str(), 1));
}

#[tokio::test]
async fn a_person_without_a_phone_cannot_be_asked() {
    let house = house().await;
    assert_eq!(refusal(&start(&house, &[]).await), (400, "invalid_request".to_owned()));
    assert_eq!(house.auth0.starts(), 0);
}

#[tokio::test]
async fn the_sixth_notification_within_a_minute_is_refused_for_that_person_only() {
    let house = enrolled().await;
    house.auth0.set_enrolled(BOB, true);
    for _ in 0..5 {
        assert_eq!(start(&house, &[]).await.status(), StatusCode::OK);
    }
    let sixth = start(&house, &[]).await;
    assert_eq!(refusal(&sixth), (429, "too_many_requests".to_owned()));
    let wait: u64 = sixth.headers()["retry-after"].to_str().unwrap().parse().unwrap();
    assert!((1..=60).contains(&wait));
    let bob = hint(&house, BOB);
    assert_eq!(start(&house, &[("login_hint", &bob)]).await.status(), StatusCode::OK);
    assert_eq!((house.auth0.starts(), house.auth0.pending(ALICE).len()), (6, 5));

    house.auth0.set_notification_limit(6);
    assert_eq!(start(&house, &[]).await.status(), StatusCode::OK);
}
