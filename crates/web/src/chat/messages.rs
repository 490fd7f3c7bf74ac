//! `GET /chat/messages`: the conversation for the script, which waits for an answer. That is no use of the session.

use axum::Json;
use axum::extract::State;
use http::HeaderMap;
use serde_json::{Value, json};

use super::history::{History, Kept, unreadable};
use super::page;
use crate::app::App;
use crate::person::{Touch, Visitor};
use crate::problem::Problem;

pub(crate) async fn messages(State(app): State<App>, headers: HeaderMap) -> Result<Json<Value>, Problem> {
    let visitor = Visitor::required(&app, &headers, Touch::No).await?;
    let history = History::of(&visitor);
    let Kept::Talk(conversation) = history.kept(&app).await? else { return Err(unreadable()) };
    let now = app.clock.now();
    let html = page::messages(&conversation, now).into_string();
    Ok(Json(json!({ "answering": conversation.is_answering(now), "html": html })))
}
