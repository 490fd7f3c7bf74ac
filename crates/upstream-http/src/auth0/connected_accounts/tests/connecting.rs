use auth::id::sha256_base64url;
use auth::scope::Scopes;
use auth::secret::Secret;
use serde_json::{Value, json};
use url::Url;

use super::{NOW, account, client, problem, token};
use crate::auth0::connected_accounts::{AccountsError, Callback, Connect, PendingConnect};
use crate::auth0::scripted::{Answer, ISSUER, Scripted, until};

const RANDOM: [[u8; 32]; 2] = [[1; 32], [2; 32]];

fn begun(connect_uri: &str) -> Value {
    json!({"auth_session": "session\"1", "connect_uri": connect_uri, "connect_params": {"ticket": "ticket 1"},
           "expires_in": 300})
}

async fn begin(server: &Scripted) -> Result<(Url, PendingConnect), AccountsError> {
    let redirect_uri = Url::parse("https://app.example.com/connected").unwrap();
    let scopes = Scopes::parse("okta.users.read openid");
    let ask = Connect { connection: "okta-oidc", redirect_uri: &redirect_uri, scopes: &scopes };
    client(server).begin(&token(), ask, RANDOM, NOW, until()).await
}

fn at_issuer() -> Answer {
    Answer::json(201, &begun(&format!("{ISSUER}connected-accounts/connect?x=1")))
}

fn callback(pending: &PendingConnect) -> Callback {
    let state = Some(pending.state.expose().to_owned());
    Callback { connect_code: Some(Secret::new("code-1".to_owned())), state, error: None }
}

#[tokio::test]
async fn an_attempt_begins_with_pkce_and_sends_the_browser_to_the_tenant() {
    let server = Scripted::start([at_issuer()]).await;
    let (url, pending) = begin(&server).await.ok().unwrap();
    assert_eq!(url.as_str(), "https://tenant.example/connected-accounts/connect?x=1&ticket=ticket+1");
    let [request] = server.requests().try_into().ok().unwrap();
    assert_eq!((request.method.as_str(), request.target.as_str()), ("POST", "/me/v1/connected-accounts/connect"));
    assert_eq!(request.headers["authorization"], "Bearer my-account-token");
    assert_eq!(
        request.json(),
        json!({"connection": "okta-oidc", "redirect_uri": "https://app.example.com/connected",
               "state": pending.state.expose(), "scopes": ["okta.users.read", "openid"],
               "code_challenge": sha256_base64url(pending.verifier.expose().as_bytes()),
               "code_challenge_method": "S256"})
    );
    assert_ne!(pending.state.expose(), pending.verifier.expose());
}

#[tokio::test]
async fn the_browser_is_sent_nowhere_but_to_the_tenant() {
    for address in
        ["https://evil.example/connect", "http://tenant.example/connect", "javascript:alert(1)", "data:text/html,x"]
    {
        let server = Scripted::start([Answer::json(201, &begun(address))]).await;
        let error = begin(&server).await.err();
        assert_eq!(
            error,
            Some(AccountsError::Unavailable("the address for the browser is not the tenant's")),
            "{address}"
        );
    }
}

#[tokio::test]
async fn an_attempt_without_a_session_to_end_is_none() {
    for empty in [json!(""), Value::Null, json!(7)] {
        let mut body = begun(&format!("{ISSUER}connected-accounts/connect"));
        body["auth_session"] = empty.clone();
        let error = begin(&Scripted::start([Answer::json(201, &body)]).await).await.err();
        assert!(matches!(error, Some(AccountsError::Unavailable(_))), "{empty}");
    }
}

#[tokio::test]
async fn an_attempt_survives_being_stored_and_ends_in_an_account() {
    let server = Scripted::start([at_issuer(), Answer::json(201, &account())]).await;
    let (_, pending) = begin(&server).await.ok().unwrap();
    let pending = PendingConnect::from_plain(pending.to_plain().expose().as_bytes()).unwrap();
    let (callback, verifier) = (callback(&pending), pending.verifier.clone());
    let account = client(&server).complete(&token(), pending, callback, NOW.plus(300), until()).await.unwrap();
    assert_eq!(account.id, "cac_1");
    assert_eq!(account.scopes, Scopes::parse("openid okta.users.read"));
    let [_, request] = server.requests().try_into().ok().unwrap();
    assert_eq!((request.method.as_str(), request.target.as_str()), ("POST", "/me/v1/connected-accounts/complete"));
    assert_eq!(
        request.json(),
        json!({"auth_session": "session\"1", "connect_code": "code-1", "code_verifier": verifier.expose(),
               "redirect_uri": "https://app.example.com/connected"})
    );
}

#[tokio::test]
async fn a_callback_that_does_not_fit_completes_nothing() {
    type Bend = fn(&mut Callback);
    let bends: [(Bend, AccountsError); 6] = [
        (|callback| callback.state = None, AccountsError::State),
        (|callback| callback.state = Some("A".repeat(43)), AccountsError::State),
        (|callback| callback.connect_code = None, AccountsError::Failed),
        (|callback| callback.connect_code = Some(Secret::new(String::new())), AccountsError::Failed),
        (|callback| callback.error = Some("access_denied".to_owned()), AccountsError::Declined),
        (|callback| callback.error = Some("<script>".to_owned()), AccountsError::Failed),
    ];
    for (bend, expected) in bends {
        let server = Scripted::start([at_issuer(), Answer::json(201, &account())]).await;
        let (_, pending) = begin(&server).await.ok().unwrap();
        let mut callback = callback(&pending);
        bend(&mut callback);
        let result = client(&server).complete(&token(), pending, callback, NOW, until()).await;
        assert_eq!(result, Err(expected));
        assert_eq!(server.requests().len(), 1, "only the beginning");
    }
}

#[tokio::test]
async fn an_attempt_ends_when_its_answer_said_and_at_most_after_ten_minutes() {
    for (expires_in, last) in [(300, 300), (1_000_000, 600)] {
        for (now, requests) in [(NOW.plus(last), 2), (NOW.plus(last + 1), 1)] {
            let mut body = begun(&format!("{ISSUER}connected-accounts/connect"));
            body["expires_in"] = json!(expires_in);
            let server = Scripted::start([Answer::json(201, &body), Answer::json(201, &account())]).await;
            let (_, pending) = begin(&server).await.ok().unwrap();
            let callback = callback(&pending);
            let result = client(&server).complete(&token(), pending, callback, now, until()).await;
            assert_eq!(result.is_ok(), requests == 2, "{expires_in} {}", now.since(NOW));
            assert_eq!(server.requests().len(), requests);
        }
    }
}

#[tokio::test]
async fn completing_is_tried_once_and_must_be_about_the_asked_connection() {
    let mut other = account();
    other["connection"] = json!("google-oauth2");
    for (answer, expected) in [
        (Answer::HangUp, AccountsError::Unavailable("the connection broke")),
        (problem(409), AccountsError::Conflict),
        (problem(503), AccountsError::Unavailable("unexpected status")),
        (Answer::json(201, &other), AccountsError::Unavailable("the answer is about another connection")),
    ] {
        let server = Scripted::start([at_issuer(), answer, Answer::json(201, &account())]).await;
        let (_, pending) = begin(&server).await.ok().unwrap();
        let callback = callback(&pending);
        let result = client(&server).complete(&token(), pending, callback, NOW, until()).await;
        assert_eq!(result, Err(expected));
        assert_eq!(server.requests().len(), 2);
    }
}
