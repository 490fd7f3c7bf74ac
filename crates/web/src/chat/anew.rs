//! `POST /chat/new`: what was said goes.

use auth::secret::Secret;
use axum::Form;
use axum::extract::State;
use axum::response::Redirect;
use http::HeaderMap;
use serde::Deserialize;

use super::history::History;
use crate::app::App;
use crate::person::{Touch, Visitor};
use crate::problem::Problem;
use crate::rim::CHANGES;

/// The form of a button.
#[derive(Deserialize)]
pub(crate) struct Press {
    pub(super) token: Secret,
}

pub(crate) async fn anew(
    State(app): State<App>,
    headers: HeaderMap,
    Form(press): Form<Press>,
) -> Result<Redirect, Problem> {
    let visitor = pressed(&app, &headers, &press).await?;
    History::of(&visitor).clear(&app).await?;
    Ok(Redirect::to("/"))
}

/// Who pressed it: somebody whose own form it is, and not too often.
pub(super) async fn pressed(app: &App, headers: &HeaderMap, press: &Press) -> Result<Visitor, Problem> {
    let visitor = Visitor::required(app, headers, Touch::Yes).await?;
    visitor.gave(&press.token)?;
    app.limits
        .take(&format!("change {}", visitor.session.hash().as_str()), CHANGES, app.clock.now())
        .map_err(|seconds| Problem::too_many("limits: changes", seconds))?;
    Ok(visitor)
}
