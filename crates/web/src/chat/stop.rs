//! `POST /chat/stop`: the person wants no more of the answer.
//!
//! A function does not see that a browser hangs up, and the turn may run in another process than the one that is told. So a
//! stop is an item of its own in the table, named by the turn, and the turn looks for it. It is small whatever was said, and
//! no write of the conversation gets in its way.

use std::time::Duration;

use axum::extract::State;
use axum::{Form, Json};
use http::HeaderMap;
use serde_json::{Value, json};
use tokio::time::sleep;
use upstream_aws::{Creation, WebKey, WebKind};

use super::anew::{Press, pressed};
use super::conversation;
use super::history::{History, Kept};
use super::slot::Slot;
use super::turn::LONGEST_SECONDS;
use crate::app::App;
use crate::problem::Problem;

/// A turn that runs has heard of a stop by then.
const HEARD_SECONDS: u64 = 5;
/// How often a turn looks.
const EACH: Duration = Duration::from_secs(1);

/// `stopped` says whether there was a turn to stop: one that has just been sent may not be there yet.
pub(crate) async fn stop(
    State(app): State<App>,
    headers: HeaderMap,
    Form(press): Form<Press>,
) -> Result<Json<Value>, Problem> {
    let visitor = pressed(&app, &headers, &press).await?;
    let history = History::of(&visitor);
    let now = app.clock.now();
    let kept = history.kept(&app).await?;
    let turn = match &kept {
        Kept::Talk(conversation) => conversation.turn_under_way(now),
        Kept::Unreadable => None,
    };
    let Some((turn, key)) = turn.and_then(|turn| Some((turn, key(turn)?))) else {
        return Ok(Json(json!({ "stopped": false })));
    };
    let until = App::until();
    if app.items.create(&key, b"", now.plus(LONGEST_SECONDS), until).await? == Creation::AlreadyThere {
        let marked = app.items.read(&key, until).await?;
        let asked = marked.map(|item| item.expires_at.minus(LONGEST_SECONDS));
        if asked.is_some_and(|asked| now.since(asked) >= HEARD_SECONDS) {
            // Nobody runs it any more: its process has died, or could not write down its end.
            Box::pin(history.end(&app, turn, (String::new(), conversation::State::Stopped, None))).await?;
            Slot::of(&visitor.row.subject, turn)?.give_back(&app).await;
        }
    }
    Ok(Json(json!({ "stopped": true })))
}

/// Returns once somebody has asked that this turn stop. A look that fails is no stop: the turn has an end of its own.
pub(super) async fn asked(app: &App, turn: &str) {
    let Some(key) = key(turn) else { return std::future::pending().await };
    loop {
        sleep(EACH).await;
        if matches!(app.items.read(&key, App::until()).await, Ok(Some(_))) {
            return;
        }
    }
}

/// A turn's id is random, so no item of another turn or session has this name.
fn key(turn: &str) -> Option<WebKey> {
    WebKey::of(WebKind::History, format!("stop {turn}").as_bytes())
}
