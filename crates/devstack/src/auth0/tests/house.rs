//! A running double with two users, one application, and a stand-in for Okta.

use std::collections::BTreeMap;

use axum::body::{Body, Bytes};
use axum::extract::Query;
use axum::routing::{get, post};
use axum::{Form, Json, Router};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::{Request, Response, StatusCode};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use url::Url;

use crate::auth0::{
    Api, Auth0, Client, Config, Dialect, Enrolment, GrantType, Lifetimes, MfaPolicy, Permission, Rbac, Upstream, User,
    back, start,
};
use crate::double::Double;
use crate::outbound::Outbound;

pub(super) const CALLBACK: &str = "http://127.0.0.1:9/callback";
pub(super) const VERIFIER: &str = "a-verifier-of-at-least-forty-three-characters";
pub(super) const ALICE: &str = "auth0|alice";
pub(super) const BOB: &str = "auth0|bob";
pub(super) const EXCHANGE: &str = super::super::token::FEDERATED;
/// An API that looks at permissions.
pub(super) const GUARDED: &str = "https://guarded.example/api";
const SCOPES: [&str; 2] = ["api/read", "api/write"];
pub(super) type Answer = Response<Bytes>;

pub(super) struct House {
    pub(super) auth0: Auth0,
    pub(super) okta: Double,
    web: Outbound,
}

pub(super) async fn house() -> House {
    let okta = Double::serve("okta", listener().await, okta()).unwrap();
    let auth0 = start(listener().await, config(okta.url())).await.unwrap();
    House { auth0, okta, web: Outbound::new() }
}

async fn listener() -> TcpListener {
    TcpListener::bind(("127.0.0.1", 0)).await.unwrap()
}

fn config(okta: String) -> Config {
    let user = |name: &str, display: &str, org: &str| User {
        sub: format!("auth0|{name}"),
        email: format!("{name}@example.com"),
        email_verified: true,
        name: display.to_owned(),
        password: Some(format!("{name}'s password")),
        orgs: vec![org.to_owned()],
        connection: "Username-Password-Authentication".to_owned(),
        permissions: permissions(name),
    };
    let client = |id: &str, grants: &[GrantType]| Client {
        client_id: id.to_owned(),
        client_secret: format!("{id} & its secret"),
        redirect_uris: vec![CALLBACK.to_owned()],
        grants: grants.to_vec(),
    };
    let all = [GrantType::AuthorizationCode, GrantType::RefreshToken, GrantType::TokenVault, GrantType::Ciba];
    Config {
        users: vec![user("alice", "Alice <b>", "org_a"), user("bob", "Bob", "org_b")],
        clients: vec![client("web", &all), client("login-only", &all[..2]), client("batch", &all[3..])],
        apis: vec![
            api("urn:tools", &[], Dialect::Rfc9068, Rbac::Off),
            api("urn:open", &SCOPES, Dialect::AccessToken, Rbac::Off),
            api(GUARDED, &SCOPES, Dialect::AccessToken, Rbac::On),
            api("urn:told", &SCOPES, Dialect::AccessToken, Rbac::InToken),
        ],
        upstream: Upstream {
            connection: "okta-oidc".to_owned(),
            okta,
            client_id: "auth0-at-okta".to_owned(),
            client_secret: "the connection's secret".to_owned(),
            scopes: vec!["openid".to_owned(), "offline_access".to_owned(), "okta.groups.read".to_owned()],
        },
        lifetimes: Lifetimes::default(),
        enrolment: Enrolment::Required,
        mfa_policy: MfaPolicy::Never,
    }
}

fn api(identifier: &str, scopes: &[&str], dialect: Dialect, rbac: Rbac) -> Api {
    let scopes = scopes.iter().map(|&scope| scope.to_owned()).collect();
    Api { identifier: identifier.to_owned(), scopes, dialect, rbac }
}

