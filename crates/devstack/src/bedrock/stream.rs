//! The event stream of an answer.
//! <https://smithy.io/2.0/aws/amazon-eventstream.html>

use aws_smithy_eventstream::frame::write_message_to;
use aws_smithy_types::event_stream::{Header, HeaderValue, Message};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::{Bytes, BytesMut};
use serde_json::{Value, json};
use tokio::sync::mpsc;

/// The sending end of a stream. Whoever reads it may have left.
pub(super) struct Events(mpsc::UnboundedSender<Bytes>);

impl Events {
    pub(super) fn new() -> (Self, mpsc::UnboundedReceiver<Bytes>) {
        let (sender, receiver) = mpsc::unbounded_channel();
        (Self(sender), receiver)
    }

    /// One piece of the final text.
    pub(super) fn chunk(&self, text: &str) {
        self.send("event", ":event-type", "chunk", &json!({ "bytes": STANDARD.encode(text) }));
    }

    pub(super) fn trace(&self, trace: &Value) {
        self.send("event", ":event-type", "trace", trace);
    }

    /// Ends the turn, not the HTTP answer's status, which has been sent.
    pub(super) fn dependency_failed(&self, message: &str) {
        self.send("exception", ":exception-type", "dependencyFailedException", &json!({ "message": message }));
    }

    fn send(&self, message_type: &'static str, kind: &'static str, name: &'static str, payload: &Value) {
        let text = |name: &'static str, value: &'static str| Header::new(name, HeaderValue::String(value.into()));
        let headers =
            vec![text(":message-type", message_type), text(kind, name), text(":content-type", "application/json")];
        let mut frame = BytesMut::new();
        let message = Message::new_from_parts(headers, payload.to_string());
        // A frame fails beyond 16 MB only, which the functions' answers do not reach.
        if write_message_to(&message, &mut frame).is_ok() {
            let _heard = self.0.send(frame.freeze());
        }
    }
}
