//! A streamed answer on its way from the process to whoever called.

use axum::body::Body;
use bytes::Bytes;
use http_body_util::BodyExt as _;
use serde_json::json;
use tokio::sync::mpsc;

/// Takes the pieces of an answer as they come; an error ends it before its end.
pub(super) type Pieces = mpsc::UnboundedSender<Result<Bytes, CutOff>>;

/// The answer broke off.
#[derive(Clone, Copy, Debug)]
pub(super) struct CutOff;

impl std::fmt::Display for CutOff {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("the answer broke off")
    }
}

impl std::error::Error for CutOff {}

/// Passes every piece on, also when nobody listens any more: a function is not interrupted when its caller leaves.
/// <https://docs.aws.amazon.com/lambda/latest/dg/configuration-response-streaming.html>
///
/// # Errors
/// What the function said in its trailers, or that it broke off.
pub(super) async fn pass_on(mut body: Body, pieces: &Pieces) -> Result<(), Bytes> {
    while let Some(frame) = body.frame().await {
        let Ok(frame) = frame else {
            let _heard = pieces.send(Err(CutOff));
            let error = json!({ "errorType": "Runtime.TruncatedResponse", "errorMessage": "" });
            return Err(Bytes::from(error.to_string()));
        };
        match frame.into_data() {
            Ok(piece) => {
                let _heard = pieces.send(Ok(piece));
            }
            Err(frame) => {
                let Ok(trailers) = frame.into_trailers() else { continue };
                if let Some(kind) = trailers.get("lambda-runtime-function-error-type") {
                    let _heard = pieces.send(Err(CutOff));
                    let kind = kind.to_str().unwrap_or_default();
                    return Err(Bytes::from(json!({ "errorType": kind, "errorMessage": "" }).to_string()));
                }
            }
        }
    }
    Ok(())
}
