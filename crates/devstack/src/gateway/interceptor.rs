//! Interceptors: their events, and what their outputs say.
//! <https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/gateway-interceptors-types.html>

use std::collections::BTreeMap;

use http::{HeaderMap, StatusCode};
use serde_json::{Map, Value, json};

use super::Runtime;
use super::config::{Interceptor, RequestHeaders};
use super::exchange::Inbound;
use super::lambda::Failed;
use super::record::{Interception, Point};
use super::reply::Reply;

/// The only version there is, of events and of outputs.
const VERSION: &str = "1.0";
/// One call, and one more after a failure.
const TRIES: u32 = 2;

/// What an output says.
#[derive(Debug)]
pub(super) enum Output {
    /// Nothing.
    Pass,
    /// The request goes on changed.
    Forward(Transformed),
    /// This is the answer.
    Answer(Transformed),
}

/// A transformed request or response. What is absent stays as it is.
#[derive(Debug)]
pub(super) struct Transformed {
    pub(super) status: Option<StatusCode>,
    pub(super) headers: BTreeMap<String, String>,
    pub(super) body: Option<Value>,
}

impl Transformed {
    /// # Errors
    /// When a member has no meaning: then the output is as good as none, and the call fails.
    fn read(value: &Value) -> Result<Self, Failed> {
        let members = value.as_object().ok_or(Failed)?;
        let there = |name: &str| members.get(name).filter(|value| !value.is_null());
        let status = match there("statusCode") {
            None => None,
            Some(code) => {
                let code = code.as_u64().and_then(|code| u16::try_from(code).ok()).ok_or(Failed)?;
                Some(StatusCode::from_u16(code).map_err(|_| Failed)?)
            }
        };
        let headers = match there("headers") {
            None => BTreeMap::new(),
            Some(headers) => headers.as_object().and_then(texts).ok_or(Failed)?,
        };
        Ok(Self { status, headers, body: there("body").cloned() })
    }

    /// The answer with what is transformed in it.
    pub(super) fn over(self, reply: Reply) -> Reply {
        let lower = self.headers.into_iter().map(|(name, value)| (name.to_ascii_lowercase(), value));
        Reply {
            status: self.status.unwrap_or(reply.status),
            headers: reply.headers.into_iter().chain(lower).collect(),
            body: self.body.or(reply.body),
        }
    }
}

fn texts(members: &Map<String, Value>) -> Option<BTreeMap<String, String>> {
    members.iter().map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned()))).collect()
}

/// Calls the REQUEST interceptor, if there is one.
pub(super) async fn on_request(gateway: &Runtime, inbound: &Inbound) -> Result<Output, Failed> {
    let Some(interceptor) = &gateway.config.request_interceptor else {
        return Ok(Output::Pass);
    };
    let event = event(interceptor, inbound, None);
    let output = call(gateway, interceptor, Point::Request, &event).await?;
    read(&output)
}

/// Calls the RESPONSE interceptor, if there is one.
pub(super) async fn on_response(
    gateway: &Runtime,
    inbound: &Inbound,
    reply: &Reply,
    body: Option<&Value>,
) -> Result<Output, Failed> {
    let Some(interceptor) = &gateway.config.response_interceptor else {
        return Ok(Output::Pass);
    };
    let headers: BTreeMap<String, &String> = reply.headers.iter().map(|(name, value)| (title(name), value)).collect();
    let response = json!({ "statusCode": reply.status.as_u16(), "headers": headers, "body": body });
    let event = event(interceptor, inbound, Some(response));
    let output = call(gateway, interceptor, Point::Response, &event).await?;
    read(&output)
}

fn event(interceptor: &Interceptor, inbound: &Inbound, response: Option<Value>) -> Value {
    let mut request = json!({
        "path": inbound.uri.path(),
        "httpMethod": "POST",
        "body": inbound.message.body,
        "context": null,
    });
    let headers = match interceptor.request_headers {
        RequestHeaders::TitleCase => Some(named(&inbound.headers, title)),
        RequestHeaders::LowerCase => Some(named(&inbound.headers, str::to_owned)),
        RequestHeaders::Absent => None,
        RequestHeaders::Empty => Some(BTreeMap::new()),
    };
    if let (Some(members), Some(headers)) = (request.as_object_mut(), headers) {
        members.insert("headers".to_owned(), json!(headers));
    }
    let mut mcp = json!({ "rawGatewayRequest": { "body": inbound.raw }, "gatewayRequest": request });
    if let (Some(members), Some(response)) = (mcp.as_object_mut(), response) {
        members.insert("gatewayResponse".to_owned(), response);
    }
    json!({ "interceptorInputVersion": VERSION, "mcp": mcp })
}

fn named(headers: &HeaderMap, name: impl Fn(&str) -> String) -> BTreeMap<String, String> {
    let mut named: BTreeMap<String, String> = BTreeMap::new();
    for (header, value) in headers {
        if let Ok(value) = value.to_str() {
            let values = named.entry(name(header.as_str())).or_default();
            if !values.is_empty() {
                values.push_str(", ");
            }
            values.push_str(value);
        }
    }
    named
}

/// `mcp-session-id` as `Mcp-Session-Id`.
fn title(name: &str) -> String {
    let mut starts = true;
    name.chars()
        .map(|letter| {
            let as_written = if starts { letter.to_ascii_uppercase() } else { letter };
            starts = letter == '-';
            as_written
        })
        .collect()
}

async fn call(gateway: &Runtime, interceptor: &Interceptor, point: Point, event: &Value) -> Result<Value, Failed> {
    for _ in 0..TRIES {
        let answer = gateway.lambda.invoke(&interceptor.function, event, None).await.ok();
        let output = answer.map(|answer| serde_json::from_slice(&answer).unwrap_or_default());
        gateway.records.seen().interceptions.push(Interception { point, event: event.clone(), output: output.clone() });
        if let Some(output) = output {
            return Ok(output);
        }
    }
    Err(Failed)
}

/// Without the version an output says nothing at all, and traffic passes.
fn read(output: &Value) -> Result<Output, Failed> {
    if output.get("interceptorOutputVersion").and_then(Value::as_str) != Some(VERSION) {
        return Ok(Output::Pass);
    }
    let part = |name: &str| output.get("mcp").and_then(|mcp| mcp.get(name)).filter(|part| !part.is_null());
    if let Some(response) = part("transformedGatewayResponse") {
        return Transformed::read(response).map(Output::Answer);
    }
    part("transformedGatewayRequest")
        .map_or(Ok(Output::Pass), |request| Transformed::read(request).map(Output::Forward))
}
