//! Logouts that the provider tells of.

use std::collections::BTreeMap;

use acceptance::{Browser, Hands, Page, Site, World};
use devstack::auth0::Signer;
use devstack::fault::{Effect, Fault};
use devstack::sample::Person;
use devstack::stack::SESSION_TABLE;
use serde_json::{Value, json};

const PATH: &str = "/back-channel-logout";
const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";

fn sub_of(name: &str) -> String {
    Person::named(name).unwrap().sub()
}

fn good(site: &Site, sub: &str) -> Value {
    let auth0 = &site.world.laptop.stack.auth0;
    auth0.logout_claims(&site.world.laptop.stack.web.id, sub, &auth0.sessions(sub)[0])
}

async fn signed(site: &Site, claims: &Value) -> String {
    site.world.laptop.stack.auth0.token_saying(claims, Signer::Tenant).await.unwrap()
}

async fn tell(site: &Site, token: &str) -> Page {
    let page = site.browser().post_bare(PATH, &[("logout_token", token)], &[]).await;
    assert_eq!(page.header("cache-control"), Some("no-store"));
    page
}

async fn is_in(browser: &mut Browser) -> bool {
    browser.get("/activity").await.status == 200
}

#[tokio::test]
async fn a_logout_at_the_provider_ends_every_session_of_that_sign_in_and_no_other() {
    let site = Site::start().await;
    let auth0 = &site.world.laptop.stack.auth0;
    let (alice, bob) = (sub_of("alice"), sub_of("bob"));
    auth0.keep_session(&alice);
    let (mut one, mut two) = (site.connected("alice").await, site.signed_in("alice").await);
    let mut other = site.signed_in("bob").await;
    assert_eq!((auth0.sessions(&alice).len(), auth0.sessions(&bob).len()), (1, 1));
    one.say("What are my Okta groups?").await;
    assert_eq!(auth0.log_out(&alice).await, [200]);
    assert_eq!((is_in(&mut one).await, is_in(&mut two).await, is_in(&mut other).await), (false, false, true));
    assert_eq!(one.say("What are my Okta groups?").await.status, 401);
    assert_eq!(auth0.double.requests_to("POST /oauth/revoke"), 2);
    assert_eq!(auth0.log_out(&bob).await, [200]);
    assert!(!is_in(&mut other).await);
    let left = site.world.laptop.stack.dynamodb.items(SESSION_TABLE).await.unwrap();
    let kinds = left.iter().filter_map(|item| item.pointer("/session_id/S")?.as_str()?.split('#').next());
    assert!(kinds.clone().all(|kind| kind == "logout") && kinds.count() == 4, "{left:?}");
    assert!(is_in(&mut site.signed_in("alice").await).await, "she may come again");
}

#[tokio::test]
async fn signing_out_by_the_pages_ends_the_providers_session_which_tells_us_what_we_know() {
    let site = Site::start().await;
    let mut browser = site.signed_in("alice").await;
    let auth0 = &site.world.laptop.stack.auth0;
    let sid = auth0.sessions(&sub_of("alice"))[0].clone();
    browser.post("/sign-out", &[]).await;
    let address = browser.get("/sign-out/go").await.location.unwrap();
    let cookie = format!("auth0={sid}");
    let call = site.world.laptop.transport.get(address).header(http::header::COOKIE, &cookie);
    let reply = call.send(tokio::time::Instant::now() + std::time::Duration::from_secs(10)).await.unwrap();
    assert_eq!((reply.status(), reply.header("location")), (302, Some(browser.at("/signed-out").as_str())));
    assert!(auth0.sessions(&sub_of("alice")).is_empty());
    let told =
        site.logs().iter().filter(|line| line.contains("\"web_back_channel\"") && line.contains("\"ok\"")).count();
    assert_eq!(told, 1);
}

#[tokio::test]
async fn a_token_that_names_a_person_only_ends_all_of_theirs_and_a_session_only_that_one() {
    let site = Site::start().await;
    let alice = sub_of("alice");
    let (mut one, mut two) = (site.signed_in("alice").await, site.signed_in("alice").await);
    let mut bob = site.signed_in("bob").await;
    let mut claims = good(&site, &alice);
    claims.as_object_mut().unwrap().remove("sub");
    assert_eq!(tell(&site, &signed(&site, &claims).await).await.status, 200);
    let still = usize::from(is_in(&mut one).await) + usize::from(is_in(&mut two).await);
    assert_eq!(still, 1, "two sign-ins have two sessions at the provider");
    let mut third = site.signed_in("alice").await;
    let mut claims = good(&site, &alice);
    claims.as_object_mut().unwrap().remove("sid");
    assert_eq!(tell(&site, &signed(&site, &claims).await).await.status, 200);
    for browser in [&mut one, &mut two, &mut third] {
        assert!(!is_in(browser).await);
    }
    assert!(is_in(&mut bob).await);
}

