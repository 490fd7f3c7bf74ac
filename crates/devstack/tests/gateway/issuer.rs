//! An issuer whose tokens can be anything, with one key that is published and one that is not.

use std::sync::{Arc, Mutex};

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{KeyPair as _, RSA_PKCS1_SHA256, RsaKeyPair};
use axum::{Json, Router, routing::get};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use devstack::double::Double;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::OnceCell;

pub(crate) const AUDIENCE: &str = "https://gateway.example";
pub(crate) const ALICE: &str = "auth0|alice";
/// In the year 2100.
pub(crate) const LATER: u64 = 4_102_444_800;

type Keys = [RsaKeyPair; 2];

pub(crate) struct Issuer {
    pub(crate) double: Double,
    keys: Arc<Keys>,
    published: Arc<Mutex<Vec<Value>>>,
}

async fn keys() -> Arc<Keys> {
    static KEYS: OnceCell<Arc<Keys>> = OnceCell::const_new();
    let make = || RsaKeyPair::generate(KeySize::Rsa2048).unwrap();
    Arc::clone(KEYS.get_or_init(async || Arc::new([make(), make()])).await)
}

impl Issuer {
    pub(crate) async fn start() -> Self {
        let keys = keys().await;
        let published = Arc::new(Mutex::new(vec![jwk("first", &keys[0])]));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let document = json!({ "issuer": format!("{url}/"), "jwks_uri": format!("{url}/keys") });
        let shown = Arc::clone(&published);
        let router = Router::new()
            .route("/.well-known/openid-configuration", get(async move || Json(document)))
            .route("/keys", get(async move || Json(json!({ "keys": *shown.lock().unwrap() }))));
        Self { double: Double::serve("issuer", listener, router).unwrap(), keys, published }
    }

    pub(crate) fn name(&self) -> String {
        format!("{}/", self.double.url())
    }

    pub(crate) fn discovery_url(&self) -> String {
        format!("{}/.well-known/openid-configuration", self.double.url())
    }

    /// Publishes the second key beside the first.
    pub(crate) fn publish_second(&self) {
        self.published.lock().unwrap().push(jwk("second", &self.keys[1]));
    }

    /// The claims of a good token, with these put in; null takes one out.
    pub(crate) fn claims(&self, changes: Value) -> Value {
        let mut claims = json!({
            "iss": self.name(), "sub": ALICE, "aud": AUDIENCE, "exp": LATER, "client_id": "agent",
            "scope": "openid api/read", "groups": ["one", "two"],
        });
        for (name, value) in changes.as_object().unwrap() {
            if value.is_null() {
                claims.as_object_mut().unwrap().remove(name);
            } else {
                claims[name] = value.clone();
            }
        }
        claims
    }

    pub(crate) fn token(&self, changes: Value) -> String {
        self.sign(&json!({ "alg": "RS256", "kid": "first", "typ": "at+jwt" }), 0, &self.claims(changes))
    }

    /// A token under this header, signed by the first key or the second.
    pub(crate) fn sign(&self, header: &Value, key: usize, claims: &Value) -> String {
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let signed = format!("{}.{}", part(header), part(claims));
        let pair = &self.keys[key];
        let mut signature = vec![0; pair.public_modulus_len()];
        pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), signed.as_bytes(), &mut signature).unwrap();
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
    }
}

/// aws-lc makes keys with the exponent 65537; the modulus of 2048 bits stands behind nine bytes of DER.
fn jwk(kid: &str, pair: &RsaKeyPair) -> Value {
    let modulus = URL_SAFE_NO_PAD.encode(&pair.public_key().as_ref()[9..265]);
    json!({ "kty": "RSA", "alg": "RS256", "kid": kid, "n": modulus, "e": "AQAB" })
}
