//! npm's `oidc-provider`: an issuer without a path, whose tokens spell it without the slash.

use auth::approval::Poll;
use auth::scope::Scopes;
use auth::subject::Subject;
use serde_json::{Value, json};
use upstream_http::auth0::TokenError;
use upstream_http::auth0::ciba::StartError;
use upstream_http::auth0::login::{Callback, LoginError, PendingLogin, SignedIn};
use upstream_http::auth0::revoke::revoke;
use upstream_http::auth0::vault::{Vault, VaultError};

use crate::browser::Browser;
use crate::engine::Engine;
use crate::mandates::asking;
use crate::site::{CLIENT, HOME, SECRET, SIGNED_OUT, Site, callback, now, until};

const ALICE: &str = "user-alice";
const BOB: &str = "user-bob";
const EMAIL: &str = "alice@example.com";

/// What somebody does to a callback.
type Bend = fn(&mut Callback);

struct House {
    engine: Engine,
    site: Site,
    issuer: String,
}

fn settings(issuer: &str) -> [(&str, &str); 9] {
    [
        ("AUTH0_ISSUER", issuer),
        ("OIDC_ISSUER", issuer),
        ("OIDC_AUTHORIZE_PATH", "auth"),
        ("OIDC_TOKEN_PATH", "token"),
        ("OIDC_REVOKE_PATH", "token/revocation"),
        ("OIDC_CIBA_PATH", "backchannel"),
        ("OIDC_JWKS_PATH", "jwks"),
        ("OIDC_LOGOUT_PATH", "session/end"),
        ("OIDC_LOGIN_HINT", "sub"),
    ]
}

impl House {
    async fn start() -> Self {
        let (engine, hello) = Engine::start("oidc-provider.mjs", &[CLIENT, SECRET, HOME]).await;
        let issuer = hello["issuer"].as_str().unwrap().to_owned();
        Self { site: Site::new(&settings(&issuer)), engine, issuer }
    }

    async fn tell(&mut self, command: &str) -> Value {
        self.engine.tell(&json!({"command": command})).await
    }

    async fn requests_to(&mut self, path: &str) -> u64 {
        self.engine.tell(&json!({"command": "count", "path": path})).await.as_u64().unwrap()
    }

    async fn sign_in(&self, seed: u8) -> Result<SignedIn, LoginError> {
        self.sign_in_by(&mut Browser::new(), seed).await
    }

    async fn sign_in_by(&self, browser: &mut Browser, seed: u8) -> Result<SignedIn, LoginError> {
        let (address, pending) = self.site.begin(seed);
        let home = browser.open(address).await;
        self.site.finish(pending, callback(&home.url)).await
    }

    fn alice(&self) -> Subject {
        Subject::new(&self.issuer, ALICE).unwrap()
    }
}

#[tokio::test]
#[ignore = "make conformance installs what it needs"]
async fn oidc_provider_signs_a_person_in() {
    let mut house = House::start().await;
    let signed_in = house.sign_in(1).await.unwrap();
    assert_eq!((signed_in.subject.issuer(), signed_in.subject.id()), (house.issuer.as_str(), ALICE));
    assert_eq!(signed_in.email.as_ref().map(|email| email.as_str().to_owned()).as_deref(), Some(EMAIL));
    assert_eq!((&signed_in.organization, &signed_in.connection), (&None, &None));

    let fetched = house.requests_to("/jwks").await;
    let refreshed = house.site.refresh(&signed_in, &signed_in.subject).await;
    assert!(!refreshed.unwrap().access_token.is_empty());
    let stranger = Subject::new(&house.issuer, BOB).unwrap();
    assert_eq!(house.site.refresh(&signed_in, &stranger).await.err(), Some(TokenError::IdToken));
    assert_eq!(house.requests_to("/jwks").await, fetched, "the keys are known from the sign-in");
    let ended = revoke(&house.site.transport, &house.site.settings.client, &signed_in.refresh_token, now(), until());
    assert_eq!(ended.await, Ok(()));
    assert_eq!(house.site.refresh(&signed_in, &signed_in.subject).await.err(), Some(TokenError::Grant));
}

#[tokio::test]
#[ignore = "make conformance installs what it needs"]
async fn oidc_provider_ends_the_browsers_session_once_the_person_says_so() {
    let mut house = House::start().await;
    let mut browser = Browser::new();
    house.sign_in_by(&mut browser, 1).await.unwrap();
    let page = browser.open(house.site.logout()).await;
    let home = browser.confirm(&page, ("logout", "yes")).await;
    assert_eq!((home.url.as_str(), home.text.as_str()), (SIGNED_OUT, ""));
    assert_eq!(house.requests_to("/session/end/confirm").await, 1);
}

