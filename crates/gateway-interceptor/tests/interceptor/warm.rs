//! A decision with keys in memory asks nobody: with the double of Auth0 as the issuer.

use std::time::Duration;

use auth::secret::Secret;
use devstack::auth0::{self, Auth0};
use gateway_interceptor::handle;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::time::Instant;
use upstream_http::transport::Transport;

use crate::scene::{AUDIENCE, answered, call, event, interceptor, invocation, message, settings_of, told};

const ALICE: &str = "auth0|alice";

fn tenant() -> auth0::Config {
    auth0::Config {
        users: vec![auth0::User {
            sub: ALICE.to_owned(),
            email: "alice@example.com".to_owned(),
            email_verified: true,
            name: "Alice".to_owned(),
            password: None,
            orgs: Vec::new(),
            connection: "Username-Password-Authentication".to_owned(),
            permissions: Vec::new(),
        }],
        clients: vec![auth0::Client {
            client_id: "agent".to_owned(),
            client_secret: "secret".to_owned(),
            redirect_uris: Vec::new(),
            grants: vec![auth0::GrantType::RefreshToken],
        }],
        apis: vec![auth0::Api {
            identifier: AUDIENCE.to_owned(),
            scopes: vec!["api/read".to_owned()],
            dialect: auth0::Dialect::Rfc9068,
            rbac: auth0::Rbac::Off,
        }],
        upstream: auth0::Upstream {
            connection: "okta-oidc".to_owned(),
            okta: "http://127.0.0.1:9".to_owned(),
            client_id: "auth0".to_owned(),
            client_secret: "secret".to_owned(),
            scopes: Vec::new(),
        },
        lifetimes: auth0::Lifetimes::default(),
        enrolment: auth0::Enrolment::Off,
        mfa_policy: auth0::MfaPolicy::Never,
    }
}

/// An access token of the tenant's own for the gateway's API.
async fn token(auth0: &Auth0) -> Secret {
    let refresh_token = auth0.issue("agent", ALICE, "openid offline_access", None).unwrap().refresh_token;
    let form = [
        ("grant_type", "refresh_token"),
        ("client_id", "agent"),
        ("client_secret", "secret"),
        ("refresh_token", &refresh_token),
        ("audience", AUDIENCE),
    ];
    let transport = Transport::new(None).unwrap();
    let call = transport.post(format!("{}oauth/token", auth0.issuer()).parse().unwrap()).form(&form);
    let reply = call.send(Instant::now() + Duration::from_secs(10)).await.unwrap();
    Secret::new(reply.json::<Value>().unwrap()["access_token"].as_str().unwrap().to_owned())
}

// J03, J21
#[tokio::test]
async fn a_warm_decision_of_any_kind_makes_no_request_to_the_issuer() {
    let auth0 = auth0::start(TcpListener::bind("127.0.0.1:0").await.unwrap(), tenant()).await.unwrap();
    let jwks = format!("{}.well-known/jwks.json", auth0.issuer());
    let issuers = json!([{"issuer": auth0.issuer(), "provider": "auth0", "audience": AUDIENCE, "jwks": jwks,
                          "algorithms": ["RS256"], "sign_in": true}]);
    let environment = function::settings::Environment::from_pairs(settings_of(&issuers));
    let interceptor = interceptor(&environment, function::clock::system()).await;
    let token = token(&auth0).await;
    let (good, (signed, _)) = (token.expose(), token.expose().rsplit_once('.').unwrap());
    let forged = format!("{signed}.{}", "A".repeat(342));
    let list = message("tools/list", &json!({}));
    let tools = json!({"jsonrpc": "2.0", "id": 7, "result": {"tools": [{"name": "okta-groups___list_groups"}]}});
    let search = call("x_amz_bedrock_agentcore_search", &json!({"query": "groups"}));
    let own = call("okta-groups___list_groups", &json!({}));
    let change = call("okta-changes___reset_password", &json!({"user": "bob@example.com"}));
    let kinds = [
        ("a call", event(good, &own), None),
        ("a list", event(good, &list), None),
        ("a search", event(good, &search), None),
        ("a refusal", event(good, &change), Some((403, -32003))),
        ("a forged token", event(&forged, &own), Some((401, -32001))),
        ("a RESPONSE with a list", answered(good, &list, 200, &tools), None),
        ("a RESPONSE of a call", answered(good, &own, 200, &json!({"jsonrpc": "2.0", "id": 7, "result": {}})), None),
    ];
    let output = handle(&interceptor, &kinds[0].1.to_string(), &invocation()).await.output;
    assert!(told(&output).is_ok(), "{output}");
    assert_eq!(auth0.double.requests_to("GET /.well-known/jwks.json"), 1);
    let (requests, connections) = (auth0.double.requests(), auth0.double.connections());
    for (kind, event, refused) in kinds {
        for _ in 0..50 {
            let output = handle(&interceptor, &event.to_string(), &invocation()).await.output;
            assert_eq!(told(&output).err(), refused, "{kind}");
        }
        assert_eq!((auth0.double.requests(), auth0.double.connections()), (requests, connections), "{kind}");
    }
}
