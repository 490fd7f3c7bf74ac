//! One call on its way through the host, and what came of it.

use bytes::Bytes;
use serde_json::{Map, Value, json};

use super::stamp;
use super::stream::Pieces;
use crate::clock;

/// A call that passed the Invoke API's own checks.
#[derive(Clone)]
pub(super) struct Call {
    /// Also the answer's `x-amzn-RequestId`.
    pub(super) id: String,
    pub(super) arn: String,
    pub(super) event: Bytes,
    pub(super) client_context: Option<Map<String, Value>>,
    /// Where a streamed answer goes; without it, one is collected as any other.
    pub(super) stream: Option<Pieces>,
}

impl Call {
    pub(super) fn new(arn: String, event: Bytes, client_context: Option<Map<String, Value>>) -> Self {
        Self { id: stamp::uuid(), arn, event, client_context, stream: None }
    }

    /// A call whose answer may stream.
    pub(super) fn streaming(arn: String, event: Bytes, pieces: Pieces) -> Self {
        Self { stream: Some(pieces), ..Self::new(arn, event, None) }
    }
}

/// What came of a call.
pub(super) enum Outcome {
    /// The function's answer.
    Answered(Bytes),
    /// The body beside `X-Amz-Function-Error`.
    Failed(Bytes),
    /// The function was removed while the call waited.
    Removed,
}

impl Outcome {
    /// A failure that the host itself words, as Lambda does.
    pub(super) fn failed(kind: &str, id: &str, sentence: &str) -> Self {
        let message = format!("RequestId: {id} Error: {sentence}");
        Self::Failed(Bytes::from(json!({ "errorType": kind, "errorMessage": message }).to_string()))
    }

    pub(super) fn timed_out(id: &str, limit: std::time::Duration) -> Self {
        let message =
            format!("{} {id} Task timed out after {:.2} seconds", stamp::iso(clock::now_ms()), limit.as_secs_f64());
        Self::Failed(Bytes::from(json!({ "errorMessage": message }).to_string()))
    }
}
