//! `POST /chat`: a message, and the answer as a stream.

use auth::secret::Secret;
use axum::Form;
use axum::extract::{Extension, State};
use axum::response::Response;
use http::HeaderMap;
use serde::Deserialize;
use tokio::sync::mpsc;
use tokio::time::Instant;

use super::events;
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
    State(app): State<App>,
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
    let history = History::of(&hash, visitor.ends);
    let id = random::text()?.expose().to_owned();
    let until = Turn::until(limit.map(|Extension(Until(limit))| limit));
    let seconds = until.saturating_duration_since(Instant::now()).as_secs();
    let seconds = seconds.saturating_add(WRITING);
    let slot = Slot::take(&app, &visitor.row.subject, &id, app.clock.now().plus(seconds)).await?;
    if let Err(problem) = history.begin(&app, text.clone(), id.clone(), seconds).await {
        slot.give_back(&app).await;
        return Err(problem);
    }
    let (sender, receiver) = mpsc::channel(WAITING);
    let ticket = visitor.ticket(&app, agent);
    let turn = Turn { ticket, session: visitor.session, history, slot, id, text, shown, until };
    // A task of its own: when the browser leaves, what came so far is still written down.
    let _task = app.apart(turn.run(app.clone(), sender));
    Ok(events::response(receiver))
}
