//! `POST /chat`: a message, and the answer as a stream.

use std::time::Duration;

use auth::secret::Secret;
use axum::Form;
use axum::extract::{self, Extension};
use axum::response::Response;
use http::HeaderMap;
use serde::Deserialize;
use tokio::sync::mpsc;
use tokio::time::Instant;

use super::conversation::State;
use super::events::{self, Event};
use super::history::History;
use super::slot::Slot;
use super::turn::Turn;
use crate::app::App;
use crate::person::{Touch, Visitor};
use crate::problem::Problem;
use crate::random;
use crate::rim::{MESSAGES, Shown, Until};

/// The longest message, in characters.
pub(crate) const LONGEST_MESSAGE: usize = 4000;
/// Events that wait for a slow reader; then the agent's stream waits too.
const WAITING: usize = 32;
/// Seconds in which a turn that is over writes down its end; after that it holds up no other.
const WRITING: u64 = 2;

#[derive(Deserialize)]
pub(crate) struct Message {
    token: Secret,
    text: String,
}

pub(crate) async fn send(
    extract::State(app): extract::State<App>,
    Extension(shown): Extension<Shown>,
    limit: Option<Extension<Until>>,
    headers: HeaderMap,
    Form(message): Form<Message>,
) -> Result<Response, Problem> {
    let visitor = Visitor::required(&app, &headers, Touch::Yes).await?;
    visitor.gave(&message.token)?;
    let text = message.text.trim().to_owned();
    if text.is_empty() {
        return Err(Problem::invalid("The message is empty."));
    }
    if text.chars().count() > LONGEST_MESSAGE {
        return Err(Problem::invalid("The message is longer than 4,000 characters."));
    }
    let agent = app.agent.as_ref().ok_or_else(Problem::not_found)?.agent();
    let hash = visitor.session.hash();
    app.limits
        .take(&format!("message {}", hash.as_str()), MESSAGES, app.clock.now())
        .map_err(|seconds| Problem::too_many("limits: messages", seconds))?;
    let id = random::text()?.expose().to_owned();
    let left = Duration::from_secs(visitor.row.expires_at.since(app.clock.now()));
    let until = Turn::until(limit.map(|Extension(Until(limit))| limit)).min(Instant::now() + left);
    let ticket = visitor.ticket(&app, agent);
    let begun = Begun { visitor, ticket, id, text, shown, until };
    // A task of its own: whoever leaves meanwhile leaves nothing half begun.
    let told = app.apart(begun.go_on(app.clone())).await;
    told.map_err(|_| Problem::internal("chat: a task broke"))?.map(events::response)
}

/// A message that is to be answered.
struct Begun {
    visitor: Visitor,
    ticket: Secret,
    id: String,
    text: String,
    shown: Shown,
    until: Instant,
}

impl Begun {
    /// Has the turn run. When the browser leaves, what came so far is still written down.
    async fn go_on(self, app: App) -> Result<mpsc::Receiver<Event>, Problem> {
        let Self { visitor, ticket, id, text, shown, until } = self;
        let seconds = until.saturating_duration_since(Instant::now()).as_secs().saturating_add(WRITING);
        let slot = Box::pin(Slot::take(&app, &visitor.row.subject, &id, app.clock.now().plus(seconds))).await?;
        let history = History::of(&visitor);
        if let Err(problem) = history.begin(&app, text.clone(), id.clone(), seconds).await {
            // It may have been written, with an answer that was lost.
            let _ended = Box::pin(history.end(&app, &id, (String::new(), State::Incomplete, None))).await;
            slot.give_back(&app).await;
            return Err(problem);
        }
        let (sender, receiver) = mpsc::channel(WAITING);
        let turn = Turn { ticket, session: visitor.session, history, slot, id, text, shown, until };
        let _task = app.apart(turn.run(app.clone(), sender));
        Ok(receiver)
    }
}
