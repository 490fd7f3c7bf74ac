//! A function URL in the invoke mode `RESPONSE_STREAM`, without a signature asked for.
//!
//! <https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html>. Left out: bandwidth limits, CORS, and what a function that
//! does not stream answers. That a failed function is a 502 with this body was seen in the field; it is not documented.

mod event;

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use bytes::{Bytes, BytesMut};
use futures_util::stream;
use http::header::{CONTENT_TYPE, SET_COOKIE};
use http::{HeaderName, HeaderValue, StatusCode};
use serde::Deserialize;
use serde_json::Map;
use tokio::net::TcpListener;
use tokio::sync::mpsc;

use super::call::Call;
use super::host::Functions;
use super::stream::CutOff;
use crate::double::Double;

/// The largest body of a request, in bytes.
const LARGEST_BODY: usize = 6 * 1024 * 1024;
const SEPARATOR: &[u8] = &[0; 8];

/// An address of one function. Dropping it closes it.
pub struct FunctionUrl {
    /// Its counters, faults and address.
    pub double: Double,
    pieces: Arc<AtomicU64>,
}

struct Behind {
    name: String,
    functions: Arc<Functions>,
    pieces: Arc<AtomicU64>,
}

impl FunctionUrl {
    pub(super) fn serve(name: &str, listener: TcpListener, functions: Arc<Functions>) -> io::Result<Self> {
        let pieces = Arc::new(AtomicU64::new(0));
        let behind = Arc::new(Behind { name: name.to_owned(), functions, pieces: Arc::clone(&pieces) });
        let router = Router::new().fallback(call).with_state(behind);
        Ok(Self { double: Double::serve("function-url", listener, router)?, pieces })
    }

    /// Pieces that streams had after their preludes, all together.
    #[must_use]
    pub fn pieces(&self) -> u64 {
        self.pieces.load(Ordering::SeqCst)
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Prelude {
    status_code: u16,
    #[serde(default)]
    headers: Map<String, serde_json::Value>,
    #[serde(default)]
    cookies: Vec<String>,
}

async fn call(State(behind): State<Arc<Behind>>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let Ok(body) = to_bytes(body, LARGEST_BODY).await else {
        return refused(StatusCode::PAYLOAD_TOO_LARGE, "Request must be smaller than 6291456 bytes");
    };
    let Some(pool) = behind.functions.pool(&behind.name) else {
        return refused(StatusCode::FORBIDDEN, "Forbidden");
    };
    let (sender, mut pieces) = mpsc::unbounded_channel();
    let event = event::of(&head, &body).to_string();
    let call = Call::streaming(super::arn(&behind.name), Bytes::from(event), sender);
    drop(behind.functions.run(pool, call));
    let Some((prelude, rest)) = prelude(&mut pieces).await else {
        return refused(StatusCode::BAD_GATEWAY, "Internal Server Error");
    };
    respond(&prelude, rest, pieces, Arc::clone(&behind.pieces))
        .unwrap_or_else(|| refused(StatusCode::BAD_GATEWAY, "Internal Server Error"))
}

type Coming = mpsc::UnboundedReceiver<Result<Bytes, CutOff>>;

/// The prelude, and what came with it of the body.
async fn prelude(pieces: &mut Coming) -> Option<(Prelude, Bytes)> {
    let mut head = BytesMut::new();
    loop {
        head.extend_from_slice(&pieces.recv().await?.ok()?);
        let Some(end) = head.windows(SEPARATOR.len()).position(|window| window == SEPARATOR) else { continue };
        let rest = head.split_off(end).freeze();
        return Some((serde_json::from_slice(&head).ok()?, rest.slice(SEPARATOR.len()..)));
    }
}

fn respond(prelude: &Prelude, rest: Bytes, pieces: Coming, count: Arc<AtomicU64>) -> Option<Response> {
    let first = (!rest.is_empty()).then_some(Ok(rest));
    let coming = stream::unfold((first, pieces, count), |(first, mut pieces, count)| async move {
        let piece = match first {
            Some(piece) => piece,
            None => pieces.recv().await?,
        };
        count.fetch_add(1, Ordering::SeqCst);
        Some((piece, (None, pieces, count)))
    });
    let mut response = Response::new(Body::from_stream(coming));
    *response.status_mut() = StatusCode::from_u16(prelude.status_code).ok()?;
    for (name, value) in &prelude.headers {
        let value = HeaderValue::from_str(value.as_str()?).ok()?;
        response.headers_mut().insert(HeaderName::from_bytes(name.as_bytes()).ok()?, value);
    }
    for cookie in &prelude.cookies {
        response.headers_mut().append(SET_COOKIE, HeaderValue::from_str(cookie).ok()?);
    }
    Some(response)
}

fn refused(status: StatusCode, message: &str) -> Response {
    let body = serde_json::json!({ "Message": message }).to_string();
    (status, [(CONTENT_TYPE, "application/json")], body).into_response()
}