#[tokio::test]
#[ignore = "make conformance installs what it needs"]
async fn oidc_provider_signs_nobody_in_by_a_callback_that_was_bent() {
    let mut house = House::start().await;
    let bends: [(&str, Bend, LoginError); 3] = [
        ("iss", |callback| callback.iss = callback.iss.take().map(|iss| format!("{iss}/")), LoginError::Issuer),
        ("no iss", |callback| callback.iss = None, LoginError::Issuer),
        ("state", |callback| callback.state = Some("another".to_owned()), LoginError::State),
    ];
    for (name, bend, expected) in bends {
        let (address, pending) = house.site.begin(11);
        let mut back = callback(&Browser::new().open(address).await.url);
        bend(&mut back);
        assert_eq!(house.site.finish(pending, back).await.err(), Some(expected), "{name}");
    }
    assert_eq!(house.requests_to("/token").await, 0);

    for (member, expected) in
        [("verifier", LoginError::Exchange(TokenError::Grant)), ("nonce", LoginError::IdToken(auth::jwt::Rule::Nonce))]
    {
        let (address, pending) = house.site.begin(21);
        let back = callback(&Browser::new().open(address).await.url);
        let mut plain: Value = serde_json::from_str(pending.to_plain().expose()).unwrap();
        plain[member] = json!("a".repeat(43));
        let bent = PendingLogin::from_plain(plain.to_string().as_bytes()).unwrap();
        assert_eq!(house.site.finish(bent, back).await.err(), Some(expected), "{member}");
    }

    // The tokens spell the issuer without the slash, and ours is compared byte for byte.
    let spelt = format!("{}/", house.issuer);
    let mut pairs = settings(&house.issuer);
    pairs[1].1 = &spelt;
    let other = Site::new(&pairs);
    let (address, pending) = other.begin(31);
    let back = callback(&Browser::new().open(address).await.url);
    assert_eq!(other.finish(pending, back).await.err(), Some(LoginError::Issuer));
}

#[tokio::test]
#[ignore = "make conformance installs what it needs"]
async fn a_new_key_of_oidc_provider_is_fetched_once() {
    let mut house = House::start().await;
    house.sign_in(1).await.unwrap();
    house.sign_in(4).await.unwrap();
    assert_eq!(house.requests_to("/jwks").await, 1);
    house.tell("rotate").await;
    house.site.pass(31);
    house.sign_in(7).await.unwrap();
    assert_eq!(house.requests_to("/jwks").await, 2);
    house.sign_in(10).await.unwrap();
    assert_eq!(house.requests_to("/jwks").await, 2);
}

#[tokio::test]
#[ignore = "make conformance installs what it needs"]
async fn a_person_approves_at_oidc_provider() {
    let mut house = House::start().await;
    let pending = house.site.ask(&house.alice(), EMAIL, 300).await.unwrap();
    assert_eq!((pending.interval, pending.binding.expires_at.since(now()).abs_diff(300) < 60), (5, true));
    let asked = house.tell("asked").await;
    assert_eq!(asked["sub"], ALICE);
    assert_eq!(asked["message"], pending.binding.message("Reset the password"));
    assert_eq!(house.site.poll(&pending).await, Poll::Pending);
    house.tell("approve").await;
    assert_eq!(house.site.poll(&pending).await, Poll::Approved);
    // The answer is given once.
    assert_eq!(house.site.poll(&pending).await, Poll::Broken);
}

#[tokio::test]
#[ignore = "make conformance installs what it needs"]
async fn only_a_yes_of_the_asked_person_in_time_is_one_at_oidc_provider() {
    let mut house = House::start().await;
    let pending = house.site.ask(&house.alice(), EMAIL, 300).await.unwrap();
    house.tell("deny").await;
    assert_eq!(house.site.poll(&pending).await, Poll::Refused);

    let pending = house.site.ask(&house.alice(), EMAIL, 300).await.unwrap();
    house.tell("expire").await;
    assert_eq!(house.site.poll(&pending).await, Poll::Expired);

    let pending = house.site.ask(&house.alice(), EMAIL, 300).await.unwrap();
    house.engine.tell(&json!({"command": "approve", "as": BOB})).await;
    assert_eq!(house.site.poll(&pending).await, Poll::SomebodyElse);
}

#[tokio::test]
#[ignore = "make conformance installs what it needs"]
async fn oidc_provider_has_no_vault() {
    let house = House::start().await;
    let (transport, client) = (house.site.transport.clone(), house.site.settings.client.clone());
    let vault = Vault::new(transport, client, "okta-oidc".to_owned(), Scopes::parse("okta.users.read"));
    let (mandate, _) = asking(&house.alice(), None, 300);
    let refused = vault.exchange(&mandate, now(), until()).await.err();
    assert_eq!(refused, Some(VaultError::Misconfigured("the request was refused with an unexpected code")));
}

#[tokio::test]
#[ignore = "make conformance installs what it needs"]
async fn oidc_provider_refuses_a_request_in_codes_that_are_known() {
    let house = House::start().await;
    let nobody = Subject::new(&house.issuer, "user-nobody").unwrap();
    assert_eq!(house.site.ask(&nobody, EMAIL, 300).await.err(), Some(StartError::UnknownPerson));
    let stranger = Site::with_secret(&settings(&house.issuer), "another-secret");
    let refused = stranger.ask(&house.alice(), EMAIL, 300).await.err();
    assert_eq!(refused, Some(StartError::Misconfigured("the client id or secret is wrong")));
    // In Auth0's form the hint names nobody here.
    let pairs: Vec<_> = settings(&house.issuer).into_iter().filter(|(name, _)| *name != "OIDC_LOGIN_HINT").collect();
    let refused = Site::new(&pairs).ask(&house.alice(), EMAIL, 300).await.err();
    assert_eq!(refused, Some(StartError::UnknownPerson));
}
