mod callback;
mod verified;

use std::collections::BTreeMap;

use auth::id::{Organization, sha256_base64url};
use auth::scope::Scopes;
use auth::secret::Secret;
use serde_json::{Value, json};
use url::Url;

use super::{Begin, Callback, Exchanged, LoginError, PendingLogin, begin};
use crate::auth0::scripted::{Answer, ISSUER, Scripted, transport, until};
use crate::testing::issuer as id_token;
use id_token::{ACCESS_TOKEN, NOW, claims, signed};

const RANDOM: [[u8; 32]; 3] = [[1; 32], [2; 32], [3; 32]];
const CODE: &str = "code-1";
const REFRESH_TOKEN: &str = "v1.refresh-of-alice";

fn ask() -> Begin {
    Begin { scopes: Scopes::parse("profile email offline_access"), ..Begin::default() }
}

/// The address's query; a name that came twice fails the test.
fn query(url: &Url) -> BTreeMap<String, String> {
    let mut fields = BTreeMap::new();
    for (name, value) in url.query_pairs().into_owned() {
        assert!(fields.insert(name.clone(), value).is_none(), "{name} twice");
    }
    fields
}

/// A sign-in between its two halves.
struct Begun {
    server: Scripted,
    pending: PendingLogin,
    state: String,
    challenge: String,
}

impl Begun {
    async fn with(ask: Begin, answers: impl FnOnce(&str) -> Vec<Answer>) -> Self {
        // The nonce depends only on the random bytes, so it is known before the server is.
        let (url, _) = begin(&Scripted::start([]).await.settings(), ask.clone(), RANDOM, NOW);
        let nonce = query(&url)["nonce"].clone();
        let server = Scripted::start(answers(&nonce)).await;
        let (url, pending) = begin(&server.settings(), ask, RANDOM, NOW);
        let query = query(&url);
        Self { server, pending, state: query["state"].clone(), challenge: query["code_challenge"].clone() }
    }

    fn callback(&self) -> Callback {
        Callback {
            code: Some(Secret::new(CODE.to_owned())),
            state: Some(self.state.clone()),
            iss: Some(ISSUER.to_owned()),
            error: None,
        }
    }

    async fn exchange(self, callback: Callback) -> (Result<Exchanged, LoginError>, Scripted) {
        let settings = self.server.settings();
        let result = self.pending.exchange(callback, &transport(), &settings, NOW, until()).await;
        (result, self.server)
    }
}

fn tokens(id_token: &str) -> Value {
    json!({"access_token": ACCESS_TOKEN, "refresh_token": REFRESH_TOKEN, "id_token": id_token,
           "token_type": "Bearer", "expires_in": 86_400, "scope": "openid profile email offline_access"})
}

fn good_answer(nonce: &str) -> Vec<Answer> {
    vec![Answer::json(200, &tokens(&signed(&claims(nonce))))]
}

#[tokio::test]
async fn the_address_has_pkce_state_nonce_and_the_registered_redirect() {
    let settings = Scripted::start([]).await.settings();
    let ask = Begin {
        audience: Some("https://api.example.com".to_owned()),
        organization: Some(Organization("org_acme".to_owned())),
        connection: Some("okta-oidc".to_owned()),
        prompt: Some("login".to_owned()),
        max_age_seconds: Some(300),
        ..ask()
    };
    let (url, pending) = begin(&settings, ask, RANDOM, NOW);
    assert_eq!(url.path(), "/authorize");
    assert_eq!(url.origin(), settings.client.base.origin());
    let query = query(&url);
    for (name, value) in [
        ("response_type", "code"),
        ("client_id", "client-1"),
        ("redirect_uri", "https://app.example.com/callback"),
        ("scope", "email offline_access openid profile"),
        ("code_challenge_method", "S256"),
        ("audience", "https://api.example.com"),
        ("organization", "org_acme"),
        ("connection", "okta-oidc"),
        ("prompt", "login"),
        ("max_age", "300"),
    ] {
        assert_eq!(query.get(name).map(String::as_str), Some(value), "{name}");
    }
    assert_eq!(query.len(), 13, "and state, nonce and code_challenge: {query:?}");
    assert_eq!(query["code_challenge"], sha256_base64url(pending.verifier.expose().as_bytes()));
    assert!((43..=128).contains(&pending.verifier.expose().len()));
    assert_eq!((query["state"].len(), query["nonce"].len()), (43, 43));
    assert_eq!(pending.created_at(), NOW);
    let all = [query["state"].as_str(), &query["nonce"], pending.verifier.expose()];
    assert!(all[0] != all[1] && all[1] != all[2] && all[0] != all[2]);
    assert!(!url.as_str().contains(pending.verifier.expose()) && !url.as_str().contains("s3cret"));
}

#[tokio::test]
async fn what_is_not_asked_is_not_in_the_address() {
    let (url, _) = begin(&Scripted::start([]).await.settings(), Begin::default(), RANDOM, NOW);
    let query = query(&url);
    let names: Vec<&str> = query.keys().map(String::as_str).collect();
    assert_eq!(
        names,
        [
            "client_id",
            "code_challenge",
            "code_challenge_method",
            "nonce",
            "redirect_uri",
            "response_type",
            "scope",
            "state"
        ]
    );
    assert_eq!(query["scope"], "openid");
}

#[tokio::test]
async fn a_pending_sign_in_survives_being_stored() {
    let ask = Begin { organization: Some(Organization("org_acme".to_owned())), max_age_seconds: Some(9), ..ask() };
    let (_, pending) = begin(&Scripted::start([]).await.settings(), ask, RANDOM, NOW);
    let plain = pending.to_plain();
    let again = PendingLogin::from_plain(plain.expose().as_bytes()).unwrap();
    assert_eq!(again.to_plain().expose(), plain.expose());
    assert_eq!(again.verifier.expose(), pending.verifier.expose());
    assert_eq!(again.organization, pending.organization);
    assert_eq!(again.created_at(), NOW);
    assert!(PendingLogin::from_plain(b"{}").is_none());
    assert!(PendingLogin::from_plain(b"").is_none());
}

#[tokio::test]
async fn the_code_is_exchanged_with_exactly_these_fields() {
    let begun = Begun::with(ask(), good_answer).await;
    let (callback, challenge) = (begun.callback(), begun.challenge.clone());
    let (result, server) = begun.exchange(callback).await;
    assert!(result.is_ok());
    let [request] = server.requests().try_into().ok().unwrap();
    assert_eq!((request.method.as_str(), request.target.as_str()), ("POST", "/oauth/token"));
    let form = request.form();
    let names: Vec<&str> = form.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["client_id", "client_secret", "code", "code_verifier", "grant_type", "redirect_uri"]);
    assert_eq!(request.field("code").as_deref(), Some(CODE));
    assert_eq!(request.field("grant_type").as_deref(), Some("authorization_code"));
    assert_eq!(request.field("redirect_uri").as_deref(), Some("https://app.example.com/callback"));
    assert_eq!(sha256_base64url(request.field("code_verifier").unwrap().as_bytes()), challenge);
}
