mod id_token;

use auth::scope::Scopes;
use auth::secret::Secret;
use auth::subject::Subject;
use auth::time::Timestamp;
use serde_json::json;

use super::{Ask, Held, Refreshed, TokenError, refresh};
use crate::auth0::revoke::revoke;
use crate::auth0::scripted::{Answer, ISSUER, Scripted, transport, until};
use crate::jwks::Keys;
use crate::testing::Hands;
use crate::testing::issuer::key_set;

const NOW: Timestamp = Timestamp::from_seconds(1_800_000_000);

const KEYS: &str = "/.well-known/jwks.json";

/// A refresh by Alice's token at a tenant that answers with these, and with its keys whenever it is asked for them.
async fn refreshed(ask: Ask<'_>, answers: Vec<Answer>) -> (Result<Refreshed, TokenError>, Scripted) {
    let answers = std::sync::Mutex::new(answers.into_iter());
    let server = Scripted::answering(move |request| {
        let keys = || Answer::json(200, &key_set("rsa-1"));
        if request.target == KEYS { keys() } else { answers.lock().unwrap().next().unwrap_or(Answer::HangUp) }
    })
    .await;
    let keys = Keys::new(transport(), server.url(KEYS), Hands::at(NOW.seconds()).clock());
    let (token, subject) =
        (Secret::new("v1.refresh-of-alice".to_owned()), Subject::new(ISSUER, "oidc|okta-oidc|00u1").unwrap());
    let held = Held { token: &token, subject: &subject, keys: &keys };
    let result = refresh(&transport(), &server.settings().client, held, ask, NOW, until()).await;
    (result, server)
}

#[tokio::test]
async fn a_token_for_another_api_is_asked_for_by_audience_and_scope() {
    let scopes = Scopes::parse("read:me:connected_accounts create:me:connected_accounts");
    let ask = Ask { audience: Some("https://tenant.example/me/"), scopes: Some(&scopes) };
    let body = json!({"access_token": "my-account-token", "token_type": "Bearer", "expires_in": 600});
    let (result, server) = refreshed(ask, vec![Answer::json(200, &body)]).await;
    let token = result.ok().unwrap();
    assert_eq!(token.access_token.expose(), "my-account-token");
    assert_eq!(token.expires_at, NOW.plus(600));
    assert_eq!(token.scopes, scopes);
    assert!(token.refresh_token.is_none());
    let [request] = server.requests().try_into().ok().unwrap();
    assert_eq!(request.target, "/oauth/token");
    let form = request.form();
    let fields: Vec<(&str, &str)> = form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!(
        fields,
        [
            ("audience", "https://tenant.example/me/"),
            ("client_id", "client-1"),
            ("client_secret", "s3cret+&="),
            ("grant_type", "refresh_token"),
            ("refresh_token", "v1.refresh-of-alice"),
            ("scope", "create:me:connected_accounts read:me:connected_accounts"),
        ]
    );
}

#[tokio::test]
async fn a_rotated_token_is_handed_over() {
    let body = json!({"access_token": "t", "token_type": "bearer", "expires_in": 60, "refresh_token": "v1.second"});
    let (result, _server) = refreshed(Ask::default(), vec![Answer::json(200, &body)]).await;
    assert_eq!(result.ok().unwrap().refresh_token.unwrap().expose(), "v1.second");
}

#[tokio::test]
async fn a_smaller_scope_than_asked_is_no_token() {
    let scopes = Scopes::parse("read:me:connected_accounts");
    let ask = Ask { audience: None, scopes: Some(&scopes) };
    let body = json!({"access_token": "t", "token_type": "Bearer", "expires_in": 60, "scope": "openid"});
    let (result, _server) = refreshed(ask, vec![Answer::json(200, &body)]).await;
    assert!(matches!(result.err(), Some(TokenError::Misconfigured(_))));
}

#[tokio::test]
async fn an_ended_refresh_token_is_told_apart_from_all_else() {
    for (answer, expected) in [
        (Answer::json(403, &json!({"error": "invalid_grant", "error_description": "leak"})), "grant"),
        (Answer::json(401, &json!({"error": "invalid_client"})), "misconfigured"),
        (Answer::json(403, &json!({"error": "access_denied"})), "misconfigured"),
        (Answer::json(429, &json!({"error": "invalid_grant"})), "busy"),
        (Answer::json(500, &json!({"error": "invalid_grant"})), "unavailable"),
        (Answer::HangUp, "unavailable"),
    ] {
        let (result, server) = refreshed(Ask::default(), vec![answer]).await;
        let error = result.err().unwrap();
        let found = match error {
            TokenError::Grant => "grant",
            TokenError::Busy { .. } => "busy",
            TokenError::Unavailable(_) => "unavailable",
            TokenError::Misconfigured(_) => "misconfigured",
            TokenError::IdToken => "id token",
        };
        assert_eq!(found, expected);
        assert!(!error.to_string().contains("leak"));
        assert_eq!(server.requests().len(), 1);
    }
}

#[tokio::test]
async fn a_revocation_names_the_token_and_is_sent_once() {
    let token = Secret::new("v1.refresh-of-alice".to_owned());
    for (answer, expected) in [
        (Answer::text(200, "text/plain", ""), Ok(())),
        (Answer::HangUp, Err(TokenError::Unavailable("the connection broke"))),
        (Answer::text(503, "text/plain", "leak"), Err(TokenError::Unavailable("unexpected status"))),
    ] {
        let server = Scripted::start([answer, Answer::text(200, "text/plain", "")]).await;
        let result = revoke(&transport(), &server.settings().client, &token, NOW, until()).await;
        assert_eq!(result, expected);
        let [request] = server.requests().try_into().ok().unwrap();
        assert_eq!(request.target, "/oauth/revoke");
        assert_eq!(request.field("token").as_deref(), Some("v1.refresh-of-alice"));
        assert_eq!(request.field("client_id").as_deref(), Some("client-1"));
    }
}