/// Alice may read at both APIs that look at permissions; bob may write at one.
fn permissions(name: &str) -> Vec<Permission> {
    let may = |api: &str, scope: &str| Permission { api: api.to_owned(), scope: scope.to_owned() };
    match name {
        "alice" => vec![may(GUARDED, "api/read"), may("urn:told", "api/read"), may("urn:told", "api/write")],
        _ => vec![may(GUARDED, "api/write")],
    }
}

/// Logs the hinted user in, takes the code `okta-code` and the refresh token `okta-refresh`, and refuses all else.
fn okta() -> Router {
    let authorize = |Query(query): Query<BTreeMap<String, String>>| async move {
        let way = back::Back { redirect_uri: query["redirect_uri"].clone(), state: Some(query["state"].clone()) };
        assert!(query["login_hint"].ends_with("@example.com"));
        way.with(&[("code", "okta-code")])
    };
    let token = |Form(form): Form<BTreeMap<String, String>>| async move {
        let good = ["code", "refresh_token"].iter().filter_map(|name| form.get(*name)).any(|v| v.starts_with("okta-"));
        if !good || form["client_secret"] != "the connection's secret" {
            return (StatusCode::BAD_REQUEST, Json(json!({"error": "invalid_grant"})));
        }
        let scope = form.get("scope").map_or("openid offline_access okta.groups.read", String::as_str);
        let body = json!({"access_token": "okta-access", "refresh_token": "okta-refresh", "expires_in": 3600,
            "scope": scope, "token_type": "Bearer"});
        (StatusCode::OK, Json(body))
    };
    Router::new()
        .route("/oauth2/v1/authorize", get(authorize))
        .route("/oauth2/v1/token", post(token))
        .route("/_okta/grant", post(|| async { Json(json!({"refresh_token": "okta-refresh"})) }))
}

impl House {
    pub(super) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.auth0.issuer())
    }

    pub(super) async fn get(&self, url: &str) -> Answer {
        self.web.send(Request::get(url).body(Body::empty()).unwrap()).await.unwrap()
    }

    pub(super) async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.web.post_form(&self.url(path), fields).await.unwrap()
    }

    pub(super) async fn post_json(&self, path: &str, body: &Value) -> Answer {
        self.web.post_json(&self.url(path), body).await.unwrap()
    }

    pub(super) async fn call(&self, method: &str, path: &str, token: &str, body: &Value) -> Answer {
        let request = Request::builder().method(method).uri(self.url(path));
        let request = request.header("authorization", format!("Bearer {token}"));
        self.web.send(request.body(Body::from(body.to_string())).unwrap()).await.unwrap()
    }

    /// Token request of the application `web`.
    pub(super) async fn token(&self, fields: &[(&str, &str)]) -> Answer {
        let mut form = vec![("client_id", "web"), ("client_secret", "web & its secret")];
        form.extend_from_slice(fields);
        self.post("oauth/token", &form).await
    }

    /// Status of a refresh with HTTP Basic; `secret` is already percent-encoded.
    pub(super) async fn basic(&self, client: &str, secret: &str, refresh_token: &str) -> u16 {
        let body = format!("grant_type=refresh_token&refresh_token={refresh_token}");
        self.post_basic("oauth/token", client, secret, body).await.status().as_u16()
    }

    pub(super) async fn post_basic(&self, path: &str, client: &str, secret: &str, form: String) -> Answer {
        let credentials = base64::engine::general_purpose::STANDARD.encode(format!("{client}:{secret}"));
        let request = Request::post(self.url(path))
            .header("authorization", format!("Basic {credentials}"))
            .header("content-type", "application/x-www-form-urlencoded");
        self.web.send(request.body(Body::from(form)).unwrap()).await.unwrap()
    }

    /// The address of a good authorization request, with `extra` parameters.
    pub(super) fn authorize(&self, extra: &[(&str, &str)]) -> String {
        let mut url = Url::parse(&self.url("authorize")).unwrap();
        url.query_pairs_mut()
            .extend_pairs([("response_type", "code"), ("client_id", "web"), ("redirect_uri", CALLBACK)])
            .extend_pairs([("scope", "openid profile email offline_access"), ("state", "a state"), ("nonce", "n-1")])
            .extend_pairs([("code_challenge", challenge().as_str()), ("code_challenge_method", "S256")])
            .extend_pairs(extra);
        url.into()
    }

    /// Presses one button after the other, beginning with the answer to `authorize`.
    pub(super) async fn press(&self, mut page: Answer, buttons: &[(&str, &str, &str)]) -> Answer {
        for (path, name, value) in buttons {
            let id = transaction(&page);
            page = self.post(path, &[("transaction", &id), (name, value)]).await;
        }
        page
    }

    /// A code for alice, by way of all pages.
    pub(super) async fn code(&self) -> String {
        let first = self.get(&self.authorize(&[])).await;
        parameters(&self.press(first, &ALL_PAGES).await)["code"].clone()
    }

    /// Another code for alice, who has forgotten that she was here.
    pub(super) async fn fresh_code(&self) -> String {
        self.auth0.forget_consent(Some(ALICE));
        self.auth0.set_enrolled(ALICE, false);
        self.code().await
    }

    pub(super) async fn redeem(&self, code: &str, verifier: &str) -> Answer {
        let fields = [("code", code), ("redirect_uri", CALLBACK), ("code_verifier", verifier)];
        self.token(&[&[("grant_type", "authorization_code")], &fields[..]].concat()).await
    }

    /// Whether the JWKS has a key for the token, by its `kid`, that verifies it.
    pub(super) async fn verifies(&self, token: &str) -> bool {
        let header: Value = part(token, 0);
        let keys = json(&self.get(&self.url(".well-known/jwks.json")).await);
        let keys = keys["keys"].as_array().unwrap().clone();
        let Some(key) = keys.iter().find(|key| key["kid"] == header["kid"]) else {
            return false;
        };
        let number = |name: &str| URL_SAFE_NO_PAD.decode(key[name].as_str().unwrap()).unwrap();
        let public = aws_lc_rs::signature::RsaPublicKeyComponents { n: number("n"), e: number("e") };
        let (signed, signature) = token.rsplit_once('.').unwrap();
        let signature = URL_SAFE_NO_PAD.decode(signature).unwrap();
        public.verify(&aws_lc_rs::signature::RSA_PKCS1_2048_8192_SHA256, signed.as_bytes(), &signature).is_ok()
    }
}

