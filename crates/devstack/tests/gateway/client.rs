//! The protocol's official Rust client talks to the gateway. Only the sending of bytes is ours: with its own, the client
//! would change the features of crates that ship.

use std::collections::HashMap;
use std::sync::Arc;

use axum::body::Body;
use futures_util::stream::BoxStream;
use http::{HeaderName, HeaderValue, Request, Response, StatusCode};
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use rmcp::model::{CallToolRequestParams, ClientJsonRpcMessage, ErrorCode, ProtocolVersion, ServerJsonRpcMessage};
use rmcp::service::{ClientLifecycleMode, RunningService, ServiceError, serve_client_with_lifecycle};
use rmcp::transport::StreamableHttpClientTransport;
use rmcp::transport::streamable_http_client::{
    AuthRequiredError, SseError, StreamableHttpClient, StreamableHttpClientTransportConfig, StreamableHttpError,
    StreamableHttpPostResponse,
};
use rmcp::{RoleClient, ServiceExt};
use serde_json::json;
use sse_stream::Sse;

use crate::house::{House, LIST_GROUPS, authorizer};
use crate::issuer::Issuer;

type Problem = StreamableHttpError<std::io::Error>;
type Headers = HashMap<HeaderName, HeaderValue>;

#[derive(Clone)]
struct Wire;

impl Wire {
    async fn send(
        method: &str,
        uri: &str,
        session: Option<&str>,
        token: Option<String>,
        headers: Headers,
        body: String,
    ) -> Result<Response<Vec<u8>>, Problem> {
        let client = Client::builder(TokioExecutor::new()).build_http::<Body>();
        let mut request = Request::builder().method(method).uri(uri);
        request = request.header("accept", "application/json, text/event-stream");
        request = request.header("content-type", "application/json");
        if let Some(session) = session {
            request = request.header("mcp-session-id", session);
        }
        if let Some(token) = token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        for (name, value) in headers {
            request = request.header(name, value);
        }
        let (parts, body) = client.request(request.body(Body::from(body)).unwrap()).await.unwrap().into_parts();
        let body = axum::body::to_bytes(Body::new(body), usize::MAX).await.unwrap().to_vec();
        if parts.status == StatusCode::UNAUTHORIZED {
            let challenge = parts.headers["www-authenticate"].to_str().unwrap().to_owned();
            return Err(StreamableHttpError::AuthRequired(AuthRequiredError::new(challenge)));
        }
        if parts.status == StatusCode::NOT_FOUND && session.is_some() {
            return Err(StreamableHttpError::SessionExpired);
        }
        Ok(Response::from_parts(parts, body))
    }
}

impl StreamableHttpClient for Wire {
    type Error = std::io::Error;

    async fn post_message(
        &self,
        uri: Arc<str>,
        message: ClientJsonRpcMessage,
        session_id: Option<Arc<str>>,
        auth_header: Option<String>,
        custom_headers: Headers,
    ) -> Result<StreamableHttpPostResponse, Problem> {
        let body = serde_json::to_string(&message)?;
        let answer = Self::send("POST", &uri, session_id.as_deref(), auth_header, custom_headers, body).await?;
        if answer.status() == StatusCode::ACCEPTED {
            return Ok(StreamableHttpPostResponse::Accepted);
        }
        let session = answer.headers().get("mcp-session-id").map(|id| id.to_str().unwrap().to_owned());
        let message: ServerJsonRpcMessage = serde_json::from_slice(answer.body())?;
        Ok(StreamableHttpPostResponse::Json(message, session))
    }

    async fn delete_session(
        &self,
        uri: Arc<str>,
        session_id: Arc<str>,
        auth_header: Option<String>,
        custom_headers: Headers,
    ) -> Result<(), Problem> {
        Self::send("DELETE", &uri, Some(&session_id), auth_header, custom_headers, String::new()).await.map(|_| ())
    }

    async fn get_stream(
        &self,
        uri: Arc<str>,
        session_id: Option<Arc<str>>,
        _last_event_id: Option<String>,
        auth_header: Option<String>,
        custom_headers: Headers,
    ) -> Result<BoxStream<'static, Result<Sse, SseError>>, Problem> {
        let answer = Self::send("GET", &uri, session_id.as_deref(), auth_header, custom_headers, String::new()).await?;
        assert_eq!(answer.status(), StatusCode::METHOD_NOT_ALLOWED);
        Err(StreamableHttpError::ServerDoesNotSupportSse)
    }
}

