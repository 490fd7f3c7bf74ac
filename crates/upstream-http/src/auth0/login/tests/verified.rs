use auth::id::Organization;
use auth::jwt::Rule;
use auth::scope::Scopes;
use serde_json::{Value, json};

use super::id_token::{ACCESS_TOKEN, NOW, at_hash, claims, keys, signed};
use super::{Begin, Begun, REFRESH_TOKEN, ask, tokens};
use crate::auth0::login::{LoginError, SignedIn};
use crate::auth0::scripted::Answer;

/// Signs in with bent claims.
async fn sign_in(ask: Begin, bend: impl FnOnce(&mut Value)) -> Result<SignedIn, LoginError> {
    let begun = Begun::with(ask, |nonce| {
        let mut claims = claims(nonce);
        bend(&mut claims);
        vec![Answer::json(200, &tokens(&signed(&claims)))]
    })
    .await;
    let callback = begun.callback();
    let (exchanged, _server) = begun.exchange(callback).await;
    exchanged?.verify(&keys("rsa-1"), NOW)
}

async fn rule(bend: impl FnOnce(&mut Value)) -> Option<LoginError> {
    sign_in(ask(), bend).await.err()
}

#[tokio::test]
async fn a_good_sign_in_says_who_it_is() {
    let alice = sign_in(ask(), |_| {}).await.ok().unwrap();
    assert_eq!((alice.subject.issuer(), alice.subject.id()), ("https://tenant.example/", "oidc|okta-oidc|00u1"));
    assert_eq!(alice.organization, None);
    assert_eq!(alice.email.unwrap().as_str(), "alice@example.com");
    assert_eq!(alice.connection.as_deref(), Some("okta-oidc"));
    assert_eq!(alice.name.as_deref(), Some("Alice"));
    assert_eq!(alice.refresh_token.expose(), REFRESH_TOKEN);
    assert_eq!(alice.access_token.expose(), ACCESS_TOKEN);
    assert_eq!(alice.access_token_expires_at, Some(NOW.plus(86_400)));
    assert_eq!(alice.scopes, Scopes::parse("openid profile email offline_access"));
}

#[tokio::test]
async fn a_key_that_is_not_known_can_be_fetched_without_another_exchange() {
    let begun = Begun::with(ask(), super::good_answer).await;
    let callback = begun.callback();
    let (exchanged, server) = begun.exchange(callback).await;
    let exchanged = exchanged.ok().unwrap();
    assert_eq!(exchanged.verify(&keys("rsa-0"), NOW).err(), Some(LoginError::UnknownKey));
    assert!(exchanged.verify(&keys("rsa-1"), NOW).is_ok());
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn each_missing_claim_alone_signs_nobody_in() {
    for (name, expected) in [
        ("iss", Rule::Issuer),
        ("aud", Rule::Audience),
        ("exp", Rule::Expiry),
        ("iat", Rule::IssuedAt),
        ("sub", Rule::Subject),
        ("nonce", Rule::Nonce),
    ] {
        let error = rule(|claims| drop(claims.as_object_mut().unwrap().remove(name))).await;
        assert_eq!(error, Some(LoginError::IdToken(expected)), "without {name}");
    }
}

#[tokio::test]
async fn each_claim_of_another_sign_in_signs_nobody_in() {
    for (name, value, expected) in [
        ("iss", json!("https://tenant.example"), Rule::Issuer),
        ("aud", json!("client-2"), Rule::Audience),
        ("aud", json!(["client-1", "client-2"]), Rule::AuthorizedParty),
        ("azp", json!("client-2"), Rule::AuthorizedParty),
        ("nonce", json!("A".repeat(43)), Rule::Nonce),
        ("nonce", json!(["x"]), Rule::Nonce),
        ("at_hash", json!(at_hash("another token")), Rule::AccessTokenHash),
        ("exp", json!(NOW.seconds() - 31), Rule::Expiry),
        ("sub", json!(""), Rule::Subject),
    ] {
        let error = rule(|claims| claims[name] = value.clone()).await;
        assert_eq!(error, Some(LoginError::IdToken(expected)), "{name} = {value}");
    }
}

#[tokio::test]
async fn a_sign_in_to_another_organization_than_asked_is_refused() {
    let asked = || Begin { organization: Some(Organization("org_acme".to_owned())), ..ask() };
    let refused = Some(LoginError::IdToken(Rule::Organization));
    assert_eq!(sign_in(asked(), |_| {}).await.err(), refused);
    assert_eq!(sign_in(asked(), |claims| claims["org_id"] = json!("org_other")).await.err(), refused);
    assert_eq!(sign_in(asked(), |claims| claims["org_id"] = json!(["org_acme"])).await.err(), refused);
    let signed_in = sign_in(asked(), |claims| claims["org_id"] = json!("org_acme")).await.ok().unwrap();
    assert_eq!(signed_in.organization, Some(Organization("org_acme".to_owned())));
}

#[tokio::test]
async fn an_organization_that_was_not_asked_for_is_kept() {
    let signed_in = sign_in(ask(), |claims| claims["org_id"] = json!("org_acme")).await.ok().unwrap();
    assert_eq!(signed_in.organization, Some(Organization("org_acme".to_owned())));
}

#[tokio::test]
async fn a_fresh_proof_is_demanded_if_it_was_asked_for() {
    let asked = || Begin { max_age_seconds: Some(300), ..ask() };
    let ago = |seconds: u64| json!(NOW.seconds() - seconds);
    let refused = Some(LoginError::IdToken(Rule::AuthTime));
    assert_eq!(sign_in(asked(), |_| {}).await.err(), refused);
    assert_eq!(sign_in(asked(), |claims| claims["auth_time"] = ago(331)).await.err(), refused);
    assert!(sign_in(asked(), |claims| claims["auth_time"] = ago(299)).await.is_ok());
}

#[tokio::test]
async fn only_a_verified_address_of_canonical_form_is_kept() {
    for (name, value) in [
        ("email_verified", json!(false)),
        ("email_verified", json!("true")),
        ("email_verified", json!(1)),
        ("email_verified", Value::Null),
        ("email", json!("alice@x@example.com")),
        ("email", json!("\u{430}lice@example.com")),
        ("email", json!(7)),
    ] {
        let signed_in = sign_in(ask(), |claims| claims[name] = value.clone()).await.ok().unwrap();
        assert_eq!(signed_in.email, None, "{name} = {value}");
    }
}

#[tokio::test]
async fn only_an_enterprise_subject_names_a_connection() {
    for (subject, expected) in [
        ("oidc|okta-oidc|00u1", Some("okta-oidc")),
        ("okta|workforce|00u1|x", Some("workforce")),
        ("auth0|0123456789abcdef", None),
        ("auth0|okta-oidc|00u1", None),
        ("google-oauth2|1234567890", None),
        ("oidc|okta-oidc", None),
        ("oidc||00u1", None),
        ("oidc|okta-oidc|", None),
        ("00u1", None),
    ] {
        let signed_in = sign_in(ask(), |claims| claims["sub"] = json!(subject)).await.ok().unwrap();
        assert_eq!(signed_in.connection.as_deref(), expected, "{subject}");
    }
}
