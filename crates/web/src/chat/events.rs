//! What a browser is sent while the agent answers: server-sent events (WHATWG HTML, section 9.2) whose data is JSON.

use std::convert::Infallible;
use std::time::Duration;

use axum::response::sse::{self, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use serde_json::{Value, json};
use tokio::sync::mpsc;

use super::conversation::State;
use super::step::Step;

/// So that no proxy takes a thinking agent for a dead one.
const ALIVE: Duration = Duration::from_secs(15);

/// One event.
pub(crate) enum Event {
    /// `step`: what the agent is doing.
    Step(Step),
    /// `text`: a piece of the answer.
    Text(String),
    /// `end`: how it ended, with what went wrong if something did. Always the last.
    End { state: State, problem: Option<Value> },
}

impl Event {
    fn form(&self) -> sse::Event {
        let (name, data) = match self {
            Self::Step(step) => ("step", {
                let words = step.words();
                json!({ "words": words, "reconnect": *step == Step::Reconnect, "denied": *step == Step::Denied })
            }),
            Self::Text(text) => ("text", json!({ "text": text })),
            Self::End { state, problem } => ("end", json!({ "state": state, "problem": problem })),
        };
        sse::Event::default().event(name).data(data.to_string())
    }
}

/// The answer that carries them.
pub(crate) fn response(events: mpsc::Receiver<Event>) -> Response {
    let stream = stream::unfold(events, |mut events| async move {
        let event = events.recv().await?;
        Some((Ok::<_, Infallible>(event.form()), events))
    });
    Sse::new(stream).keep_alive(KeepAlive::new().interval(ALIVE)).into_response()
}
