//! Keycloak: endpoints below a realm, and people asked through a channel of the deployment's own. It takes a minute to start, so one
//! test walks through all.

use std::time::Duration;

use auth::approval::{Ending, Pending, Poll, Polled};
use auth::secret::Secret;
use auth::subject::Subject;
use serde_json::{Value, json};
use upstream_http::auth0::ciba::StartError;
use upstream_http::auth0::login::{LoginError, SignedIn};
use upstream_http::auth0::revoke::revoke;
use upstream_http::auth0::{Provider, TokenError};
use url::Url;

use crate::browser::Browser;
use crate::channel::{Asked, Channel};
use crate::engine::{Engine, tools};
use crate::site::{PATIENCE, SIGNED_OUT, Site, callback, now, until};

const ADMIN: &str = "a-password-of-the-admin";
const EMAIL: &str = "alice@example.com";
/// The realm's `cibaInterval` is a second, counted in whole ones.
const INTERVAL: Duration = Duration::from_millis(2100);

struct Realm {
    _engine: Engine,
    channel: Channel,
    base: String,
    issuer: String,
    site: Site,
}

fn settings<'a>(issuer: &'a str, hint: &'a str) -> [(&'a str, &'a str); 9] {
    [
        ("AUTH0_ISSUER", issuer),
        ("OIDC_AUTHORIZE_PATH", "protocol/openid-connect/auth"),
        ("OIDC_TOKEN_PATH", "protocol/openid-connect/token"),
        ("OIDC_REVOKE_PATH", "protocol/openid-connect/revoke"),
        ("OIDC_CIBA_PATH", "protocol/openid-connect/ext/ciba/auth"),
        ("OIDC_JWKS_PATH", "protocol/openid-connect/certs"),
        ("OIDC_LOGOUT_PATH", "protocol/openid-connect/logout"),
        ("OIDC_LOGIN_HINT", hint),
        ("OIDC_BINDING_MESSAGE", "word"),
    ]
}

impl Realm {
    async fn start() -> Self {
        let channel = Channel::open().await;
        let home = tools("keycloak");
        let arguments = [home.to_str().unwrap(), &channel.url, ADMIN];
        let (engine, hello) = Engine::start("keycloak.mjs", &arguments).await;
        let base = hello["base"].as_str().unwrap().to_owned();
        let issuer = format!("{base}/realms/house");
        let realm = Self { _engine: engine, channel, site: Site::new(&settings(&issuer, "email")), base, issuer };
        realm.warm().await;
        realm
    }

    /// A first request to each endpoint loads what serves it, which can take longer than our clients wait.
    async fn warm(&self) {
        let Provider { token, revoke, backchannel, keys, .. } = &self.site.settings.client.provider;
        let (transport, base) = (&self.site.transport, &self.site.settings.client.base);
        for path in [token, revoke, backchannel] {
            let call = transport.post(path.below(base)).form(&[("client_id", "nobody")]).at_most(PATIENCE);
            assert!(call.send(until()).await.unwrap().status() >= 400);
        }
        assert_eq!(transport.get(keys.below(base)).at_most(PATIENCE).send(until()).await.unwrap().status(), 200);
    }

    async fn sign_in(&self, seed: u8) -> Result<SignedIn, LoginError> {
        let (address, pending) = self.site.begin(seed);
        let home = self.log_in(&mut Browser::new(), address).await;
        self.site.finish(pending, callback(&home)).await
    }

