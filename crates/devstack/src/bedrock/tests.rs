mod actions;
mod requests;

use std::sync::{Arc, Mutex};

use aws_smithy_eventstream::frame::{DecodedFrame, MessageFrameDecoder};
use axum::body::{Body, Bytes};
use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::post;
use axum::{Json, Router};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderMap, Request};
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use super::intent::{Rule, Source, usual_rules};
use super::{ActionGroup, Agent, Bedrock, Parameter, Place, Shape, Tool, start};
use crate::double::Double;

/// The stand's function answers with what is set here: status, function error or not, body.
type Scripted = Arc<Mutex<(u16, bool, Value)>>;

/// An agent and the one function that it calls.
struct Stand {
    bedrock: Bedrock,
    lambda: Double,
    scripted: Scripted,
}

/// An answer, read back from its event stream.
#[derive(Debug)]
struct Turn {
    headers: HeaderMap,
    chunks: Vec<String>,
    traces: Vec<Value>,
    /// Exception type and message.
    exception: Option<(String, String)>,
}

impl Turn {
    fn text(&self) -> String {
        assert_eq!(self.exception, None);
        self.chunks.concat()
    }
}

async fn stand() -> Stand {
    let scripted: Scripted = Arc::new(Mutex::new((200, false, Value::Null)));
    let router = Router::new()
        .route("/2015-03-31/functions/{name}/invocations", post(function))
        .with_state(Arc::clone(&scripted));
    let lambda = Double::serve("lambda", TcpListener::bind("127.0.0.1:0").await.unwrap(), router).unwrap();
    let bedrock = start(TcpListener::bind("127.0.0.1:0").await.unwrap(), agent(lambda.url())).await.unwrap();
    Stand { bedrock, lambda, scripted }
}

async fn function(State(scripted): State<Scripted>, Path(name): Path<String>, Json(_event): Json<Value>) -> Response {
    assert!(["groups-function", "arn:aws:lambda:us-east-1:123456789012:function:people"].contains(&name.as_str()));
    let (status, failed, body) = scripted.lock().unwrap().clone();
    let mut response = Response::builder().status(status).header("x-amzn-requestid", "run-1");
    if failed {
        response = response.header("x-amz-function-error", "Unhandled");
    }
    response.body(Body::from(body.to_string())).unwrap()
}

fn agent(lambda_url: String) -> Agent {
    let limit = Parameter { kind: "integer".into(), ..Parameter::text("limit") };
    let groups = Tool {
        name: "list_groups".into(),
        shape: Shape::FunctionDetails,
        parameters: vec![Parameter::text("user"), limit],
    };
    let add = Tool {
        name: "add_member".into(),
        shape: Shape::OpenApi { path: "/groups/{group}/members".into(), method: "POST".into() },
        parameters: vec![
            Parameter { required: true, ..Parameter::text("group") },
            Parameter { place: Place::Body, ..Parameter::text("reason") },
        ],
    };
    let rule = Rule {
        mentions: vec!["add me".into()],
        tool: "add_member".into(),
        parameters: [("group".into(), Source::Quoted), ("reason".into(), Source::Fixed("asked".into()))].into(),
    };
    let arn = "arn:aws:lambda:us-east-1:123456789012:function:people";
    Agent {
        id: "AGENT12345".into(),
        alias_id: "ALIAS67890".into(),
        name: "helper".into(),
        version: "3".into(),
        lambda_url,
        action_groups: vec![
            ActionGroup { name: "okta".into(), lambda: "groups-function".into(), tools: vec![groups] },
            ActionGroup { name: "people".into(), lambda: arn.into(), tools: vec![add] },
        ],
        rules: [vec![rule], usual_rules()].concat(),
    }
}

impl Stand {
    fn function_answers(&self, body: Value) {
        *self.scripted.lock().unwrap() = (200, false, body);
    }

    /// A whole answer of `list_groups` with this `functionResponse`.
    fn groups_answer(&self, response: Value) {
        self.function_answers(json!({
            "messageVersion": "1.0",
            "response": { "actionGroup": "okta", "function": "list_groups", "functionResponse": response },
        }));
    }

    async fn post(&self, path: &str, signed: bool, body: String) -> (u16, HeaderMap, Bytes) {
        let client = Client::builder(TokioExecutor::new()).build_http::<Body>();
        let mut request = Request::post(format!("{}{path}", self.bedrock.double.url()));
        if signed {
            request = request.header("authorization", "AWS4-HMAC-SHA256 local");
        }
        let response = client.request(request.body(Body::from(body)).unwrap()).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = axum::body::to_bytes(Body::new(body), usize::MAX).await.unwrap();
        (parts.status.as_u16(), parts.headers, body)
    }

    async fn ask(&self, request: Value) -> Turn {
        let path = "/agents/AGENT12345/agentAliases/ALIAS67890/sessions/session-1/text";
        let (status, headers, body) = self.post(path, true, request.to_string()).await;
        assert_eq!(status, 200, "{body:?}");
        read(headers, body)
    }

    async fn say(&self, text: &str) -> Turn {
        self.ask(json!({ "inputText": text })).await
    }
}

fn read(headers: HeaderMap, body: Bytes) -> Turn {
    let mut turn = Turn { headers, chunks: Vec::new(), traces: Vec::new(), exception: None };
    let (mut decoder, mut rest) = (MessageFrameDecoder::new(), body);
    while let DecodedFrame::Complete(message) = decoder.decode_frame(&mut rest).unwrap() {
        let header = |name: &str| {
            let found = message.headers().iter().find(|header| header.name().as_str() == name)?;
            Some(found.value().as_string().unwrap().as_str().to_owned())
        };
        assert_eq!(header(":content-type").as_deref(), Some("application/json"));
        let payload: Value = serde_json::from_slice(message.payload()).unwrap();
        match (header(":message-type").unwrap().as_str(), header(":event-type").as_deref()) {
            ("event", Some("chunk")) => {
                let bytes = STANDARD.decode(payload["bytes"].as_str().unwrap()).unwrap();
                turn.chunks.push(String::from_utf8(bytes).unwrap());
            }
            ("event", Some("trace")) => turn.traces.push(payload),
            ("exception", None) => {
                let message = payload["message"].as_str().unwrap().to_owned();
                turn.exception = Some((header(":exception-type").unwrap(), message));
            }
            other => panic!("{other:?}"),
        }
    }
    assert!(rest.is_empty());
    turn
}