fn transport(house: &House) -> StreamableHttpClientTransport<Wire> {
    let config = StreamableHttpClientTransportConfig::with_uri(house.gateway.mcp_url());
    let config = match &house.token {
        Some(token) => config.auth_header(token.clone()),
        None => config,
    };
    StreamableHttpClientTransport::with_client(Wire, config)
}

async fn connect(house: &House) -> RunningService<RoleClient, ()> {
    ().serve(transport(house)).await.unwrap()
}

#[tokio::test]
async fn it_initializes_lists_page_by_page_calls_and_searches() {
    let issuer = Issuer::start().await;
    let mut house = House::build(|config| {
        config.authorizer = authorizer(&issuer);
        config.page_size = 1;
    })
    .await;
    house.token = Some(issuer.token(json!({})));
    let mut client = connect(&house).await;
    let server = client.peer_info().unwrap();
    assert_eq!(server.protocol_version, ProtocolVersion::V_2025_11_25);

    let names: Vec<_> = client.list_all_tools().await.unwrap().into_iter().map(|tool| tool.name.into_owned()).collect();
    let expected = [devstack::gateway::SEARCH, LIST_GROUPS, "okta___x___list_groups", "people___reset_password"];
    assert_eq!(names, expected);
    assert_eq!(house.gateway.requests_by_method("tools/list"), 4);

    let arguments = json!({ "limit": 2 }).as_object().unwrap().clone();
    let called = client.call_tool(CallToolRequestParams::new(LIST_GROUPS).with_arguments(arguments)).await.unwrap();
    assert_eq!(called.is_error, Some(false));
    assert_eq!(called.content[0].as_text().unwrap().text, "{\"given\":{\"limit\":2}}");

    let query = json!({ "query": "password" }).as_object().unwrap().clone();
    let search = CallToolRequestParams::new(devstack::gateway::SEARCH).with_arguments(query);
    let found = client.call_tool(search).await.unwrap().structured_content.unwrap();
    assert_eq!(found["tools"][0]["name"], "people___reset_password");

    client.close().await.unwrap();
    assert_eq!(house.gateway.double.requests_to("DELETE /mcp"), 1);
    assert_eq!(house.gateway.calls()[1].method, "notifications/initialized");
}

#[tokio::test]
async fn it_reads_errors_and_begins_anew_when_its_session_is_over() {
    let house = House::build(|_| {}).await;
    let client = connect(&house).await;
    let Err(ServiceError::McpError(error)) = client.call_tool(CallToolRequestParams::new("nowhere")).await else {
        panic!("an unknown tool is an error");
    };
    assert_eq!(error.code, ErrorCode::INVALID_PARAMS);
    house.gateway.end_sessions();
    let called = client.call_tool(CallToolRequestParams::new(LIST_GROUPS)).await.unwrap();
    assert_eq!(called.is_error, Some(false));
    assert_eq!(house.gateway.requests_by_method("initialize"), 2);
}

#[tokio::test]
async fn it_learns_that_it_needs_a_token() {
    let issuer = Issuer::start().await;
    let house = House::build(|config| config.authorizer = authorizer(&issuer)).await;
    let refused = format!("{:?}", ().serve(transport(&house)).await.err().unwrap());
    assert!(refused.contains("resource_metadata="), "{refused}");
}

#[tokio::test]
async fn it_falls_back_from_the_version_that_the_gateway_does_not_speak() {
    let house = House::build(|_| {}).await;
    let mode =
        ClientLifecycleMode::Auto { preferred_versions: vec![ProtocolVersion::V_2026_07_28], legacy_version: None };
    let client = serve_client_with_lifecycle((), transport(&house), mode).await.unwrap();
    assert_eq!(client.list_all_tools().await.unwrap().len(), 4);
    assert_eq!(house.gateway.requests_by_method("server/discover"), 1);
    assert_eq!(house.gateway.requests_by_method("initialize"), 1);
}
