mod connecting;

use auth::scope::Scopes;
use auth::secret::Secret;
use auth::time::Timestamp;
use serde_json::{Value, json};

use super::{Account, AccountsError, ConnectedAccounts, Connection};
use crate::auth0::scripted::{Answer, Scripted, transport, until};

const NOW: Timestamp = Timestamp::from_seconds(1_800_000_000);

fn token() -> Secret {
    Secret::new("my-account-token".to_owned())
}

fn client(server: &Scripted) -> ConnectedAccounts {
    ConnectedAccounts::new(transport(), server.settings())
}

fn account() -> Value {
    json!({"id": "cac_1", "connection": "okta-oidc", "access_type": "offline", "created_at": "2026-01-01T00:00:00Z",
           "scopes": ["openid", "okta.users.read"]})
}

/// A problem document with texts in it that must go nowhere.
fn problem(status: u16) -> Answer {
    let body = json!({"type": "https://auth0.com/api-errors#x", "status": status, "title": "leak", "detail": "leak",
                      "validation_errors": [{"detail": "leak", "field": "connection"}]});
    Answer::text(status, "application/problem+json", &body.to_string())
}

#[tokio::test]
async fn accounts_are_listed_with_the_persons_token() {
    let server = Scripted::start([Answer::json(200, &json!({"accounts": [account()]}))]).await;
    let accounts = client(&server).list(&token(), Some("okta-oidc"), NOW, until()).await.unwrap();
    let scopes = Scopes::parse("openid okta.users.read");
    assert_eq!(accounts, [Account { id: "cac_1".to_owned(), connection: "okta-oidc".to_owned(), scopes }]);
    let [request] = server.requests().try_into().ok().unwrap();
    assert_eq!(request.method, "GET");
    assert_eq!(request.target, "/me/v1/connected-accounts/accounts?connection=okta-oidc");
    assert_eq!(request.headers["authorization"], "Bearer my-account-token");
}

#[tokio::test]
async fn connections_are_listed() {
    let body = json!({"connections": [{"name": "okta-oidc", "strategy": "oidc", "scopes": ["openid"]},
                                      {"name": "google-oauth2", "strategy": "google-oauth2"}]});
    let server = Scripted::start([Answer::json(200, &body)]).await;
    let connections = client(&server).connections(&token(), NOW, until()).await.unwrap();
    let names: Vec<&str> = connections.iter().map(|connection: &Connection| connection.name.as_str()).collect();
    assert_eq!(names, ["okta-oidc", "google-oauth2"]);
    assert_eq!(connections[0].scopes, Scopes::parse("openid"));
    assert_eq!(server.requests()[0].target, "/me/v1/connected-accounts/connections");
}

#[tokio::test]
async fn an_account_id_stays_one_segment_of_the_path() {
    let server = Scripted::start([Answer::text(204, "text/plain", "")]).await;
    let result = client(&server).delete(&token(), "../cac_1?x=/y", NOW, until()).await;
    assert_eq!(result, Ok(()));
    let [request] = server.requests().try_into().ok().unwrap();
    assert_eq!(request.method, "DELETE");
    assert_eq!(request.target, "/me/v1/connected-accounts/accounts/..%2Fcac_1%3Fx=%2Fy");
}

#[tokio::test]
async fn an_account_that_is_gone_counts_as_removed() {
    let server = Scripted::start([Answer::HangUp, problem(404)]).await;
    assert_eq!(client(&server).delete(&token(), "cac_1", NOW, until()).await, Ok(()));
    assert_eq!(server.requests().len(), 2);
}

#[tokio::test]
async fn every_problem_leads_to_its_own_outcome() {
    for (answer, expected) in [
        (problem(400), AccountsError::Invalid),
        (problem(401), AccountsError::TokenRefused),
        (problem(403), AccountsError::MissingRight),
        (problem(404), AccountsError::NotFound),
        (problem(409), AccountsError::Conflict),
        (problem(422), AccountsError::Invalid),
        (problem(429).with("retry-after", "7"), AccountsError::Busy { seconds: 7 }),
        (problem(418), AccountsError::Unavailable("unexpected status")),
        (problem(302), AccountsError::Unavailable("unexpected status")),
        (Answer::text(200, "text/html", "<html>"), AccountsError::Unavailable("the answer cannot be read")),
        (Answer::json(200, &json!({"accounts": {}})), AccountsError::Unavailable("the answer cannot be read")),
        (Answer::json(202, &json!({"accounts": []})), AccountsError::Unavailable("unexpected status")),
    ] {
        let server = Scripted::start([answer]).await;
        let error = client(&server).list(&token(), None, NOW, until()).await.unwrap_err();
        assert_eq!(error, expected);
        assert!(!error.to_string().contains("leak"));
        assert_eq!(server.requests().len(), 1);
    }
}
