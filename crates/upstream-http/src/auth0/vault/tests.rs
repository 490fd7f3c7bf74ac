mod outcomes;

use auth::refusal::{Code, Refusal};
use auth::scope::Scopes;
use auth::session::FederatedToken;
use auth::time::Timestamp;
use serde_json::{Value, json};

use super::{Vault, VaultError};
use crate::auth0::scripted::{Answer, Scripted, transport, until};
use crate::testing::mandate::{NOW, REFRESH_TOKEN, mandate};

fn good() -> Value {
    json!({"access_token": "okta-token-1", "expires_in": 3311, "token_type": "Bearer",
           "scope": "openid okta.users.read offline_access",
           "issued_token_type": "http://auth0.com/oauth/token-type/federated-connection-access-token"})
}

async fn exchange_needing(
    needed: &str,
    answers: impl IntoIterator<Item = Answer>,
) -> (Result<FederatedToken, VaultError>, Scripted) {
    let server = Scripted::start(answers).await;
    let vault = Vault::new(transport(), server.settings().client, "okta-oidc".to_owned(), Scopes::parse(needed));
    let result = vault.exchange(&mandate(), NOW, until()).await;
    (result, server)
}

async fn exchange(answers: impl IntoIterator<Item = Answer>) -> (Result<FederatedToken, VaultError>, Scripted) {
    exchange_needing("okta.users.read", answers).await
}

async fn outcome(answer: Answer) -> Option<VaultError> {
    let (result, server) = exchange([answer]).await;
    assert_eq!(server.requests().len(), 1);
    result.err()
}

// X01
#[tokio::test]
async fn the_form_has_exactly_these_fields() {
    let (result, server) = exchange([Answer::json(200, &good())]).await;
    assert!(result.is_ok());
    let [request] = server.requests().try_into().ok().unwrap();
    assert_eq!((request.method.as_str(), request.target.as_str()), ("POST", "/oauth/token"));
    assert_eq!(request.headers["content-type"], "application/x-www-form-urlencoded");
    assert!(!request.headers.contains_key("authorization"));
    let form = request.form();
    let fields: Vec<(&str, &str)> = form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!(
        fields,
        [
            ("client_id", "client-1"),
            ("client_secret", "s3cret+&="),
            ("connection", "okta-oidc"),
            ("grant_type", "urn:auth0:params:oauth:grant-type:token-exchange:federated-connection-access-token"),
            ("requested_token_type", "http://auth0.com/oauth/token-type/federated-connection-access-token"),
            ("subject_token", REFRESH_TOKEN),
            ("subject_token_type", "urn:ietf:params:oauth:token-type:refresh_token"),
        ]
    );
}

#[tokio::test]
async fn a_good_answer_becomes_a_token_that_ends_when_it_says() {
    let (result, _server) = exchange([Answer::json(200, &good())]).await;
    let token = result.ok().unwrap();
    assert_eq!(token.access_token.expose(), "okta-token-1");
    assert_eq!(token.expires_at, NOW.plus(3311));
    assert_eq!(token.scopes, Scopes::parse("openid okta.users.read offline_access"));
}

#[tokio::test]
async fn what_the_provider_may_write_otherwise_is_taken() {
    for (pointer, value) in [
        ("/token_type", json!("bearer")),
        ("/scope", json!("openid,okta.users.read")),
        ("/issued_token_type", Value::Null),
        ("/expires_in", json!(1)),
        ("/expires_in", json!(2_592_000)),
    ] {
        let mut body = good();
        *body.pointer_mut(pointer).unwrap() = value.clone();
        assert_eq!(outcome(Answer::json(200, &body)).await, None, "{pointer} = {value}");
    }
}

// X02
#[tokio::test]
async fn an_answer_of_another_shape_gives_no_token() {
    for (name, value) in [
        ("access_token", json!(null)),
        ("access_token", json!("")),
        ("access_token", json!(["okta-token-1"])),
        ("access_token", json!("okta token")),
        ("access_token", json!("okta\r\ntoken")),
        ("token_type", json!("DPoP")),
        ("token_type", json!("N_A")),
        ("token_type", json!(null)),
        ("expires_in", json!("3311")),
        ("expires_in", json!(0)),
        ("expires_in", json!(-1)),
        ("expires_in", json!(2_592_001)),
        ("expires_in", json!(1e9)),
        ("expires_in", json!(null)),
        ("scope", json!(["okta.users.read"])),
        ("issued_token_type", json!("urn:ietf:params:oauth:token-type:access_token")),
    ] {
        let mut body = good();
        body[name] = value.clone();
        let error = outcome(Answer::json(200, &body)).await;
        assert!(matches!(error, Some(VaultError::Unavailable(_))), "{name} = {value}: {error:?}");
    }
    for name in ["access_token", "token_type", "expires_in"] {
        let mut body = good();
        body.as_object_mut().unwrap().remove(name);
        assert!(matches!(outcome(Answer::json(200, &body)).await, Some(VaultError::Unavailable(_))), "no {name}");
    }
}

// X02
#[tokio::test]
async fn a_scope_that_was_not_granted_is_named() {
    let mut body = good();
    body["scope"] = json!("openid okta.users.readonly OKTA.users.read");
    let error = outcome(Answer::json(200, &body)).await.unwrap();
    assert_eq!(error, VaultError::MissingScope(Scopes::parse("okta.users.read")));
    let refusal = Refusal::from(error);
    assert_eq!(refusal.code(), Code::ReconnectRequired);
    assert!(refusal.sentence().contains("`okta.users.read`"), "{}", refusal.sentence());
}

// X02
#[tokio::test]
async fn an_answer_without_scopes_grants_nothing_that_is_needed() {
    let mut body = good();
    body.as_object_mut().unwrap().remove("scope");
    assert!(matches!(outcome(Answer::json(200, &body)).await, Some(VaultError::Misconfigured(_))));
    let (result, _server) = exchange_needing("", [Answer::json(200, &body)]).await;
    assert_eq!(result.ok().unwrap().scopes, Scopes::default());
}

#[tokio::test]
async fn a_broken_connection_is_tried_once_more_and_not_twice() {
    let (result, server) = exchange([Answer::HangUp, Answer::json(200, &good())]).await;
    assert!(result.is_ok());
    assert_eq!(server.requests().len(), 2);
    let (result, server) = exchange([Answer::HangUp, Answer::HangUp, Answer::json(200, &good())]).await;
    assert!(matches!(result.err(), Some(VaultError::Unavailable(_))));
    assert_eq!(server.requests().len(), 2);
}

#[tokio::test]
async fn without_time_nothing_is_sent() {
    let server = Scripted::start([Answer::json(200, &good())]).await;
    let vault = Vault::new(transport(), server.settings().client, "okta-oidc".to_owned(), Scopes::default());
    let result = vault.exchange(&mandate(), Timestamp::from_seconds(0), tokio::time::Instant::now()).await;
    assert_eq!(result.err(), Some(VaultError::Unavailable("no time left to ask")));
    assert!(server.requests().is_empty());
}
