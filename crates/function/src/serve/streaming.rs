//! Answers that are sent while they are made (AWS Lambda developer guide, "Using the Lambda runtime API for custom runtimes" and
//! "Response streaming for Lambda functions").

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use bytes::Bytes;
use futures_util::stream::BoxStream;
use futures_util::{FutureExt as _, StreamExt as _};
use http::{HeaderMap, HeaderName, HeaderValue};
use lambda_runtime_api_client::body::sender::Sender;
use serde_json::Value;
use tokio::time::{Instant, timeout_at};

/// What stands between the prelude and the body.
const SEPARATOR: [u8; 8] = [0; 8];
/// A reader that takes nothing may hold up the end of an answer for so long.
const LAST: Duration = Duration::from_millis(200);

pub(super) const ERROR_TYPE: HeaderName = HeaderName::from_static("lambda-runtime-function-error-type");
pub(super) const ERROR_BODY: HeaderName = HeaderName::from_static("lambda-runtime-function-error-body");

/// The answer to an event of a function URL whose invoke mode is `RESPONSE_STREAM`.
pub struct Streamed {
    /// `statusCode`, `headers` (an object of texts) and `cookies` (an array of texts), as the integration response has them.
    pub prelude: Value,
    /// The body, piece by piece. It ends with the invocation's time at the latest, and is dropped when Lambda takes no more of it.
    pub body: BoxStream<'static, Result<Bytes, Broken>>,
}

/// A body that ends before its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the body broke off")]
pub struct Broken;

/// How an answer ended before its end, and the base64 of the JSON that says so.
enum Cut {
    OutOfTime,
    Broken,
}

impl Cut {
    /// Trailers are the only place for an error once the head is sent. That their body is base64 is what AWS's own runtimes do.
    fn trailers(&self) -> HeaderMap {
        let (kind, body) = match self {
            Self::OutOfTime => (
                "Function.OutOfTime",
                "eyJlcnJvclR5cGUiOiJGdW5jdGlvbi5PdXRPZlRpbWUiLCJlcnJvck1lc3NhZ2UiOiJ0aGUgYW5zd2VyIHRvb2sgdG9vIGxvbmcifQ==",
            ),
            Self::Broken => (
                "Function.Broken",
                "eyJlcnJvclR5cGUiOiJGdW5jdGlvbi5Ccm9rZW4iLCJlcnJvck1lc3NhZ2UiOiJ0aGUgYW5zd2VyIGJyb2tlIG9mZiJ9",
            ),
        };
        let values = [(ERROR_TYPE, HeaderValue::from_static(kind)), (ERROR_BODY, HeaderValue::from_static(body))];
        values.into_iter().collect()
    }
}

/// Sends prelude and body. A panic in the body ends the answer as broken.
pub(super) async fn pump(mut sender: Sender, streamed: Streamed, until: Instant) {
    let Streamed { prelude, mut body } = streamed;
    let mut head = prelude.to_string().into_bytes();
    head.extend_from_slice(&SEPARATOR);
    let mut piece = Bytes::from(head);
    let cut = loop {
        match timeout_at(until, sender.send_data(piece)).await {
            Ok(Ok(())) => {}
            // Nobody takes it any more.
            Ok(Err(_)) => return,
            Err(_) => break Cut::OutOfTime,
        }
        match timeout_at(until, AssertUnwindSafe(body.next()).catch_unwind()).await {
            Ok(Ok(Some(Ok(next)))) => piece = next,
            Ok(Ok(None)) => return,
            Ok(Ok(Some(Err(Broken))) | Err(_)) => break Cut::Broken,
            Err(_) => break Cut::OutOfTime,
        }
    };
    drop(body);
    let _told = timeout_at(Instant::now() + LAST, sender.send_trailers(cut.trailers())).await;
}