    /// From its form back home.
    async fn log_in(&self, browser: &mut Browser, address: Url) -> Url {
        let page = browser.open(address).await;
        let form = page.text.split("id=\"kc-form-login\"").nth(1).expect("a form");
        let action = form.split("action=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("an action");
        let action = Url::parse(&action.replace("&amp;", "&")).unwrap();
        browser.submit(action, &[("username", "alice"), ("password", "a-password-of-alice")]).await.url
    }

    async fn ask(&self, subject: &Subject, seconds: u64) -> (Pending, Asked) {
        let pending = self.site.ask(subject, EMAIL, seconds).await.unwrap();
        let [asked] = self.channel.take().try_into().ok().expect("one request");
        (pending, asked)
    }

    /// What the deployment's channel says when the person has answered.
    async fn answer(&self, asked: &Asked, status: &str) {
        let url = Url::parse(&format!("{}/protocol/openid-connect/ext/ciba/auth/callback", self.issuer)).unwrap();
        let token = Secret::new(asked.token.clone());
        let call = self.site.transport.post(url).bearer(&token).json(&json!({"status": status}));
        let reply = call.send(until()).await.unwrap();
        assert_eq!(reply.status(), 200, "{}", String::from_utf8_lossy(reply.body()));
    }

    async fn poll(&self, pending: &Pending) -> Poll {
        tokio::time::sleep(INTERVAL).await;
        self.site.poll(pending).await
    }

    fn url(&self, path: &str) -> Url {
        Url::parse(&format!("{}{path}", self.base)).unwrap()
    }

    /// A token of the one who may change the realm.
    async fn admin(&self) -> Secret {
        let form = [("grant_type", "password"), ("client_id", "admin-cli"), ("username", "admin"), ("password", ADMIN)];
        let call = self.site.transport.post(self.url("/realms/master/protocol/openid-connect/token")).form(&form);
        let token: Value = call.send(until()).await.unwrap().json().unwrap();
        Secret::new(token["access_token"].as_str().unwrap().to_owned())
    }

    /// A new signing key that comes before the others.
    async fn rotate(&self) {
        let key = json!({
            "name": "newer", "providerId": "rsa-generated", "providerType": "org.keycloak.keys.KeyProvider",
            "config": {"priority": ["1000"], "enabled": ["true"], "active": ["true"], "algorithm": ["RS256"], "keySize": ["2048"]},
        });
        let token = self.admin().await;
        let call = self.site.transport.post(self.url("/admin/realms/house/components")).bearer(&token).json(&key);
        assert_eq!(call.send(until()).await.unwrap().status(), 201);
    }

    /// From now on a request lives so many seconds, whatever it asks for.
    async fn let_live(&self, seconds: u64) {
        let attributes = json!({
            "cibaBackchannelTokenDeliveryMode": "poll", "cibaExpiresIn": seconds.to_string(), "cibaInterval": "1",
            "cibaAuthRequestedUserHint": "login_hint",
        });
        let (token, body) = (self.admin().await, json!({"attributes": attributes}));
        let call =
            self.site.transport.request(http::Method::PUT, self.url("/admin/realms/house")).bearer(&token).json(&body);
        assert_eq!(call.send(until()).await.unwrap().status(), 204);
    }
}

#[tokio::test]
#[ignore = "make conformance installs what it needs"]
async fn keycloak_signs_in_and_asks_for_approvals() {
    let realm = Realm::start().await;
    let alice = people_sign_in(&realm).await;
    a_browser_logs_out(&realm).await;
    a_new_key_is_fetched(&realm).await;
    a_person_approves(&realm, &alice).await;
    a_no_is_a_denial(&realm, &alice).await;
    time_ends_it(&realm, &alice).await;
    requests_are_refused_in_codes_that_are_known(&realm, &alice).await;
}

async fn people_sign_in(realm: &Realm) -> Subject {
    let signed_in = realm.sign_in(1).await.unwrap();
    assert_eq!(signed_in.subject.issuer(), realm.issuer);
    assert_eq!(signed_in.email.as_ref().map(|email| email.as_str()), Some(EMAIL));
    let (transport, client, token) = (&realm.site.transport, &realm.site.settings.client, &signed_in.refresh_token);
    let refreshed = realm.site.refresh(&signed_in, &signed_in.subject).await.unwrap();
    assert!(!refreshed.access_token.is_empty());
    let stranger = Subject::new(&realm.issuer, "somebody-else").unwrap();
    assert_eq!(realm.site.refresh(&signed_in, &stranger).await.err(), Some(TokenError::IdToken));
    assert_eq!(revoke(transport, client, token, now(), until()).await, Ok(()));
    assert_eq!(realm.site.refresh(&signed_in, &signed_in.subject).await.err(), Some(TokenError::Grant));
    signed_in.subject
}

async fn a_browser_logs_out(realm: &Realm) {
    let mut browser = Browser::new();
    // The code is not taken, for with the tokens its own session goes: they are for a person who is away.
    realm.log_in(&mut browser, realm.site.begin(40).0).await;
    let known = browser.open(realm.site.begin(50).0).await;
    assert_eq!(known.text, "", "it asks nothing while the session lasts");
    // No ID token says whose session it is, so it asks.
    let asks = browser.open(realm.site.logout()).await;
    let home = browser.confirm(&asks, ("confirmLogout", "Logout")).await;
    assert_eq!(home.url.as_str(), SIGNED_OUT);
    assert!(browser.open(realm.site.begin(60).0).await.text.contains("kc-form-login"), "it asks who it is");
}

async fn a_new_key_is_fetched(realm: &Realm) {
    let before = realm.site.keys.of(None, until()).await.unwrap();
    realm.rotate().await;
    // Not yet: at most one fetch in half a minute.
    assert_eq!(realm.sign_in(4).await.err(), Some(LoginError::UnknownKey));
    realm.site.pass(31);
    realm.sign_in(7).await.unwrap();
    let after = realm.site.keys.of(None, until()).await.unwrap();
    assert_eq!(after.kids().filter(|kid| !before.kids().any(|known| known == *kid)).count(), 1);
}

async fn a_person_approves(realm: &Realm, alice: &Subject) {
    let (pending, asked) = realm.ask(alice, 120).await;
    // It says who it found by the address.
    assert_eq!(asked.body["login_hint"], "alice");
    assert_eq!(asked.body["binding_message"], format!("Reset-the-password-{}", pending.binding.code()));
    assert_eq!(pending.interval, 1);
    assert_eq!(realm.poll(&pending).await, Poll::Pending);
    assert_eq!(realm.site.poll(&pending).await, Poll::SlowDown { seconds: None });
    realm.answer(&asked, "SUCCEED").await;
    assert_eq!(realm.poll(&pending).await, Poll::Approved);
    assert_eq!(realm.poll(&pending).await, Poll::Broken);
}

async fn a_no_is_a_denial(realm: &Realm, alice: &Subject) {
    for status in ["UNAUTHORIZED", "CANCELLED"] {
        let (pending, asked) = realm.ask(alice, 120).await;
        realm.answer(&asked, status).await;
        assert_eq!(realm.poll(&pending).await, Poll::Refused, "{status}");
    }
}

async fn time_ends_it(realm: &Realm, alice: &Subject) {
    let (pending, _) = realm.ask(alice, 1).await;
    // It still waits after the time that was asked for. By our own clock it is over.
    let poll = realm.poll(&pending).await;
    assert_eq!(poll, Poll::Pending);
    let Polled::Ended(ended) = pending.polled(poll, now()) else { panic!("it has ended") };
    assert_eq!(ended.ending, Ending::Expired);
    // By its own clock it is over when the realm says so, and a yes comes too late then.
    realm.let_live(1).await;
    let (pending, asked) = realm.ask(alice, 120).await;
    assert_eq!(realm.poll(&pending).await, Poll::Expired);
    realm.answer(&asked, "SUCCEED").await;
    assert_eq!(realm.poll(&pending).await, Poll::Expired);
    let Polled::Ended(ended) = pending.polled(Poll::Expired, now()) else { panic!("it has ended") };
    assert_eq!(ended.ending, Ending::Expired);
    realm.let_live(120).await;
}

async fn requests_are_refused_in_codes_that_are_known(realm: &Realm, alice: &Subject) {
    // A yes of somebody else: the address is Bob's, the session Alice's.
    let pending = realm.site.ask(alice, "bob@example.com", 120).await.unwrap();
    let [asked] = realm.channel.take().try_into().ok().expect("one request");
    realm.answer(&asked, "SUCCEED").await;
    assert_eq!(realm.poll(&pending).await, Poll::SomebodyElse);

    // It takes no spaces, and no subject.
    let pairs: Vec<_> = settings(&realm.issuer, "email").into_iter().take(8).collect();
    let by_subject = Site::new(&settings(&realm.issuer, "sub"));
    let stranger = Site::with_secret(&settings(&realm.issuer, "email"), "another-secret");
    let refused = [
        Site::new(&pairs).ask(alice, EMAIL, 120).await.err(),
        realm.site.ask(alice, "nobody@example.com", 120).await.err(),
        by_subject.ask(alice, EMAIL, 120).await.err(),
        stranger.ask(alice, EMAIL, 120).await.err(),
    ];
    let expected = [
        StartError::Misconfigured("the message for the phone was refused"),
        StartError::NoDevice,
        StartError::NoDevice,
        // `unauthorized_client` also for a wrong secret.
        StartError::Misconfigured("the client may not use the CIBA grant"),
    ];
    assert_eq!(refused, expected.map(Some));
    assert!(realm.channel.take().is_empty());
}
