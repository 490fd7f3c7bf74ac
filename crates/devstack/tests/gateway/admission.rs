//! The authorizer, and the metadata that it points at.

use devstack::fault::{Effect, Fault};
use devstack::gateway::Config;
use serde_json::{Value, json};

use crate::house::{House, LIST_GROUPS, Seen, authorizer};
use crate::issuer::{ALICE, AUDIENCE, Issuer};

async fn house(issuer: &Issuer, change: impl FnOnce(&mut Config)) -> House {
    House::sessionless(|config| {
        config.authorizer = authorizer(issuer);
        change(config);
    })
    .await
}

async fn with(house: &mut House, token: String) -> Seen {
    house.token = Some(token);
    house.ask("tools/list", json!({})).await
}

#[tokio::test]
async fn a_good_token_passes_and_names_the_caller() {
    let issuer = Issuer::start().await;
    let mut house = house(&issuer, |_| {}).await;
    for changes in [json!({}), json!({ "aud": ["other", AUDIENCE], "nbf": 1_000_000_000 })] {
        assert_eq!(with(&mut house, issuer.token(changes)).await.status, 200);
    }
    assert_eq!(house.gateway.calls()[0].subject.as_deref(), Some("auth0|alice"));
}

#[tokio::test]
async fn without_a_token_the_answer_says_where_to_learn_about_one() {
    let issuer = Issuer::start().await;
    let house = house(&issuer, |_| {}).await;
    let seen = house.ask("initialize", json!({})).await;
    assert_eq!(seen.status, 401);
    let at = format!("{}/.well-known/oauth-protected-resource", house.gateway.double.url());
    assert_eq!(seen.header("www-authenticate"), Some(format!("Bearer resource_metadata=\"{at}\"").as_str()));
    let expected = json!({ "jsonrpc": "2.0", "id": 0, "error": { "code": -32001, "message": "Missing Bearer token" } });
    assert_eq!(seen.json(), expected);
    assert!(house.gateway.calls().is_empty());
    assert_eq!(issuer.double.requests(), 0);
}

#[tokio::test]
async fn forged_expired_and_foreign_tokens_are_refused_and_nothing_is_called() {
    let issuer = Issuer::start().await;
    let other = Issuer::start().await;
    let mut house = house(&issuer, |_| {}).await;
    let good = issuer.token(json!({}));
    let claims = issuer.claims(json!({}));
    let (head, rest) = good.split_once('.').unwrap();
    let header = |alg: &str, kid: &str| json!({ "alg": alg, "kid": kid });
    for (what, token) in [
        ("no token", "abc".to_owned()),
        ("cut", good.chars().take(good.len() - 4).collect()),
        ("other claims", format!("{head}.{}", rest.replacen("ey", "eya", 1))),
        ("other key", issuer.sign(&header("RS256", "first"), 1, &claims)),
        ("no algorithm", issuer.sign(&header("none", "first"), 0, &claims)),
        ("symmetric", issuer.sign(&header("HS256", "first"), 0, &claims)),
        ("unknown key", issuer.sign(&header("RS256", "second"), 1, &claims)),
        ("no key id", issuer.sign(&json!({ "alg": "RS256" }), 0, &claims)),
        ("expired", issuer.token(json!({ "exp": 1_000_000_000 }))),
        ("endless", issuer.token(json!({ "exp": null }))),
        ("not yet", issuer.token(json!({ "nbf": 4_000_000_000_u64 }))),
        ("other audience", issuer.token(json!({ "aud": "https://other.example" }))),
        ("no audience", issuer.token(json!({ "aud": null }))),
        ("other issuer", other.token(json!({}))),
        ("issuer without its slash", issuer.token(json!({ "iss": issuer.double.url() }))),
    ] {
        let seen = with(&mut house, token).await;
        assert_eq!((seen.status, seen.error().1.as_str()), (401, "Invalid Bearer token"), "{what}");
        assert!(seen.header("www-authenticate").unwrap().contains("resource_metadata="), "{what}");
    }
    assert!(house.gateway.calls().is_empty());
    assert_eq!(house.functions.double.requests(), 0);
}

#[tokio::test]
async fn any_one_of_the_allowed_scopes_is_enough_in_scope_or_in_scp() {
    let issuer = Issuer::start().await;
    let allowed = ["api/admin", "api/read"].map(str::to_owned).to_vec();
    let mut house = house(&issuer, |config| config.authorizer.as_mut().unwrap().allowed_scopes = allowed).await;
    for changes in [json!({}), json!({ "scope": null, "scp": ["api/admin"] }), json!({ "scope": "api/admin x" })] {
        assert_eq!(with(&mut house, issuer.token(changes.clone())).await.status, 200, "{changes}");
    }
    for changes in [json!({ "scope": "api/reader API/READ" }), json!({ "scope": null })] {
        let seen = with(&mut house, issuer.token(changes.clone())).await;
        assert_eq!((seen.status, seen.error().1.as_str()), (403, "insufficient_scope"), "{changes}");
        let challenge = seen.header("www-authenticate").unwrap();
        assert!(challenge.starts_with("Bearer error=\"insufficient_scope\", scope=\"api/admin api/read\", "));
    }
}