#[tokio::test]
async fn a_wrong_token_ends_nothing() {
    let site = Site::start().await;
    let mut alice = site.signed_in("alice").await;
    let base = good(&site, &sub_of("alice"));
    let bent = |name: &str, value: Value| {
        let mut claims = base.clone();
        claims[name] = value;
        claims
    };
    let now = base["iat"].as_u64().unwrap();
    let mut wrong = vec![
        bent("iss", json!("https://evil.test/")),
        bent("aud", json!("another-client")),
        bent("exp", json!(now - 60)),
        bent("iat", json!(now + 120)),
        bent("nonce", json!("n-1")),
        bent("events", json!({})),
        bent("events", json!({EVENT: null})),
        bent("sid", json!("")),
        bent("sub", json!(7)),
    ];
    for name in ["iss", "aud", "exp", "iat", "jti", "events"] {
        let mut claims = base.clone();
        claims.as_object_mut().unwrap().remove(name);
        wrong.push(claims);
    }
    for claims in &wrong {
        let page = tell(&site, &signed(&site, claims).await).await;
        assert_eq!((page.status, page.json()["error"].as_str()), (400, Some("invalid_input")), "{claims}");
    }
    let auth0 = &site.world.laptop.stack.auth0;
    let forged = auth0.token_saying(&base, Signer::Stranger).await.unwrap();
    for token in [forged.as_str(), "", "x", "e30.e30.e30", &"x".repeat(9000)] {
        assert_eq!(tell(&site, token).await.status, 400);
    }
    let mut browser = site.browser();
    assert_eq!(browser.post_bare(PATH, &[("other", "x")], &[]).await.status, 400);
    assert_eq!(browser.post_bare(PATH, &[("logout_token", &"x".repeat(20_000))], &[]).await.status, 413);
    assert_eq!(browser.get(PATH).await.status, 405);
    let another = good_of_bob_in_alices_session(&base);
    assert_eq!(tell(&site, &signed(&site, &another).await).await.status, 200, "nobody has such a session");
    assert!(is_in(&mut alice).await);
    assert!(!site.logs().join("\n").contains("evil.test"));
}

fn good_of_bob_in_alices_session(base: &Value) -> Value {
    let mut claims = base.clone();
    claims["sub"] = json!(sub_of("bob"));
    claims
}

#[tokio::test]
async fn a_token_that_comes_twice_is_answered_twice_and_obeyed_once() {
    let hands = Hands::default();
    let site = Site::of(World::start().await, hands.clock(), &[]).await;
    let mut first = site.signed_in("alice").await;
    let mut claims = good(&site, &sub_of("alice"));
    claims.as_object_mut().unwrap().remove("sid");
    let token = signed(&site, &claims).await;
    assert_eq!(tell(&site, &token).await.status, 200);
    assert!(!is_in(&mut first).await);
    hands.ahead(2);
    let mut second = site.signed_in("alice").await;
    assert_eq!(tell(&site, &token).await.status, 200);
    assert!(is_in(&mut second).await, "the session began after the logout");
    hands.ahead(151);
    assert_eq!(tell(&site, &token).await.status, 400, "it is over");
}

#[tokio::test]
async fn a_logout_that_fails_half_way_says_so_and_succeeds_when_it_comes_again() {
    let site = Site::start().await;
    let mut alice = site.signed_in("alice").await;
    let token = signed(&site, &good(&site, &sub_of("alice"))).await;
    let dynamodb = &site.world.laptop.stack.dynamodb;
    dynamodb.fault(Fault {
        on: "POST /DeleteItem".to_owned(),
        times: None,
        skip: 0,
        effect: Effect::Answer { status: 500, headers: BTreeMap::new(), body: String::new() },
    });
    let page = tell(&site, &token).await;
    assert_eq!(page.status, 400, "{}", page.text);
    dynamodb.mend();
    assert_eq!(tell(&site, &token).await.status, 200);
    assert!(!is_in(&mut alice).await);
}