pub(super) const ALL_PAGES: [(&str, &str, &str); 3] =
    [("u/login", "user", ALICE), ("u/consent", "action", "accept"), ("u/mfa-push-enrollment", "action", "enrol")];

pub(super) fn challenge() -> String {
    URL_SAFE_NO_PAD.encode(aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, VERIFIER.as_bytes()))
}

pub(super) fn text(answer: &Answer) -> String {
    String::from_utf8(answer.body().to_vec()).unwrap()
}

pub(super) fn json(answer: &Answer) -> Value {
    serde_json::from_slice(answer.body()).unwrap()
}

/// Status and `error` of a refusal.
pub(super) fn refusal(answer: &Answer) -> (u16, String) {
    (answer.status().as_u16(), json(answer)["error"].as_str().unwrap().to_owned())
}

pub(super) fn location(answer: &Answer) -> String {
    assert_eq!(answer.status(), StatusCode::FOUND, "{}", text(answer));
    answer.headers()["location"].to_str().unwrap().to_owned()
}

/// What the browser takes along to the application.
pub(super) fn parameters(answer: &Answer) -> BTreeMap<String, String> {
    let url = Url::parse(&location(answer)).unwrap();
    assert!(url.as_str().starts_with(CALLBACK));
    url.query_pairs().into_owned().collect()
}

/// Header (0) or claims (1) of a JWT.
pub(super) fn part(token: &str, index: usize) -> Value {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(token.split('.').nth(index).unwrap()).unwrap()).unwrap()
}

pub(super) fn transaction(page: &Answer) -> String {
    let html = text(page);
    html.split_once(r#"name="transaction" value=""#).unwrap().1.split_once('"').unwrap().0.to_owned()
}