#[tokio::test]
async fn a_client_is_known_by_client_id_alone() {
    let issuer = Issuer::start().await;
    let allowed = vec!["agent".to_owned()];
    let mut house = house(&issuer, |config| config.authorizer.as_mut().unwrap().allowed_clients = allowed).await;
    assert_eq!(with(&mut house, issuer.token(json!({}))).await.status, 200);
    for changes in [json!({ "client_id": "other" }), json!({ "client_id": null, "azp": "agent", "cid": "agent" })] {
        assert_eq!(with(&mut house, issuer.token(changes)).await.status, 403);
    }
}

#[tokio::test]
async fn keys_are_fetched_once_and_again_for_one_that_is_unknown() {
    let issuer = Issuer::start().await;
    let mut house = house(&issuer, |_| {}).await;
    for _ in 0..3 {
        assert_eq!(with(&mut house, issuer.token(json!({}))).await.status, 200);
    }
    assert_eq!(issuer.double.requests_to("GET /keys"), 1);
    let second = issuer.sign(&json!({ "alg": "RS256", "kid": "second" }), 1, &issuer.claims(json!({})));
    assert_eq!(with(&mut house, second.clone()).await.status, 401);
    issuer.publish_second();
    assert_eq!(with(&mut house, second).await.status, 200);
    assert_eq!(issuer.double.requests_to("GET /keys"), 3);
    assert_eq!(with(&mut house, issuer.token(json!({}))).await.status, 200);
    assert_eq!(issuer.double.requests(), 6);
}

#[tokio::test]
async fn an_issuer_that_does_not_answer_lets_nobody_in() {
    let issuer = Issuer::start().await;
    let mut house = house(&issuer, |_| {}).await;
    let answer = |body: &str| Effect::Answer { status: 200, headers: [].into(), body: body.to_owned() };
    for effect in [Effect::Reset, answer("{}"), answer("<html>")] {
        issuer.double.fault(Fault { on: String::new(), times: None, skip: 0, effect });
        let seen = with(&mut house, issuer.token(json!({}))).await;
        assert_eq!((seen.status, seen.error().0), (500, -32603));
        issuer.double.mend();
    }
    assert_eq!(with(&mut house, issuer.token(json!({}))).await.status, 200);
}

#[tokio::test]
async fn the_metadata_names_the_resource_its_issuer_and_the_scopes() {
    let issuer = Issuer::start().await;
    let allowed = vec!["api/read".to_owned()];
    let house = house(&issuer, |config| config.authorizer.as_mut().unwrap().allowed_scopes = allowed).await;
    for path in ["/.well-known/oauth-protected-resource", "/.well-known/oauth-protected-resource/mcp"] {
        let document: Value = house.send("GET", path, &[], "").await.json();
        assert_eq!(document["resource"], house.gateway.mcp_url());
        assert_eq!(document["authorization_servers"], json!([issuer.name()]));
        assert_eq!(document["scopes_supported"], json!(["api/read"]));
    }
    let open = House::sessionless(|_| {}).await;
    assert_eq!(open.send("GET", "/.well-known/oauth-protected-resource", &[], "").await.status, 404);
}

#[tokio::test]
async fn the_double_of_auth0_can_be_the_issuer() {
    use devstack::auth0::{self, Client, GrantType, Lifetimes, MfaPolicy, Rotation, Upstream, User};
    let client = Client {
        client_id: "agent".to_owned(),
        client_secret: "secret".to_owned(),
        redirect_uris: vec![],
        grants: vec![GrantType::AuthorizationCode],
    };
    let upstream = Upstream {
        connection: devstack::sample::CONNECTION.to_owned(),
        okta: "http://127.0.0.1:9".to_owned(),
        client_id: "auth0".to_owned(),
        client_secret: "secret".to_owned(),
        scopes: vec![],
    };
    let user = User {
        sub: ALICE.to_owned(),
        email: "alice@example.com".to_owned(),
        email_verified: true,
        name: "Alice".to_owned(),
        password: None,
        orgs: vec![],
        connection: "Username-Password-Authentication".to_owned(),
        permissions: vec![],
    };
    let tenant = auth0::Config {
        users: vec![user],
        clients: vec![client],
        apis: vec![],
        upstream,
        lifetimes: Lifetimes::default(),
        enrolment: auth0::Enrolment::Off,
        mfa_policy: MfaPolicy::Never,
    };
    let auth0 = auth0::start(tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap(), tenant).await.unwrap();
    let mut house = House::sessionless(|config| {
        config.authorizer = Some(devstack::gateway::Authorizer {
            discovery_url: format!("{}.well-known/openid-configuration", auth0.issuer()),
            allowed_audience: vec!["agent".to_owned()],
            allowed_clients: vec![],
            allowed_scopes: vec![],
        });
    })
    .await;
    // Its ID token is the one JWT that it gives without its pages; the gateway does not tell kinds apart.
    let issued = |scope: &str| auth0.issue("agent", ALICE, scope, None).map(|issued| issued.id_token).unwrap();
    house.token = Some(issued("openid"));
    assert_eq!(house.call(LIST_GROUPS, json!({})).await.status, 200);
    auth0.rotate(Rotation::Replace).await.unwrap();
    house.token = Some(issued("openid"));
    assert_eq!(house.call(LIST_GROUPS, json!({})).await.status, 200);
    assert_eq!(auth0.requests_to("GET /.well-known/jwks.json"), 2);
}
