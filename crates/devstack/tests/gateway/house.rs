//! A gateway with two targets, the functions behind them, and a client that speaks MCP by hand.

use axum::body::Body;
use devstack::gateway::{self, Authorizer, Config, Gateway, Interceptor, RequestHeaders, Target, Tool};
use http::{HeaderMap, Request};
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::functions::Functions;
use crate::issuer::{AUDIENCE, Issuer};

pub(crate) const LIST_GROUPS: &str = "okta___list_groups";

pub(crate) struct House {
    pub(crate) gateway: Gateway,
    pub(crate) functions: Functions,
    /// Sent with every request.
    pub(crate) token: Option<String>,
    /// Sent with every request.
    pub(crate) session: Option<String>,
}

/// What the gateway answered.
#[derive(Debug)]
pub(crate) struct Seen {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Seen {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap()
    }

    /// The result of a request that was answered well.
    pub(crate) fn result(&self) -> Value {
        assert_eq!(self.status, 200, "{}", self.text);
        self.json()["result"].clone()
    }

    /// Code and message.
    pub(crate) fn error(&self) -> (i64, String) {
        let error = &self.json()["error"];
        (error["code"].as_i64().unwrap(), error["message"].as_str().unwrap().to_owned())
    }

    pub(crate) fn tool_names(&self) -> Vec<String> {
        let tools = self.result()["tools"].clone();
        tools.as_array().unwrap().iter().map(|tool| tool["name"].as_str().unwrap().to_owned()).collect()
    }
}

pub(crate) fn tool(name: &str, description: &str) -> Tool {
    let input_schema = json!({ "type": "object", "properties": { "limit": { "type": "integer" } }, "required": [] });
    Tool { name: name.to_owned(), description: description.to_owned(), input_schema }
}

pub(crate) fn targets() -> Vec<Target> {
    vec![
        Target::new(
            "okta",
            "okta-groups",
            vec![tool("list_groups", "The groups of the signed-in person"), tool("x___list_groups", "Odd")],
        ),
        Target::new("people", "people", vec![tool("reset_password", "Sends a link to set a new password")]),
    ]
}

pub(crate) fn interceptor(function: &str) -> Option<Interceptor> {
    Some(Interceptor { function: function.to_owned(), request_headers: RequestHeaders::TitleCase })
}

pub(crate) fn authorizer(issuer: &Issuer) -> Option<Authorizer> {
    Some(Authorizer {
        discovery_url: issuer.discovery_url(),
        allowed_audience: vec![AUDIENCE.to_owned()],
        allowed_clients: vec![],
        allowed_scopes: vec![],
    })
}

impl House {
    /// A gateway so changed, a function `interceptor` that lets all pass, and a session if it keeps them and nobody is asked for a token.
    pub(crate) async fn build(change: impl FnOnce(&mut Config)) -> Self {
        let functions = Functions::start().await;
        functions.on("okta-groups", |event| Some(json!({ "given": event })));
        functions.answers("people", json!("done"));
        functions.answers("interceptor", json!({ "interceptorOutputVersion": "1.0", "mcp": {} }));
        let mut config = Config::new("tools-abc1234567", functions.double.url(), targets());
        change(&mut config);
        let is_open = config.authorizer.is_none() && config.session_seconds.is_some();
        let gateway = gateway::start(TcpListener::bind("127.0.0.1:0").await.unwrap(), config).await.unwrap();
        let mut house = Self { gateway, functions, token: None, session: None };
        if is_open {
            house.open().await;
            house.gateway.forget();
            house.functions.double.forget();
        }
        house
    }

    /// Without sessions: for what has nothing to do with them.
    pub(crate) async fn sessionless(change: impl FnOnce(&mut Config)) -> Self {
        Self::build(|config| {
            config.session_seconds = None;
            change(config);
        })
        .await
    }

    pub(crate) async fn open(&mut self) {
        self.session = None;
        let seen = self.ask("initialize", json!({ "protocolVersion": "2025-11-25" })).await;
        self.session = seen.header("mcp-session-id").map(str::to_owned);
    }

    pub(crate) async fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Seen {
        let client = Client::builder(TokioExecutor::new()).build_http::<Body>();
        let mut request = Request::builder().method(method).uri(format!("{}{path}", self.gateway.double.url()));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(token) = &self.token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        if let Some(session) = &self.session {
            request = request.header("mcp-session-id", session);
        }
        let response = client.request(request.body(Body::from(body.to_owned())).unwrap()).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = axum::body::to_bytes(Body::new(body), usize::MAX).await.unwrap();
        Seen { status: parts.status.as_u16(), headers: parts.headers, text: String::from_utf8(body.to_vec()).unwrap() }
    }

    pub(crate) async fn post(&self, body: &str) -> Seen {
        let accept = ("accept", "application/json, text/event-stream");
        self.send("POST", "/mcp", &[("content-type", "application/json"), accept], body).await
    }

    /// A request with the id 7.
    pub(crate) async fn ask(&self, method: &str, params: Value) -> Seen {
        let body = json!({ "jsonrpc": "2.0", "id": 7, "method": method, "params": params });
        self.post(&body.to_string()).await
    }

    pub(crate) async fn call(&self, tool: &str, arguments: Value) -> Seen {
        self.ask("tools/call", json!({ "name": tool, "arguments": arguments })).await
    }
}
