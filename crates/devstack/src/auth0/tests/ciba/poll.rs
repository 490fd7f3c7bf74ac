use http::StatusCode;

use super::super::house::{ALICE, Answer, BOB, House, house, json, part, refusal};
use super::{GRANT_TYPE, enrolled, poll, start, started};
use crate::auth0::{ControlError, Lifetimes};

fn answers(house: &House, auth_req_id: &str) -> Vec<&'static str> {
    house.auth0.polls(auth_req_id).iter().map(|poll| poll.answer).collect()
}

fn wait(answer: &Answer) -> (u16, u64) {
    (answer.status().as_u16(), answer.headers()["retry-after"].to_str().unwrap().parse().unwrap())
}

#[tokio::test]
async fn an_approval_gives_tokens_for_the_asked_person_once() {
    let house = enrolled().await;
    let id = started(&house).await;
    assert_eq!(refusal(&poll(&house, &id).await), (400, "authorization_pending".to_owned()));
    house.auth0.approve(&id).unwrap();
    assert!(house.auth0.pending(ALICE).is_empty());

    let answer = poll(&house, &id).await;
    assert_eq!((answer.status(), answer.headers()["cache-control"].to_str().unwrap()), (StatusCode::OK, "no-store"));
    let body = json(&answer);
    assert_eq!((&body["scope"], &body["token_type"]), (&"openid".into(), &"Bearer".into()));
    assert_eq!((&body["expires_in"], body.get("refresh_token")), (&86_400.into(), None));
    let token = body["id_token"].as_str().unwrap();
    assert!(house.verifies(token).await);
    let claims = part(token, 1);
    assert_eq!((&claims["iss"], &claims["sub"]), (&house.auth0.issuer().into(), &ALICE.into()));
    assert_eq!((&claims["aud"], claims.get("nonce"), claims.get("sid")), (&"web".into(), None, None));
    assert_eq!(claims["exp"].as_u64().unwrap() - claims["iat"].as_u64().unwrap(), 36_000);
    assert!(claims["auth_time"].as_u64().unwrap() <= claims["iat"].as_u64().unwrap());

    assert_eq!(refusal(&poll(&house, &id).await), (403, "invalid_grant".to_owned()));
    assert_eq!(answers(&house, &id), ["authorization_pending", "approved", "invalid_grant"]);
}

#[tokio::test]
async fn of_two_polls_at_once_one_gets_the_tokens() {
    let house = enrolled().await;
    let id = started(&house).await;
    house.auth0.approve(&id).unwrap();
    let (one, other) = tokio::join!(poll(&house, &id), poll(&house, &id));
    let mut statuses = [one.status().as_u16(), other.status().as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 403]);
}

#[tokio::test]
async fn another_persons_approval_shows_in_the_id_token() {
    let house = enrolled().await;
    let id = started(&house).await;
    assert_eq!(house.auth0.approve_as(&id, "auth0|nobody"), Err(ControlError::NoUser));
    house.auth0.approve_as(&id, BOB).unwrap();
    let body = json(&poll(&house, &id).await);
    assert_eq!(part(body["id_token"].as_str().unwrap(), 1)["sub"], BOB);
}

#[tokio::test]
async fn an_audience_and_offline_access_come_with_the_approval() {
    let house = enrolled().await;
    let changes = [("scope", "openid offline_access unknown"), ("audience", "urn:tools")];
    let id = json(&start(&house, &changes).await)["auth_req_id"].as_str().unwrap().to_owned();
    house.auth0.approve(&id).unwrap();
    let body = json(&poll(&house, &id).await);
    assert_eq!((&body["scope"], body["refresh_token"].is_string()), (&"openid offline_access".into(), true));
    assert_eq!(part(body["access_token"].as_str().unwrap(), 1)["aud"][0], "urn:tools");
}

#[tokio::test]
async fn a_refusal_and_an_expiry_are_told_in_the_same_words() {
    let house = enrolled().await;
    let (denied, expired) = (started(&house).await, started(&house).await);
    house.auth0.deny(&denied).unwrap();
    house.auth0.expire(&expired).unwrap();
    for id in [&denied, &expired] {
        assert_eq!(refusal(&poll(&house, id).await), (400, "access_denied".to_owned()));
        assert_eq!(house.auth0.approve(id), Err(ControlError::Over));
    }
    assert_eq!(json(&poll(&house, &denied).await), json(&poll(&house, &expired).await));
    assert_eq!(answers(&house, &denied), ["access_denied", "access_denied"]);
    assert!(house.auth0.pending(ALICE).is_empty());
}

#[tokio::test]
async fn a_request_expires_by_itself_and_so_does_an_approval_that_nobody_fetched() {
    let house = enrolled().await;
    let approved = started(&house).await;
    house.auth0.approve(&approved).unwrap();
    house.auth0.expire(&approved).unwrap();
    assert_eq!(refusal(&poll(&house, &approved).await), (400, "access_denied".to_owned()));

    house.auth0.set_lifetimes(Lifetimes { ciba_expiry: Some(0), ..house.auth0.lifetimes() });
    let id = started(&house).await;
    assert!(house.auth0.pending(ALICE).is_empty());
    assert_eq!(house.auth0.approve(&id), Err(ControlError::Over));
    assert_eq!(refusal(&poll(&house, &id).await), (400, "access_denied".to_owned()));
}

#[tokio::test]
async fn haste_is_told_to_slow_down_and_has_to_wait_longer_each_time() {
    let house = enrolled().await;
    house.auth0.set_lifetimes(Lifetimes { ciba_interval: 300, ..house.auth0.lifetimes() });
    let id = started(&house).await;
    let first = poll(&house, &id).await;
    assert_eq!((refusal(&first).1.as_str(), wait(&first)), ("slow_down", (429, 600)));
    assert_eq!(json(&first)["interval"], 600);
    assert_eq!(wait(&poll(&house, &id).await), (429, 900));

    house.auth0.approve(&id).unwrap();
    assert_eq!(poll(&house, &id).await.status(), StatusCode::OK, "haste does not hide an answer");
    assert_eq!(answers(&house, &id), ["slow_down", "slow_down", "approved"]);
}

#[tokio::test]
async fn an_id_belongs_to_one_application_and_needs_its_grant() {
    let house = enrolled().await;
    let id = started(&house).await;
    assert_eq!(refusal(&poll(&house, "another").await), (403, "invalid_grant".to_owned()));
    assert_eq!(refusal(&house.token(&[("grant_type", GRANT_TYPE)]).await), (400, "invalid_request".to_owned()));
    let fields = [("grant_type", GRANT_TYPE), ("auth_req_id", id.as_str()), ("client_id", "login-only")];
    let other = [&fields[..], &[("client_secret", "login-only & its secret")]].concat();
    assert_eq!(refusal(&house.post("oauth/token", &other).await), (403, "unauthorized_client".to_owned()));
    let other = [&fields[..2], &[("client_id", "batch"), ("client_secret", "batch & its secret")]].concat();
    assert_eq!(refusal(&house.post("oauth/token", &other).await), (403, "invalid_grant".to_owned()));
    assert!(answers(&house, &id).is_empty());
    assert_eq!(house.auth0.pending(ALICE).len(), 1);
}

#[tokio::test]
async fn discovery_names_the_endpoint_and_the_grant() {
    let house = house().await;
    let document = json(&house.get(&house.url(".well-known/openid-configuration")).await);
    assert_eq!(document["backchannel_authentication_endpoint"], house.url("bc-authorize"));
    assert!(document["grant_types_supported"].as_array().unwrap().contains(&GRANT_TYPE.into()));
}
