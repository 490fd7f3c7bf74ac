//! What a 200 must bring to be an approval.

use auth::approval::{Ending, Poll, Polled};
use serde_json::{Value, json};

use super::{KEYS, Tenant, error, pending, polled, without};
use crate::auth0::scripted::Answer;
use crate::testing::issuer::{ACCESS_TOKEN, at_hash, claims, key_set, signed};
use crate::testing::mandate::NOW;

/// Good claims: no `nonce`, since no browser asked.
fn good() -> Value {
    without(claims(""), "nonce")
}

fn tokens(claims: &Value) -> Value {
    json!({"access_token": ACCESS_TOKEN, "id_token": signed(claims), "expires_in": 86_400, "scope": "openid",
           "token_type": "Bearer"})
}

fn answer(claims: &Value) -> Answer {
    Answer::json(200, &tokens(claims))
}

async fn with(name: &str, value: Value) -> Poll {
    let mut claims = good();
    claims[name] = value;
    polled(answer(&claims)).await
}

#[tokio::test]
async fn a_valid_id_token_of_the_asked_person_is_an_approval() {
    assert_eq!(polled(answer(&good())).await, Poll::Approved);
    assert_eq!(with("aud", json!(["client-1"])).await, Poll::Approved);
}

// C09
#[tokio::test]
async fn an_answer_without_scope_or_life_is_accepted() {
    for name in ["scope", "expires_in", "token_type", "access_token"] {
        assert_eq!(polled(Answer::json(200, &without(tokens(&good()), name))).await, Poll::Approved, "{name}");
    }
}

// C08
#[tokio::test]
async fn another_persons_yes_is_a_denial() {
    for subject in ["oidc|okta-oidc|00u2", "oidc|okta-oidc|00U1", "oidc|okta-oidc|00u1 ", "alice@example.com"] {
        let poll = with("sub", json!(subject)).await;
        assert_eq!(poll, Poll::SomebodyElse, "{subject}");
        let Polled::Ended(ended) = pending().polled(poll, NOW.plus(9)) else { panic!("it has ended") };
        assert_eq!(ended.ending, Ending::Denied);
    }
}

// C08
#[tokio::test]
async fn an_id_token_that_breaks_a_rule_is_nobodys_yes() {
    for (name, value) in [
        ("iss", json!("https://tenant.example")),
        ("iss", json!("https://other.example/")),
        ("aud", json!("client-2")),
        ("aud", json!(["client-1", "client-2"])),
        ("azp", json!("client-2")),
        ("exp", json!(NOW.seconds() - 31)),
        ("iat", json!(NOW.seconds() + 31)),
        ("nbf", json!(NOW.seconds() + 31)),
        ("at_hash", json!(at_hash("another token"))),
        ("sub", json!("")),
        ("sub", json!(7)),
    ] {
        assert_eq!(with(name, value.clone()).await, Poll::Broken, "{name} = {value}");
    }
    for name in ["iss", "aud", "exp", "iat", "sub"] {
        assert_eq!(polled(answer(&without(good(), name))).await, Poll::Broken, "without {name}");
    }
}

// C08
#[tokio::test]
async fn a_token_whose_signature_does_not_hold_is_nobodys_yes() {
    let token = signed(&good());
    let (message, signature) = token.rsplit_once('.').unwrap();
    let (header, _) = message.split_once('.').unwrap();
    let other = signed(&claims("x"));
    let other_payload = other.split('.').nth(1).unwrap();
    for bent in [
        format!("{header}.{other_payload}.{signature}"),
        format!("{message}."),
        message.to_owned(),
        "eyJhbGciOiJub25lIn0.e30.".to_owned(),
        String::new(),
        "not a token".to_owned(),
    ] {
        let mut body = tokens(&good());
        body["id_token"] = json!(bent);
        assert_eq!(polled(Answer::json(200, &body)).await, Poll::Broken, "{bent}");
    }
}

#[tokio::test]
async fn a_200_that_cannot_be_read_ends_it_for_the_answer_is_given_once_only() {
    let mut wrong_type = tokens(&good());
    wrong_type["id_token"] = json!([signed(&good())]);
    for answer in [
        Answer::json(200, &without(tokens(&good()), "id_token")),
        Answer::json(200, &wrong_type),
        Answer::json(200, &json!([])),
        Answer::text(200, "application/json", "{"),
        Answer::text(200, "application/json", ""),
        Answer::text(200, "text/html", &tokens(&good()).to_string()),
    ] {
        assert_eq!(polled(answer).await, Poll::Broken);
    }
}

#[tokio::test]
async fn the_answer_is_not_asked_for_while_there_are_no_keys_to_check_it_with() {
    let missing = || Answer::text(404, "text/html", "");
    let keys = move |asked| if asked == 1 { missing() } else { Answer::json(200, &key_set("rsa-1")) };
    let tenant = Tenant::publishing([answer(&good())], keys).await;
    assert_eq!(tenant.poll().await, Poll::Unavailable);
    assert_eq!(tenant.polls(), 0);
    tenant.hands.forward(30);
    assert_eq!(tenant.poll().await, Poll::Approved);
    assert_eq!(tenant.polls(), 1);
}

#[tokio::test]
async fn a_new_key_is_fetched_once_and_the_answer_is_not_asked_for_again() {
    let keys = |asked| Answer::json(200, &key_set(if asked == 1 { "rsa-0" } else { "rsa-1" }));
    let tenant = Tenant::publishing([error(400, "authorization_pending"), answer(&good())], keys).await;
    assert_eq!(tenant.poll().await, Poll::Pending);
    tenant.hands.forward(31);
    assert_eq!(tenant.poll().await, Poll::Approved);
    assert_eq!((tenant.polls(), tenant.server.count_of(KEYS)), (2, 2));
}

#[tokio::test]
async fn an_answer_under_a_key_that_cannot_be_had_is_lost_and_no_approval() {
    let tenant = Tenant::publishing([answer(&good())], |_| Answer::json(200, &key_set("rsa-0"))).await;
    assert_eq!(tenant.poll().await, Poll::Broken);
    assert_eq!((tenant.polls(), tenant.server.count_of(KEYS)), (1, 1));
}

#[tokio::test]
async fn keys_are_fetched_once_for_many_polls() {
    let tenant = Tenant::with((0..5).map(|_| error(400, "authorization_pending"))).await;
    for _ in 0..5 {
        assert_eq!(tenant.poll().await, Poll::Pending);
    }
    assert_eq!((tenant.polls(), tenant.server.count_of(KEYS)), (5, 1));
}
