//! Another identity provider than Auth0, and what the web application is told besides.

use acceptance::permissions::value;
use auth::secret::Secret;
use serde_json::{Value, json};
use upstream_http::auth0::Provider;

use crate::deployment::Deployment;
use crate::settings::{environment, read, started};

const SIGNED_IN: [&str; 4] = ["OktaGroups", "CibaInitiator", "ApprovalWorker", "Web"];

/// As docs/guides/own-identity-provider.md has it: parameter, setting, value.
const KEYCLOAK: [(&str, &str, &str); 9] = [
    ("Auth0Issuer", "AUTH0_ISSUER", "https://sso.example.com/realms/house"),
    ("OidcIssuer", "OIDC_ISSUER", "https://sso.example.com/realms/house"),
    ("OidcAuthorizePath", "OIDC_AUTHORIZE_PATH", "protocol/openid-connect/auth"),
    ("OidcTokenPath", "OIDC_TOKEN_PATH", "protocol/openid-connect/token"),
    ("OidcRevokePath", "OIDC_REVOKE_PATH", "protocol/openid-connect/revoke"),
    ("OidcCibaPath", "OIDC_CIBA_PATH", "protocol/openid-connect/ext/ciba/auth"),
    ("OidcJwksPath", "OIDC_JWKS_PATH", "protocol/openid-connect/certs"),
    ("OidcLoginHint", "OIDC_LOGIN_HINT", "email"),
    ("OidcBindingMessage", "OIDC_BINDING_MESSAGE", "word"),
];

fn keycloak(kind: &str) -> Deployment {
    Deployment::whole(kind).with(&KEYCLOAK.map(|(parameter, _, value)| (parameter, value)))
}

#[test]
fn unless_the_parameters_say_otherwise_the_provider_is_auth0() {
    let deployment = Deployment::whole("Classic");
    let tool = read(&started(&deployment, "ApprovalWorker", &[]), approval_worker::settings::Settings::read);
    let web = read(&started(&deployment, "Web", &[]), web::settings::Settings::read);
    for identity in [tool.ok().unwrap().house.auth0.identity, web.ok().unwrap().auth0.identity] {
        assert_eq!(identity.provider, Provider::default());
        assert_eq!(identity.issuer, "https://tenant.us.auth0.com/");
    }
}

#[test]
fn another_provider_is_told_to_all_who_ask_it() {
    let deployment = keycloak("Classic");
    for function in SIGNED_IN {
        let told = environment(&deployment, function);
        for (parameter, setting, value) in KEYCLOAK {
            assert_eq!(told[setting], value, "{function} {parameter}");
        }
    }
    for function in ["FgaAuthorizer", "GatewayInterceptor"] {
        let told = environment(&keycloak("AgentCore"), function);
        assert!(!told.keys().any(|name| name.starts_with("OIDC_")), "{function} asks no provider");
    }
    let tool = read(&started(&deployment, "CibaInitiator", &[]), ciba_initiator::settings::Settings::read);
    let identity = tool.ok().unwrap().house.auth0.identity;
    assert_eq!(identity.issuer, "https://sso.example.com/realms/house");
    let token = identity.provider.token.below(&identity.base);
    assert_eq!(token.as_str(), "https://sso.example.com/realms/house/protocol/openid-connect/token");
}

#[test]
fn the_web_application_is_told_where_the_providers_own_session_ends_or_that_it_goes_on() {
    let there = "protocol/openid-connect/logout";
    for (path, ends) in
        [("", None), (there, Some("https://sso.example.com/realms/house/protocol/openid-connect/logout"))]
    {
        let deployment = keycloak("Classic").with(&[("OidcLogoutPath", path)]);
        let web = read(&started(&deployment, "Web", &[]), web::settings::Settings::read).ok().unwrap();
        let back = web.origin.join("signed-out").unwrap();
        let identity = web.auth0.identity;
        let client = upstream_http::auth0::Client {
            base: identity.base,
            id: "client".to_owned(),
            secret: Secret::new("secret".to_owned()).into(),
            provider: identity.provider,
        };
        let address = client.logout(&back).map(|address| address.as_str().split('?').next().unwrap().to_owned());
        assert_eq!(address.as_deref(), ends);
    }
}

