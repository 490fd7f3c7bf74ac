//! The panel of approvals: what is open, and how what was asked in this session ended.

mod panel;

use auth::approval::PersonKey;
use axum::Json;
use axum::extract::State;
use http::HeaderMap;
use maud::{Markup, html};
use serde_json::{Value, json};

use crate::app::App;
use crate::person::{Touch, Visitor};
use crate::problem::Problem;
use crate::rim;

/// How many endings are shown.
const MOST_ENDED: usize = 5;

/// What a panel is made of.
pub(crate) struct Shown {
    pub(crate) html: Markup,
    /// The same in words, each request and ending by itself, for whoever does not see it.
    pub(crate) said: Vec<String>,
}

/// The panel of this person, now.
pub(crate) async fn shown(app: &App, visitor: &Visitor) -> Result<Shown, Problem> {
    let (person, session) = (PersonKey::of(&visitor.row.subject), visitor.session.hash());
    let found = Box::pin(app.approvals.panel(&person, &session, MOST_ENDED, App::until())).await?;
    let now = app.clock.now();
    Ok(Shown { html: panel::html(&found, &session, now), said: panel::said(&found, now) })
}

/// The panel with its title, as pages have it. What else they show is there also when the approvals cannot be read, and the script
/// asks again soon.
pub(crate) async fn part(app: &App, visitor: &Visitor, request: &rim::Shown) -> Markup {
    let panel = match shown(app, visitor).await {
        Ok(panel) => panel.html,
        Err(problem) => {
            app.log.outcome(&request.outcome("web_approvals").refused(&problem.refusal));
            html! { p.note data-state="unknown" { "Your approvals cannot be read now: something may wait for you." } }
        }
    };
    html! {
        h2 #approvals-title { "Approvals" }
        div #approvals data-now=(app.clock.now().seconds()) { (panel) }
        p #approvals-stale.note role="status" hidden {}
        p #approvals-said.unseen role="status" {}
    }
}

/// `GET /approvals`: the panel for the script, which asks every few seconds. That is no use of the session.
pub(crate) async fn fresh(State(app): State<App>, headers: HeaderMap) -> Result<Json<Value>, Problem> {
    let visitor = Visitor::required(&app, &headers, Touch::No).await?;
    let Shown { html, said } = shown(&app, &visitor).await?;
    Ok(Json(json!({ "html": html.into_string(), "said": said, "now": app.clock.now().seconds() })))
}
