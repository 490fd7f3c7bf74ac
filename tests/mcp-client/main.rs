//! The official Rust client of the Model Context Protocol talks to the double of the gateway, with tokens of the double of
//! Auth0.
#![expect(clippy::unwrap_used, reason = "what cannot be had ends the test")]

use axum::routing::post;
use axum::{Json, Router};
use devstack::auth0::{self, Auth0};
use devstack::double::Double;
use devstack::gateway::{self, Authorizer, Config, Gateway, SEARCH, Target, Tool};
use rmcp::model::{CallToolRequestParams, ProtocolVersion};
use rmcp::service::{ClientLifecycleMode, RunningService, serve_client_with_lifecycle};
use rmcp::transport::StreamableHttpClientTransport;
use rmcp::transport::streamable_http_client::{StreamableHttpClient, StreamableHttpClientTransportConfig};
use rmcp::{RoleClient, ServiceExt};
use serde_json::{Map, Value, json};
use tokio::net::TcpListener;

const LIST_GROUPS: &str = "okta___list_groups";
const RESET: &str = "okta___reset_password";

struct House {
    gateway: Gateway,
    auth0: Auth0,
    lambda: Double,
}

async fn listener() -> TcpListener {
    TcpListener::bind("127.0.0.1:0").await.unwrap()
}

async fn house() -> House {
    // Where the whole workspace is built together, the client's HTTP library has TLS, which asks for a provider.
    let _installed = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let auth0 = auth0::start(listener().await, tenant()).await.unwrap();
    let invocations = "/2015-03-31/functions/okta/invocations";
    let echo = Router::new().route(invocations, post(async |Json(event): Json<Value>| Json(json!({ "given": event }))));
    let lambda = Double::serve("lambda", listener().await, echo).unwrap();
    let tool = |name: &str, description: &str| Tool {
        name: name.to_owned(),
        description: description.to_owned(),
        input_schema: json!({ "type": "object", "properties": { "limit": { "type": "integer" } } }),
    };
    let tools = vec![tool("list_groups", "Groups of a person"), tool("reset_password", "Sends a link")];
    let mut config = Config::new("tools-abc1234567", lambda.url(), vec![Target::new("okta", "okta", tools)]);
    config.page_size = 1;
    config.authorizer = Some(Authorizer {
        discovery_url: format!("{}.well-known/openid-configuration", auth0.issuer()),
        allowed_audience: vec!["agent".to_owned()],
        allowed_clients: vec![],
        allowed_scopes: vec![],
    });
    House { gateway: gateway::start(listener().await, config).await.unwrap(), auth0, lambda }
}

fn tenant() -> auth0::Config {
    auth0::Config {
        users: vec![auth0::User {
            sub: "auth0|alice".to_owned(),
            email: "alice@example.com".to_owned(),
            email_verified: true,
            name: "Alice".to_owned(),
            password: None,
            orgs: vec![],
            connection: "Username-Password-Authentication".to_owned(),
            permissions: vec![],
        }],
        clients: vec![auth0::Client {
            client_id: "agent".to_owned(),
            client_secret: "secret".to_owned(),
            redirect_uris: vec![],
            grants: vec![],
        }],
        apis: vec![],
        upstream: auth0::Upstream {
            connection: "okta-oidc".to_owned(),
            okta: "http://127.0.0.1:9".to_owned(),
            client_id: "auth0".to_owned(),
            client_secret: "secret".to_owned(),
            scopes: vec![],
        },
        lifetimes: auth0::Lifetimes::default(),
        enrolment: auth0::Enrolment::Off,
        mfa_policy: auth0::MfaPolicy::Never,
    }
}

impl House {
    fn transport(&self, token: Option<String>) -> StreamableHttpClientTransport<impl StreamableHttpClient> {
        let config = StreamableHttpClientTransportConfig::with_uri(self.gateway.mcp_url());
        StreamableHttpClientTransport::from_config(match token {
            Some(token) => config.auth_header(token),
            None => config,
        })
    }

    /// The one JWT that Auth0's double gives without its pages; the gateway does not tell kinds apart.
    fn token(&self) -> Option<String> {
        Some(self.auth0.issue("agent", "auth0|alice", "openid", None).unwrap().id_token)
    }

    async fn connect(&self) -> RunningService<RoleClient, ()> {
        ().serve(self.transport(self.token())).await.unwrap()
    }
}

fn call(tool: &'static str, arguments: &Value) -> CallToolRequestParams {
    let arguments: Map<String, Value> = arguments.as_object().cloned().unwrap();
    CallToolRequestParams::new(tool).with_arguments(arguments)
}

#[tokio::test]
async fn it_initializes_lists_page_by_page_calls_and_searches() {
    let house = house().await;
    let mut client = house.connect().await;
    assert_eq!(client.peer_info().unwrap().protocol_version, ProtocolVersion::V_2025_11_25);

    let tools = client.list_all_tools().await.unwrap();
    assert_eq!(tools.iter().map(|tool| tool.name.as_ref()).collect::<Vec<_>>(), [SEARCH, LIST_GROUPS, RESET]);
    assert_eq!(house.gateway.requests_by_method("tools/list"), 3);

    let called = client.call_tool(call(LIST_GROUPS, &json!({ "limit": 2 }))).await.unwrap();
    assert_eq!(called.is_error, Some(false));
    assert_eq!(called.content[0].as_text().unwrap().text, "{\"given\":{\"limit\":2}}");

    let found = client.call_tool(call(SEARCH, &json!({ "query": "which link?" }))).await.unwrap();
    assert_eq!(found.structured_content.unwrap()["tools"][0]["name"], RESET);

    client.close().await.unwrap();
    assert_eq!(house.gateway.double.requests_to("DELETE /mcp"), 1);
    let methods: Vec<String> = house.gateway.calls().into_iter().map(|call| call.method).collect();
    assert_eq!(methods[..2], ["initialize", "notifications/initialized"]);
    assert_eq!(house.lambda.requests(), 1);
}

#[tokio::test]
async fn it_reads_errors_and_begins_anew_when_its_session_is_over() {
    let house = house().await;
    let client = house.connect().await;
    let refused = client.call_tool(call("nowhere", &json!({}))).await.err().map(|error| error.to_string());
    assert!(refused.unwrap().contains("Unknown tool: nowhere"));
    house.gateway.end_sessions();
    assert_eq!(client.call_tool(call(LIST_GROUPS, &json!({}))).await.unwrap().is_error, Some(false));
    assert_eq!(house.gateway.requests_by_method("initialize"), 2);
}

#[tokio::test]
async fn it_learns_from_the_refusal_where_to_get_a_token() {
    let house = house().await;
    let refused = ().serve(house.transport(None)).await.err().map(|error| format!("{error:?}")).unwrap();
    assert!(refused.contains("/.well-known/oauth-protected-resource"), "{refused}");
    assert_eq!(house.lambda.requests(), 0);
}

#[tokio::test]
async fn it_falls_back_from_a_version_that_the_gateway_does_not_speak() {
    let house = house().await;
    let preferred_versions = vec![ProtocolVersion::V_2026_07_28];
    let mode = ClientLifecycleMode::Auto { preferred_versions, legacy_version: None };
    let client = serve_client_with_lifecycle((), house.transport(house.token()), mode).await.unwrap();
    assert_eq!(client.list_all_tools().await.unwrap().len(), 3);
    assert_eq!(house.gateway.requests_by_method("server/discover"), 1);
    assert_eq!(house.gateway.requests_by_method("initialize"), 1);
}