#[test]
fn gateway_and_interceptor_find_a_providers_documents_whether_its_address_ends_in_a_slash_or_not() {
    for (address, below) in [
        ("https://tenant.us.auth0.com/", "https://tenant.us.auth0.com/"),
        ("https://sso.example.com/realms/house", "https://sso.example.com/realms/house/"),
        ("https://sso.example.com/application/o/chat/", "https://sso.example.com/application/o/chat/"),
    ] {
        let deployment = Deployment::whole("AgentCore").with(&[("Auth0Issuer", address)]);
        for resource in ["Gateway", "Harness"] {
            let authorizer = deployment.properties(resource).unwrap()["AuthorizerConfiguration"].clone();
            let discovery = format!("{below}.well-known/openid-configuration");
            assert_eq!(authorizer["CustomJWTAuthorizer"]["DiscoveryUrl"], discovery, "{resource}");
        }
        let told = environment(&deployment, "GatewayInterceptor");
        let issuers: Value = serde_json::from_str(&told["GATEWAY_ISSUERS"]).unwrap();
        assert_eq!(issuers["issuers"][0]["issuer"], address);
        assert_eq!(issuers["issuers"][0]["jwks"], format!("{below}.well-known/jwks.json"));
    }
    let spelt = Deployment::whole("AgentCore").with(&[("OidcIssuer", "https://tenant.us.auth0.com")]);
    let issuers: Value = serde_json::from_str(&environment(&spelt, "GatewayInterceptor")["GATEWAY_ISSUERS"]).unwrap();
    assert_eq!(issuers["issuers"][0]["issuer"], "https://tenant.us.auth0.com", "as its tokens spell it");
    let whole = environment(&keycloak("AgentCore"), "GatewayInterceptor");
    let issuers: Value = serde_json::from_str(&whole["GATEWAY_ISSUERS"]).unwrap();
    let certs = "https://sso.example.com/realms/house/protocol/openid-connect/certs";
    assert_eq!(issuers["issuers"][0]["jwks"], certs);
}

#[test]
fn the_web_application_is_told_organization_connection_and_proxies() {
    let plain = read(&started(&Deployment::whole("Classic"), "Web", &[]), web::settings::Settings::read).ok().unwrap();
    assert!(plain.auth0.organization.is_none() && plain.auth0.sign_in_connection.is_none());
    assert_eq!(plain.proxies, web::Proxies::default());
    let deployment = Deployment::whole("Classic").with(&[
        ("Auth0Organization", "org_acme"),
        ("Auth0SignInConnection", "okta-oidc"),
        ("TrustedProxies", "10.0.0.7,2001:db8::/32"),
    ]);
    let told = read(&started(&deployment, "Web", &[]), web::settings::Settings::read).ok().unwrap();
    assert_eq!(told.auth0.organization.map(|one| one.0).as_deref(), Some("org_acme"));
    assert_eq!(told.auth0.sign_in_connection.as_deref(), Some("okta-oidc"));
    assert_eq!(Some(told.proxies), web::Proxies::parse(["10.0.0.7", "2001:db8::/32"]));
    assert_eq!(told.auth0.client_id, "client");
}

#[test]
fn the_web_application_has_a_concurrency_of_its_own() {
    let reserved = |deployment: &Deployment, function: &str| {
        deployment.properties(function).unwrap()["ReservedConcurrentExecutions"].clone()
    };
    let usual = Deployment::whole("Classic");
    assert_eq!((reserved(&usual, "Web"), reserved(&usual, "OktaGroups")), (json!(10), json!(10)));
    let more = Deployment::whole("Classic").with(&[("WebConcurrency", "80")]);
    assert_eq!((reserved(&more, "Web"), reserved(&more, "OktaGroups")), (json!("80"), json!(10)));
    assert_eq!(usual.properties("WebAddress").unwrap()["TargetFunctionArn"], value("WebFunctionArn"));
}
