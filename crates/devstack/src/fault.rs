//! Faults on demand: what a test may make a double do instead of answering well.

mod spoil;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures_util::{StreamExt, stream};
use http::header::{CONTENT_LENGTH, CONTENT_TYPE, LOCATION};
use http::{HeaderName, HeaderValue, StatusCode};
use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use self::spoil::Spoil;

/// The largest answer of ours that a fault rewrites, in bytes.
const REWRITABLE: usize = 8 * 1024 * 1024;

/// One fault: which requests it meets, how often, and what it does to them.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    /// Start of the request line, as in `POST /oauth/token`. Empty meets every request.
    #[serde(default)]
    pub on: String,
    /// How many requests it meets before it is spent. Absent: all of them.
    #[serde(default)]
    pub times: Option<u32>,
    /// How many matching requests it lets pass first.
    #[serde(default)]
    pub skip: u32,
    /// What happens.
    pub effect: Effect,
}

/// What a fault does.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Effect {
    /// Answers this instead; the double does not act.
    Answer {
        /// HTTP status.
        status: u16,
        /// Header names and values.
        #[serde(default)]
        headers: BTreeMap<String, String>,
        /// Body, as text.
        #[serde(default)]
        body: String,
    },
    /// The double acts, but answers this instead.
    AnswerAfter {
        /// HTTP status.
        status: u16,
        /// Body, as text.
        #[serde(default)]
        body: String,
    },
    /// Waits this many milliseconds, then acts and answers well.
    Delay {
        /// Milliseconds.
        ms: u64,
    },
    /// Accepts the request and never answers.
    Hang,
    /// The double acts, then never answers.
    HangAfter,
    /// Sends the head and one byte, then nothing more.
    Stall,
    /// The double acts; its answer arrives byte by byte.
    Drip {
        /// Milliseconds between two bytes.
        ms: u64,
    },
    /// The double acts; its good answer is written down badly.
    Spoil(Spoil),
    /// Closes the connection before any answer.
    Reset,
    /// Closes the connection after this many bytes of the body.
    Truncate {
        /// Bytes that still arrive.
        bytes: usize,
    },
    /// The double acts; the values at these JSON pointers are replaced in its answer (null stays null).
    Patch(BTreeMap<String, Value>),
    /// The double acts; the members at these JSON pointers are removed from its answer.
    Remove(Vec<String>),
    /// Answers 302 to this address; the double does not act.
    Redirect {
        /// The `Location` header.
        to: String,
    },
    /// Answers 200 with this many bytes of `a`, in chunks.
    Flood {
        /// Bytes.
        bytes: u64,
    },
}

/// The faults of one double, in order.
#[derive(Clone, Debug, Default)]
pub struct Faults(Arc<Mutex<Vec<Fault>>>);

impl Faults {
    /// Adds a fault behind those there are.
    pub fn add(&self, fault: Fault) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(fault);
    }

    /// Removes all faults.
    pub fn clear(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    fn meet(&self, line: &str) -> Option<Effect> {
        let mut faults = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let fault = faults.iter_mut().find(|fault| line.starts_with(&fault.on) && fault.times != Some(0))?;
        if fault.skip > 0 {
            fault.skip -= 1;
            return None;
        }
        if let Some(times) = &mut fault.times {
            *times -= 1;
        }
        Some(fault.effect.clone())
    }
}

/// Middleware: applies the first fault that meets the request, if one does.
pub(crate) async fn inject(State(faults): State<Faults>, request: Request, next: Next) -> Response {
    let line = format!("{} {}", request.method(), request.uri());
    match faults.meet(&line) {
        None => next.run(request).await,
        Some(effect) => apply(effect, request, next).await,
    }
}

async fn apply(effect: Effect, request: Request, next: Next) -> Response {
    match effect {
        Effect::Answer { status, headers, body } => answer(status, &headers, body),
        Effect::AnswerAfter { status, body } => {
            let _acted = next.run(request).await;
            answer(status, &BTreeMap::new(), body)
        }
        Effect::Delay { ms } => {
            tokio::time::sleep(Duration::from_millis(ms)).await;
            next.run(request).await
        }
        Effect::Hang => std::future::pending().await,
        Effect::HangAfter => {
            let _acted = next.run(request).await;
            std::future::pending().await
        }
        Effect::Stall => {
            let first = stream::once(async { Ok::<_, std::io::Error>(Bytes::from_static(b"{")) });
            Body::from_stream(first.chain(stream::pending())).into_response()
        }
        Effect::Drip { ms } => spoil::drip(next.run(request).await, ms).await,
        Effect::Spoil(how) => spoil::spoil(how, next.run(request).await).await,
        Effect::Reset => broken(Bytes::new(), 64),
        Effect::Truncate { bytes } => {
            let body = to_bytes(next.run(request).await.into_body(), REWRITABLE).await.unwrap_or_default();
            let length = body.len();
            broken(body.slice(..bytes.min(length)), length.max(bytes + 1))
        }
        Effect::Patch(values) => {
            rewrite(next.run(request).await, |json| {
                for (pointer, value) in &values {
                    put(json, pointer, value.clone());
                }
            })
            .await
        }
        Effect::Remove(pointers) => {
            rewrite(next.run(request).await, |json| {
                for pointer in &pointers {
                    remove(json, pointer);
                }
            })
            .await
        }
        Effect::Redirect { to } => answer(302, &BTreeMap::from([(LOCATION.to_string(), to)]), String::new()),
        Effect::Flood { bytes } => {
            let chunk = Bytes::from(vec![b'a'; 64 * 1024]);
            let chunks = usize::try_from(bytes / 65_536).unwrap_or(usize::MAX);
            let flood = stream::repeat(chunk).take(chunks).map(Ok::<_, std::io::Error>);
            Body::from_stream(flood).into_response()
        }
    }
}

fn answer(status: u16, headers: &BTreeMap<String, String>, body: String) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = (status, body).into_response();
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    for (name, value) in headers {
        if let (Ok(name), Ok(value)) = (name.parse::<HeaderName>(), HeaderValue::from_str(value)) {
            response.headers_mut().insert(name, value);
        }
    }
    response
}

/// Promises `length` bytes, sends `part`, and fails: hyper then closes the connection.
fn broken(part: Bytes, length: usize) -> Response {
    let failing = stream::iter([Ok(part), Err(std::io::Error::other("a fault closed the connection"))]);
    let mut response = Body::from_stream(failing).into_response();
    response.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from(length));
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

async fn rewrite(response: Response, change: impl FnOnce(&mut Value)) -> Response {
    let (mut parts, body) = response.into_parts();
    let bytes = to_bytes(body, REWRITABLE).await.unwrap_or_default();
    let Ok(mut json) = serde_json::from_slice::<Value>(&bytes) else {
        return Response::from_parts(parts, Body::from(bytes));
    };
    change(&mut json);
    parts.headers.remove(CONTENT_LENGTH);
    Response::from_parts(parts, Body::from(json.to_string()))
}

fn put(json: &mut Value, pointer: &str, value: Value) {
    if let Some(place) = json.pointer_mut(pointer) {
        *place = value;
    } else if let Some((parent, name)) = pointer.rsplit_once('/')
        && let Some(Value::Object(members)) = json.pointer_mut(parent)
    {
        members.insert(name.to_owned(), value);
    }
}

fn remove(json: &mut Value, pointer: &str) {
    if let Some((parent, name)) = pointer.rsplit_once('/')
        && let Some(Value::Object(members)) = json.pointer_mut(parent)
    {
        members.remove(name);
    }
}
